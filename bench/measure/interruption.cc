#include "measure/interruption.h"

#include <algorithm>
#include <iterator>

volatile sig_atomic_t interruption_signal;

static const struct {
    int signal;
    const char *name;
} signals[] = {
    {SIGINT, "SIGINT"},   {SIGTERM, "SIGTERM"},
#ifndef _WIN32
    {SIGHUP, "SIGHUP"},   {SIGPIPE, "SIGPIPE"}, // nobody reads the table any more
    {SIGXCPU, "SIGXCPU"},
#endif
};

static void note(int signal) {
    if (interruption_signal == 0) {
        interruption_signal = signal;
    }
}

#ifdef _WIN32
void interruption_expect() {
    for (const auto &s : signals) {
        if (signal(s.signal, note) == SIG_IGN) {
            signal(s.signal, SIG_IGN);
        }
    }
}
#else
// A broken pipe breaks with every line. A file that may not grow is an error like a full disk.
void interruption_expect() {
    signal(SIGXFSZ, SIG_IGN);
    for (const auto &s : signals) {
        struct sigaction before, ours = {};
        ours.sa_handler = note;
        ours.sa_flags = SA_RESTART | (s.signal != SIGPIPE ? static_cast<int>(SA_RESETHAND) : 0);
        if (sigaction(s.signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(s.signal, &ours, nullptr);
        }
    }
}
#endif

const char *interruption_name() {
    return std::find_if(std::begin(signals), std::end(signals) - 1,
                        [](const auto &s) { return s.signal == interruption_signal; })
        ->name;
}

void interruption_end() {
    if (interrupted()) {
        signal(interruption_signal, SIG_DFL);
        raise(interruption_signal);
    }
}
