#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __unix__
#include <sys/ioctl.h>
#endif

#include "measure/host.h"
#include "report/table.h"

static int width = 40;

void report_head(int name_width, bool head) {
    width = name_width;
    putchar('\n');
    if (!head) {
        return;
    }
    printf("%-*s %9s %9s %15s %15s %7s  %s\n", width, "benchmark", "min", "median", "rate",
           "of the limit", "x ref", "kernel");
}

static void print_row(const result *r) {
    printf("%-*s ", width, r->name);
    if (*r->error != '\0') {
        printf("%s\n", r->error);
        return;
    }
    bool moves = result_moves(r);
    char share[32] = "-", times[16] = "-";
    if (r->bound_seconds > 0) {
        snprintf(share, sizeof share, "%.1f %% %s", 100 * r->bound_seconds / r->min, r->bound);
    }
    if (r->reference_seconds > 0) {
        double ratio = r->reference_seconds / r->min;
        snprintf(times, sizeof times, "%.*f", ratio < 100 ? 1 : 0, ratio);
    }
    printf("%9s %9s %7.1f %-7s %15s %7s  %s\n", duration_of(r->min).text,
           duration_of(r->median).text, (moves ? r->bytes : r->flops) / r->min * 1e-9,
           moves ? "GB/s" : "GFLOP/s", share, times, r->kernel);
}

/* What peers do not offer would fill the screen; the verdict sums it up. */
void report_rows(const results *r, size_t first) {
    for (size_t i = first; i < r->count; i++) {
        const result *item = &r->items[i];
        if (item->ours || !result_is_not_offered(item)) {
            print_row(item);
        }
    }
    fflush(stdout);
}

void report_legend(void) {
    puts(
        "\n"
        "min, median   of the repetitions; the rate is the fastest one's\n"
        "rate          of the direct method's operations, whatever the algorithm: that of a\n"
        "              Winograd kernel may pass the peak\n"
        "of the limit  the least time over the fastest one's: all multiply-adds at this machine's\n"
        "              peak (compute), or input, weights and output as fast as a copy of that "
        "size\n"
        "              (memory), whichever takes longer\n"
        "x ref         how many times faster than plain C loops on one thread\n"
        "\n"
        "A benchmark's name, given as an argument, runs it again.");
}

void report_networks(const results *r) {
    size_t i = 0;
    while (i < r->count && strcmp(r->items[i].operation, "network") != 0) {
        i++;
    }
    if (i < r->count) {
        puts(
            "\n"
            "A network was verified in two steps: ours, direct and in exact arithmetic, was run\n"
            "layer by layer, and each layer's output compared with plain C loops in double "
            "precision on\n"
            "that same input, of big layers as many values as make 10 million multiply-adds;\n"
            "then every output of the network with that run's, within the sum over its\n"
            "convolutions of 2e-5 (winograd4: 5e-5, winograd6 and peers: 4e-4) of their root mean\n"
            "square.");
    }
}

static bool on_terminal(void) {
    return isatty(STDERR_FILENO) != 0;
}

/* A line that is longer goes on in the next one, and only that one could be taken away. */
static int terminal_columns(void) {
    long columns = 0;
#ifdef TIOCGWINSZ
    struct winsize size;
    columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
#endif
    const char *said = getenv("COLUMNS");
    columns = columns <= 0 && said != NULL ? strtol(said, NULL, 10) : columns;
    return columns > 0 && columns < 1000 ? (int)columns : 80;
}

void report_progress(size_t done, size_t group, size_t total, const char *name) {
    static double start;
    if (done == 0) {
        start = host_seconds();
    }
    if (!on_terminal()) {
        return;
    }
    char line[256], left[32] = "", more[32] = "";
    if (done > 0) {
        double seconds = (host_seconds() - start) / (double)done * (double)(total - done);
        snprintf(left, sizeof left, "%d:%02d left  ", (int)seconds / 60, (int)seconds % 60);
    }
    if (group > 1) {
        snprintf(more, sizeof more, " and %zu more", group - 1);
    }
    snprintf(line, sizeof line, "[%zu of %zu] %s%s%s", done + group, total, left, name, more);
    fprintf(stderr, "\r\033[K%.*s", terminal_columns() - 1, line);
    fflush(stderr);
}

void report_no_progress(void) {
    if (on_terminal()) {
        fprintf(stderr, "\r\033[K");
    }
}
