#include "measure/output.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#endif

namespace {

namespace fs = std::filesystem;

bool fail(const char *path, char *why, size_t size) {
    snprintf(why, size, "%s: %s", path, errno != 0 ? strerror(errno) : "could not be written");
    return false;
}

bool is_stdout(const char *path) {
    return strcmp(path, "-") == 0;
}

// A device, a pipe, a link to what is not there yet: there is no file to replace.
bool is_in_place(const char *path) {
    std::error_code none;
    const fs::file_status found = fs::status(path, none);
    return fs::exists(found) ? !fs::is_regular_file(found)
                             : fs::is_symlink(fs::symlink_status(path, none));
}

// On the disk: some file systems say only then that they are full.
bool is_kept(FILE *file) {
#ifdef _WIN32
    return _commit(_fileno(file)) == 0;
#else
    return fsync(fileno(file)) == 0 || errno == EINVAL || errno == ENOSYS;
#endif
}

bool take_place(const std::string &written, const std::string &target) {
#ifdef _WIN32
    errno = EACCES;
    return MoveFileExA(written.c_str(), target.c_str(), MOVEFILE_REPLACE_EXISTING) != 0;
#else
    return rename(written.c_str(), target.c_str()) == 0;
#endif
}

// A file that is written: in place, or, until it is complete, beside its target.
struct Opened {
    FILE *file = nullptr; // else errno says why
    std::string target, beside;

    explicit Opened(const char *path) {
        errno = *path != '\0' ? 0 : ENOENT;
        if (is_stdout(path)) {
            file = stdout;
        } else if (is_in_place(path)) {
            file = fopen(path, "w");
        } else if (*path != '\0') {
            open_beside(path);
        }
    }
    ~Opened() {
        if (file != nullptr && file != stdout) {
            fclose(file);
        }
        if (!beside.empty()) {
            unlink(beside.c_str());
        }
    }
    Opened(const Opened &) = delete;
    Opened &operator=(const Opened &) = delete;

    // A link stays, and leads to the new file.
    void open_beside(const char *path) {
        std::error_code error;
        const fs::path whole = fs::weakly_canonical(path, error);
        errno = error.value();
        if (error) {
            return;
        }
        target = whole.string();
        beside = (whole.parent_path() / ".ninetap-XXXXXX").string();
        const int descriptor = mkstemp(&beside[0]);
        file = descriptor >= 0 ? fdopen(descriptor, "w") : nullptr;
        if (file != nullptr) {
            fs::permissions(beside, permissions(whole), error); // not on every file system
        } else if (descriptor >= 0) {
            const int why = errno;
            close(descriptor);
            errno = why;
        }
    }

    // Those that the file has, or that a new one would have.
    static fs::perms permissions(const fs::path &path) {
        std::error_code none;
        if (fs::exists(path, none)) {
            return fs::status(path, none).permissions() & fs::perms::all;
        }
        const auto masked = umask(0);
        umask(masked);
        return static_cast<fs::perms>(0666 & ~masked);
    }
};

// Whether everything written has arrived. What remains in the buffer after a failure is tried once
// more, for errno; where nothing does, errno is still what the last write said.
bool is_written(FILE *file) {
    const int before = errno;
    errno = 0;
    const bool good = fflush(file) == 0 && ferror(file) == 0;
    errno = !good && errno == 0 ? before : errno;
    return good;
}

// Puts it in its place, unless anything went wrong since it was opened.
bool complete(Opened &o) {
    bool good = is_written(o.file) && (o.beside.empty() || is_kept(o.file));
    int error = errno;
    if (o.file == stdout) {
        clearerr(stdout); // has been said
    } else if (fclose(o.file) != 0 && good) {
        good = false;
        error = errno;
    }
    o.file = nullptr;
    if (good && !o.beside.empty()) {
        good = take_place(o.beside, o.target);
        error = errno;
        o.beside = good ? "" : o.beside;
    }
    errno = error;
    return good;
}

} // namespace

bool output_write(const char *path, const char *text, size_t length, char *why, size_t size) {
    Opened o(path);
    if (o.file == nullptr) {
        return fail(path, why, size);
    }
    fwrite(text, 1, length, o.file);
    return complete(o) || fail(is_stdout(path) ? "stdout" : path, why, size);
}

// In place, only a look: a pipe that is opened twice has lost its reader.
bool output_is_possible(const char *path, char *why, size_t size) {
    if (!is_in_place(path)) {
        return is_stdout(path) || Opened(path).file != nullptr || fail(path, why, size);
    }
    errno = fs::is_directory(path) ? EISDIR : 0;
    return (errno == 0 && (access(path, W_OK) == 0 || errno == ENOENT)) || fail(path, why, size);
}

// Opened the wrong way round, so that using one is the error it was.
void output_guard_streams(void) {
#ifndef _WIN32
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0) {
            (void)!open("/dev/null", i == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
#endif
}

// The descriptor is closed and the stream is not: C++ flushes it once more at exit.
bool output_end_stdout(char *why, size_t size) {
    const bool good = is_written(stdout);
    const int error = errno;
    const bool closed = close(STDOUT_FILENO) == 0;
    errno = good ? errno : error;
    return (good && closed) || fail("stdout", why, size);
}
