/* Template: the way between layouts. Needs a vocabulary and epilogue.h.
 *
 * transpose carries [pixel][channel] to [channel][pixel] (NHWC input to planes); finish does the
 * same to sums, adding bias and clamp. take_second is what a stride of 2 asks for.
 *
 * transpose and take_second move four bytes, whatever they mean: a float, or the inputs that one
 * multiply-add of another arithmetic takes (INPUTS in arith/end.h). */
#ifndef NINETAP_BLOCK_H
#define NINETAP_BLOCK_H

#include <stdint.h>

#include "core/epilogue.h"

/* A matrix [pixels][channels] and where it goes. */
typedef struct nt_block {
    const float *src;
    int64_t src_pixel; /* pitch of the rows of src */
    float *dst;
    int64_t dst_pitch; /* of dst's rows: a pixel's or a channel's */
    int64_t pixels, channels;
    const float *bias; /* [channels] */
    const nt_epilogue *epilogue;
} nt_block;
typedef void nt_block_fn(const nt_block *block);

#endif

#if defined(NT_LANES) && !defined(NINETAP_BLOCK_BODY)
#define NINETAP_BLOCK_BODY

#include "bodies/epilogue.h"
#include "simd/compiler.h"

/* One square of at most NT_LANES x NT_LANES. */
ALWAYS_INLINE void turn_square(const nt_block *b, int64_t p, int64_t c, int np, int nc,
                               bool finished) {
    const float *src = b->src + p * b->src_pixel + c;
    vf r[NT_LANES];
    UNROLL
    for (int i = 0; i < NT_LANES; i++) {
        if (nc == NT_LANES) {
            r[i] = i < np ? vf_load(src + i * b->src_pixel) : vf_zero();
        } else {
            r[i] = i < np ? vf_load_n(src + i * b->src_pixel, nc) : vf_zero();
        }
    }
    vf_transpose(r);
    float *dst = b->dst + c * b->dst_pitch + p;
    UNROLL
    for (int j = 0; j < NT_LANES; j++) {
        if (j < nc) {
            vf v = r[j];
            if (finished) {
                v = clamp_high(clamp_low(v, vf_set1(b->bias[c + j]), b->epilogue), b->epilogue);
            }
            if (np == NT_LANES) {
                vf_store(dst + j * b->dst_pitch, v);
            } else {
                vf_store_n(dst + j * b->dst_pitch, v, np);
            }
        }
    }
}

/* The last whole square steps back to end with the pixels: masked stores are slow on many CPUs. */
ALWAYS_INLINE void turn(const nt_block *b, bool finished) {
    for (int64_t c = 0; c < b->channels; c += NT_LANES) {
        const int64_t nc = b->channels - c < NT_LANES ? b->channels - c : NT_LANES;
        int64_t p = 0;
        if (nc == NT_LANES && b->pixels >= NT_LANES) {
            for (; p + NT_LANES <= b->pixels; p += NT_LANES) {
                turn_square(b, p, c, NT_LANES, NT_LANES, finished);
            }
            if (p < b->pixels) {
                turn_square(b, b->pixels - NT_LANES, c, NT_LANES, NT_LANES, finished);
                p = b->pixels;
            }
        }
        for (; p < b->pixels; p += NT_LANES) {
            const int64_t np = b->pixels - p < NT_LANES ? b->pixels - p : NT_LANES;
            turn_square(b, p, c, (int)np, (int)nc, finished);
        }
    }
}

static void transpose(const nt_block *block) {
    turn(block, false);
}

static void finish(const nt_block *block) {
    turn(block, true);
}

/* dst[i] = src[2 * i], 0 <= i < n; nothing behind the last one is read. */
static void take_second(float *dst, const float *src, int64_t n) {
    int64_t i = 0;
    for (; i + NT_LANES < n; i += NT_LANES) {
        vf_store(dst + i, vf_even(vf_load(src + 2 * i), vf_load(src + 2 * i + NT_LANES)));
    }
    if (i > 0) { /* the last vector, from one before: its odd elements */
        i = n - NT_LANES;
        const float *p = src + 2 * i - 1;
        vf_store(dst + i, vf_odd(vf_load(p), vf_load(p + NT_LANES)));
        return;
    }
    for (; i < n; i++) {
        dst[i] = src[2 * i];
    }
}

#endif
