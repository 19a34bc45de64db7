/* POSIX's extended regular expressions. */
#ifndef NINETAP_BENCH_REGULAR_H
#define NINETAP_BENCH_REGULAR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct regular regular;

/* NULL, with the reason in `why`, if it is none or memory is short. */
regular *regular_make(const char *text, char *why, size_t size);
/* Whether it fits somewhere in the name. */
bool regular_fits(const regular *r, const char *name);
void regular_free(regular *r);

#ifdef __cplusplus
}
#endif

#endif
