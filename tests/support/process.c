#include "process.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

bool process_is_child;

static void crashed(int signal_number) {
    static const char message[] = "CRASHED\n";
    const char *text = suite_current_case();
    if (write(STDERR_FILENO, message, sizeof message - 1) > 0 && text != NULL &&
        write(STDERR_FILENO, text, strlen(text)) >= 0)
        signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void process_catch_crashes(void) {
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    const struct sigaction action = {.sa_handler = crashed, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}

/* Coverage builds: what a child covered counts, though it never reaches exit(). */
extern void __gcov_dump(void) __attribute__((weak));
extern int __llvm_profile_write_file(void) __attribute__((weak));

static void save_coverage(void) {
    if (__gcov_dump != NULL)
        __gcov_dump();
    if (__llvm_profile_write_file != NULL)
        __llvm_profile_write_file();
}

/* Its wait status, or -1. */
static int run_child(void (*body)(void *), void *argument, unsigned seconds, bool quiet) {
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        process_is_child = true;
        if (quiet)
            close(STDERR_FILENO);
        alarm(seconds);
        body(argument);
        fflush(NULL);
        save_coverage();
        _exit(EXIT_SUCCESS);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

bool suite_child(void (*body)(void *), void *argument, unsigned seconds) {
    const int status = run_child(body, argument, seconds, false);
    if (status != -1 && WIFSIGNALED(status))
        return suite_wrong("the child died of signal %d", WTERMSIG(status));
    return status == 0;
}

bool suite_child_dies(void (*body)(void *), void *argument) {
    const int status = run_child(body, argument, 10, true);
    return status != -1 && WIFSIGNALED(status);
}

int suite_threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    for (const struct dirent *d; tasks != NULL && (d = readdir(tasks)) != NULL;)
        count += d->d_name[0] != '.';
    if (tasks != NULL)
        closedir(tasks);
    return count;
}
