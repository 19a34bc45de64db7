#include "gnuplot.h"

#ifdef _WIN32
#include <direct.h>
#include <process.h>
#include <stdint.h>

int gnuplot(const char *directory, const char *first, const char *script) {
    char before[4096];
    if (_getcwd(before, sizeof before) == 0 || _chdir(directory) != 0) {
        return -1;
    }
    const intptr_t status = _spawnlp(_P_WAIT, "gnuplot", "gnuplot", "-e", first, script, (char *)0);
    return _chdir(before) != 0 ? -1 : status == -1 ? GNUPLOT_MISSING : (int)status;
}
#else
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

int gnuplot(const char *directory, const char *first, const char *script) {
    pid_t child = fork();
    if (child == 0) {
        if (chdir(directory) == 0) {
            execlp("gnuplot", "gnuplot", "-e", first, script, (char *)0);
        }
        _exit(GNUPLOT_MISSING);
    }
    int status;
    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
#endif
