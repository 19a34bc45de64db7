/* Runs groups of cmocka tests: each once, or once for every usable instruction set.
 *
 * Environment:
 *   NINETAP_TEST_SEED=n    the seed of everything random; printed by each group
 *   NINETAP_TEST_CASES=n   random cases a test; also the most that an exhaustive walk visits, one
 *                          drawn from each of n stretches (without it: all)
 * Argument of every test program: a pattern, as in `test_conv3x3 'sizes*avx2'`. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/format.h"
#include "selftest/rng.h"

typedef struct suite_test {
    const char *name;
    void (*once)(void);
    void (*each_isa)(const char *isa); /* instead of `once` */
} suite_test;

/* `tests` ends with a NULL name. Returns what main is to return. */
int suite_main(const char *group, const suite_test *tests, int argc, char **argv);

/* A generator for one test, from the seed and the test's name. */
rng suite_rng(const char *test);
/* How many random cases a test tries; `usual` unless the environment says otherwise. */
int64_t suite_cases(int64_t usual);
/* Whether an exhaustive walk of `total` cases visits case `i`. */
bool suite_visits(int64_t i, int64_t total);
/* The same where each case takes as long as `cost` usual ones: that many fewer, at least one. */
bool suite_visits_costly(int64_t i, int64_t total, int64_t cost);

/* ---- Failing ---- */

/* Names the case under way, so that a failure or a crash prints how to rerun it; NULL: none. */
void suite_case(const char *program, const char *text);
/* Prints the message and the case; returns false. */
bool suite_wrong(const char *format, ...) NT_PRINTF(1, 2);
/* The case under way, in this thread or begun last; NULL: none. */
const char *suite_current_case(void);
/* Fails the test, through cmocka or, in a child, by its exit status. */
void suite_require(bool ok);
#define REQUIRE(condition) \
    suite_require((condition) || suite_wrong("%s:%d: %s", __FILE__, __LINE__, #condition))

/* Says what this machine does not allow to be tried; once a reason. */
void suite_not_tried(const char *why);

/* ---- Children ----
 *
 * Windows cannot fork: there the body runs in this process, and dies of a fault that is caught. */

/* Whether `body` returns in a forked process within `seconds`, all its REQUIREs fulfilled. */
bool suite_child(void (*body)(void *), void *argument, unsigned seconds);
/* Whether it dies of a signal instead. Its stderr is closed. */
bool suite_child_dies(void (*body)(void *), void *argument);
/* How many threads this process has; 0 where that cannot be known. */
int suite_threads(void);

#endif
