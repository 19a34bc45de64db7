#include "measure/output.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#endif

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string &path, int error = errno) {
    throw std::runtime_error((path == "-" ? "stdout" : path) + ": " +
                             (error != 0 ? std::strerror(error) : "could not be written"));
}

// A device, a pipe, a link to what is not there yet: there is no file to replace.
bool is_in_place(const std::string &path) {
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

// Those that the file has, or that a new one would have.
fs::perms permissions(const fs::path &path) {
    std::error_code none;
    if (fs::exists(path, none)) {
        return fs::status(path, none).permissions() & fs::perms::all;
    }
    const auto masked = umask(0);
    umask(masked);
    return static_cast<fs::perms>(0666 & ~masked);
}

// Whether everything written has arrived. What remains in the buffer after a failure is tried once
// more, for errno; where nothing does, errno is still what the last write said.
bool is_written(FILE *file) {
    const int before = errno;
    errno = 0;
    const bool good = fflush(file) == 0 && ferror(file) == 0;
    errno = !good && errno == 0 ? before : errno;
    return good;
}

// A file that is written: in place, or, until it is complete, beside its target.
class opened {
  public:
    explicit opened(const std::string &path) : path_(path) {
        errno = path.empty() ? ENOENT : 0;
        if (path == "-") {
            file_ = stdout;
        } else if (is_in_place(path)) {
            file_ = fopen(path.c_str(), "w");
        } else if (!path.empty()) {
            open_beside();
        }
        if (file_ == nullptr) {
            fail(path);
        }
    }
    ~opened() {
        if (file_ != nullptr && file_ != stdout) {
            fclose(file_);
        }
        if (!beside_.empty()) {
            unlink(beside_.c_str());
        }
    }
    opened(const opened &) = delete;
    opened &operator=(const opened &) = delete;

    // Puts it in its place, unless anything goes wrong.
    void write(const std::string &text) {
        fwrite(text.data(), 1, text.size(), file_);
        bool good = is_written(file_) && (beside_.empty() || is_kept(file_));
        int error = errno;
        if (file_ == stdout) {
            clearerr(stdout); // has been said
        } else if (fclose(file_) != 0 && good) {
            good = false;
            error = errno;
        }
        file_ = nullptr;
        if (good && !beside_.empty()) {
            good = take_place(beside_, target_);
            error = errno;
        }
        if (!good) {
            fail(path_, error);
        }
        beside_.clear();
    }

  private:
    // A link stays, and leads to the new file.
    void open_beside() {
        std::error_code error;
        const fs::path whole = fs::weakly_canonical(path_, error);
        if (error) {
            fail(path_, error.value());
        }
        target_ = whole.string();
        std::string name = (whole.parent_path() / ".ninetap-XXXXXX").string();
        const int descriptor = mkstemp(&name[0]);
        if (descriptor < 0) {
            fail(path_);
        }
        beside_ = name;
        file_ = fdopen(descriptor, "w");
        if (file_ == nullptr) {
            close(descriptor);
            unlink(name.c_str());
            fail(path_);
        }
        fs::permissions(name, permissions(whole), error); // not on every file system
    }

    FILE *file_ = nullptr;
    std::string path_, target_, beside_;
};

} // namespace

void output_write(const std::string &path, const std::string &text) {
    opened(path).write(text);
}

// In place, only a look: a pipe that is opened twice has lost its reader.
void output_expect(const std::string &path) {
    if (path != "-" && !is_in_place(path)) {
        const opened file(path);
    } else if (fs::is_directory(path)) {
        fail(path, EISDIR);
    } else if (path != "-" && access(path.c_str(), W_OK) != 0 && errno != ENOENT) {
        fail(path);
    }
}

// Opened the wrong way round, so that using one is the error it was.
void output_guard_streams() {
#ifndef _WIN32
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0) {
            (void)!open("/dev/null", i == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
#endif
}

// The descriptor is closed and the stream is not: C++ flushes it once more at exit.
void output_end_stdout() {
    const bool good = is_written(stdout);
    const int error = errno;
    const bool closed = close(STDOUT_FILENO) == 0;
    if (!good || !closed) {
        fail("-", good ? errno : error);
    }
}
