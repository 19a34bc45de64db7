#undef _POSIX_C_SOURCE /* a parent project may have set it to less */
#define _POSIX_C_SOURCE 200809L
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool add(folder *f, const char *name) {
    char **more = realloc(f->name, (f->count + 1) * sizeof *more);
    if (more)
        f->name = more;
    char *copy = more ? strdup(name) : NULL;
    if (copy)
        f->name[f->count++] = copy;
    return copy != NULL;
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *folder_read(folder *f, const char *path) {
    *f = (folder){0};
    DIR *directory = opendir(path);
    if (!directory)
        return strerror(errno);
    bool added = true;
    for (const struct dirent *e = readdir(directory); e && added; e = readdir(directory))
        if (e->d_name[0] != '.')
            added = add(f, e->d_name);
    closedir(directory);
    if (f->count > 0)
        qsort(f->name, f->count, sizeof *f->name, compare);
    return added ? NULL : "out of memory";
}

void folder_free(folder *f) {
    for (size_t i = 0; i < f->count; i++)
        free(f->name[i]);
    free(f->name);
    *f = (folder){0};
}

bool folder_is_one(const char *path) {
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

char *folder_path(const char *path, const char *name) {
    const size_t size = strlen(path) + 1 + strlen(name) + 1;
    char *joined = malloc(size);
    if (joined)
        snprintf(joined, size, "%s/%s", path, name);
    return joined;
}

bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), count = strlen(end);
    return length >= count && strcmp(text + length - count, end) == 0;
}
