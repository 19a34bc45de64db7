/* Where threads can't be created: what asks for one thread, or has work for no more than one, never
 * tries; what asks for more runs on as many as there can be. (An OpenMP run-time library that fails
 * to start its team ends the process.) */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "support/problems.h"
#include "support/suite.h"
#include "support/workload.h"

static atomic_int attempts;
static int left; /* so many can still be created */

/* The program's own definition goes before the C library's, for the OpenMP runtime too. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument) {
    typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    attempts++;
    if (left == 0)
        return EAGAIN;
    left--;
    create_fn *create = NULL;
    *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    return create(thread, attributes, body, argument);
}

#ifdef _OPENMP
static void none_left(void *unused) {
    (void)unused;
    work_prepare(ninetap_isa_name(0));
    suite_require(work_all(3));
    REQUIRE(attempts > 0); /* or nothing would be seen here */
}

/* A team of two starts, one of three and of seven doesn't. */
static void one_left(void *unused) {
    (void)unused;
    work_prepare(ninetap_isa_name(0));
    left = 2; /* one to try with, one of the team */
    suite_require(work_all(2));
    REQUIRE(left == 0 && attempts == 2);
    suite_require(work_all(3));
    suite_require(work_all(7));
}

static void teams(void) {
    suite_require(suite_child(none_left, NULL, 60));
    suite_require(suite_child(one_left, NULL, 60));
}
#endif

static void one_thread(const char *isa) {
    work_prepare(isa);
    suite_require(work_all(1));
    REQUIRE(attempts == 0);
}

/* The first layer of a digit recogniser: less work than a thread costs. */
static void small_work(const char *isa) {
    for (int layout = 0; layout < 2; layout++) {
        conv_problem p = {.desc.isa = isa, .desc.layout = (ninetap_layout)layout, .seed = 1};
        pool_problem q = {.desc.isa = isa, .desc.layout = (ninetap_layout)layout, .seed = 1};
        suite_require(conv_parse("n=1 ic=1 ih=28 iw=28 oc=8 threads=3", &p));
        suite_require(check_conv3x3(&p));
        suite_require(pool_parse("n=1 c=8 ih=26 iw=26 threads=3", &q));
        for (; q.op < POOL_OPS; q.op++)
            suite_require(check_pool2x2(&q));
    }
    REQUIRE(attempts == 0);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
#ifdef _OPENMP
        {.name = "teams", .once = teams},
#endif
        {.name = "one_thread", .each_isa = one_thread},
        {.name = "small_work", .each_isa = small_work},
        {0},
    };
    return suite_main("no_threads", tests, argc, argv);
}
