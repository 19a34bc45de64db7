/* ninetap-bench: what can this CPU do? */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/benchmark_flags.h"
#include "cases/case_list.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/info.h"
#include "measure/interruption.h"
#include "measure/measure.h"
#include "cases/options.h"
#include "report/output.h"
#include "report/regret.h"
#include "report/verdict.h"

enum { EXIT_WRONG = 1, EXIT_TROUBLE = 2 };

static int trouble(const char *why) {
    fprintf(stderr, "ninetap-bench: %s\n", why);
    return EXIT_TROUBLE;
}

static int list_cases(const case_list *list) {
    for (size_t i = 0; i < list->case_count; i++) {
        const bench_case *c = &list->cases[i];
        if (gb_listing()) {
            gb_register(c->name, bench_case_run, &list->cases[i]);
        } else {
            puts(c->name);
        }
    }
    if (gb_listing()) {
        gb_run(bench_case_timed);
    }
    return EXIT_SUCCESS;
}

/* ---- what is made of it ------------------------------------------------------------------- */

static int worse(int one, int other) {
    return one > other ? one : other;
}

typedef bool write_function(const results *r, const char *path, char *why, size_t size);

static int write_to(write_function *write, const results *r, const char *path) {
    char why[512];
    return path == NULL || write(r, path, why, sizeof why) ? EXIT_SUCCESS : trouble(why);
}

static int write_files(const results *r, const options *o) {
    if (interrupted() && r->count == 0) {
        return EXIT_SUCCESS; /* older files are worth more */
    }
    int status = write_to(results_write_json, r, o->json);
    status = worse(status, write_to(results_write_csv, r, o->csv));
    status = worse(status, write_to(results_write_markdown, r, o->markdown));
    return worse(status, gb_finish() ? EXIT_SUCCESS : EXIT_TROUBLE);
}

static int hand_out(const results *r, const options *o) {
    const int status = write_files(r, o);
    if (interrupted() || o->silent) {
        return status;
    }
    putchar('\n');
    const bool good = fusion_write(stdout, r, table_print) &&
                      verdict_write(stdout, r, table_print) && regret_write(stdout, r, table_print);
    return good ? status : trouble("out of memory");
}

/* Before hours of measuring: can what they are for be written? */
static bool are_writable(const options *o) {
    const char *const paths[] = {o->json, o->csv, o->markdown, gb_out()};
    char why[512];
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (paths[i] != NULL && *paths[i] != '\0' &&
            !output_is_possible(paths[i], why, sizeof why)) {
            (void)trouble(why);
            return false;
        }
    }
    return true;
}

static int info(const options *o) {
    results r = {0};
    const int all = host_max_threads(), threads[] = {1, all};
    interruption_expect();
    if (!are_writable(o)) {
        return EXIT_TROUBLE;
    }
    int status = measure_machine(&r, threads, all > 1 ? 2 : 1) ? EXIT_SUCCESS : EXIT_TROUBLE;
    if (status == EXIT_SUCCESS) {
        if (!o->silent) {
            info_print(stdout, &r);
        }
        if (interrupted()) {
            fprintf(stderr, "ninetap-bench: interrupted by %s\n", interruption_name());
        }
        status = write_files(&r, o);
    } else {
        (void)trouble("out of memory");
    }
    results_free(&r);
    return status;
}

static int bench(const options *o) {
    results r = {0};
    char why[512];
    interruption_expect();
    int status = EXIT_TROUBLE;
    if (!are_writable(o)) {
        /* has been said */
    } else if (o->from != NULL) {
        status = results_read(&r, o->from, why, sizeof why) ? EXIT_SUCCESS : trouble(why);
    } else {
        case_list list;
        if (case_list_make(&list, o, gb_filter())) {
            size_t failed = 0;
            status = !measure_cases(&list, &r, o, &failed) ? EXIT_TROUBLE
                     : failed > 0                          ? EXIT_WRONG
                                                           : EXIT_SUCCESS;
            case_list_free(&list);
        }
    }
    if (status != EXIT_TROUBLE) {
        status = worse(status, hand_out(&r, o));
    }
    results_free(&r);
    return status;
}

/* ---- starting ----------------------------------------------------------------------------- */

/* argv with our defaults in front, so that the user's flags win; calloc'ed, ends with NULL. Many
 * short repetitions, since it is the minimum that is compared. */
static char **with_defaults(int argc, char **argv, int *count) {
    static char name[] = "ninetap-bench", repetitions[] = "--benchmark_repetitions=20",
                min_time[] = "--benchmark_min_time=0.01",
                interleaving[] = "--benchmark_enable_random_interleaving=true";
    char **all = calloc((size_t)argc + 5, sizeof *all);
    if (all == NULL) {
        return NULL;
    }
    int n = 0;
    all[n++] = argc > 0 ? argv[0] : name;
    if (getenv("BENCHMARK_REPETITIONS") == NULL) {
        all[n++] = repetitions;
    }
    if (getenv("BENCHMARK_MIN_TIME") == NULL) {
        all[n++] = min_time;
    }
    if (getenv("BENCHMARK_ENABLE_RANDOM_INTERLEAVING") == NULL) {
        all[n++] = interleaving;
    }
    for (int i = 1; i < argc; i++) {
        all[n++] = argv[i];
    }
    *count = n;
    return all;
}

static int act(const options *o) {
    case_list list;
    int status = EXIT_SUCCESS;
    if (o->action == ACTION_HELP) {
        help_print();
    } else if (o->action == ACTION_VERSION) {
        printf("ninetap-bench %s\n", ninetap_version());
    } else if (o->action == ACTION_INFO) {
        status = info(o);
    } else if (o->action == ACTION_BENCH) {
        status = bench(o);
    } else if (case_list_make(&list, o, gb_filter())) {
        status = list_cases(&list);
        case_list_free(&list);
    } else {
        status = EXIT_TROUBLE;
    }
    return status;
}

static int unknown_flag(const char *flag) {
    fprintf(stderr, "ninetap-bench: %s: Google Benchmark does not know it\n", flag);
    return EXIT_TROUBLE;
}

int main(int argc, char **argv) {
    int count = 0, status = EXIT_TROUBLE;
    output_guard_streams();
    char **arguments = with_defaults(argc, argv, &count);
    if (arguments == NULL) {
        return trouble("out of memory");
    }
    options o;
    if (options_parse(&o, &count, arguments) && benchmark_flags_check(arguments)) {
        gb_initialize(&count, arguments);
        o.action = gb_listing() && o.action == ACTION_BENCH ? ACTION_LIST : o.action;
        status = count > 1                                       ? unknown_flag(arguments[1])
                 : streams_check(&o, gb_out(), gb_owns_stdout()) ? act(&o)
                                                                 : EXIT_TROUBLE;
    }
    options_free(&o);
    free(arguments);
    char why[64];
    if (!output_end_stdout(why, sizeof why)) {
        status = trouble(why);
    }
    interruption_end();
    return status;
}
