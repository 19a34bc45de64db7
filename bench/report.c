#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/dispatch.h"
#include "host.h"
#include "limits.h"

/* ---- the machine -------------------------------------------------------------------------- */

static void fact(bool print, const char *key, const char *value) {
    gb_add_context(key, value);
    if (print) {
        printf("  %-16s %s\n", key, value);
    }
}

static void limit_fact(bool print, const char *key, double one, double all, const char *unit) {
    char text[96];
    int threads = host_max_threads();
    if (threads > 1) {
        snprintf(text, sizeof text, "%.1f %s on 1 thread, %.1f on %d", one * 1e-9, unit, all * 1e-9,
                 threads);
    } else {
        snprintf(text, sizeof text, "%.1f %s", one * 1e-9, unit);
    }
    fact(print, key, text);
    fflush(stdout);
}

static void copy_fact(bool print, size_t bytes) {
    char key[32];
    snprintf(key, sizeof key, "copy in %zu %s", bytes >> (bytes >> 20 > 0 ? 20 : 10),
             bytes >> 20 > 0 ? "MiB" : "KiB");
    limit_fact(print, key, limit_copy(bytes, 1), limit_copy(bytes, host_max_threads()), "GB/s");
}

/* Half of the second-level cache; four times the last level, so that little of it can stay. */
static void copy_facts(bool print) {
    size_t inner = host_cache(2), outer = 0;
    for (int level = 1; level <= 4; level++) {
        outer = host_cache(level) > outer ? host_cache(level) : outer;
    }
    outer *= 4;
    const size_t least = (size_t)64 << 20, most = (size_t)512 << 20;
    copy_fact(print, inner > 0 ? inner / 2 : (size_t)128 << 10);
    copy_fact(print, outer < least ? least : outer > most ? most : outer);
}

void report_machine(bool print) {
    char text[256];
    const nt_isa *isa;
    if (print) {
        printf("ninetap %s\n", ninetap_version());
    }
    gb_add_context("ninetap", ninetap_version());

    host_cpu_model(text, sizeof text);
    fact(print, "CPU", text);
    host_caches(text, sizeof text);
    fact(print, "data caches", text);

    size_t used = 0;
    for (int i = 0; (isa = nt_usable_isa(i)) != NULL && used < sizeof text; i++) {
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? ", " : "", isa->name);
    }
    fact(print, "instruction sets", text);
    snprintf(text, sizeof text, "%d", host_max_threads());
    fact(print, "threads", text);
#ifdef __clang__
    fact(print, "compiler", __VERSION__);
#else
    fact(print, "compiler", "gcc " __VERSION__);
#endif

    for (int i = 0; (isa = nt_usable_isa(i)) != NULL; i++) {
        snprintf(text, sizeof text, "peak %s", isa->name);
        limit_fact(print, text, limit_flops(isa, 1), limit_flops(isa, host_max_threads()),
                   "GFLOP/s");
    }
    copy_facts(print);
}

/* ---- progress ----------------------------------------------------------------------------- */

static struct {
    bool terminal;
    size_t total, started;
    double start;
    int shape_width;
} run;

static void erase_progress(void) {
    if (run.terminal) {
        fprintf(stderr, "\r\033[K");
    }
}

void report_progress(const bench_case *c) {
    size_t done = run.started++;
    if (!run.terminal) {
        return;
    }
    fprintf(stderr, "\r\033[K[%zu/%zu] ", run.started, run.total);
    if (done > 0) {
        double left = (host_seconds() - run.start) / (double)done * (double)(run.total - done);
        fprintf(stderr, "%d:%02d left  ", (int)left / 60, (int)left % 60);
    }
    fprintf(stderr, "%s", c->name);
    fflush(stderr);
}

/* ---- the table ---------------------------------------------------------------------------- */

static const char *duration(double seconds, char *text, size_t size) {
    static const char *const units[] = {"s", "ms", "us", "ns"};
    int unit = 0;
    while (unit < 3 && seconds < 1) {
        seconds *= 1000;
        unit++;
    }
    snprintf(text, size, "%.*f %s", seconds < 10 ? 3 : seconds < 100 ? 2 : 1, seconds, units[unit]);
    return text;
}

void report_begin(const case_list *list, bool print) {
    run.terminal = isatty(STDERR_FILENO) != 0;
    run.total = list->case_count;
    run.start = host_seconds();
    run.shape_width = (int)strlen("shape");
    for (size_t i = 0; i < list->case_count; i++) {
        int width = (int)strlen(list->cases[i].problem->shape.text);
        run.shape_width = width > run.shape_width ? width : run.shape_width;
    }
    if (print) {
        printf("\n%-10s %-*s %-6s %-6s %7s %-20s %9s %9s %15s %7s %7s\n", "operation",
               run.shape_width, "shape", "layout", "ISA", "threads", "kernel", "min", "median",
               "rate", "limit", "x ref");
    }
}

void report_row(void *user, double min, double median) {
    const bench_case *c = user;
    const problem *p = c->problem;
    char fastest[32], middle[32];
    erase_progress();
    printf("%-10s %-*s %-6s %-6s %7d ", p->operation->name, run.shape_width, p->shape.text,
           layout_name(p->layout), c->isa->name, c->threads);
    if (c->error[0] != '\0') {
        printf("NOT TIMED: %s\n", c->error);
        fflush(stdout);
        return;
    }
    double rate = problem_work(p) / min, times = p->reference_seconds / min;
    printf("%-20s %9s %9s %7.1f %-7s ", c->kernel, duration(min, fastest, sizeof fastest),
           duration(median, middle, sizeof middle), rate * 1e-9,
           p->shape.pooling ? "GB/s" : "GFLOP/s");
    if (c->limit > 0) {
        printf("%5.1f %% ", 100 * rate / c->limit);
    } else {
        printf("%7s ", "-");
    }
    printf("%7.*f\n", times < 100 ? 1 : 0, times);
    fflush(stdout);
}

void report_end(bool print) {
    erase_progress();
    if (print) {
        printf("\nmin, median  of the repetitions; the rate is the fastest one's\n"
               "limit        of the rate: for conv3x3 the peak of that ISA on as many threads; for "
               "maxpool2x2\n             a memcpy over as much memory (GB/s: read and written)\n"
               "x ref        how many times faster than plain C loops on one thread\n");
    }
}
