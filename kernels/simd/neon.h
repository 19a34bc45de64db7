/* The vector vocabulary for NEON on AArch64. See words.h for the words. */
#ifndef NINETAP_SIMD_NEON_H
#define NINETAP_SIMD_NEON_H

#include <arm_neon.h>
#include <stdbool.h>
#include <stdint.h>

#define NT_VECTOR_REGISTER "+w" /* for asm: compiler.h */
#include "simd/bytes.h"
#include "simd/compiler.h"
#include "simd/features.h"
#include "simd/natural_order.h"

#define NT_ISA_NAME "neon"
#define NT_LANES 4
#define NT_BYTES 16
#define NT_CHANNELS_1 4
#define NT_CHANNELS_2 8
#define NT_REGISTERS 32
#define NT_STEP_IN_LOAD 0
#define NT_GROUP 4
#define NT_LOADS_EARLY 1
#define NT_CACHE_HINTS 1
#define NT_HAS_FMA 1
#define NT_FAST_FMA 1

typedef float32x4_t vf;
typedef float vs; /* FMLA multiplies by a lane: no broadcast */
typedef float32x4_t vg;
typedef uint32x4_t vm;
typedef uint8x16_t v8;
typedef int16x8_t v16;
typedef int32x4_t v32;
typedef struct t8 {
    int16_t a, b;
} t8;
typedef t8 t16;
#define NT_V16S 2
#define NT_PAIRS_APART 1
/* To the assembler the feature is one of Armv8.2, and gcc inlines nothing that may use more than
 * its caller: files that may use other parts of that are left alone. */
#ifdef __clang__
#define NT_QUADS "dotprod"
#elif defined(__ARM_FEATURE_DOTPROD)
#define NT_QUADS "+dotprod"
#elif !defined(__ARM_FEATURE_CRYPTO) && !defined(__ARM_FEATURE_COMPLEX) && \
    !defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
#define NT_QUADS "arch=armv8.2-a+dotprod"
#endif
#ifdef NT_QUADS
#define NT_QUADS_SIGNED 1
typedef float vq; /* SDOT multiplies by a lane: no broadcast */
#endif
#define NT_V32S 4

#include "simd/words.h"

static inline vf vf_zero(void) {
    return vdupq_n_f32(0.0F);
}
static inline vf vf_set1(float x) {
    return vdupq_n_f32(x);
}
static inline vf vf_load(const float *p) {
    return vld1q_f32(p);
}
static inline void vf_store(float *p, vf v) {
    vst1q_f32(p, v);
}
static inline vf vf_load_n(const float *p, int n) {
    switch (n) {
    case 1:
        return vld1q_lane_f32(p, vf_zero(), 0);
    case 2:
        return vcombine_f32(vld1_f32(p), vdup_n_f32(0.0F));
    case 3:
        return vld1q_lane_f32(p + 2, vcombine_f32(vld1_f32(p), vdup_n_f32(0.0F)), 2);
    default:
        return vld1q_f32(p);
    }
}
static inline vf vf_load_or(const float *p, int n, vf fill) {
    float all[NT_LANES];
    vst1q_f32(all, fill);
    for (int i = 0; i < n; i++) {
        all[i] = p[i];
    }
    return vld1q_f32(all);
}
static inline void vf_store_n(float *p, vf v, int n) {
    switch (n) {
    case 1:
        vst1q_lane_f32(p, v, 0);
        break;
    case 2:
        vst1_f32(p, vget_low_f32(v));
        break;
    case 3:
        vst1_f32(p, vget_low_f32(v));
        vst1q_lane_f32(p + 2, v, 2);
        break;
    default:
        vst1q_f32(p, v);
    }
}
/* There is no such store among the intrinsics. */
static inline void vf_stream(float *p, vf v) {
    vst1q_f32(p, v);
}
static inline void vf_stream_end(void) {
}

static inline vf vf_add(vf a, vf b) {
    return vaddq_f32(a, b);
}
static inline vf vf_sub(vf a, vf b) {
    return vsubq_f32(a, b);
}
static inline vf vf_mul(vf a, vf b) {
    return vmulq_f32(a, b);
}
static inline vf vf_div(vf a, vf b) {
    return vdivq_f32(a, b);
}
static inline vf vf_fma(vf a, vf b, vf c) {
    return vfmaq_f32(c, a, b);
}
/* FMAX and FMIN have another NaN and zero rule, so these are a compare and a select. */
static inline vf vf_max(vf a, vf b) {
    return vbslq_f32(vcgtq_f32(a, b), a, b);
}
static inline vf vf_min(vf a, vf b) {
    return vbslq_f32(vcltq_f32(a, b), a, b);
}

/* Compilers would load into every lane, which takes another pipe's time, too. */
static inline vs vs_load(const float *p) {
    vs x = *p;
    IN_ORDER(x);
    return x;
}
static inline vg vg_load(const float *p) {
    vg x = vld1q_f32(p);
    IN_ORDER(x);
    return x;
}
#if AS_WRITTEN
/* As instructions they stay where they are written, and so do the loads around them: for CPUs that
 * run in order. Clang would move sums from register to register, gcc copy b into every lane. */
#define ADD_BY_LANE(lane) \
    __asm__ volatile("fmla %0.4s, %1.4s, %2.s[" #lane "]" : "+w"(c) : "w"(a), "w"(b))
#define BY_LANE(lane) \
    __asm__ volatile("fmul %0.4s, %1.4s, %2.s[" #lane "]" : "=w"(c) : "w"(a), "w"(b))
#define CHOOSE_LANE(BY, i)     \
    do {                       \
        if ((i) == 0) {        \
            BY(0);             \
        } else if ((i) == 1) { \
            BY(1);             \
        } else if ((i) == 2) { \
            BY(2);             \
        } else {               \
            BY(3);             \
        }                      \
    } while (0)
static inline vf vf_fma1(vf a, vs b, vf c) {
    ADD_BY_LANE(0);
    return c;
}
static inline vf vf_fma_at(vf a, vg b, int i, vf c) {
    CHOOSE_LANE(ADD_BY_LANE, i);
    return c;
}
static inline vf vf_mul1(vf a, vs b) {
    vf c;
    BY_LANE(0);
    return c;
}
static inline vf vf_mul_at(vf a, vg b, int i) {
    vf c;
    CHOOSE_LANE(BY_LANE, i);
    return c;
}
#else
static inline vf vf_fma1(vf a, vs b, vf c) {
    return vfmaq_n_f32(c, a, b);
}
static inline vf vf_fma_at(vf a, vg b, int i, vf c) {
    return vfmaq_n_f32(c, a, b[i]);
}
static inline vf vf_mul1(vf a, vs b) {
    return vmulq_n_f32(a, b);
}
static inline vf vf_mul_at(vf a, vg b, int i) {
    return vmulq_n_f32(a, b[i]);
}
#endif

static inline vm vm_gt(vf a, vf b) {
    return vcgtq_f32(a, b);
}
static inline vm vm_nan(vf a, vf b) {
    return vmvnq_u32(vandq_u32(vceqq_f32(a, a), vceqq_f32(b, b)));
}
static inline vm vm_same(vf a, vf b) {
    return vceqq_u32(vreinterpretq_u32_f32(a), vreinterpretq_u32_f32(b));
}
static inline vf vf_ramp(uint32_t first, uint32_t step) {
    static const uint32_t lane[NT_LANES] = {0, 1, 2, 3};
    return vreinterpretq_f32_u32(vmlaq_n_u32(vdupq_n_u32(first), vld1q_u32(lane), step));
}
static inline vm vm_or(vm a, vm b) {
    return vorrq_u32(a, b);
}
static inline vm vm_and_not(vm a, vm b) {
    return vbicq_u32(a, b);
}
static inline bool vm_any(vm m) {
    return vmaxvq_u32(m) != 0;
}
static inline vf vf_select(vm m, vf a, vf b) {
    return vbslq_f32(m, a, b);
}
static inline int64x2_t two_indices(uint32x2_t right, uint32x2_t lower, int64_t first, int64_t step,
                                    int64_t right_index, int64_t lower_index) {
    const int64x2_t lanes =
        vcombine_s64(vcreate_s64((uint64_t)first), vcreate_s64((uint64_t)(first + step)));
    const int64x2_t r = vandq_s64(vmovl_s32(vreinterpret_s32_u32(right)), vdupq_n_s64(right_index));
    const int64x2_t l = vandq_s64(vmovl_s32(vreinterpret_s32_u32(lower)), vdupq_n_s64(lower_index));
    return vaddq_s64(lanes, vaddq_s64(r, l));
}
static inline void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                                  int64_t right_index, vm lower, int64_t lower_index) {
    int64_t all[NT_LANES];
    vst1q_s64(all, two_indices(vget_low_u32(right), vget_low_u32(lower), first, step, right_index,
                               lower_index));
    vst1q_s64(all + 2, two_indices(vget_high_u32(right), vget_high_u32(lower), first + 2 * step,
                                   step, right_index, lower_index));
    for (int i = 0; i < n; i++) {
        index[i] = all[i];
    }
}

static inline vf vf_two_to(vf t) {
    const uint32x4_t exponent = vshlq_n_u32(vreinterpretq_u32_f32(t), 23);
    return vreinterpretq_f32_u32(vaddq_u32(exponent, vdupq_n_u32(0x3F800000U)));
}

static inline vf vf_even(vf a, vf b) {
    return vuzp1q_f32(a, b);
}
static inline vf vf_odd(vf a, vf b) {
    return vuzp2q_f32(a, b);
}
NATURAL_ORDER(vf)
static inline void vf_store_halves(float *p, float *q, vf v) {
    vst1_f32(p, vget_low_f32(v));
    vst1_f32(q, vget_high_f32(v));
}
static inline vf vf_prepend(vf v, vf fill) {
    return vextq_f32(fill, v, 3);
}
static inline vf vf_append(vf v, vf fill) {
    return vextq_f32(v, fill, 1);
}
static inline vf two_words(const int64_t *p, int n) {
    return vreinterpretq_f32_s64(n > 1    ? vld1q_s64(p)
                                 : n == 1 ? vcombine_s64(vld1_s64(p), vdup_n_s64(0))
                                          : vdupq_n_s64(0));
}
static inline vf vf_low_words(const int64_t *p, int n) {
    return vf_even(two_words(p, n), two_words(p + 2, n - 2));
}
static inline vf vf_high_words(const int64_t *p, int n) {
    return vf_odd(two_words(p, n), two_words(p + 2, n - 2));
}
static inline vf vf_zip_low(vf a, vf b) {
    return vzip1q_f32(a, b);
}
static inline vf vf_zip_high(vf a, vf b) {
    return vzip2q_f32(a, b);
}
static inline void vf_transpose(vf r[NT_LANES]) {
    const float32x4x2_t a = vtrnq_f32(r[0], r[1]);
    const float32x4x2_t b = vtrnq_f32(r[2], r[3]);
    r[0] = vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0]));
    r[1] = vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1]));
    r[2] = vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0]));
    r[3] = vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1]));
}

/* ---- bytes ---- */

static inline v8 v8_set1(uint8_t x) {
    return vdupq_n_u8(x);
}
static inline v8 v8_load(const uint8_t *p) {
    return vld1q_u8(p);
}
static inline void v8_store(uint8_t *p, v8 v) {
    vst1q_u8(p, v);
}
static inline v8 v8_load_n(const uint8_t *p, int n) {
    const uint64_t low = bytes_load(p, n);
    const uint64_t high = n > 8 ? bytes_load(p + 8, n - 8) : 0;
    return vcombine_u8(vcreate_u8(low), vcreate_u8(high));
}
static inline v8 v8_load_or(const uint8_t *p, int n, v8 fill) {
    static const uint8_t place[NT_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return vbslq_u8(vcltq_u8(vld1q_u8(place), vdupq_n_u8((uint8_t)n)), v8_load_n(p, n), fill);
}
static inline void v8_store_n(uint8_t *p, v8 v, int n) {
    bytes_store(p, vgetq_lane_u64(vreinterpretq_u64_u8(v), 0), n);
    if (n > 8) {
        bytes_store(p + 8, vgetq_lane_u64(vreinterpretq_u64_u8(v), 1), n - 8);
    }
}
/* There is no such store among the intrinsics. */
static inline void v8_stream(uint8_t *p, v8 v) {
    vst1q_u8(p, v);
}

static inline v8 v8_max_u8(v8 a, v8 b) {
    return vmaxq_u8(a, b);
}
static inline v8 v8_max_s8(v8 a, v8 b) {
    return vreinterpretq_u8_s8(vmaxq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
}
static inline v8 v8_gt_u8(v8 a, v8 b) {
    return vcgtq_u8(a, b);
}
static inline v8 v8_gt_s8(v8 a, v8 b) {
    return vcgtq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b));
}
static inline v8 v8_or(v8 a, v8 b) {
    return vorrq_u8(a, b);
}
static inline v8 v8_and_not(v8 a, v8 b) {
    return vbicq_u8(a, b);
}
static inline v8 v8_and(v8 a, v8 b) {
    return vandq_u8(a, b);
}
static inline v8 v8_xor(v8 a, v8 b) {
    return veorq_u8(a, b);
}
static inline v8 v8_sub(v8 a, v8 b) {
    return vsubq_u8(a, b);
}
static inline v8 v8_average(v8 a, v8 b) {
    return vrhaddq_u8(a, b);
}
/* Four bytes of a mask as a mask of four floats. */
static inline vm four_lanes(const uint8_t *bytes) {
    const int8x8_t b = vreinterpret_s8_u8(vcreate_u8(bytes_four(bytes)));
    return vreinterpretq_u32_s32(vmovl_s16(vget_low_s16(vmovl_s8(b))));
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
    return vuzp1q_u8(a, b);
}
static inline v8 v8_odd(v8 a, v8 b) {
    return vuzp2q_u8(a, b);
}
NATURAL_ORDER(v8)
static inline v8 v8_prepend(v8 v, v8 fill) {
    return vextq_u8(fill, v, 15);
}

/* ---- sums of bytes ---- */

static inline v16 v16_set1(int x) {
    return vdupq_n_s16((int16_t)x);
}
static inline v16 v16_add(v16 a, v16 b) {
    return vaddq_s16(a, b);
}
static inline v16 v16_max(v16 a, v16 b) {
    return vmaxq_s16(a, b);
}
static inline v16 v16_abs(v16 v) {
    return vabsq_s16(v);
}
static inline v16 v16_rounded(v16 v, int s) {
    const int16x8_t right = vdupq_n_s16((int16_t)-s);
    const int16x8_t odd = vandq_s16(vshlq_s16(v, right), vdupq_n_s16(1));
    const int16x8_t below_half = vdupq_n_s16((int16_t)((1 << (s - 1)) - 1));
    return vshlq_s16(vaddq_s16(vaddq_s16(v, below_half), odd), right);
}
static inline v8 v8_of_v16(const v16 v[NT_V16S]) {
    return vcombine_u8(vqmovun_s16(v[0]), vqmovun_s16(v[1]));
}
static inline void v16_of_v32(v16 to[NT_V16S], const v32 v[NT_V32S]) {
    to[0] = vcombine_s16(vqmovn_s32(v[0]), vqmovn_s32(v[1]));
    to[1] = vcombine_s16(vqmovn_s32(v[2]), vqmovn_s32(v[3]));
}
static inline v16 v16_xor(v16 a, v16 b) {
    return veorq_s16(a, b);
}
static inline v16 v16_load_bytes(const uint8_t *p) {
    return vreinterpretq_s16_u16(vmovl_u8(vld1_u8(p)));
}
static inline v16 v16_load(const int16_t *p) {
    return vld1q_s16(p);
}
static inline void v16_store(int16_t *p, v16 v) {
    vst1q_s16(p, v);
}
static inline void v16_store_all(int16_t *p, const v16 v[NT_V16S]) {
    vst1q_s16(p, v[0]);
    vst1q_s16(p + 8, v[1]);
}
static inline t8 t8_set(int a, int b) {
    return (t8){(int16_t)a, (int16_t)b};
}
static inline int16x8_t low_as_16(v8 v) {
    return vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(v)));
}
static inline int16x8_t high_as_16(v8 v) {
    return vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(v)));
}
static inline void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair) {
    sum[0] = vmlaq_n_s16(vmlaq_n_s16(sum[0], low_as_16(a), pair.a), low_as_16(b), pair.b);
    sum[1] = vmlaq_n_s16(vmlaq_n_s16(sum[1], high_as_16(a), pair.a), high_as_16(b), pair.b);
}
static inline v32 v32_set1(int x) {
    return vdupq_n_s32(x);
}
static inline v32 v32_load(const int32_t *p) {
    return vld1q_s32(p);
}
static inline v32 v32_load1(const void *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return vdupq_n_s32(x);
}
static inline void v32_store(int32_t *p, v32 v) {
    vst1q_s32(p, v);
}
static inline void v32_store_n(int32_t *p, v32 v, int n) {
    vf_store_n((float *)(void *)p, vreinterpretq_f32_s32(v), n);
}
static inline v32 v32_load_bytes(const uint8_t *p) {
    uint32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
    const uint16x8_t halves = vmovl_u8(vcreate_u8(bytes));
    return vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(halves)));
}
static inline v32 v32_xor(v32 a, v32 b) {
    return veorq_s32(a, b);
}
static inline v8 v8_parts_in_order(v8 v) {
    return v;
}
static inline v32 v32_of_bytes(const v32 v[4]) {
    return vsliq_n_s32(vsliq_n_s32(v[0], v[1], 8), vsliq_n_s32(v[2], v[3], 8), 16);
}
static inline v32 v32_of_halves(v32 a, v32 b) {
    return vsliq_n_s32(a, b, 16);
}
static inline v32 v32_add(v32 a, v32 b) {
    return vaddq_s32(a, b);
}
static inline v32 v32_abs(v32 v) {
    return vabsq_s32(v);
}
static inline v32 v32_rounded(v32 v, int s) {
    const int32x4_t right = vdupq_n_s32(-s);
    const int32x4_t odd = vandq_s32(vshlq_s32(v, right), vdupq_n_s32(1));
    const int32x4_t below_half = vdupq_n_s32((1 << (s - 1)) - 1);
    return vshlq_s32(vaddq_s32(vaddq_s32(v, below_half), odd), right);
}
static inline t16 t16_set(int a, int b) {
    return (t16){(int16_t)a, (int16_t)b};
}
static inline void eight_products(v32 sum[2], int16x8_t v, int16_t by) {
    sum[0] = vmlal_n_s16(sum[0], vget_low_s16(v), by);
    sum[1] = vmlal_n_s16(sum[1], vget_high_s16(v), by);
}
static inline void v32_add_products(v32 sum[NT_V32S], v8 a, v8 b, t16 pair) {
    eight_products(sum, low_as_16(a), pair.a);
    eight_products(sum, low_as_16(b), pair.b);
    eight_products(sum + 2, high_as_16(a), pair.a);
    eight_products(sum + 2, high_as_16(b), pair.b);
}
static inline v32 v32_add_pairs(v32 a, v32 b, v32 sum) {
    const int16x8_t apart = vreinterpretq_s16_s32(a);
    const int16x4_t pair = vreinterpret_s16_s32(vget_low_s32(b));
    sum = vmlal_lane_s16(sum, vget_low_s16(apart), pair, 0);
    return vmlal_high_lane_s16(sum, apart, pair, 1);
}
#ifdef NT_QUADS
static inline vq vq_load(const void *p) {
    float bits;
    memcpy(&bits, p, sizeof bits);
    return bits;
}
/* clang 14 has the intrinsic only where the whole file may use it. */
FEATURES_BEGIN(NT_QUADS)
static inline v32 v32_add_quads(v32 a, vq b, v32 sum) {
    __asm__ volatile("sdot %0.4s, %1.16b, %2.4b[0]" : "+w"(sum) : "w"(a), "w"(b));
    return sum;
}
FEATURES_END
#endif
static inline void v16_pair(v16 pair[2], v16 a, v16 b) {
    pair[0] = a;
    pair[1] = b;
}
static inline void v32_add_taps(v32 sum[NT_V32S / NT_V16S], const v16 pair[2],
                                const v16 weights[2]) {
    UNROLL
    for (int i = 0; i < 2; i++) {
        sum[0] = vmlal_s16(sum[0], vget_low_s16(pair[i]), vget_low_s16(weights[i]));
        sum[1] = vmlal_high_s16(sum[1], pair[i], weights[i]);
    }
}
static inline void v32_store_taps(int32_t *p, const v32 sum[NT_V32S / NT_V16S]) {
    v32_store(p, sum[0]);
    v32_store(p + NT_LANES, sum[1]);
}
static inline void v32_transpose(v32 r[NT_LANES]) {
    vf bits[NT_LANES];
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        bits[i] = vreinterpretq_f32_s32(r[i]);
    }
    vf_transpose(bits);
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        r[i] = vreinterpretq_s32_f32(bits[i]);
    }
}
static inline vf vf_of_v32(v32 v) {
    return vcvtq_f32_s32(v);
}
static inline v32 v32_of_vf(vf v) {
    return vcvtq_s32_f32(vrndiq_f32(v));
}
static inline vf vf_sqrt(vf v) {
    return vsqrtq_f32(v);
}
static inline vf vf_abs(vf v) {
    return vabsq_f32(v);
}
static inline void vf_of_v8(vf to[NT_V32S], v8 v) {
    const uint16x8_t low = vmovl_u8(vget_low_u8(v));
    const uint16x8_t high = vmovl_u8(vget_high_u8(v));
    to[0] = vcvtq_f32_u32(vmovl_u16(vget_low_u16(low)));
    to[1] = vcvtq_f32_u32(vmovl_u16(vget_high_u16(low)));
    to[2] = vcvtq_f32_u32(vmovl_u16(vget_low_u16(high)));
    to[3] = vcvtq_f32_u32(vmovl_u16(vget_high_u16(high)));
}
static inline void vf_all_in_order(vf v[NT_V32S]) {
    (void)v;
}
static inline void vf_all_unordered(vf v[NT_V32S]) {
    (void)v;
}

#endif
