/* The byte words of neon.h; see avx2_bytes.h. */
#ifndef NINETAP_BYTES_NEON_H
#define NINETAP_BYTES_NEON_H

#include "simd/bytes.h"

#define NT_BYTES 16

typedef uint8x16_t v8;

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

#endif
