#include "cases/options.h"

#include <stdio.h>
#include <string.h>

#include "report/output.h"

/* An option that may name a stream. */
typedef struct user {
    const char *option, *value; /* NULL: not given */
} user;

static bool fail(const char *what, const char *one, const char *other) {
    fprintf(stderr, "ninetap-bench: %s%s%s\n", one, what, other);
    return false;
}

/* False if a second one does. */
static bool count(const user *users, size_t n, const char *already, const char **who) {
    *who = already;
    for (size_t i = 0; i < n; i++) {
        if (users[i].value != NULL && output_is_stdout(users[i].value)) {
            if (*who != NULL) {
                return fail(": there is one stream for both, and it goes to ", users[i].option,
                            *who);
            }
            *who = users[i].option;
        }
    }
    return true;
}

static bool check_inputs(const options *o) {
    const char *who = NULL;
    for (size_t i = 0; i < o->suite_count; i++) {
        const user suite = {"--suite", o->suites[i]};
        if (!count(&suite, 1, who, &who)) {
            return false;
        }
    }
    const user from = {"--from", o->from};
    return count(&from, 1, who, &who);
}

/* Why nothing is timed; NULL: something is. */
static const char *untimed(const options *o) {
    return o->action == ACTION_LIST   ? "--list"
           : o->action == ACTION_INFO ? "--info"
           : o->from != NULL          ? "--from"
           : o->verify_only           ? "--verify-only"
                                      : NULL;
}

/* Options that an action has no use for would be forgotten without a word. */
static bool check_use(const options *o, const char *out, bool formatted) {
    const char *why = untimed(o);
    if (why != NULL && (*out != '\0' || formatted)) {
        return fail(" goes without ", why, *out != '\0' ? "--benchmark_out" : "--benchmark_format");
    }
    const user users[] = {
        {"--from", o->from}, {"--csv", o->csv}, {"--json", o->json}, {"--markdown", o->markdown}};
    const size_t useless = o->action == ACTION_LIST ? 4 : o->action == ACTION_INFO ? 2 : 0;
    for (size_t i = 0; i < useless; i++) {
        if (users[i].value != NULL) {
            return fail(" goes without ", why, users[i].option);
        }
    }
    return true;
}

bool streams_check(options *o, const char *out, bool formatted) {
    const user users[] = {{"--json", o->json},
                          {"--csv", o->csv},
                          {"--markdown", o->markdown},
                          {"--benchmark_out", out}};
    const char *who = NULL;
    if (o->action == ACTION_HELP || o->action == ACTION_VERSION) {
        return true;
    }
    if (!check_use(o, out, formatted) || !check_inputs(o) ||
        !count(users, 4, formatted ? "--benchmark_format" : NULL, &who)) {
        return false;
    }
    o->silent = who != NULL;
    return true;
}
