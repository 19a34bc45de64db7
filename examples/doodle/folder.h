/* The names in a directory, in the order of their bytes, so that every machine sees the same. */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct folder {
    char **name;
    size_t count;
} folder;

/* Without those that begin with a dot. Returns NULL, or what went wrong; *f is to be freed in any
 * case. */
const char *folder_read(folder *f, const char *path);
void folder_free(folder *f);

bool folder_is_one(const char *path);

/* "path/name", to be freed; NULL: no memory. */
char *folder_path(const char *path, const char *name);

bool ends_with(const char *text, const char *end);

#endif
