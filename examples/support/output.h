/* A file that is written. It replaces an old one only when it is complete: it is written beside the
 * old one, and then renamed. What is no regular file (a device, a pipe) is written straight. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

typedef struct output {
    FILE *stream;
    const char *path;
    char *target, *beside; /* NULL where it is written straight */
} output;

/* "-": stdout. On failure prints one line to stderr and returns false. */
bool output_open(output *o, const char *path);

/* wrong: NULL, or why the file is not complete. The same. */
bool output_close(output *o, const char *wrong);

#endif
