#include "cases/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"

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

/* False if the value is not understood; it is NULL where an option was given none. */
typedef bool take_value(options *o, const char *value);

static bool set_suite(options *o, const char *value) {
    o->suites[o->suite_count++] = value;
    return *value != '\0';
}

static bool set_shape(options *o, const char *value) {
    o->shapes[o->shape_count++] = value;
    return *value != '\0';
}

static bool set_isa(options *o, const char *value) {
    return take_list(o, value, take_isa);
}

static bool set_layout(options *o, const char *value) {
    return take_list(o, value, take_layout);
}

static bool set_threads(options *o, const char *value) {
    return take_list(o, value, take_threads);
}

static bool set_algo(options *o, const char *value) {
    return take_list(o, value, take_algo);
}

static bool set_precision(options *o, const char *value) {
    return take_list(o, value, take_precision);
}

static bool set_peers(options *o, const char *value) {
    o->peers = value == NULL ? PEERS_ALL : PEERS_NAMED;
    o->peer_list = value;
    return value == NULL || *value != '\0';
}

#define FLAG(name, member, value_)                          \
    static bool set_##name(options *o, const char *value) { \
        (void)value;                                        \
        o->member = value_;                                 \
        return true;                                        \
    }
FLAG(no_peers, peers, PEERS_NONE)
FLAG(cold, cold, true)
FLAG(verify_only, verify_only, true)
FLAG(list, action, ACTION_LIST)
FLAG(info, action, ACTION_INFO)
FLAG(help, action, ACTION_HELP)
FLAG(version, action, ACTION_VERSION)

#define PATH(name)                                          \
    static bool set_##name(options *o, const char *value) { \
        o->name = value;                                    \
        return *value != '\0';                              \
    }
PATH(from)
PATH(json)
PATH(csv)
PATH(markdown)

typedef enum option_kind { NO_VALUE, VALUE, VALUE_OR_NOT } option_kind;

static const struct option {
    const char *name;
    option_kind kind;
    take_value *take;
    const char *wanted; /* what a good value is */
} table[] = {
    {"--suite", VALUE, set_suite, "a suite's name or file is wanted"},
    {"--shape", VALUE, set_shape, "a shape is wanted, such as 64x56x56-64"},
    {"--isa", VALUE, set_isa, "wanted are instruction sets usable here (see --info), best or all"},
    {"--layout", VALUE, set_layout, "wanted are nchw, nhwc, own"},
    {"--threads", VALUE, set_threads, "wanted are at most 16 numbers from 1 to 1024, as 1,2"},
    {"--algo", VALUE, set_algo, "wanted are auto, direct, winograd2, winograd4, winograd6"},
    {"--precision", VALUE, set_precision, "wanted are default, exact, portable, fast"},
    {"--peers", VALUE_OR_NOT, set_peers, "peers' names are wanted (see --info)"},
    {"--no-peers", NO_VALUE, set_no_peers, NULL},
    {"--cold", NO_VALUE, set_cold, NULL},
    {"--verify-only", NO_VALUE, set_verify_only, NULL},
    {"--list", NO_VALUE, set_list, NULL},
    {"--info", NO_VALUE, set_info, NULL},
    {"--from", VALUE, set_from, "a file of --json is wanted"},
    {"--json", VALUE, set_json, "a file's name is wanted"},
    {"--csv", VALUE, set_csv, "a file's name is wanted"},
    {"--markdown", VALUE, set_markdown, "a file's name is wanted"},
    {"--help", NO_VALUE, set_help, NULL},
    {"-h", NO_VALUE, set_help, NULL},
    {"--version", NO_VALUE, set_version, NULL},
};

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
    if (option->kind == NO_VALUE && value != NULL) {
        return fail("it takes no value", argument);
    }
    if (option->kind == VALUE && value == NULL) {
        value = (*at)[1];
        if (value == NULL || strncmp(value, "--", 2) == 0) {
            return fail(option->wanted, argument);
        }
        ++*at;
    }
    return option->take(o, value) || fail(option->wanted, argument);
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

void options_free(options *o) {
    free(o->suites);
    free(o->shapes);
    free(o->names);
    *o = (options){0};
}
