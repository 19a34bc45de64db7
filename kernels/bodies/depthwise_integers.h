/* Body: sums of a depthwise convolution of integers, lanes = channels. Needs a vocabulary.
 *
 * Inputs and weights are of 16 bits. Taps go in pairs, for which x86 has an instruction: the ninth
 * is alone, times 0. */
#ifndef NINETAP_DEPTHWISE_INTEGERS_H
#define NINETAP_DEPTHWISE_INTEGERS_H

#include <stdint.h>

#include "bodies/kernel_name.h"

enum { NT_TAPS_PAIRS = 5, NT_TAPS_BLOCK = 32 /* no kernel takes more channels at once */ };

/* Neighbouring outputs of a row, for every channel. */
typedef struct nt_taps_row {
    const int16_t *src; /* whole blocks of channels may be read */
    const int64_t *tap; /* [9], from src */
    int64_t src_pixel;
    const int16_t *weights; /* [channels / block][NT_TAPS_PAIRS][2 * block] */
    int64_t channels, pixels;
    int32_t *sums; /* [pixels][sums_pixel], whole blocks of channels */
    int64_t sums_pixel;
} nt_taps_row;

typedef struct nt_taps_kernel {
    nt_kernel_name name;
    int block; /* of channels */
    /* A block's weights of two taps, as `sums` reads them. */
    void (*pack)(int16_t *packed, const int16_t *first, const int16_t *second);
    void (*sums)(const nt_taps_row *row);
} nt_taps_kernel;

#endif

#if defined(NT_LANES) && !defined(NINETAP_DEPTHWISE_INTEGERS_BODY)
#define NINETAP_DEPTHWISE_INTEGERS_BODY

#include "simd/compiler.h"

enum { TAPS_BLOCK = NT_BYTES / NT_V16S, TAPS_SUMS = NT_V32S / NT_V16S };
_Static_assert((int)TAPS_BLOCK <= (int)NT_TAPS_BLOCK, "NT_TAPS_BLOCK");

static void taps_pack(int16_t *packed, const int16_t *first, const int16_t *second) {
    v16 pair[2];
    v16_pair(pair, v16_load(first), v16_load(second));
    v16_store(packed, pair[0]);
    v16_store(packed + TAPS_BLOCK, pair[1]);
}

ALWAYS_INLINE void taps_block(const int16_t *const at[9], int64_t c, const int16_t *weights,
                              int32_t *sums) {
    v32 sum[TAPS_SUMS];
    UNROLL
    for (int i = 0; i < TAPS_SUMS; i++) {
        sum[i] = v32_set1(0);
    }
    UNROLL
    for (int i = 0; i < NT_TAPS_PAIRS; i++) {
        v16 pair[2];
        const v16 first = v16_load(at[2 * i] + c);
        v16_pair(pair, first, i < 4 ? v16_load(at[2 * i + 1] + c) : first);
        const v16 by[2] = {v16_load(weights + 2 * i * TAPS_BLOCK),
                           v16_load(weights + (2 * i + 1) * TAPS_BLOCK)};
        v32_add_taps(sum, pair, by);
    }
    v32_store_taps(sums + c, sum);
}

static void taps_sums(const nt_taps_row *row) {
    const int16_t *src = row->src;
    int32_t *sums = row->sums;
    for (int64_t p = row->pixels; p > 0; p--) {
        const int16_t *at[9];
        UNROLL
        for (int t = 0; t < 9; t++) {
            at[t] = src + row->tap[t];
        }
        const int16_t *weights = row->weights;
        for (int64_t c = 0; c < row->channels; c += TAPS_BLOCK) {
            taps_block(at, c, weights, sums);
            weights += 2 * NT_TAPS_PAIRS * TAPS_BLOCK;
        }
        src += row->src_pixel;
        sums += row->sums_pixel;
    }
}

#define TAPS_KERNEL \
    { "depthwise_" NT_ISA_NAME "_s16", TAPS_BLOCK, taps_pack, taps_sums }

#endif
