/* Checked arithmetic on sizes: every product of caller-given numbers goes through here. */
#ifndef NINETAP_SIZE_H
#define NINETAP_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A running result that remembers having overflowed. */
typedef struct nt_size {
    int64_t value;
    bool overflow;
} nt_size;

static inline nt_size nt_size_of(int64_t value) {
    return (nt_size){value, false};
}
static inline nt_size nt_size_mul(nt_size a, int64_t b) {
    nt_size r = {0, a.overflow};
    r.overflow |= __builtin_mul_overflow(a.value, b, &r.value);
    return r;
}
static inline nt_size nt_size_add(nt_size a, nt_size b) {
    nt_size r = {0, a.overflow || b.overflow};
    r.overflow |= __builtin_add_overflow(a.value, b.value, &r.value);
    return r;
}
static inline int64_t nt_div_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}
static inline int64_t nt_min64(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static inline int64_t nt_max64(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* Whether so many elements of `element` bytes fit into an object. A product, since calls without a
 * plan ask three times, and a division takes long. */
static inline bool nt_size_fits(nt_size count, size_t element) {
    uint64_t bytes = 0;
    return !count.overflow && count.value >= 0 &&
           !__builtin_mul_overflow((uint64_t)count.value, (uint64_t)element, &bytes) &&
           bytes <= (uint64_t)PTRDIFF_MAX;
}

#endif
