#undef _XOPEN_SOURCE      /* a parent project may have set it to less */
#define _XOPEN_SOURCE 700 /* mkstemp, realpath */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef _WIN32
#include <windows.h>
#endif

#include "file.h"
#include "program.h"

#ifdef _WIN32
static bool is_dangling(const char *path) {
    (void)path;
    return false;
}

static char *resolve(const char *path) {
    char *target = _strdup(path);
    for (char *c = target; c && *c; c++)
        *c = *c == '\\' ? '/' : *c;
    return target;
}

static void set_mode(int number, const struct stat *old) {
    (void)number;
    (void)old;
}

static bool replace(const char *from, const char *to) {
    return MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING) != 0;
}
#else
/* A symbolic link to nothing: what it names is to be made. */
static bool is_dangling(const char *path) {
    struct stat s;
    return stat(path, &s) != 0 && lstat(path, &s) == 0;
}

/* Of a symbolic link, what it points to: the link stays. */
static char *resolve(const char *path) {
    char *target = realpath(path, NULL);
    return target || errno != ENOENT ? target : strdup(path);
}

/* As the old file's, or as that of any new file: mkstemp's is for secrets. */
static void set_mode(int number, const struct stat *old) {
    const mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(number, old ? old->st_mode & 0777 : 0666 & ~mask);
}

static bool replace(const char *from, const char *to) {
    return rename(from, to) == 0;
}
#endif

/* In the same directory, under a name that is short whatever the file's own is. */
static char *name_beside(const char *target) {
    static const char own[] = ".part-XXXXXX";
    const char *slash = strrchr(target, '/');
    const size_t directory = slash ? (size_t)(slash + 1 - target) : 0;
    char *name = malloc(directory + sizeof own);
    if (name) {
        memcpy(name, target, directory);
        memcpy(name + directory, own, sizeof own);
    }
    return name;
}

/* NULL, or what went wrong. */
static const char *open_beside(output *o, const struct stat *old) {
    o->target = resolve(o->path);
    o->beside = o->target ? name_beside(o->target) : NULL;
    if (!o->beside)
        return strerror(errno);
    const int number = mkstemp(o->beside);
    if (number == -1)
        return strerror(errno);
    set_mode(number, old);
    o->stream = fdopen(number, "wb");
    if (o->stream)
        return NULL;
    const char *wrong = strerror(errno);
    close(number);
    remove(o->beside);
    return wrong;
}

static const char *open_straight(output *o) {
    o->stream = file_is_stream(o->path) ? stdout : fopen(o->path, "wb");
    return o->stream ? NULL : strerror(errno);
}

static bool finish(output *o, const char *wrong) {
    if (wrong)
        program_fail(file_is_stream(o->path) ? "stdout" : o->path, wrong);
    free(o->target);
    free(o->beside);
    *o = (output){0};
    return !wrong;
}

bool output_open(output *o, const char *path) {
    struct stat old;
    const char *wrong = NULL;
    *o = (output){.path = path};
    const bool exists = stat(path, &old) == 0;
    if (file_is_stream(path) || (exists && !S_ISREG(old.st_mode)) || is_dangling(path))
        wrong = open_straight(o);
    else if (exists && access(path, W_OK) != 0)
        wrong = strerror(errno);
    else
        wrong = open_beside(o, exists ? &old : NULL);
    return wrong ? finish(o, wrong) : true;
}

bool output_close(output *o, const char *wrong) {
    if ((fflush(o->stream) != 0 || ferror(o->stream)) && !wrong)
        wrong = strerror(errno);
    if (o->stream != stdout && fclose(o->stream) != 0 && !wrong)
        wrong = strerror(errno);
    if (!wrong && o->beside && !replace(o->beside, o->target))
        wrong = strerror(errno);
    if (wrong && o->beside)
        remove(o->beside);
    return finish(o, wrong);
}
