/* A file is read whole before it is decoded, so that what its header claims can be held against
 * what is there. */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>

typedef struct file {
    unsigned char *bytes;
    size_t size;
} file;

/* Returns NULL, or what went wrong; *f is to be freed in any case. */
const char *file_read(file *f, const char *path);
void file_free(file *f);

#endif
