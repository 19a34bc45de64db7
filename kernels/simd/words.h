/* The vector vocabulary: the words that every simd/<isa>.h has, and what each one means.
 * <isa>.h first defines
 *
 *   NT_ISA_NAME         "avx2"
 *   NT_LANES            floats in a vector
 *   NT_BYTES            bytes in a vector
 *   NT_CHANNELS_k       k * NT_LANES as a literal, for kernel names
 *   NT_REGISTERS        of vectors, that code can name
 *   NT_VECTOR_REGISTER  (optional) how asm names one, for compiler.h
 *   NT_STEP_IN_LOAD     1: a load adds a register times 4 to its address, so a step between
 *                       elements is free
 *   NT_GROUP            (optional) floats in a vg; without it vg is vs (group_of_one.h)
 *   NT_LOADS_EARLY      1: some of these CPUs run in order: a load stands well ahead of its use
 *   NT_CACHE_HINTS      1: pooling prefetches, and stores past the caches, where tensors are large
 *   NT_HAS_FMA          1: vf_fma, vf_fma1 exist: multiply-add in one rounding
 *   NT_FMA1_IN_PLACE    (optional) there is vf_fma1_in_place: vf_fma1 as an instruction that leaves
 *                       the sum in its register
 *   NT_FAST_FMA         1: they exist and are one instruction
 *   NT_NATURAL_ORDER    1: vf_even_unordered's order is that of vf_even
 *   vf                  a vector of floats
 *   vs                  one float for all lanes, in the form that the machine multiplies by fastest
 *   vg                  neighbouring floats, one of which is chosen for all lanes without a cost
 *   vm                  a lane mask
 *   NT_PAIRS_APART      1: v32_add_pairs has the first int16_t of all lanes, then the second ones
 *   NT_QUADS            (optional) the feature of some of these CPUs that multiplies bytes, four
 *                       products to a sum; with it there are NT_QUADS_SIGNED, vq, vq_load, and
 *                       v32_add_quads for functions that may use it (features.h)
 *   NT_QUADS_SIGNED     1: the bytes of a vq are -128 .. 127, 0: 0 .. 255
 *   vq                  four bytes for all lanes, in the form that is multiplied by fastest
 *   v8                  a vector of bytes; as a mask, each byte is 0xFF or 0
 *   v16, v32            vectors of int16_t, int32_t
 *   NT_V16S, NT_V32S    how many of them, and of vf, hold as many values as a v8 has bytes
 *   t8, t16             two multipliers
 *
 * and includes this file, which declares the words; so the compiler checks that each one exists and
 * has these types. tests/vocabulary.c checks what they do against the sentences here. */
#ifndef NINETAP_WORDS_H
#define NINETAP_WORDS_H

/* ---- floats ---- */

static vf vf_zero(void);
static vf vf_set1(float x);
/* No alignment is asked for. */
static vf vf_load(const float *p);
static void vf_store(float *p, vf v);
/* Only n elements are touched, 1 <= n <= NT_LANES; the other lanes read as +0. */
static vf vf_load_n(const float *p, int n);
static void vf_store_n(float *p, vf v, int n);
/* Only n elements are touched, 0 <= n <= NT_LANES; the other lanes are fill's. */
static vf vf_load_or(const float *p, int n, vf fill);
/* p is aligned to a vector. The store goes past the caches where there is such an instruction, and
 * has no order with other stores before vf_stream_end. */
static void vf_stream(float *p, vf v);
static void vf_stream_end(void);
/* The first half of the lanes to p, the second to q; a single lane is the first half. */
static void vf_store_halves(float *p, float *q, vf v);

static vf vf_add(vf a, vf b);
static vf vf_sub(vf a, vf b);
static vf vf_mul(vf a, vf b);
static vf vf_div(vf a, vf b);
/* a > b ? a : b, so b on ties and when either is NaN */
static vf vf_max(vf a, vf b);
/* a < b ? a : b */
static vf vf_min(vf a, vf b);
/* 2^k for t = 1.5 * 2^23 + k, k whole, -127 < k < 128: k lies in the low bits of t. */
static vf vf_two_to(vf t);

static vs vs_load(const float *p);
static vf vf_mul1(vf a, vs b);
#if NT_HAS_FMA
/* a * b + c */
static vf vf_fma(vf a, vf b, vf c);
static vf vf_fma1(vf a, vs b, vf c);
#endif
/* The same by the float at i of b, 0 <= i < NT_GROUP. */
#ifdef NT_GROUP
static vg vg_load(const float *p);
static vf vf_mul_at(vf a, vg b, int i);
static vf vf_fma_at(vf a, vg b, int i, vf c);
#else
#include "simd/group_of_one.h"
#endif

/* The even (odd) elements of a, then those of b. */
static vf vf_even(vf a, vf b);
static vf vf_odd(vf a, vf b);
/* The same elements in the order that costs the machine least. vf_in_order puts them into that of
 * vf_even; lane by lane operations may come in between. */
static vf vf_even_unordered(vf a, vf b);
static vf vf_odd_unordered(vf a, vf b);
static vf vf_in_order(vf v);
/* fill's last element, then all of v but its last one. */
static vf vf_prepend(vf v, vf fill);
/* All of v but its first element, then fill's first one. */
static vf vf_append(vf v, vf fill);
/* The elements of a and b in turns: the first (second) vector of them. */
static vf vf_zip_low(vf a, vf b);
static vf vf_zip_high(vf a, vf b);
/* A square matrix of NT_LANES rows. */
static void vf_transpose(vf r[NT_LANES]);

/* Bits 0 .. 31 (32 .. 63) of n integers, 1 <= n <= NT_LANES; the other lanes are +0. */
static vf vf_low_words(const int64_t *p, int n);
static vf vf_high_words(const int64_t *p, int n);
/* Lane i has the bits of first + i * step, modulo 2^32. */
static vf vf_ramp(uint32_t first, uint32_t step);

/* ---- lane masks ---- */

static vm vm_gt(vf a, vf b);
/* Either is NaN. */
static vm vm_nan(vf a, vf b);
/* Lanes whose bits are the same, whatever float they make. */
static vm vm_same(vf a, vf b);
static vm vm_or(vm a, vm b);
/* a and not b */
static vm vm_and_not(vm a, vm b);
static bool vm_any(vm m);
/* m ? a : b */
static vf vf_select(vm m, vf a, vf b);
/* index[i] = first + i * step, + right_index where right, + lower_index where lower, for n lanes,
 * 1 <= n <= NT_LANES */
static void vm_store_index(int64_t *index, int n, int64_t first, int64_t step, vm right,
                           int64_t right_index, vm lower, int64_t lower_index);

/* ---- bytes: a word has the meaning of its namesake above ---- */

static v8 v8_set1(uint8_t x);
static v8 v8_load(const uint8_t *p);
static void v8_store(uint8_t *p, v8 v);
/* 0 <= n <= NT_BYTES */
static v8 v8_load_n(const uint8_t *p, int n);
static v8 v8_load_or(const uint8_t *p, int n, v8 fill);
static void v8_store_n(uint8_t *p, v8 v, int n);
static void v8_stream(uint8_t *p, v8 v);
/* The larger one, bytes being 0 .. 255 (-128 .. 127). */
static v8 v8_max_u8(v8 a, v8 b);
static v8 v8_max_s8(v8 a, v8 b);
/* The mask a > b. */
static v8 v8_gt_u8(v8 a, v8 b);
static v8 v8_gt_s8(v8 a, v8 b);
static v8 v8_or(v8 a, v8 b);
static v8 v8_and_not(v8 a, v8 b);
static v8 v8_and(v8 a, v8 b);
static v8 v8_xor(v8 a, v8 b);
static v8 v8_sub(v8 a, v8 b);
static v8 v8_average(v8 a, v8 b);
static v8 v8_even(v8 a, v8 b);
static v8 v8_odd(v8 a, v8 b);
static v8 v8_even_unordered(v8 a, v8 b);
static v8 v8_odd_unordered(v8 a, v8 b);
static v8 v8_in_order(v8 v);
static v8 v8_prepend(v8 v, v8 fill);
/* 1 <= n <= NT_BYTES */
static void v8_store_index(int64_t *index, int n, int64_t first, int64_t step, v8 right,
                           int64_t right_index, v8 lower, int64_t lower_index);

/* ---- sums of bytes: arrays of NT_V16S or NT_V32S vectors have a value for each byte of a v8, in
 * the order that costs the machine least ("unordered") ---- */

static v16 v16_set1(int x);
static v16 v16_add(v16 a, v16 b);
static v16 v16_max(v16 a, v16 b);
/* Of -32768 it is that. */
static v16 v16_abs(v16 v);
/* v / 2^s to the nearest integer, halves to even, 1 <= s <= 14; v + 2^(s-1) does not overflow. */
static v16 v16_rounded(v16 v, int s);
/* Unordered sums, each to the nearest that there is: 0 .. 255, in order. */
static v8 v8_of_v16(const v16 v[NT_V16S]);
static void v16_of_v32(v16 to[NT_V16S], const v32 v[NT_V32S]);
static v16 v16_xor(v16 a, v16 b);
/* NT_BYTES / NT_V16S bytes 0 .. 255, in order. */
static v16 v16_load_bytes(const uint8_t *p);
static v16 v16_load(const int16_t *p);
static void v16_store(int16_t *p, v16 v);
/* Unordered sums as NT_BYTES elements in order. */
static void v16_store_all(int16_t *p, const v16 v[NT_V16S]);
/* sum += a * t.a + b * t.b of bytes 0 .. 255. t.a and t.b: -127 .. 127, and 255 times the sum of
 * those of one sign fits into 16 bits. */
static t8 t8_set(int a, int b);
static void v16_add_products(v16 sum[NT_V16S], v8 a, v8 b, t8 pair);

static v32 v32_set1(int x);
static v32 v32_load(const int32_t *p);
static void v32_store(int32_t *p, v32 v);
/* 1 <= n <= NT_LANES */
static void v32_store_n(int32_t *p, v32 v, int n);
/* NT_LANES bytes 0 .. 255. */
static v32 v32_load_bytes(const uint8_t *p);
/* What v16_of_v32 and v8_of_v16 make of vectors in order. */
static v8 v8_parts_in_order(v8 v);
/* The lowest bytes of four lanes side by side in memory. */
static v32 v32_of_bytes(const v32 v[4]);
/* The lower half of each lane of a, and of b, side by side in memory. */
static v32 v32_of_halves(v32 a, v32 b);
/* Modulo 2^32. */
static v32 v32_add(v32 a, v32 b);
static v32 v32_xor(v32 a, v32 b);
static v32 v32_abs(v32 v);
/* As v16_rounded, 1 <= s <= 30. */
static v32 v32_rounded(v32 v, int s);
/* sum += a * t.a + b * t.b modulo 2^32, t.a and t.b of 16 bits. */
static t16 t16_set(int a, int b);
static void v32_add_products(v32 sum[NT_V32S], v8 a, v8 b, t16 pair);

/* 32 bits in all lanes, whatever they are. */
static v32 v32_load1(const void *p);
/* sum + the two products of a lane, modulo 2^32: of b its two int16_t, and of the vector a those of
 * the lane; with NT_PAIRS_APART the lane's int16_t in the first and in the second half of a. */
static v32 v32_add_pairs(v32 a, v32 b, v32 sum);
#ifdef NT_QUADS
static vq vq_load(const void *p);
FEATURES_BEGIN(NT_QUADS)
/* sum + four products of a lane, modulo 2^32: the lane's bytes of a, -128 .. 127, by those of b. */
static v32 v32_add_quads(v32 a, vq b, v32 sum);
FEATURES_END
#endif
static void v32_transpose(v32 r[NT_LANES]);
/* Two vectors in the order in which v32_add_taps has them; then sum += a * v + b * w modulo 2^32,
 * of pairs of a and b, and of v and w. Sums are unordered, and stored in order. */
static void v16_pair(v16 pair[2], v16 a, v16 b);
static void v32_add_taps(v32 sum[NT_V32S / NT_V16S], const v16 pair[2], const v16 weights[2]);
static void v32_store_taps(int32_t *p, const v32 sum[NT_V32S / NT_V16S]);

/* Rounded as the control word says; to integers with |v| <= 2^22. */
static vf vf_of_v32(v32 v);
static v32 v32_of_vf(vf v);
static vf vf_sqrt(vf v);
static vf vf_abs(vf v);
/* Bytes as floats, unordered. */
static void vf_of_v8(vf to[NT_V32S], v8 v);
/* From unordered to the order of memory, and back. */
static void vf_all_in_order(vf v[NT_V32S]);
static void vf_all_unordered(vf v[NT_V32S]);

#endif
