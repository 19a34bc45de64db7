/* Files that are written. One takes its name, and the place of an older file, only when it is
 * complete: on a full disk the older one is still there. "-" is stdout. */
#ifndef NINETAP_BENCH_OUTPUT_H
#define NINETAP_BENCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* False: `why` says what is wrong, and an older file stays as it is. */
bool output_write(const char *path, const char *text, size_t length, char *why, size_t size);

/* Whether it could be written. A file that is there stays as it is. */
bool output_is_possible(const char *path, char *why, size_t size);

/* To be called first of all: a file that is opened must not become the stdin, stdout or stderr that
 * somebody has closed. */
void output_guard_streams(void);
/* To be called last of all: is everything out? Nothing can be written to stdout afterwards. */
bool output_end_stdout(char *why, size_t size);

#ifdef __cplusplus
}
#endif

#endif
