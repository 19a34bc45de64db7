#undef _POSIX_C_SOURCE /* a parent project may have set it to less */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <inttypes.h>
#include <signal.h>
#include <time.h>

double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static volatile sig_atomic_t interrupted;

static void note(int number) {
    interrupted = 1;
    signal(number, SIG_DFL);
}

void interrupt_catch(void) {
    if (signal(SIGINT, note) == SIG_IGN)
        signal(SIGINT, SIG_IGN); /* in the background of a shell without job control */
}

bool interrupt_seen(void) {
    return interrupted != 0;
}

static double share(int64_t part, int64_t whole) {
    return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

static void print(FILE *stream, const progress *p) {
    const double n = p->images > 0 ? (double)p->images : 1;
    fprintf(stream, "epoch %*" PRId64 "/%" PRId64 "  loss %.4f  trained %6.2f %%",
            p->epochs > 9 ? 2 : 1, p->epoch, p->epochs, p->loss / n, share(p->right, p->images));
}

static double a_second(const progress *p) {
    return p->training > 0 ? (double)p->images / p->training : 0;
}

void progress_draw(progress *p) {
    const double now = p->is_terminal ? seconds() : 0;
    if (!p->is_terminal || now - p->drawn < 0.1)
        return;
    const int64_t done = p->steps - p->first, left = p->last - p->steps;
    p->drawn = now;
    fputs("\r", stderr);
    print(stderr, p);
    fprintf(stderr, "  %.0f images/s  %.0f s left \033[K", a_second(p),
            done > 0 ? p->lasted / (double)done * (double)left : 0);
}

void progress_clear(const progress *p) {
    if (p->is_terminal)
        fputs("\r\033[K", stderr);
}

void progress_epoch(const progress *p, int64_t known, int64_t tested) {
    progress_clear(p);
    print(p->report, p);
    if (tested > 0)
        fprintf(p->report, "  kept apart %6.2f %%", share(known, tested));
    fprintf(p->report, "  %.0f images/s\n", a_second(p));
    fflush(p->report);
}
