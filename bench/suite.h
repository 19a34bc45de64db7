/* The shapes measured, and which of them, on what, are the quick set. */
#ifndef NINETAP_BENCH_SUITE_H
#define NINETAP_BENCH_SUITE_H

#include <stddef.h>

/* The quick set measures the best ISA on one thread and on all of them. */
typedef enum suite_flags {
    SUITE_QUICK = 1,   /* in the quick set */
    SUITE_LADDER = 2,  /* there also on every other ISA, scalar too, on one thread */
    SUITE_LATENCY = 4, /* too small to share: in the quick set on one thread only */
} suite_flags;

typedef struct suite_entry {
    const char *shape;
    unsigned flags;
} suite_entry;

extern const suite_entry suite[];
extern const size_t suite_size;

#endif
