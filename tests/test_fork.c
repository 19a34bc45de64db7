/* Forks at bad moments. A child that waits for a thread which only its parent has is ended by its
 * alarm. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "support/sanitizer.h"
#include "support/suite.h"
#include "support/workload.h"

/* A run takes a tenth of a second; minutes, emulated on a busy machine. */
#ifdef EMULATED
/* a process of one thread has one of the emulator's, too */
enum { SECONDS = 200, ALONE = 2, EMULATOR = 1 };
#else
enum { SECONDS = 60, ALONE = 1, EMULATOR = 0 };
#endif

static const char *best(void) {
    return ninetap_isa_name(0);
}

static void run_all(void *unused) {
    (void)unused;
    suite_require(work_all(3));
}

static void prepare_and_run(void *unused) {
    work_prepare(best());
    run_all(unused);
}

/* In a child, in its child, and again in the parent, whose team is still there. */
static void family(void *unused) {
    run_all(unused);
    REQUIRE(suite_threads() <= ALONE);
    suite_require(suite_child(run_all, NULL, SECONDS));
}

static void after_a_run(void) {
    work_prepare(best());
    run_all(NULL);
    suite_require(suite_child(family, NULL, 2 * SECONDS));
    run_all(NULL);
}

/* The team is the caller's own: the library has started none before the fork. */
static void callers_team(void *unused) {
    (void)unused;
#ifdef _OPENMP
    int members = 0;
#pragma omp parallel num_threads(3) reduction(+ : members)
    members++;
    REQUIRE(members >= 1);
#endif
    suite_require(suite_child(prepare_and_run, NULL, SECONDS));
}

static void after_the_callers_region(void) {
    suite_require(suite_child(callers_team, NULL, 2 * SECONDS));
}

/* Without threads before the fork there is nothing to lose: the child has its own. */
static void own_threads(void *unused) {
    run_all(unused);
#ifdef _OPENMP
    REQUIRE(suite_threads() != ALONE);
#endif
}

static void child_of_one_thread(void *unused) {
    (void)unused;
    work_prepare(best());
    suite_require(suite_child(own_threads, NULL, SECONDS));
}

static void before_any_run(void) {
    suite_require(suite_child(child_of_one_thread, NULL, 2 * SECONDS));
}

/* ---- From two threads at once ---- */

typedef struct forker {
    pthread_t thread;
    pthread_barrier_t *start;
    bool ok;
} forker;

/* Some of each kind of call. */
static bool work_some(void) {
    static const int some[] = {0, 5, 20, 29, 30};
    float *dst = malloc(WORK_FLOATS * sizeof *dst);
    bool ok = dst != NULL;
    for (size_t i = 0; i < sizeof some / sizeof *some && ok; i++) {
        memset(dst, 0, WORK_FLOATS * sizeof *dst);
        ok = work_do(some[i], 3, dst) == NINETAP_OK && work_right(some[i], dst);
    }
    free(dst);
    return ok;
}

/* A child of one thread, made while the other one forks or runs. */
static void *fork_again_and_again(void *argument) {
    forker *f = argument;
    f->ok = true;
    pthread_barrier_wait(f->start);
    for (int i = 0; i < 5; i++) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(SECONDS);
            _exit(work_some() ? EXIT_SUCCESS : EXIT_FAILURE);
        }
        f->ok &= work_some();
        int status = -1;
        f->ok &= child > 0 && waitpid(child, &status, 0) == child && status == 0;
    }
    return NULL;
}

static void fork_at_once(void *unused) {
    forker forkers[2];
    pthread_barrier_t start;
    prepare_and_run(unused);
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        forkers[i].start = &start;
        REQUIRE(pthread_create(&forkers[i].thread, NULL, fork_again_and_again, &forkers[i]) == 0);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(forkers[i].thread, NULL);
    pthread_barrier_destroy(&start);
    REQUIRE(forkers[0].ok && forkers[1].ok);
}

static void two_threads_at_once(void) {
    if (EMULATOR || ADDRESS_SANITIZER || MEMORY_SANITIZER)
        suite_not_tried("forks beside threads: locks of the emulator or of the sanitizer's "
                        "allocator would stay closed");
    else
        suite_require(suite_child(fork_at_once, NULL, 10 * SECONDS));
}

/* ---- While another thread reads the environment for the first time ---- */

#ifdef __GLIBC__
/* The linker sends the library's calls here (-Wl,--wrap). */
char *__real_getenv(const char *name);
char *__wrap_getenv(const char *name);

static sem_t reading, forked;
static bool held_up; /* the next one who reads waits for the fork */

char *__wrap_getenv(const char *name) {
    if (held_up) {
        held_up = false;
        sem_post(&reading);
        sem_wait(&forked);
    }
    return __real_getenv(name);
}

static void *first_to_read(void *unused) {
    (void)ninetap_isa();
    return unused;
}

static void use(void *unused) {
    (void)unused;
    REQUIRE(ninetap_isa() != NULL);
}

static void fork_meanwhile(void *unused) {
    pthread_t reader;
    sem_init(&reading, 0, 0);
    sem_init(&forked, 0, 0);
    held_up = true;
    REQUIRE(pthread_create(&reader, NULL, first_to_read, NULL) == 0);
    sem_wait(&reading);
    const bool ok = suite_child(use, unused, SECONDS);
    use(unused); /* nor does this thread wait for the other */
    sem_post(&forked);
    pthread_join(reader, NULL);
    suite_require(ok);
}

static void while_the_environment_is_read(void) {
    suite_require(suite_child(fork_meanwhile, NULL, 2 * SECONDS));
}
#endif

int main(int argc, char **argv) {
    /* In this order: what has no team before its fork comes before what has one. */
    static const suite_test tests[] = {
#ifdef __GLIBC__
        {.name = "while_the_environment_is_read", .once = while_the_environment_is_read},
#endif
        {.name = "before_any_run", .once = before_any_run},
        {.name = "after_the_callers_region", .once = after_the_callers_region},
        {.name = "two_threads_at_once", .once = two_threads_at_once},
        {.name = "after_a_run", .once = after_a_run},
        {0},
    };
    return suite_main("fork", tests, argc, argv);
}
