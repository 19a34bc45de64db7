#include "cases/options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "measure/output.h"

static const char *const algos[] = {"auto", "direct", "winograd2", "winograd4", "winograd6"};
static const char *const precisions[] = {"default", "exact", "portable", "fast"};

const char *algo_name(int algo) {
    return algos[algo];
}

const char *precision_name(int precision) {
    return precisions[precision];
}

static bool fail(const char *what, const char *about) {
    fprintf(stderr, "ninetap-bench: %.200s: %s\n", about, what);
    return false;
}

/* ---- lists: "1,2" ------------------------------------------------------------------------- */

/* What does something with one element of a list; false if it is not understood. */
typedef bool take_element(options *o, const char *element);

/* Every element is taken; false where one is not, or is empty. */
static bool take_list(options *o, const char *list, take_element *take) {
    for (;;) {
        size_t length = strcspn(list, ",");
        char element[64];
        if (length == 0 || length >= sizeof element) {
            return false;
        }
        memcpy(element, list, length);
        element[length] = '\0';
        if (!take(o, element)) {
            return false;
        }
        if (list[length] == '\0') {
            return true;
        }
        list += length + 1;
    }
}

static int find(const char *text, const char *const *names, int count) {
    int i = 0;
    while (i < count && strcmp(names[i], text) != 0) {
        i++;
    }
    return i < count ? i : -1;
}

static bool add_isa(options *o, const nt_isa *isa) {
    bool there = isa == NULL || o->isa_count == OPTION_ISAS;
    for (int i = 0; i < o->isa_count; i++) {
        there = there || o->isas[i] == isa;
    }
    if (!there) {
        o->isas[o->isa_count++] = isa;
    }
    return isa != NULL;
}

static bool take_isa(options *o, const char *element) {
    if (strcmp(element, "best") == 0) {
        return add_isa(o, nt_find_isa(NULL)); /* as the library means it: NINETAP_ISA counts */
    }
    if (strcmp(element, "all") == 0) {
        for (int i = 0; nt_usable_isa(i) != NULL; i++) {
            add_isa(o, nt_usable_isa(i));
        }
        return true;
    }
    return add_isa(o, nt_find_isa(element));
}

static bool take_layout(options *o, const char *element) {
    static const char *const names[] = {"nchw", "nhwc", "own"};
    int i = find(element, names, 3);
    o->nchw = o->nchw || i == 0;
    o->nhwc = o->nhwc || i == 1;
    o->own = o->own || i == 2;
    return i >= 0;
}

/* False if there is no room. */
static bool add_once(int *values, int *count, int most, int value) {
    for (int i = 0; i < *count; i++) {
        if (values[i] == value) {
            return true;
        }
    }
    if (*count == most) {
        return false;
    }
    values[(*count)++] = value;
    return true;
}

static bool take_threads(options *o, const char *element) {
    char *end;
    long number = strtol(element, &end, 10);
    return *element >= '1' && *element <= '9' && *end == '\0' && number <= OPTION_THREADS_MOST &&
           add_once(o->threads, &o->thread_count, OPTION_THREADS, (int)number);
}

static bool take_algo(options *o, const char *element) {
    int found = find(element, algos, OPTION_ALGOS);
    return found >= 0 && add_once(o->algos, &o->algo_count, OPTION_ALGOS, found);
}

static bool take_precision(options *o, const char *element) {
    int found = find(element, precisions, OPTION_PRECISIONS);
    return found >= 0 && add_once(o->precisions, &o->precision_count, OPTION_PRECISIONS, found);
}

/* ---- options ------------------------------------------------------------------------------ */

typedef enum option_kind {
    A_LIST,
    SUITE,
    SHAPE,
    A_FILE,
    SOME_PEERS,
    A_SWITCH,
    AN_ACTION,
    NO_PEERS
} option_kind;

static const struct option {
    const char *name;
    option_kind kind;
    const char *wanted; /* what a good value is; NULL: it takes none */
    take_element *take; /* of a list */
    size_t member;      /* of a file or a switch */
    option_action action;
} table[] = {
    {"--suite", SUITE, .wanted = "a suite's name or file is wanted"},
    {"--shape", SHAPE, .wanted = "a shape is wanted, such as 64x56x56-64"},
    {"--isa", A_LIST, "wanted are instruction sets usable here (see --info), best or all",
     .take = take_isa},
    {"--layout", A_LIST, "wanted are nchw, nhwc, own", .take = take_layout},
    {"--threads", A_LIST, "wanted are at most 16 numbers from 1 to 1024, as 1,2",
     .take = take_threads},
    {"--algo", A_LIST, "wanted are auto, direct, winograd2, winograd4, winograd6",
     .take = take_algo},
    {"--precision", A_LIST, "wanted are default, exact, portable, fast", .take = take_precision},
    {"--peers", SOME_PEERS, .wanted = "peers' names are wanted (see --info)"},
    {"--no-peers", NO_PEERS, .wanted = NULL},
    {"--cold", A_SWITCH, NULL, .member = offsetof(options, cold)},
    {"--verify-only", A_SWITCH, NULL, .member = offsetof(options, verify_only)},
    {"--list", AN_ACTION, NULL, .action = ACTION_LIST},
    {"--info", AN_ACTION, NULL, .action = ACTION_INFO},
    {"--json", A_FILE, "a file's name is wanted", .member = offsetof(options, json)},
    {"--help", AN_ACTION, NULL, .action = ACTION_HELP},
    {"-h", AN_ACTION, NULL, .action = ACTION_HELP},
    {"--version", AN_ACTION, NULL, .action = ACTION_VERSION},
};

/* False if the value is not understood; it is NULL where an option was given none. */
static bool set_option(options *o, const struct option *option, const char *value) {
    char *member = (char *)o + option->member;
    switch (option->kind) {
    case A_LIST:
        return take_list(o, value, option->take);
    case SUITE:
        o->suites[o->suite_count++] = value;
        break;
    case SHAPE:
        o->shapes[o->shape_count++] = value;
        break;
    case A_FILE:
        memcpy(member, &value, sizeof value);
        break;
    case SOME_PEERS:
        o->peers = value == NULL ? PEERS_ALL : PEERS_NAMED;
        o->peer_list = value;
        break;
    case NO_PEERS:
        o->peers = PEERS_NONE;
        break;
    case A_SWITCH:
        memcpy(member, &(const bool){true}, sizeof(bool));
        break;
    case AN_ACTION:
        o->action = option->action;
        break;
    }
    return value == NULL || *value != '\0';
}

static const struct option *find_option(const char *argument) {
    size_t length = strcspn(argument, "=");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strlen(table[i].name) == length && memcmp(table[i].name, argument, length) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

/* *at moves on to the last argument used. */
static bool take_option(options *o, const struct option *option, char ***at) {
    const char *argument = **at, *value = strchr(argument, '=');
    value = value != NULL ? value + 1 : NULL;
    if (option->wanted == NULL && value != NULL) {
        return fail("it takes no value", argument);
    }
    if (option->wanted != NULL && option->kind != SOME_PEERS && value == NULL) {
        value = (*at)[1];
        if (value == NULL || strncmp(value, "--", 2) == 0) {
            return fail(option->wanted, argument);
        }
        ++*at;
    }
    return set_option(o, option, value) || fail(option->wanted, argument);
}

static bool is_benchmark_flag(const char *argument) {
    return strncmp(argument, "--benchmark_", strlen("--benchmark_")) == 0 ||
           strncmp(argument, "--v=", strlen("--v=")) == 0;
}

/* What the library obeys, as defaults. It overlooks what it does not understand; a measurement of
 * something else is worth nothing. Names of benchmarks say both themselves. */
static bool take_environment(options *o) {
    const char *isa = getenv("NINETAP_ISA"), *threads = getenv("NINETAP_THREADS");
    const bool measures = o->action != ACTION_HELP && o->action != ACTION_VERSION;
    if (!measures || o->name_count > 0) {
        return true;
    }
    if (isa != NULL && *isa != '\0' && o->isa_count == 0 && !add_isa(o, nt_find_isa(isa))) {
        fprintf(stderr, "ninetap-bench: NINETAP_ISA=%.100s: not usable here (see --info)\n", isa);
        return false;
    }
    if (threads != NULL && *threads != '\0' && o->thread_count == 0 && !take_threads(o, threads)) {
        fprintf(stderr,
                "ninetap-bench: NINETAP_THREADS=%.100s: wanted is a number from 1 to 1024\n",
                threads);
        return false;
    }
    return true;
}

bool options_parse(options *o, int *argc, char **argv) {
    const size_t most = (size_t)*argc + 1;
    *o = (options){.suites = calloc(most, sizeof *o->suites),
                   .shapes = calloc(most, sizeof *o->shapes),
                   .names = calloc(most, sizeof *o->names)};
    if (o->suites == NULL || o->shapes == NULL || o->names == NULL) {
        return fail("out of memory", "options");
    }
    int kept = 1;
    for (char **at = argv + 1; *at != NULL; at++) {
        const struct option *option = find_option(*at);
        if (option != NULL) {
            if (!take_option(o, option, &at)) {
                return false;
            }
        } else if (is_benchmark_flag(*at)) {
            argv[kept++] = *at;
        } else if (**at != '-' && strchr(*at, '/') != NULL) {
            o->names[o->name_count++] = *at;
        } else {
            return fail("not understood (see --help)", *at);
        }
    }
    argv[kept] = NULL;
    *argc = kept;
    return take_environment(o);
}

/* False, with a line on stderr, if both are given. */
static bool exclude(const char *one, const char *other, bool both) {
    if (both) {
        fprintf(stderr, "ninetap-bench: %s goes without %s\n", one, other);
    }
    return !both;
}

bool streams_check(options *o, const char *out, bool formatted) {
    const bool to_file = o->json != NULL || *out != '\0';
    int inputs = 0;
    for (size_t i = 0; i < o->suite_count; i++) {
        inputs += output_is_stdout(o->suites[i]) ? 1 : 0;
    }
    o->silent = formatted || output_is_stdout(o->json != NULL ? o->json : out);
    return o->action == ACTION_HELP || o->action == ACTION_VERSION ||
           (exclude("--list", o->json != NULL ? "--json" : "--benchmark_out",
                    o->action == ACTION_LIST && to_file) &&
            exclude("--list", "--benchmark_format", o->action == ACTION_LIST && formatted) &&
            exclude("--info", "--benchmark_format", o->action == ACTION_INFO && formatted) &&
            exclude("--verify-only", "--benchmark_format", o->verify_only && formatted) &&
            exclude("--json", "--benchmark_out", o->json != NULL && *out != '\0') &&
            exclude(o->json != NULL ? "--json -" : "--benchmark_out=-", "--benchmark_format",
                    formatted && to_file && output_is_stdout(o->json != NULL ? o->json : out)) &&
            exclude("--suite -", "another one", inputs > 1));
}

void options_free(options *o) {
    free(o->suites);
    free(o->shapes);
    free(o->names);
    *o = (options){0};
}
