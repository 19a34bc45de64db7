/* ninetap-bench: what can this CPU do? */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_case.h"
#include "case_list.h"
#include "gbench.h"
#include "host.h"
#include "report.h"

enum { EXIT_WRONG_KERNEL = 1, EXIT_USAGE = 2 };

typedef struct options {
    const char *suite;   /* NULL: not given */
    const char **shapes; /* as many as there are arguments at most */
    size_t shape_count;
    bool version;
} options;

static void print_help(void) {
    puts(
        "usage: ninetap-bench [OPTION...]\n"
        "\n"
        "Verifies ninetap's kernels against plain C loops, then times them.\n"
        "\n"
        "  --suite=quick    the default: most shapes on the best instruction set, some on all\n"
        "  --suite=all      every shape, instruction set, layout, on one thread and on all\n"
        "  --shape=SHAPE    this shape instead, on everything; may be repeated\n"
        "                     convolution  [Nx]ICxIHxIW-OC[s2][p0][d2][g4]   64x56x56-64\n"
        "                     depthwise    [Nx]CxIHxIW-dw[s2][p0][d2]        32x112x112-dw\n"
        "                     max pooling  [Nx]CxIHxIW[s1][p1][d2]           64x224x224\n"
        "                   s stride, p padding, d dilation, g groups; left out: s1 p1 d1 g1, for\n"
        "                   pooling s2 p0\n"
        "  --version        of the library\n"
        "  --help\n"
        "\n"
        "--benchmark_filter chooses by name, operation/isa/layout/shape/tTHREADS, out of every\n"
        "case unless --suite is given too. OMP_NUM_THREADS says how many \"all threads\" are.\n"
        "With --benchmark_format, Google Benchmark's own output takes the table's place.\n"
        "\n"
        "Exit status: 0; 1 if a kernel is wrong or fails (it is not timed); 2 for bad usage.\n"
        "\n"
        "Google Benchmark's flags:\n");
    gb_print_flags();
}

/* "--name=value" or "--name" "value"; *at moves on to the last argument used. */
static const char *value_of(const char *name, char ***at) {
    size_t length = strlen(name);
    const char *argument = **at;
    if (strncmp(argument, name, length) != 0) {
        return NULL;
    }
    if (argument[length] == '=') {
        return argument + length + 1;
    }
    return argument[length] == '\0' && (*at)[1] != NULL ? *++*at : NULL;
}

/* argv ends with NULL. */
static bool parse(options *o, char **argv) {
    for (char **at = argv + 1; *at != NULL; at++) {
        const char *argument = *at, *value;
        if ((value = value_of("--suite", &at)) != NULL) {
            o->suite = value;
            if (strcmp(value, "quick") == 0 || strcmp(value, "all") == 0) {
                continue;
            }
        } else if ((value = value_of("--shape", &at)) != NULL) {
            o->shapes[o->shape_count++] = value;
            continue;
        } else if (strcmp(argument, "--version") == 0) {
            o->version = true;
            continue;
        }
        fprintf(stderr, "ninetap-bench: %s is not understood (see --help)\n", argument);
        return false;
    }
    return true;
}

/* Whether Google Benchmark's flag was given, as an argument or in the environment. */
static bool given(const char *flag, const char *variable, char **argv) {
    const size_t length = strlen(flag);
    for (char **at = argv + 1; *at != NULL; at++) {
        if (strncmp(*at, flag, length) == 0) {
            return true;
        }
    }
    return getenv(variable) != NULL;
}

static int run_cases(const case_list *list, bool table) {
    for (size_t i = 0; i < list->case_count; i++) {
        gb_register(list->cases[i].name, bench_case_run, &list->cases[i]);
    }
    report_begin(list, table);
    gb_run(table ? report_row : NULL);
    report_end(table);
    bench_case_close();

    size_t failed = 0;
    for (size_t i = 0; i < list->case_count; i++) {
        failed += list->cases[i].error[0] != '\0';
    }
    if (failed == 0) {
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "ninetap-bench: %zu of %zu could not be timed\n", failed, list->case_count);
    return EXIT_WRONG_KERNEL;
}

static int bench(const options *o, bool listing, bool table) {
    case_list list;
    bool quick = o->suite != NULL ? strcmp(o->suite, "quick") == 0 : *gb_filter() == '\0';
    if (!case_list_make(&list, o->shapes, o->shape_count, quick, gb_filter())) {
        return EXIT_USAGE;
    }
    int status = EXIT_USAGE;
    if (list.case_count == 0) {
        fprintf(stderr, "ninetap-bench: no benchmark's name matches %s\n", gb_filter());
    } else {
        if (!listing) {
            report_machine(table);
        }
        status = run_cases(&list, table && !listing);
    }
    case_list_free(&list);
    return status;
}

/* argv with our defaults in front, so that the user's flags win; calloc'ed, ends with NULL. Many
 * short repetitions, since it is the minimum that is compared. */
static char **with_defaults(int argc, char **argv, int *count) {
    static char name[] = "ninetap-bench", repetitions[] = "--benchmark_repetitions=20",
                min_time[] = "--benchmark_min_time=0.01";
    char **all = calloc((size_t)argc + 4, sizeof *all);
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
    for (int i = 1; i < argc; i++) {
        all[n++] = argv[i];
    }
    *count = n;
    return all;
}

static int start(options *o, int argc, char **argv) {
    bool listing = given("--benchmark_list_tests", "BENCHMARK_LIST_TESTS", argv);
    bool table = !given("--benchmark_format", "BENCHMARK_FORMAT", argv);
    gb_initialize(&argc, argv, print_help);
    argv[argc] = NULL; /* it took arguments out */
    if (!parse(o, argv)) {
        return EXIT_USAGE;
    }
    if (o->version) {
        puts(ninetap_version());
        return EXIT_SUCCESS;
    }
    return bench(o, listing, table);
}

int main(int argc, char **argv) {
    int count = 0, status = EXIT_USAGE;
    char **arguments = with_defaults(argc, argv, &count);
    options o = {.shapes = calloc((size_t)argc + 1, sizeof *o.shapes)};
    if (arguments != NULL && o.shapes != NULL) {
        status = start(&o, count, arguments);
    } else {
        fprintf(stderr, "ninetap-bench: out of memory\n");
    }
    free(o.shapes);
    free(arguments);
    return status;
}
