/* ninetap-bench: what can this CPU do? */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case_list.h"
#include "compare.h"
#include "fusion.h"
#include "gbench.h"
#include "help.h"
#include "host.h"
#include "info.h"
#include "measure.h"
#include "options.h"
#include "page.h"
#include "plot.h"
#include "verdict.h"

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

static int info(void) {
    results r = {0};
    const int all = host_max_threads(), threads[] = {1, all};
    bool good = measure_machine(&r, threads, all > 1 ? 2 : 1);
    if (good) {
        info_print(stdout, &r);
    }
    results_free(&r);
    return good ? EXIT_SUCCESS : trouble("out of memory");
}

/* ---- what is made of it ------------------------------------------------------------------- */

typedef bool write_function(const results *r, const char *path, char *why, size_t size);

static int write_to(write_function *write, const results *r, const char *path) {
    char why[512];
    return path == NULL || write(r, path, why, sizeof why) ? EXIT_SUCCESS : trouble(why);
}

static int draw(const results *r, const char *directory) {
    char why[512];
    int status = plot_write(directory, r, why, sizeof why) ? EXIT_SUCCESS : trouble(why);
    return page_write(directory, r, why, sizeof why) ? status : trouble(why);
}

static int worse(int one, int other) {
    return one > other ? one : other;
}

static int hand_out(const results *r, const results *old, const options *o) {
    int status = write_to(results_write_json, r, o->json);
    status = worse(status, write_to(results_write_csv, r, o->csv));
    status = worse(status, write_to(results_write_markdown, r, o->markdown));
    if (!gb_owns_stdout()) {
        putchar('\n');
        status =
            fusion_print(stdout, r) && verdict_print(stdout, r) ? status : trouble("out of memory");
    }
    if (o->compare != NULL) {
        putchar('\n');
        status = worse(status, (int)compare_print(stdout, old, r));
    }
    return o->plot != NULL ? worse(status, draw(r, o->plot)) : status;
}

/* Before hours of measuring: can what they are for be written? */
static bool is_writable(const char *path) {
    FILE *file = path != NULL ? fopen(path, "a") : NULL;
    if (path != NULL && file == NULL) {
        perror(path);
        return false;
    }
    return file == NULL || fclose(file) == 0;
}

static int bench(const options *o) {
    results r = {0}, old = {0};
    char why[512];
    if (o->compare != NULL && !results_read(&old, o->compare, why, sizeof why)) {
        return trouble(why);
    }
    int status = EXIT_TROUBLE;
    if (!is_writable(o->json) || !is_writable(o->csv) || !is_writable(o->markdown)) {
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
        status = worse(status, hand_out(&r, &old, o));
    }
    results_free(&r);
    results_free(&old);
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
        status = info();
    } else if (o->action == ACTION_BENCH && !gb_listing()) {
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
    char **arguments = with_defaults(argc, argv, &count);
    if (arguments == NULL) {
        return trouble("out of memory");
    }
    options o;
    if (options_parse(&o, &count, arguments)) {
        gb_initialize(&count, arguments);
        status = count > 1 ? unknown_flag(arguments[1]) : act(&o);
    }
    options_free(&o);
    free(arguments);
    return status;
}
