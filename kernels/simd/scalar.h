/* The vector vocabulary for any machine: a vector is one float. See words.h for the words. */
#ifndef NINETAP_SIMD_SCALAR_H
#define NINETAP_SIMD_SCALAR_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "simd/compiler.h"
#include "core/fma.h"
#include "simd/natural_order.h"

#define NT_ISA_NAME "scalar"
#define NT_LANES 1
#define NT_BYTES 1
#define NT_CHANNELS_2 2
#define NT_CHANNELS_1 1
#define NT_REGISTERS 16
#define NT_STEP_IN_LOAD 1
#define NT_LOADS_EARLY 0
#define NT_CACHE_HINTS 0
#define NT_HAS_FMA 1
#ifdef __FP_FAST_FMAF
#define NT_FAST_FMA 1
#else
#define NT_FAST_FMA 0
#endif

typedef float vf;
typedef float vs;
typedef bool vm;
typedef uint8_t v8;
typedef int16_t v16;
typedef int32_t v32;
typedef struct t8 {
    int a, b;
} t8;
typedef t8 t16;
#define NT_V16S 1
#define NT_PAIRS_APART 0
#define NT_V32S 1

#include "simd/words.h"

static inline vf vf_zero(void) {
    return 0.0F;
}
static inline vf vf_set1(float x) {
    return x;
}
static inline vf vf_load(const float *p) {
    return *p;
}
static inline void vf_store(float *p, vf v) {
    *p = v;
}
static inline vf vf_load_n(const float *p, int n) {
    (void)n;
    return *p;
}
static inline vf vf_load_or(const float *p, int n, vf fill) {
    return n > 0 ? *p : fill;
}
static inline void vf_store_n(float *p, vf v, int n) {
    (void)n;
    *p = v;
}
static inline void vf_stream(float *p, vf v) {
    *p = v;
}
static inline void vf_stream_end(void) {
}

static inline vf vf_add(vf a, vf b) {
    return a + b;
}
static inline vf vf_sub(vf a, vf b) {
    return a - b;
}
static inline vf vf_mul(vf a, vf b) {
    return a * b;
}
static inline vf vf_div(vf a, vf b) {
    return a / b;
}
#ifdef __FP_FAST_FMAF
static inline vf vf_fma(vf a, vf b, vf c) {
    return fmaf(a, b, c);
}
#else /* twenty instructions, at a hundred places */
OUTLINED vf vf_fma(vf a, vf b, vf c) {
    return nt_fmaf(a, b, c);
}
#endif
static inline vf vf_max(vf a, vf b) {
    return a > b ? a : b;
}
static inline vf vf_min(vf a, vf b) {
    return a < b ? a : b;
}

static inline vs vs_load(const float *p) {
    return *p;
}
static inline vf vf_fma1(vf a, vs b, vf c) {
    return vf_fma(a, b, c);
}
static inline vf vf_mul1(vf a, vs b) {
    return a * b;
}

static inline vm vm_gt(vf a, vf b) {
    return a > b;
}
static inline vm vm_nan(vf a, vf b) {
    return isnan(a) || isnan(b);
}
static inline vf of_word(uint32_t word) {
    vf v;
    memcpy(&v, &word, sizeof v);
    return v;
}
static inline vm vm_same(vf a, vf b) {
    return memcmp(&a, &b, sizeof a) == 0;
}
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    (void)step;
    return of_word(first);
}
static inline vm vm_or(vm a, vm b) {
    return a || b;
}
static inline vm vm_and_not(vm a, vm b) {
    return a && !b;
}
static inline bool vm_any(vm m) {
    return m;
}
static inline vf vf_select(vm m, vf a, vf b) {
    return m ? a : b;
}
static inline void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                                  int64_t right_index, vm lower, int64_t lower_index) {
    (void)n;
    (void)step;
    *index = first + (right ? right_index : 0) + (lower ? lower_index : 0);
}

static inline vf vf_two_to(vf t) {
    uint32_t bits;
    float power;
    memcpy(&bits, &t, sizeof bits);
    bits = (bits << 23) + 0x3F800000U;
    memcpy(&power, &bits, sizeof power);
    return power;
}

static inline vf vf_even(vf a, vf b) {
    (void)b;
    return a;
}
static inline vf vf_odd(vf a, vf b) {
    (void)a;
    return b;
}
NATURAL_ORDER(vf)
static inline void vf_store_halves(float *p, float *q, vf v) {
    *p = v;
    (void)q;
}
static inline vf vf_prepend(vf v, vf fill) {
    (void)v;
    return fill;
}
static inline vf vf_append(vf v, vf fill) {
    (void)v;
    return fill;
}
static inline vf vf_low_words(const int64_t *p, int n) {
    (void)n;
    return of_word((uint32_t)*p);
}
static inline vf vf_high_words(const int64_t *p, int n) {
    (void)n;
    return of_word((uint32_t)((uint64_t)*p >> 32));
}
static inline vf vf_zip_low(vf a, vf b) {
    (void)b;
    return a;
}
static inline vf vf_zip_high(vf a, vf b) {
    (void)a;
    return b;
}
static inline void vf_transpose(vf r[NT_LANES]) {
    (void)r;
}

/* ---- bytes ---- */

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
static inline v8 v8_and(v8 a, v8 b) {
    return a & b;
}
static inline v8 v8_xor(v8 a, v8 b) {
    return a ^ b;
}
static inline v8 v8_sub(v8 a, v8 b) {
    return (v8)(a - b);
}
static inline v8 v8_average(v8 a, v8 b) {
    return (v8)((a + b + 1) / 2);
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

/* ---- sums of bytes ---- */

static inline v16 v16_set1(int x) {
    return (v16)x;
}
static inline v16 v16_add(v16 a, v16 b) {
    return (v16)(uint16_t)((uint32_t)a + (uint32_t)b);
}
static inline v16 v16_max(v16 a, v16 b) {
    return a > b ? a : b;
}
static inline v16 v16_abs(v16 v) {
    return (v16)(v < 0 ? -v : v);
}
static inline v32 v32_rounded(v32 v, int s) {
    return (v + (1 << (s - 1)) - 1 + (v >> s & 1)) >> s;
}
static inline v16 v16_rounded(v16 v, int s) {
    return (v16)v32_rounded(v, s);
}
static inline v8 v8_of_v16(const v16 v[NT_V16S]) {
    return (v8)(v[0] < 0 ? 0 : v[0] > 255 ? 255 : v[0]);
}
static inline void v16_of_v32(v16 to[NT_V16S], const v32 v[NT_V32S]) {
    to[0] = (v16)(v[0] < INT16_MIN ? INT16_MIN : v[0] > INT16_MAX ? INT16_MAX : v[0]);
}
static inline v16 v16_xor(v16 a, v16 b) {
    return (v16)(a ^ b);
}
static inline v16 v16_load_bytes(const uint8_t *p) {
    return *p;
}
static inline v16 v16_load(const int16_t *p) {
    return *p;
}
static inline void v16_store(int16_t *p, v16 v) {
    *p = v;
}
static inline void v16_store_all(int16_t *p, const v16 v[NT_V16S]) {
    *p = v[0];
}
static inline t8 t8_set(int a, int b) {
    return (t8){a, b};
}
static inline v32 v32_set1(int x) {
    return x;
}
static inline v32 v32_load(const int32_t *p) {
    return *p;
}
static inline v32 v32_load1(const void *p) {
    v32 x;
    memcpy(&x, p, sizeof x);
    return x;
}
static inline void v32_store(int32_t *p, v32 v) {
    *p = v;
}
static inline void v32_store_n(int32_t *p, v32 v, int n) {
    (void)n;
    *p = v;
}
static inline v32 v32_load_bytes(const uint8_t *p) {
    return *p;
}
static inline v32 v32_xor(v32 a, v32 b) {
    return a ^ b;
}
static inline v8 v8_parts_in_order(v8 v) {
    return v;
}
static inline v32 v32_of_bytes(const v32 v[4]) {
    uint8_t bytes[4];
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)v[i];
    }
    v32 all;
    memcpy(&all, bytes, sizeof all);
    return all;
}
static inline v32 v32_of_halves(v32 a, v32 b) {
    const int16_t halves[] = {(int16_t)a, (int16_t)b};
    v32 all;
    memcpy(&all, halves, sizeof all);
    return all;
}
static inline v32 v32_add(v32 a, v32 b) {
    return (v32)((uint32_t)a + (uint32_t)b);
}
static inline v32 v32_abs(v32 v) {
    return v < 0 ? -v : v;
}
static inline t16 t16_set(int a, int b) {
    return (t16){a, b};
}
static inline void v32_add_products(v32 sum[NT_V32S], v8 a, v8 b, t16 pair) {
    sum[0] = v32_add(sum[0], a * pair.a + b * pair.b);
}
static inline void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair) {
    sum[0] = v16_add(sum[0], (v16)(a * pair.a + b * pair.b));
}
static inline v32 v32_add_pairs(v32 a, v32 b, v32 sum) {
    int16_t x[2];
    int16_t y[2];
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    return v32_add(sum, v32_add(x[0] * y[0], x[1] * y[1]));
}
static inline void v16_pair(v16 pair[2], v16 a, v16 b) {
    pair[0] = a;
    pair[1] = b;
}
static inline void v32_add_taps(v32 sum[NT_V32S / NT_V16S], const v16 pair[2],
                                const v16 weights[2]) {
    sum[0] = v32_add(sum[0], v32_add(pair[0] * weights[0], pair[1] * weights[1]));
}
static inline void v32_store_taps(int32_t *p, const v32 sum[NT_V32S / NT_V16S]) {
    *p = sum[0];
}
static inline void v32_transpose(v32 r[NT_LANES]) {
    (void)r;
}
static inline vf vf_of_v32(v32 v) {
    return (vf)v;
}
static inline v32 v32_of_vf(vf v) {
    const float t = v + 0x1.8p23F;
    uint32_t bits;
    memcpy(&bits, &t, sizeof bits);
    return (v32)(bits - UINT32_C(0x4B400000));
}
static inline vf vf_sqrt(vf v) {
    return sqrtf(v);
}
static inline vf vf_abs(vf v) {
    return fabsf(v);
}
static inline void vf_of_v8(vf to[NT_V32S], v8 v) {
    to[0] = (vf)v;
}
static inline void vf_all_in_order(vf v[NT_V32S]) {
    (void)v;
}
static inline void vf_all_unordered(vf v[NT_V32S]) {
    (void)v;
}

#endif
