/* The vector vocabulary for WebAssembly's 128-bit SIMD: no fused multiply-add. Registers are the
 * engine's; on x86-64 it has 16. See words.h for the words. */
#ifndef NINETAP_SIMD_WASM128_H
#define NINETAP_SIMD_WASM128_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

#include "simd/bytes.h"
#include "simd/compiler.h"
#include "simd/natural_order.h"

#define NT_ISA_NAME "wasm128"
#define NT_LANES 4
#define NT_BYTES 16
#define NT_CHANNELS_1 4
#define NT_CHANNELS_2 8
#define NT_REGISTERS 16
#define NT_STEP_IN_LOAD 1
#define NT_LOADS_EARLY 0
#define NT_CACHE_HINTS 0
#define NT_HAS_FMA 0
#define NT_FAST_FMA 0

typedef v128_t vf;
typedef v128_t vs;
typedef v128_t vm;
typedef v128_t v8;
typedef v128_t v16;
typedef v128_t v32;
typedef struct t8 {
    v128_t a, b;
} t8;
typedef v128_t t16;
#define NT_V16S 2
#define NT_PAIRS_APART 0
#define NT_V32S 4

#include "simd/words.h"

static inline vf vf_zero(void) {
    return wasm_f32x4_const_splat(0.0F);
}
static inline vf vf_set1(float x) {
    return wasm_f32x4_splat(x);
}
static inline vf vf_load(const float *p) {
    return wasm_v128_load(p);
}
static inline void vf_store(float *p, vf v) {
    wasm_v128_store(p, v);
}
static inline vf vf_load_n(const float *p, int n) {
    switch (n) {
    case 1:
        return wasm_v128_load32_zero(p);
    case 2:
        return wasm_v128_load64_zero(p);
    case 3:
        return wasm_v128_load32_lane(p + 2, wasm_v128_load64_zero(p), 2);
    default:
        return wasm_v128_load(p);
    }
}
static inline vf vf_load_or(const float *p, int n, vf fill) {
    float all[NT_LANES];
    wasm_v128_store(all, fill);
    for (int i = 0; i < n; i++) {
        all[i] = p[i];
    }
    return wasm_v128_load(all);
}
static inline void vf_store_n(float *p, vf v, int n) {
    switch (n) {
    case 1:
        wasm_v128_store32_lane(p, v, 0);
        break;
    case 2:
        wasm_v128_store64_lane(p, v, 0);
        break;
    case 3:
        wasm_v128_store64_lane(p, v, 0);
        wasm_v128_store32_lane(p + 2, v, 2);
        break;
    default:
        wasm_v128_store(p, v);
    }
}
/* There is no such store. */
static inline void vf_stream(float *p, vf v) {
    wasm_v128_store(p, v);
}
static inline void vf_stream_end(void) {
}

static inline vf vf_add(vf a, vf b) {
    return wasm_f32x4_add(a, b);
}
static inline vf vf_sub(vf a, vf b) {
    return wasm_f32x4_sub(a, b);
}
static inline vf vf_mul(vf a, vf b) {
    return wasm_f32x4_mul(a, b);
}
static inline vf vf_div(vf a, vf b) {
    return wasm_f32x4_div(a, b);
}
/* pmax(x, y) is x < y ? y : x. */
static inline vf vf_max(vf a, vf b) {
    return wasm_f32x4_pmax(b, a);
}
static inline vf vf_min(vf a, vf b) {
    return wasm_f32x4_pmin(b, a);
}

static inline vs vs_load(const float *p) {
    return wasm_v128_load32_splat(p);
}
static inline vf vf_mul1(vf a, vs b) {
    return wasm_f32x4_mul(a, b);
}

static inline vm vm_gt(vf a, vf b) {
    return wasm_f32x4_gt(a, b);
}
static inline vm vm_nan(vf a, vf b) {
    return wasm_v128_or(wasm_f32x4_ne(a, a), wasm_f32x4_ne(b, b));
}
static inline vm vm_same(vf a, vf b) {
    return wasm_i32x4_eq(a, b);
}
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    const v128_t lanes = wasm_u32x4_make(0, step, 2 * step, 3 * step);
    return wasm_i32x4_add(wasm_i32x4_splat((int)first), lanes);
}
static inline vm vm_or(vm a, vm b) {
    return wasm_v128_or(a, b);
}
static inline vm vm_and_not(vm a, vm b) {
    return wasm_v128_andnot(a, b);
}
static inline bool vm_any(vm m) {
    return wasm_v128_any_true(m);
}
static inline vf vf_select(vm m, vf a, vf b) {
    return wasm_v128_bitselect(a, b, m);
}
static inline v128_t two_indices(v128_t right, v128_t lower, int64_t first, int64_t step,
                                 int64_t right_index, int64_t lower_index) {
    const v128_t r = wasm_v128_and(right, wasm_i64x2_splat(right_index));
    const v128_t l = wasm_v128_and(lower, wasm_i64x2_splat(lower_index));
    return wasm_i64x2_add(wasm_i64x2_make(first, first + step), wasm_i64x2_add(r, l));
}
static inline void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                                  int64_t right_index, vm lower, int64_t lower_index) {
    int64_t all[NT_LANES];
    wasm_v128_store(all, two_indices(wasm_i64x2_extend_low_i32x4(right),
                                     wasm_i64x2_extend_low_i32x4(lower), first, step, right_index,
                                     lower_index));
    wasm_v128_store(all + 2, two_indices(wasm_i64x2_extend_high_i32x4(right),
                                         wasm_i64x2_extend_high_i32x4(lower), first + 2 * step,
                                         step, right_index, lower_index));
    for (int i = 0; i < n; i++) {
        index[i] = all[i];
    }
}

static inline vf vf_two_to(vf t) {
    return wasm_i32x4_add(wasm_i32x4_shl(t, 23), wasm_i32x4_const_splat(0x3F800000));
}

static inline vf vf_even(vf a, vf b) {
    return wasm_i32x4_shuffle(a, b, 0, 2, 4, 6);
}
static inline vf vf_odd(vf a, vf b) {
    return wasm_i32x4_shuffle(a, b, 1, 3, 5, 7);
}
NATURAL_ORDER(vf)
static inline void vf_store_halves(float *p, float *q, vf v) {
    wasm_v128_store64_lane(p, v, 0);
    wasm_v128_store64_lane(q, v, 1);
}
static inline vf vf_prepend(vf v, vf fill) {
    return wasm_i32x4_shuffle(fill, v, 3, 4, 5, 6);
}
static inline vf vf_append(vf v, vf fill) {
    return wasm_i32x4_shuffle(v, fill, 1, 2, 3, 4);
}
static inline vf two_words(const int64_t *p, int n) {
    return n > 1 ? wasm_v128_load(p) : n == 1 ? wasm_v128_load64_zero(p) : vf_zero();
}
static inline vf vf_low_words(const int64_t *p, int n) {
    return vf_even(two_words(p, n), two_words(p + 2, n - 2));
}
static inline vf vf_high_words(const int64_t *p, int n) {
    return vf_odd(two_words(p, n), two_words(p + 2, n - 2));
}
static inline vf vf_zip_low(vf a, vf b) {
    return wasm_i32x4_shuffle(a, b, 0, 4, 1, 5);
}
static inline vf vf_zip_high(vf a, vf b) {
    return wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
}
static inline void vf_transpose(vf r[NT_LANES]) {
    const v128_t a = vf_zip_low(r[0], r[1]);
    const v128_t b = vf_zip_high(r[0], r[1]);
    const v128_t c = vf_zip_low(r[2], r[3]);
    const v128_t d = vf_zip_high(r[2], r[3]);
    r[0] = wasm_i64x2_shuffle(a, c, 0, 2);
    r[1] = wasm_i64x2_shuffle(a, c, 1, 3);
    r[2] = wasm_i64x2_shuffle(b, d, 0, 2);
    r[3] = wasm_i64x2_shuffle(b, d, 1, 3);
}

/* ---- bytes ---- */

static inline v8 v8_set1(uint8_t x) {
    return wasm_u8x16_splat(x);
}
static inline v8 v8_load(const uint8_t *p) {
    return wasm_v128_load(p);
}
static inline void v8_store(uint8_t *p, v8 v) {
    wasm_v128_store(p, v);
}
OUTLINED v8 load_part(const uint8_t *p, int n) {
    const uint64_t low = bytes_load(p, n);
    const uint64_t high = n > 8 ? bytes_load(p + 8, n - 8) : 0;
    return wasm_u64x2_make(low, high);
}
static inline v8 v8_load_n(const uint8_t *p, int n) {
    return n == NT_BYTES ? v8_load(p) : load_part(p, n);
}
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    const v128_t place = wasm_u8x16_const(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return wasm_v128_bitselect(v8_load_n(p, n), fill,
                               wasm_i8x16_gt(wasm_i8x16_splat((int8_t)n), place));
}
OUTLINED void v8_store_n(uint8_t *p, v8 v, int n) {
    bytes_store(p, (uint64_t)wasm_i64x2_extract_lane(v, 0), n);
    if (n > 8) {
        bytes_store(p + 8, (uint64_t)wasm_i64x2_extract_lane(v, 1), n - 8);
    }
}
/* There is no such store. */
static inline void v8_stream(uint8_t *p, v8 v) {
    wasm_v128_store(p, v);
}

static inline v8 v8_max_u8(v8 a, v8 b) {
    return wasm_u8x16_max(a, b);
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    return wasm_i8x16_max(a, b);
}
static inline v8 v8_gt_u8(v8 a, v8 b) {
    return wasm_u8x16_gt(a, b);
}
static inline v8 v8_gt_s8(v8 a, v8 b) {
    return wasm_i8x16_gt(a, b);
}
static inline v8 v8_or(v8 a, v8 b) {
    return wasm_v128_or(a, b);
}
static inline v8 v8_and_not(v8 a, v8 b) {
    return wasm_v128_andnot(a, b);
}
static inline v8 v8_and(v8 a, v8 b) {
    return wasm_v128_and(a, b);
}
static inline v8 v8_xor(v8 a, v8 b) {
    return wasm_v128_xor(a, b);
}
static inline v8 v8_sub(v8 a, v8 b) {
    return wasm_i8x16_sub(a, b);
}
static inline v8 v8_average(v8 a, v8 b) {
    return wasm_u8x16_avgr(a, b);
}
/* Four bytes of a mask as a mask of four floats. */
static inline vm four_lanes(const uint8_t *p) {
    return wasm_i32x4_extend_low_i16x8(wasm_i16x8_extend_low_i8x16(wasm_v128_load32_zero(p)));
}
static inline void v8_store_index(int64_t *index, int n, int64_t first, int64_t step, v8 right,
                                  int64_t right_index, v8 lower, int64_t lower_index) {
    uint8_t r[NT_BYTES];
    uint8_t l[NT_BYTES];
    v8_store(r, right);
    v8_store(l, lower);
    for (int i = 0; i < n; i += NT_LANES) {
        vm_store_index(index + i, n - i < NT_LANES ? n - i : NT_LANES, first + i * step, step,
                       four_lanes(r + i), right_index, four_lanes(l + i), lower_index);
    }
}

static inline v8 v8_even(v8 a, v8 b) {
    return wasm_i8x16_shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
static inline v8 v8_odd(v8 a, v8 b) {
    return wasm_i8x16_shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}
NATURAL_ORDER(v8)
static inline v8 v8_prepend(v8 v, v8 fill) {
    return wasm_i8x16_shuffle(fill, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
                              30);
}

/* ---- sums of bytes ---- */

static inline v16 v16_set1(int x) {
    return wasm_i16x8_splat((int16_t)x);
}
static inline v16 v16_add(v16 a, v16 b) {
    return wasm_i16x8_add(a, b);
}
static inline v16 v16_max(v16 a, v16 b) {
    return wasm_i16x8_max(a, b);
}
static inline v16 v16_abs(v16 v) {
    return wasm_i16x8_abs(v);
}
static inline v16 v16_rounded(v16 v, int s) {
    const v128_t odd = wasm_v128_and(wasm_i16x8_shr(v, (uint32_t)s), v16_set1(1));
    const v128_t below_half = v16_set1((1 << (s - 1)) - 1);
    return wasm_i16x8_shr(v16_add(v16_add(v, below_half), odd), (uint32_t)s);
}
static inline v8 v8_of_v16(const v16 v[NT_V16S]) {
    return wasm_u8x16_narrow_i16x8(v[0], v[1]);
}
static inline void v16_of_v32(v16 to[NT_V16S], const v32 v[NT_V32S]) {
    to[0] = wasm_i16x8_narrow_i32x4(v[0], v[1]);
    to[1] = wasm_i16x8_narrow_i32x4(v[2], v[3]);
}
static inline v16 v16_xor(v16 a, v16 b) {
    return wasm_v128_xor(a, b);
}
static inline v16 v16_load_bytes(const uint8_t *p) {
    return wasm_u16x8_load8x8(p);
}
static inline v16 v16_load(const int16_t *p) {
    return wasm_v128_load(p);
}
static inline void v16_store(int16_t *p, v16 v) {
    wasm_v128_store(p, v);
}
static inline void v16_store_all(int16_t *p, const v16 v[NT_V16S]) {
    wasm_v128_store(p, v[0]);
    wasm_v128_store(p + 8, v[1]);
}
static inline t8 t8_set(int a, int b) {
    return (t8){v16_set1(a), v16_set1(b)};
}
static inline v16 two_products(v16 a, v16 b, t8 pair) {
    return v16_add(wasm_i16x8_mul(a, pair.a), wasm_i16x8_mul(b, pair.b));
}
static inline void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair) {
    sum[0] = v16_add(
        sum[0], two_products(wasm_u16x8_extend_low_u8x16(a), wasm_u16x8_extend_low_u8x16(b), pair));
    sum[1] = v16_add(sum[1], two_products(wasm_u16x8_extend_high_u8x16(a),
                                          wasm_u16x8_extend_high_u8x16(b), pair));
}

static inline v32 v32_set1(int x) {
    return wasm_i32x4_splat(x);
}
static inline v32 v32_load(const int32_t *p) {
    return wasm_v128_load(p);
}
static inline v32 v32_load1(const void *p) {
    return wasm_v128_load32_splat(p);
}
static inline void v32_store(int32_t *p, v32 v) {
    wasm_v128_store(p, v);
}
static inline void v32_store_n(int32_t *p, v32 v, int n) {
    vf_store_n((float *)(void *)p, v, n);
}
static inline v32 v32_load_bytes(const uint8_t *p) {
    return wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(p)));
}
static inline v8 v8_parts_in_order(v8 v) {
    return v;
}
static inline v32 v32_of_halves(v32 a, v32 b) {
    return wasm_v128_bitselect(a, wasm_i32x4_shl(b, 16), v32_set1(0xFFFF));
}
static inline v32 v32_of_bytes(const v32 v[4]) {
    const v128_t byte = wasm_i16x8_const_splat(0xFF);
    const v128_t even = v32_of_halves(v[0], v[2]);
    const v128_t odd = v32_of_halves(v[1], v[3]);
    return wasm_v128_bitselect(even, wasm_i16x8_shl(odd, 8), byte);
}
static inline v32 v32_add(v32 a, v32 b) {
    return wasm_i32x4_add(a, b);
}
static inline v32 v32_xor(v32 a, v32 b) {
    return wasm_v128_xor(a, b);
}
static inline v32 v32_abs(v32 v) {
    return wasm_i32x4_abs(v);
}
static inline v32 v32_rounded(v32 v, int s) {
    const v128_t odd = wasm_v128_and(wasm_i32x4_shr(v, (uint32_t)s), v32_set1(1));
    const v128_t below_half = v32_set1((1 << (s - 1)) - 1);
    return wasm_i32x4_shr(v32_add(v32_add(v, below_half), odd), (uint32_t)s);
}
static inline t16 t16_set(int a, int b) {
    return v32_set1((int)((uint32_t)b << 16 | ((uint32_t)a & 0xFFFFU)));
}
static inline v32 v32_add_pairs(v32 a, v32 b, v32 sum) {
    return v32_add(sum, wasm_i32x4_dot_i16x8(a, b));
}
static inline void v32_add_products(v32 sum[NT_V32S], v8 a, v8 b, t16 pair) {
    const v128_t low =
        wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const v128_t high =
        wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    sum[0] = v32_add_pairs(wasm_u16x8_extend_low_u8x16(low), pair, sum[0]);
    sum[1] = v32_add_pairs(wasm_u16x8_extend_high_u8x16(low), pair, sum[1]);
    sum[2] = v32_add_pairs(wasm_u16x8_extend_low_u8x16(high), pair, sum[2]);
    sum[3] = v32_add_pairs(wasm_u16x8_extend_high_u8x16(high), pair, sum[3]);
}
static inline void v16_pair(v16 pair[2], v16 a, v16 b) {
    pair[0] = wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    pair[1] = wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
static inline void v32_add_taps(v32 sum[NT_V32S / NT_V16S], const v16 pair[2],
                                const v16 weights[2]) {
    sum[0] = v32_add_pairs(pair[0], weights[0], sum[0]);
    sum[1] = v32_add_pairs(pair[1], weights[1], sum[1]);
}
static inline void v32_store_taps(int32_t *p, const v32 sum[NT_V32S / NT_V16S]) {
    v32_store(p, sum[0]);
    v32_store(p + NT_LANES, sum[1]);
}
static inline void v32_transpose(v32 r[NT_LANES]) {
    vf_transpose(r);
}

static inline vf vf_of_v32(v32 v) {
    return wasm_f32x4_convert_i32x4(v);
}
/* 1.5 * 2^23 has room for 22 bits below, and its sum is rounded to whole numbers. The engine's own
 * conversion looks for NaN and for what does not fit. */
static inline v32 v32_of_vf(vf v) {
    const v128_t shift = wasm_f32x4_const_splat(0x1.8p23F);
    return wasm_i32x4_sub(wasm_f32x4_add(v, shift), shift);
}
static inline vf vf_sqrt(vf v) {
    return wasm_f32x4_sqrt(v);
}
static inline vf vf_abs(vf v) {
    return wasm_f32x4_abs(v);
}
static inline void vf_of_v8(vf to[NT_V32S], v8 v) {
    const v128_t low = wasm_u16x8_extend_low_u8x16(v);
    const v128_t high = wasm_u16x8_extend_high_u8x16(v);
    to[0] = vf_of_v32(wasm_u32x4_extend_low_u16x8(low));
    to[1] = vf_of_v32(wasm_u32x4_extend_high_u16x8(low));
    to[2] = vf_of_v32(wasm_u32x4_extend_low_u16x8(high));
    to[3] = vf_of_v32(wasm_u32x4_extend_high_u16x8(high));
}
static inline void vf_all_in_order(vf v[NT_V32S]) {
    (void)v;
}
static inline void vf_all_unordered(vf v[NT_V32S]) {
    (void)v;
}

#endif
