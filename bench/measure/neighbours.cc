#include "measure/neighbours.h"

#ifdef _WIN32
bool neighbours_start(int count) {
    return count == 0;
}

void neighbours_end() {
}
#else
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <vector>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static std::vector<pid_t> running;

// A session of its own hears no Ctrl-C and no hang-up. So it ends when its parent has: at once
// where the system tells of that, else when it looks, a few times a second.
static void be_busy(pid_t parent) {
    enum { LOOKS = 1 << 28 };
    setsid();
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    while (getppid() == parent) {
        for (volatile unsigned i = 0; i < LOOKS; i++) {
        }
    }
    _exit(EXIT_SUCCESS);
}

bool neighbours_start(int count) {
    const pid_t self = getpid();
    for (int i = 0; i < count; i++) {
        const pid_t child = fork();
        if (child == 0) {
            be_busy(self);
        }
        if (child < 0) {
            neighbours_end();
            return false;
        }
        running.push_back(child);
    }
    return true;
}

void neighbours_end() {
    for (const pid_t child : running) {
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }
    running.clear();
}
#endif
