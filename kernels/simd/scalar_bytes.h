/* The byte words of scalar.h. */
#ifndef NINETAP_BYTES_SCALAR_H
#define NINETAP_BYTES_SCALAR_H

#define NT_BYTES 1

typedef uint8_t v8;

static inline v8 v8_set1(uint8_t x) {
    return x;
}
static inline v8 v8_load(const uint8_t *p) {
    return *p;
}
static inline void v8_store(uint8_t *p, v8 v) {
    *p = v;
}
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    return n > 0 ? *p : fill;
}
static inline v8 v8_load_n(const uint8_t *p, int n) {
    (void)n;
    return *p;
}
static inline void v8_store_n(uint8_t *p, v8 v, int n) {
    (void)n;
    *p = v;
}
static inline void v8_stream(uint8_t *p, v8 v) {
    *p = v;
}

static inline v8 v8_max_u8(v8 a, v8 b) {
    return a > b ? a : b;
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    return (int8_t)a > (int8_t)b ? a : b;
}
static inline v8 v8_gt_u8(v8 a, v8 b) {
    return a > b ? 0xFF : 0;
}
static inline v8 v8_gt_s8(v8 a, v8 b) {
    return (int8_t)a > (int8_t)b ? 0xFF : 0;
}
static inline v8 v8_or(v8 a, v8 b) {
    return a | b;
}
static inline v8 v8_and_not(v8 a, v8 b) {
    return (v8)(a & ~b);
}
static inline void v8_store_index(int64_t *index, int n, int64_t first, int64_t step, v8 right,
                                  int64_t right_index, v8 lower, int64_t lower_index) {
    vm_store_index(index, n, first, step, right != 0, right_index, lower != 0, lower_index);
}

static inline v8 v8_even(v8 a, v8 b) {
    (void)b;
    return a;
}
static inline v8 v8_odd(v8 a, v8 b) {
    (void)a;
    return b;
}
NATURAL_ORDER(v8)
static inline v8 v8_prepend(v8 v, v8 fill) {
    (void)v;
    return fill;
}

#endif
