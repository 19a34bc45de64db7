#include "measure/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#endif

static bool fail(const char *path, char *why, size_t size) {
    snprintf(why, size, "%s: %s", path, errno != 0 ? strerror(errno) : "could not be written");
    return false;
}

bool output_is_stdout(const char *path) {
    return strcmp(path, "-") == 0;
}

/* ---- what systems do in their own ways ---------------------------------------------------- */

#ifdef _WIN32
static bool is_in_place(const char *path) {
    struct stat found;
    return stat(path, &found) == 0 && !S_ISREG(found.st_mode);
}

static char *resolve(const char *path) {
    return strdup(path);
}

static bool keep(FILE *file, const char *target) {
    (void)target;
    return _commit(_fileno(file)) == 0;
}

static bool take_place(const char *written, const char *target) {
    errno = EACCES;
    return MoveFileExA(written, target, MOVEFILE_REPLACE_EXISTING) != 0;
}
#else
/* A device, a pipe, a link to what is not there yet: there is no file to replace. */
static bool is_in_place(const char *path) {
    struct stat found;
    return stat(path, &found) == 0 ? !S_ISREG(found.st_mode) : lstat(path, &found) == 0;
}

/* A link stays, and leads to the new file. */
static char *resolve(const char *path) {
    char *target = realpath(path, NULL);
    return target != NULL || errno != ENOENT ? target : strdup(path);
}

/* With the rights that a new file would have, or that the old one has, and on the disk: some file
 * systems say only then that they are full. */
static bool keep(FILE *file, const char *target) {
    struct stat old;
    mode_t mode = 0666;
    if (stat(target, &old) == 0) {
        mode = old.st_mode & 0777;
    } else {
        const mode_t masked = umask(0);
        umask(masked);
        mode &= ~masked;
    }
    (void)!fchmod(fileno(file), mode); /* not on every file system */
    return fsync(fileno(file)) == 0 || errno == EINVAL || errno == ENOSYS;
}

static bool take_place(const char *written, const char *target) {
    return rename(written, target) == 0;
}
#endif

/* ---- files -------------------------------------------------------------------------------- */

/* A file without a name of its own yet, in the target's directory. NULL: errno says why. */
static FILE *open_beside(output *o) {
    static const char name[] = ".ninetap-XXXXXX";
    const char *slash = strrchr(o->target, '/');
    const size_t length = slash != NULL ? (size_t)(slash - o->target) + 1 : 0;
    o->beside = malloc(length + sizeof name);
    if (o->beside == NULL) {
        return NULL;
    }
    memcpy(o->beside, o->target, length);
    memcpy(o->beside + length, name, sizeof name);
    const int descriptor = mkstemp(o->beside);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file == NULL && descriptor >= 0) {
        const int error = errno;
        close(descriptor);
        unlink(o->beside);
        errno = error;
    }
    return file;
}

static void free_names(output *o) {
    free(o->target);
    free(o->beside);
    *o = (output){0};
}

bool output_open(output *o, const char *path, char *why, size_t size) {
    *o = (output){.path = path};
    errno = *path != '\0' ? 0 : ENOENT;
    if (output_is_stdout(path)) {
        o->file = stdout;
    } else if (*path == '\0') {
        o->file = NULL;
    } else if (is_in_place(path)) {
        o->file = fopen(path, "w");
    } else {
        o->target = resolve(path);
        o->file = o->target != NULL ? open_beside(o) : NULL;
    }
    if (o->file == NULL) {
        fail(path, why, size);
        free_names(o);
        return false;
    }
    return true;
}

/* Whether everything written has arrived. What remains in the buffer after a failure is tried once
 * more, for errno; where nothing does, errno is still what the last write said. */
static bool is_written(FILE *file) {
    const int before = errno;
    errno = 0;
    const bool good = fflush(file) == 0 && ferror(file) == 0;
    errno = !good && errno == 0 ? before : errno;
    return good;
}

bool output_close(output *o, char *why, size_t size) {
    bool good = is_written(o->file) && (o->beside == NULL || keep(o->file, o->target));
    int error = errno;
    if (o->file != stdout && fclose(o->file) != 0 && good) {
        good = false;
        error = errno;
    }
    if (o->beside != NULL && good && !take_place(o->beside, o->target)) {
        good = false;
        error = errno;
    }
    if (o->beside != NULL && !good) {
        unlink(o->beside);
    }
    errno = error;
    if (!good) {
        fail(o->file == stdout ? "stdout" : o->path, why, size);
    }
    if (o->file == stdout) {
        clearerr(stdout); /* has been said */
    }
    free_names(o);
    return good;
}

void output_discard(output *o) {
    if (o->file != stdout) {
        fclose(o->file);
    }
    if (o->beside != NULL) {
        unlink(o->beside);
    }
    free_names(o);
}

/* In place, only a look: a pipe that is opened twice has lost its reader. */
bool output_is_possible(const char *path, char *why, size_t size) {
    if (output_is_stdout(path)) {
        return true;
    }
    if (is_in_place(path)) {
        struct stat found;
        errno = stat(path, &found) == 0 && S_ISDIR(found.st_mode) ? EISDIR : 0;
        return (errno == 0 && (access(path, W_OK) == 0 || errno == ENOENT)) ||
               fail(path, why, size);
    }
    output o;
    if (!output_open(&o, path, why, size)) {
        return false;
    }
    output_discard(&o);
    return true;
}

/* ---- streams ------------------------------------------------------------------------------ */

/* Opened the wrong way round, so that using one is the error it was. */
void output_guard_streams(void) {
#ifndef _WIN32
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0) {
            (void)!open("/dev/null", i == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
#endif
}

/* The descriptor is closed and the stream is not: C++ flushes it once more at exit. */
bool output_end_stdout(char *why, size_t size) {
    const bool good = is_written(stdout);
    const int error = errno;
    const bool closed = close(STDOUT_FILENO) == 0;
    errno = good ? errno : error;
    return (good && closed) || fail("stdout", why, size);
}
