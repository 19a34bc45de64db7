/* ninetap-bench: what can this CPU do? */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/benchmark_flags.h"
#include "cases/case_list.h"
#include "cases/options.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "measure/info.h"
#include "measure/interruption.h"
#include "measure/measure.h"
#include "measure/output.h"

enum { EXIT_WRONG = 1, EXIT_TROUBLE = 2 };

static int trouble(const char *why) {
    fprintf(stderr, "ninetap-bench: %s\n", why);
    return EXIT_TROUBLE;
}

/* Before hours of measuring: can what they are for be written? */
static bool is_writable(const char *path) {
    char why[512];
    return *path == '\0' || output_is_possible(path, why, sizeof why) ||
           trouble(why) == EXIT_SUCCESS;
}

/* After an interruption that left nothing, an older file is worth more. */
static int finish(bool worth) {
    return !worth || gb_finish() ? EXIT_SUCCESS : EXIT_TROUBLE;
}

static int info(const options *o) {
    const int all = host_max_threads(), threads[] = {1, all};
    if (!is_writable(gb_out())) {
        return EXIT_TROUBLE;
    }
    interruption_expect();
    measure_machine(threads, all > 1 ? 2 : 1, !o->silent);
    if (interrupted()) {
        fprintf(stderr, "ninetap-bench: interrupted by %s\n", interruption_name());
    }
    return finish(!interrupted());
}

static bool any_done(const case_list *list) {
    for (size_t i = 0; i < list->case_count; i++) {
        if (list->cases[i].done) {
            return true;
        }
    }
    return false;
}

static int bench(case_list *list, const options *o) {
    if (!is_writable(gb_out())) {
        return EXIT_TROUBLE;
    }
    interruption_expect();
    const int failed = measure_cases(list, o) > 0 ? EXIT_WRONG : EXIT_SUCCESS;
    const int written = finish(any_done(list));
    return written != EXIT_SUCCESS ? written : failed;
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
    if (o->action == ACTION_HELP) {
        fputs(help_text, stdout);
        gb_print_flags();
        return EXIT_SUCCESS;
    }
    if (o->action == ACTION_VERSION) {
        printf("ninetap-bench %s\n", ninetap_version());
        return EXIT_SUCCESS;
    }
    if (o->action == ACTION_INFO) {
        return info(o);
    }
    if (!case_list_make(&list, o, gb_filter())) {
        return EXIT_TROUBLE;
    }
    int status = EXIT_SUCCESS;
    if (o->action == ACTION_BENCH) {
        status = bench(&list, o);
    }
    for (size_t i = 0; o->action == ACTION_LIST && i < list.case_count; i++) {
        puts(list.cases[i].name);
    }
    case_list_free(&list);
    return status;
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
        if (count > 1) {
            fprintf(stderr, "ninetap-bench: %s: Google Benchmark does not know it\n", arguments[1]);
        } else if (streams_check(&o, gb_out(), gb_owns_stdout())) {
            if (o.json != NULL) {
                gb_write_json(o.json);
            }
            status = act(&o);
        }
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
