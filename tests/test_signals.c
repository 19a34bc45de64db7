/* Signals every few dozen microseconds, handled on the smallest alternate stack there may be: the
 * same bits, and nothing changed of who handles what. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/suite.h"
#include "support/workload.h"

enum { SIGNALS = 65, STORM = 300, MOST_ROUNDS = 200 };

static volatile sig_atomic_t handled[2];
static volatile float dirt; /* the handler's own sums */

/* Uses what a call under way uses: vector registers, and their stack. */
static void handler(int signal_number) {
    float lane[16];
    for (int i = 0; i < 16; i++)
        lane[i] = dirt + (float)i;
    for (int i = 0; i < 16; i++)
        dirt = dirt * 0.5F + lane[15 - i];
    handled[signal_number == SIGPROF]++;
}

static size_t least_stack(void) {
#ifdef _SC_MINSIGSTKSZ
    const long least = sysconf(_SC_MINSIGSTKSZ);
    if (least > 0)
        return (size_t)least + 512; /* for the handler itself */
#endif
    return (size_t)SIGSTKSZ;
}

/* Who handles each signal, and which are blocked. */
typedef struct dispositions {
    struct sigaction action[SIGNALS];
    sigset_t mask;
} dispositions;

static void look(dispositions *d) {
    memset(d, 0, sizeof *d);
    for (int i = 1; i < SIGNALS; i++)
        (void)sigaction(i, NULL, &d->action[i]); /* two of them are the C library's */
    REQUIRE(sigprocmask(SIG_SETMASK, NULL, &d->mask) == 0);
}

static bool same(const dispositions *a, const dispositions *b) {
    for (int i = 1; i < SIGNALS; i++)
        if (a->action[i].sa_handler != b->action[i].sa_handler ||
            a->action[i].sa_flags != b->action[i].sa_flags ||
            sigismember(&a->mask, i) != sigismember(&b->mask, i))
            return suite_wrong("signal %d", i);
    return true;
}

static void handle(void) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigfillset(&action.sa_mask); /* one at a time: the stack has room for no more */
    REQUIRE(sigaction(SIGALRM, &action, NULL) == 0 && sigaction(SIGPROF, &action, NULL) == 0);
}

static void send_every(suseconds_t microseconds) {
    const struct itimerval timer = {.it_interval.tv_usec = microseconds,
                                    .it_value.tv_usec = microseconds};
    REQUIRE(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    REQUIRE(setitimer(ITIMER_PROF, &timer, NULL) == 0);
}

static void storm_child(void *isa) {
    const stack_t stack = {.ss_sp = malloc(least_stack()), .ss_size = least_stack()};
    dispositions before, after;
    REQUIRE(stack.ss_sp != NULL && sigaltstack(&stack, NULL) == 0);
    handle();
    look(&before);
    work_prepare(isa);
    send_every(70); /* in place of the child's own alarm */
    for (int i = 0; i < MOST_ROUNDS && (i < 2 || handled[0] < STORM || handled[1] == 0); i++)
        suite_require(work_all(i % 2 == 0 ? 1 : 3));
    send_every(0);
    look(&after);
    suite_require(same(&before, &after));
    REQUIRE(handled[0] > 0 && handled[1] > 0);
}

static void storm(const char *isa) {
    suite_require(suite_child(storm_child, (void *)(uintptr_t)isa, 120));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {{.name = "storm", .each_isa = storm}, {0}};
    return suite_main("signals", tests, argc, argv);
}
