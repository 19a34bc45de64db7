/* What the benchmark program writes, on systems that fail: the older file stays. How it ends by a
 * signal. */
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure/interruption.h"
#include "measure/output.h"

extern "C" {
#include "support/suite.h"
}

/* ---- a file ------------------------------------------------------------------------------- */

static char directory[] = "/tmp/test_bench_output.XXXXXX", path[400];

static void put(const char *text) {
    FILE *file = fopen(path, "w");
    REQUIRE(file != nullptr && fputs(text, file) >= 0 && fclose(file) == 0);
}

static bool holds(const char *text) {
    char found[64] = "";
    FILE *file = fopen(path, "r");
    REQUIRE(file != nullptr);
    const size_t length = fread(found, 1, sizeof found - 1, file);
    fclose(file);
    found[length] = '\0';
    return strcmp(found, text) == 0;
}

/* ---- a system that fails ------------------------------------------------------------------ */

static bool fail_fsync, fail_fclose, fail_rename;

extern "C" {
int __real_fsync(int descriptor);
int __wrap_fsync(int descriptor);
int __wrap_fsync(int descriptor) {
    if (fail_fsync) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(descriptor);
}

int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file) {
    const int status = __real_fclose(file);
    if (fail_fclose) {
        errno = EDQUOT;
        return EOF;
    }
    return status;
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to) {
    REQUIRE(holds("older")); /* until the last moment */
    if (fail_rename) {
        errno = EBUSY;
        return -1;
    }
    return __real_rename(from, to);
}
}

/* ---- files -------------------------------------------------------------------------------- */

/* How many names there are. */
static int names() {
    char command[128];
    int count = -1;
    snprintf(command, sizeof command, "ls -A %s | wc -l", directory);
    FILE *list = popen(command, "r"); /* NOLINT(bugprone-command-processor): mkdtemp's own name */
    REQUIRE(list != nullptr && fscanf(list, "%d", &count) == 1);
    pclose(list);
    return count;
}

/* What it throws; "": nothing. */
template <class Action> static std::string said_by(const Action &action) {
    try {
        action();
    } catch (const std::exception &e) {
        return e.what();
    }
    return "";
}

static std::string write(const std::string &where, const std::string &text) {
    return said_by([&] { output_write(where, text); });
}

static std::string expect(const std::string &where) {
    return said_by([&] { output_expect(where); });
}

static bool starts_with(const std::string &text, const std::string &start) {
    return text.compare(0, start.size(), start) == 0;
}

static void replaced_when_complete() {
    bool *const failures[] = {&fail_fsync, &fail_fclose, &fail_rename};
    const char *const reasons[] = {"Input/output error", "Disk quota exceeded",
                                   "Device or resource busy"};
    put("older");
    for (int i = 0; i < 3; i++) {
        *failures[i] = true;
        const std::string why = write(path, "new");
        *failures[i] = false;
        REQUIRE(starts_with(why, path) && why.find(reasons[i]) != std::string::npos);
        REQUIRE(holds("older") && names() == 1);
    }
    REQUIRE(expect(path).empty() && holds("older") && names() == 1);
    REQUIRE(write(path, "new").empty() && holds("new") && names() == 1);
    unlink(path);
    REQUIRE(expect(path).empty() && names() == 0);
}

/* As long as a name can be; one in a directory that is not there. */
static void names_of_files() {
    const size_t slash = strlen(directory);
    memset(path + slash + 1, 'x', 255);
    path[slash + 256] = '\0';
    put("older");
    REQUIRE(write(path, "new").empty() && holds("new"));
    unlink(path);
    snprintf(path, sizeof path, "%s/a", directory);
    REQUIRE(starts_with(expect("/no/such/file"), "/no/such/file: "));
    REQUIRE(!expect("").empty() && !expect("/").empty());
    REQUIRE(starts_with(write("/no/such/file", "new"), "/no/such/file: "));
    REQUIRE(write("-", "").empty());
}

/* What has no older text: it is written in place. */
static void devices_and_links() {
    char link[300];
    REQUIRE(expect("/dev/null").empty() && write("/dev/null", "new").empty());
    REQUIRE(starts_with(write("/dev/full", "new"), "/dev/full: No space left"));
    struct stat device;
    REQUIRE(stat("/dev/null", &device) == 0 && S_ISCHR(device.st_mode));
    snprintf(link, sizeof link, "%s/link", directory);
    REQUIRE(symlink("a", link) == 0); /* to nothing yet */
    REQUIRE(write(link, "older").empty() && holds("older"));
    REQUIRE(write(link, "new").empty() && holds("new"));
    REQUIRE(lstat(link, &device) == 0 && S_ISLNK(device.st_mode) && names() == 2);
    unlink(link);
    unlink(path);
}

/* ---- signals ------------------------------------------------------------------------------ */

/* A child's last word, as wait has it. */
static int child_of(void (*function)(int signal), int signal) {
    fflush(nullptr);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        function(signal);
        _exit(0);
    }
    int status;
    REQUIRE(waitpid(child, &status, 0) == child);
    return status;
}

static void end_by(int number) {
    signal(number, SIG_DFL);
    interruption_expect();
    raise(number);
    if (!interrupted() || interruption_signal != number) {
        _exit(1);
    }
    interruption_end();
}

static void be_in_a_hurry(int number) {
    signal(number, SIG_DFL);
    interruption_expect();
    raise(number);
    raise(number);
}

static void ignore(int number) {
    signal(number, SIG_IGN);
    interruption_expect();
    raise(number);
    interruption_end();
    _exit(interrupted() ? 1 : 7);
}

static void ends_by_the_signal() {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXCPU};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int status = child_of(end_by, numbers[i]);
        REQUIRE(WIFSIGNALED(status) && WTERMSIG(status) == numbers[i]);
        status = child_of(ignore, numbers[i]);
        REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 7);
        status = child_of(be_in_a_hurry, numbers[i]);
        const bool broken = numbers[i] == SIGPIPE; /* breaks with every line: no hurry */
        REQUIRE(broken ? WIFEXITED(status) : WIFSIGNALED(status) && WTERMSIG(status) == numbers[i]);
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {"replaced_when_complete", replaced_when_complete, nullptr},
        {"names_of_files", names_of_files, nullptr},
        {"devices_and_links", devices_and_links, nullptr},
        {"ends_by_the_signal", ends_by_the_signal, nullptr},
        {nullptr, nullptr, nullptr},
    };
    if (mkdtemp(directory) == nullptr) {
        perror(directory);
        return 1;
    }
    snprintf(path, sizeof path, "%s/a", directory);
    const int status = suite_main("bench_output", tests, argc, argv);
    rmdir(directory);
    return status;
}
