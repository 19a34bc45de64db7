/* Files that are written. One takes its name, and the place of an older file, only when it is
 * complete: on a full disk the older one is still there. "-" is stdout. */
#ifndef NINETAP_BENCH_OUTPUT_H
#define NINETAP_BENCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct output {
    FILE *file;       /* to write to */
    const char *path; /* as it was given */
    char *target;     /* the file itself, where `path` is a link */
    char *beside;     /* what is written; NULL: stdout, or a device or pipe, written in place */
} output;

/* False, here and below: `why` says what is wrong, and nothing is left to be closed. */
bool output_open(output *o, const char *path, char *why, size_t size);
/* Puts it in its place, unless anything went wrong since it was opened. */
bool output_close(output *o, char *why, size_t size);
/* Leaves everything as it was. */
void output_discard(output *o);

/* Whether it could be opened. A file that is there stays as it is. */
bool output_is_possible(const char *path, char *why, size_t size);

bool output_is_stdout(const char *path);

/* To be called first of all: a file that is opened must not become the stdin, stdout or stderr that
 * somebody has closed. */
void output_guard_streams(void);
/* To be called last of all: is everything out? Nothing can be written to stdout afterwards. */
bool output_end_stdout(char *why, size_t size);

#ifdef __cplusplus
}
#endif

#endif
