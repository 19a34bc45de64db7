#include "measure/interruption.h"

#include <stddef.h>

volatile sig_atomic_t interruption_signal;

static const struct {
    int signal;
    const char *name;
} signals[] = {
    {SIGINT, "SIGINT"},   {SIGTERM, "SIGTERM"},
#ifndef _WIN32
    {SIGHUP, "SIGHUP"},   {SIGPIPE, "SIGPIPE"}, /* nobody reads the table any more */
    {SIGXCPU, "SIGXCPU"},
#endif
};
enum { SIGNALS = sizeof signals / sizeof *signals };

static void note(int signal) {
    if (interruption_signal == 0) {
        interruption_signal = signal;
    }
}

#ifdef _WIN32
void interruption_expect(void) {
    for (size_t i = 0; i < SIGNALS; i++) {
        if (signal(signals[i].signal, note) == SIG_IGN) {
            signal(signals[i].signal, SIG_IGN);
        }
    }
}
#else
/* A broken pipe breaks with every line. A file that may not grow is an error like a full disk. */
void interruption_expect(void) {
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction old, new = {.sa_handler = note, .sa_flags = SA_RESTART};
        new.sa_flags |= signals[i].signal != SIGPIPE ? (int)SA_RESETHAND : 0;
        if (sigaction(signals[i].signal, NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            sigaction(signals[i].signal, &new, NULL);
        }
    }
}
#endif

const char *interruption_name(void) {
    size_t i = 0;
    while (i + 1 < SIGNALS && signals[i].signal != interruption_signal) {
        i++;
    }
    return signals[i].name;
}

void interruption_end(void) {
    if (interrupted()) {
        signal((int)interruption_signal, SIG_DFL);
        raise((int)interruption_signal);
    }
}
