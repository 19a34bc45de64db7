/* Every operation and algorithm in a thread of 64 KiB of stack, or the least the system allows:
 * less than many libraries put there. ctest runs it again with OMP_STACKSIZE, for team members. */
#include <pthread.h>
#ifndef _WIN32
#include <unistd.h>
#endif

#include "support/suite.h"
#include "support/workload.h"

static size_t stack_size(void) {
#ifdef _WIN32
    const long least = 0;
#else
    const long least = sysconf(_SC_THREAD_STACK_MIN);
#endif
    return least > 65536 ? (size_t)least : 65536;
}

static void *run(void *ok) {
    *(bool *)ok = work_all(1) && work_all(3);
    return NULL;
}

static void small_stack_child(void *isa) {
    pthread_attr_t attributes;
    pthread_t thread;
    bool ok = false;
    work_prepare(isa);
    pthread_attr_init(&attributes);
    REQUIRE(pthread_attr_setstacksize(&attributes, stack_size()) == 0);
    REQUIRE(pthread_create(&thread, &attributes, run, &ok) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    suite_require(ok);
}

static void small_stack(const char *isa) {
    suite_require(suite_child(small_stack_child, (void *)(uintptr_t)isa, 120));
}

/* ---- Where it is ---- */

/* `below`: how far below the caller's the stack of the library begins. */
__attribute__((noinline)) static bool run_below(size_t below) {
    volatile char *room = __builtin_alloca(below);
    room[0] = 0;
    return work_all(1);
}

/* Wide registers that are kept on the stack find no more than the 16 bytes' alignment of the ABI.
 */
static void every_position(const char *isa) {
    work_prepare(isa);
    for (size_t below = 16; below <= 64; below += 16)
        REQUIRE(run_below(below));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {{.name = "small_stack", .each_isa = small_stack},
                                       {.name = "every_position", .each_isa = every_position},
                                       {0}};
    return suite_main("stack", tests, argc, argv);
}
