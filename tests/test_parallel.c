/* How a job is shared among threads, and when it gets one thread instead. No test here waits or
 * measures: clocks say what the test wants. */
#ifdef _OPENMP
#include <omp.h>
#endif
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/backoff.h"
#include "core/clock.h"
#include "core/parallel.h"
#include "support/patience.h"
#include "support/suite.h"

enum { LATE = NT_BACKOFF_LATE, MOST = NT_BACKOFF_MOST, TRIAL = MOST / NT_BACKOFF_TRIAL };

/* ---- The decision ---- */

/* A run that starts at `start` and takes so much longer than one thread alone. Returns when it
 * ends. */
static uint32_t run_of_team(nt_backoff *b, uint32_t start, uint32_t alone, uint32_t waited) {
    nt_backoff_note(b, alone, start, start + alone + waited);
    return start + alone + waited;
}

/* How long teams pause from `now` on. */
static uint32_t pause_at(const nt_backoff *b, uint32_t now) {
    uint32_t pause = 0;
    while (!nt_backoff_allows(b, now + pause))
        pause++;
    return pause;
}

static void what_is_late(void) {
    static const struct {
        uint32_t alone, took;
        bool late;
    } cases[] = {
        {0, LATE - 1, false},   {0, LATE, true},           {1000, 0, false},
        {1000, 600, false},     {1000, 999 + LATE, false}, {1000, 1000 + LATE, true},
        {100000, 60000, false}, {100000, 200000, true},    {UINT32_MAX, 100000, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nt_backoff b = {0};
        const uint32_t start = 77000000, joined = start + cases[i].took;
        REQUIRE(nt_backoff_allows(&b, start));
        nt_backoff_note(&b, cases[i].alone, start, joined);
        REQUIRE(nt_backoff_allows(&b, joined) != cases[i].late);
    }
}

/* Twice the delay, then twice as long for each trial that fails, up to the bound; then a team is
 * tried that often and no more. */
static void pauses_grow(void) {
    nt_backoff b = {0};
    uint32_t now = 5000000, expected = 8000;
    for (int i = 0; i < 12; i++) {
        now = run_of_team(&b, now, 100, 4000);
        REQUIRE(pause_at(&b, now) == expected);
        now += expected + TRIAL;
        expected = 2 * expected < MOST ? 2 * expected : MOST;
    }
    REQUIRE(expected == MOST);
    now = run_of_team(&b, now, 100, 3 * MOST);
    REQUIRE(pause_at(&b, now) == MOST);
}

/* Time that teams spend well is taken off, so that one delay, later, costs little again. */
static void time_forgives(void) {
    nt_backoff b = {0};
    uint32_t now = 5000000;
    for (int i = 0; i < 10; i++)
        now = run_of_team(&b, now, 100, 4000) + MOST + TRIAL;
    for (int i = 0; i < 400; i++)
        now = run_of_team(&b, now, 900, 100);
    now = run_of_team(&b, now, 100, 4000);
    REQUIRE(pause_at(&b, now) == 2 * (MOST - 400 * 1000));
    now += MOST;
    for (int i = 0; i < 1000; i++)
        now = run_of_team(&b, now, 900, 100);
    now = run_of_team(&b, now, 100, 4000);
    REQUIRE(pause_at(&b, now) == 8000);
}

/* The clock starts again at 0 every 71 minutes. */
static void clock_wraps(void) {
    nt_backoff b = {0};
    const uint32_t now = run_of_team(&b, UINT32_MAX - 3000, 10, 2000);
    REQUIRE(pause_at(&b, now) == 4000);
    REQUIRE(nt_backoff_allows(&b, now + 4000) &&
            nt_backoff_allows(&b, now + UINT32_MAX / 2 + 4002));
}

/* After a pause the threads have time to find their CPUs. */
static void trial_takes_time(void) {
    nt_backoff b = {0};
    uint32_t now = run_of_team(&b, 5000000, 100, 32000);
    now += pause_at(&b, now);
    for (int i = 0; i < 3; i++) {
        now = run_of_team(&b, now, 100, 1000);
        REQUIRE(pause_at(&b, now) == 0);
    }
    now = run_of_team(&b, now, 100, 1000);
    REQUIRE(pause_at(&b, now) == 128000);
}

/* Of runs that are late together one counts. */
static void late_together(void) {
    nt_backoff b = {0};
    const uint32_t start = 5000000;
    const uint32_t now = run_of_team(&b, start, 100, 4000);
    run_of_team(&b, start + 1000, 100, 4000);
    run_of_team(&b, start + 2000, 100, 9000);
    REQUIRE(pause_at(&b, now) == 8000);
}

/* ---- Shares ---- */

enum { UNITS = 300 };

typedef struct job {
    int threads;
    int64_t units, together;
    atomic_int done[UNITS], calls, wrong;
} job;

static void take(void *argument, int thread, int64_t begin, int64_t end) {
    job *j = argument;
    j->calls++;
    if (thread < 0 || thread >= j->threads || begin < 0 || begin >= end || end > j->units)
        j->wrong++;
    for (int64_t u = begin; u < end; u++)
        j->done[u]++;
}

/* Whether each unit is done once. */
static bool share(job *j, int threads, int64_t units, int64_t together) {
    memset(j, 0, sizeof *j);
    j->threads = threads;
    j->units = units;
    j->together = together;
    nt_parallel(threads, units, together, take, j);
    bool right = j->wrong == 0;
    for (int64_t u = 0; u < units; u++)
        right &= j->done[u] == 1;
    return right;
}

static void each_unit_once(void) {
    static job j;
    static const int threads[] = {1, 2, 3, 7, 70};
    static const int64_t together[] = {1, 2, 5, 16, 400};
    static const int64_t units[] = {1, 2, 3, 5, 7, 8, 31, 64, 65, 131, UNITS};
    teams_may_back_off = false;
    for (int i = 0; i < 5 * 5 * 11; i++)
        REQUIRE(share(&j, threads[i / 55], units[i % 11], together[i / 11 % 5]));
    teams_may_back_off = true;
}

#ifdef _OPENMP
/* ---- The clock of a run ---- */

static bool faked;
static atomic_bool worked;
static double fake_now, fake_delay; /* the delay: between the work and the join */

double __real_nt_seconds(void);
double __wrap_nt_seconds(void);

double __wrap_nt_seconds(void) {
    if (!faked)
        return __real_nt_seconds();
    return fake_now + (worked && !omp_in_parallel() ? fake_delay : 0);
}

static void take_and_note(void *argument, int thread, int64_t begin, int64_t end) {
    take(argument, thread, begin, end);
    worked = true;
}

/* Whether it had a team: one thread takes all in one share. */
static bool has_team(job *j, double delay) {
    memset(j, 0, sizeof *j);
    j->threads = 2;
    j->units = 64;
    worked = false;
    fake_delay = delay;
    nt_parallel(2, 64, 1, take_and_note, j);
    for (int u = 0; u < 64; u++)
        REQUIRE(j->done[u] == 1);
    return j->calls > 1;
}

/* In a process of its own: what the others do to the state of the back-off stays out. */
static void back_off(void *unused) {
    static job j;
    (void)unused;
    faked = true;
    fake_now = 1000.0;
    suite_require(has_team(&j, 0) && has_team(&j, 0.0001) && has_team(&j, 0.01));
    fake_now += 0.01; /* it was late: pause of 20 ms */
    suite_require(!has_team(&j, 0));
    fake_now += 0.0199;
    suite_require(!has_team(&j, 0));
    fake_now += 0.0002;
    suite_require(has_team(&j, 0.0008) && has_team(&j, 0)); /* the trial's begin */
    fake_now += 0.020;
    suite_require(has_team(&j, 0.001)); /* late again */
    fake_now += 0.030;
    suite_require(!has_team(&j, 0));
    fake_now += 0.012;
    suite_require(has_team(&j, 0) && has_team(&j, 0));
}

static void backs_off(void) {
    suite_require(suite_child(back_off, NULL, 60));
}

/* ---- Callers at once ---- */

static void *call(void *argument) {
    static job jobs[8];
    job *j = &jobs[(intptr_t)argument];
    for (int i = 0; i < 200; i++)
        if (!share(j, 2 + i % 3, 1 + i, 1))
            return NULL;
    return j;
}

/* They share the state; most of their teams are late, where cores are few. */
static void callers_at_once(void) {
    pthread_t threads[8];
    for (intptr_t i = 0; i < 8; i++)
        REQUIRE(pthread_create(&threads[i], NULL, call, (void *)i) == 0);
    bool right = true;
    for (int i = 0; i < 8; i++) {
        void *result;
        pthread_join(threads[i], &result);
        right &= result != NULL;
    }
    REQUIRE(right);
}
#endif

int main(int argc, char **argv) {
    /* Those that fork come before this process has threads. */
    static const suite_test tests[] = {
#ifdef _OPENMP
        {.name = "backs_off", .once = backs_off},
#endif
        {.name = "what_is_late", .once = what_is_late},
        {.name = "pauses_grow", .once = pauses_grow},
        {.name = "time_forgives", .once = time_forgives},
        {.name = "clock_wraps", .once = clock_wraps},
        {.name = "trial_takes_time", .once = trial_takes_time},
        {.name = "late_together", .once = late_together},
        {.name = "each_unit_once", .once = each_unit_once},
#ifdef _OPENMP
        {.name = "callers_at_once", .once = callers_at_once},
#endif
        {0},
    };
    teams_may_back_off = true;
    return suite_main("parallel", tests, argc, argv);
}
