#include "suite.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ninetap.h"
#include "support/process.h"

enum { DEFAULT_SEED = 20231 };

/* Each thread's own; a worker of a run, which has none, crashes in the one begun last. */
static _Thread_local char current_case[1024];
static _Atomic(const char *) last_case;

/* ---- The environment's numbers ---- */

static int64_t from_environment(const char *name, int64_t otherwise) {
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? strtoll(text, NULL, 10) : otherwise;
}

rng suite_rng(const char *test) {
    rng r = {(uint64_t)from_environment("NINETAP_TEST_SEED", DEFAULT_SEED)};
    for (; *test != '\0'; test++)
        r.state = (r.state ^ (unsigned char)*test) * UINT64_C(0x100000001B3); /* FNV-1a */
    return r;
}

int64_t suite_cases(int64_t usual) {
    return from_environment("NINETAP_TEST_CASES", usual);
}

/* One case of each range, drawn at random: evenly spaced ones could fall in step with a dimension
 * of the walk and try only one of its values. */
bool suite_visits_costly(int64_t i, int64_t total, int64_t cost) {
    const int64_t given = from_environment("NINETAP_TEST_CASES", total * cost) / cost;
    const int64_t most = given > 0 ? given : 1;
    if (most >= total)
        return true;
    const int64_t stretch = i * most / total;
    const int64_t begin = (stretch * total + most - 1) / most;
    const int64_t end = ((stretch + 1) * total + most - 1) / most;
    rng r = {(uint64_t)(from_environment("NINETAP_TEST_SEED", DEFAULT_SEED) + stretch)};
    return i - begin == (int64_t)(rng_next(&r) % (uint64_t)(end - begin));
}

bool suite_visits(int64_t i, int64_t total) {
    return suite_visits_costly(i, total, 1);
}

/* ---- Failing ---- */

void suite_case(const char *program, const char *text) {
    if (program == NULL)
        current_case[0] = '\0';
    else
        snprintf(current_case, sizeof current_case, "  rerun: %s --case '%s'\n", program, text);
    last_case = current_case;
}

bool suite_wrong(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("WRONG: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n%s", current_case);
    return false;
}

void suite_require(bool ok) {
    if (ok)
        return;
    if (process_is_child)
        _exit(EXIT_FAILURE);
    fail();
}

void suite_not_tried(const char *why) {
    static const char *said;
    if (said != why)
        printf("not tried: %s\n", why);
    said = why;
}

const char *suite_current_case(void) {
    return *current_case != '\0' ? current_case : last_case;
}

/* ---- Running ---- */

typedef struct bound_test {
    const suite_test *test;
    const char *isa;
} bound_test;

static void run_bound(void **state) {
    const bound_test *bound = *state;
    process_catch_crashes();
    suite_case(NULL, NULL);
    if (bound->isa != NULL)
        bound->test->each_isa(bound->isa);
    else
        bound->test->once();
}

static struct CMUnitTest bind_test(const suite_test *test, const char *isa) {
    bound_test *bound = malloc(sizeof *bound);
    char *name = malloc(strlen(test->name) + (isa != NULL ? strlen(isa) + 2 : 1));
    if (bound == NULL || name == NULL)
        abort();
    *bound = (bound_test){test, isa};
    sprintf(name, isa != NULL ? "%s/%s" : "%s", test->name, isa);
    return (struct CMUnitTest){.name = name, .test_func = run_bound, .initial_state = bound};
}

int suite_main(const char *group, const suite_test *tests, int argc, char **argv) {
    struct CMUnitTest units[128];
    size_t count = 0;
    for (const suite_test *t = tests; t->name != NULL; t++) {
        if (t->once != NULL)
            units[count++] = bind_test(t, NULL);
        /* The library is first called only where a test needs its list. */
        for (int i = 0; t->each_isa != NULL && i < ninetap_isa_count(); i++)
            units[count++] = bind_test(t, ninetap_isa_name(i));
    }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    printf("%s: NINETAP_TEST_SEED=%lld\n", group,
           (long long)from_environment("NINETAP_TEST_SEED", DEFAULT_SEED));
    const int failed = _cmocka_run_group_tests(group, units, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        free(units[i].initial_state);
        free((void *)(uintptr_t)units[i].name);
    }
    return failed != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
