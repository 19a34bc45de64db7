#include "measure/console.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#ifdef __unix__
#include <sys/ioctl.h>
#endif

static int width = 40;

void console_head(const bench_case *cases, size_t count, bool head) {
    for (size_t i = 0; i < count; i++) {
        width = std::max(width, static_cast<int>(cases[i].name.size()));
    }
    putchar('\n');
    if (head) {
        printf("%-*s %9s %9s %15s %15s %7s  %s\n", width, "benchmark", "min", "median", "rate",
               "of the limit", "x ref", "kernel");
    }
}

/* A time in the unit that suits it: "12.3 us", three significant digits at least. */
static void print_duration(double seconds) {
    static const char *const units[] = {"s", "ms", "us", "ns"};
    int unit = 0;
    for (; unit < 3 && seconds < 1; unit++) {
        seconds *= 1000;
    }
    printf("%*.*f %s ", unit > 0 ? 6 : 7,
           seconds < 10    ? 2
           : seconds < 100 ? 1
                           : 0,
           seconds, units[unit]);
}

static void print_row(const bench_case &c) {
    const problem &p = *c.problem;
    const rate_kind how = p.operation->rate;
    char share[32] = "-", times[16] = "-";
    printf("%-*s ", width, c.name.c_str());
    if (c.min <= 0) {
        puts(c.error.c_str());
        return;
    }
    if (c.roofline.seconds > 0) {
        snprintf(share, sizeof share, "%.1f %% %s", 100 * c.roofline.seconds / c.min,
                 c.roofline.binds);
    }
    if (p.reference_seconds > 0) {
        const double ratio = p.reference_seconds / c.min;
        snprintf(times, sizeof times, "%.*f", ratio < 100 ? 1 : 0, ratio);
    }
    print_duration(c.min);
    print_duration(c.median);
    printf("%7.1f %-7s %15s %7s  %s\n", (how == RATE_BYTES ? p.bytes : p.flops) / c.min * 1e-9,
           rate_units[how], share, times, c.kernel.c_str());
}

void console_rows(const bench_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool offered = cases[i].state != case_state::not_offered;
        if (cases[i].done && (offered || cases[i].method.peer == nullptr)) {
            print_row(cases[i]);
        }
    }
    fflush(stdout);
}

void console_legend() {
    puts(
        "\n"
        "min, median   of the repetitions; the rate is the fastest one's\n"
        "rate          of the direct method's operations, whatever the algorithm: that of a\n"
        "              Winograd kernel may pass the peak; of image filters Gpx/s, values filtered\n"
        "of the limit  the least time over the fastest one's: all multiply-adds at this machine's\n"
        "              peak (compute), or input, weights and output as fast as a copy of that "
        "size\n"
        "              (memory), whichever takes longer\n"
        "x ref         how many times faster than plain C loops on one thread\n"
        "\n"
        "A benchmark's name, given as an argument, runs it again.");
}

static bool on_terminal() {
    return isatty(STDERR_FILENO) != 0;
}

/* A line that is longer goes on in the next one, and only that one could be taken away. */
static int terminal_columns() {
    long columns = 0;
#ifdef TIOCGWINSZ
    struct winsize size;
    columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
#endif
    const char *said = getenv("COLUMNS");
    columns = columns <= 0 && said != nullptr ? strtol(said, nullptr, 10) : columns;
    return columns > 0 && columns < 1000 ? static_cast<int>(columns) : 80;
}

void console_progress(size_t done, size_t group, size_t total, const std::string &name) {
    static double start;
    if (done == 0) {
        start = nt_seconds();
    }
    if (!on_terminal()) {
        return;
    }
    std::string line = "[" + std::to_string(done + group) + " of " + std::to_string(total) + "] ";
    if (done > 0) {
        const double each = (nt_seconds() - start) / static_cast<double>(done);
        const int seconds = static_cast<int>(each * static_cast<double>(total - done));
        char left[32];
        snprintf(left, sizeof left, "%d:%02d left  ", seconds / 60, seconds % 60);
        line += left;
    }
    line += name + (group > 1 ? " and " + std::to_string(group - 1) + " more" : "");
    fprintf(stderr, "\r\033[K%.*s", terminal_columns() - 1, line.c_str());
    fflush(stderr);
}

void console_no_progress() {
    if (on_terminal()) {
        fprintf(stderr, "\r\033[K");
    }
}
