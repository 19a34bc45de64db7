/* A file is read whole before it is decoded, so that what its header claims can be held against
 * what is there. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct file {
    unsigned char *bytes;
    size_t size;
} file;

/* "-": stdin. At most 1 GiB. Returns NULL, or what went wrong; *f is to be freed in any case. */
const char *file_read(file *f, const char *path);
void file_free(file *f);

/* Whether it is "-", and what messages and titles call it. */
bool file_is_stream(const char *path);
const char *file_name(const char *path);

#endif
