/* What a target offers, as one constant struct: kernels for full tiles, each with its tile size as
 * data. The operations read the sizes, own edges, packing and threads, and call the kernels as the
 * head of each body says. Each target's file exports one such struct and nothing else. */
#ifndef NINETAP_ISA_H
#define NINETAP_ISA_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/act_backward.h"
#include "bodies/arrange.h"
#include "bodies/block.h"
#include "bodies/dense.h"
#include "bodies/depthwise_channels.h"
#include "bodies/depthwise_columns.h"
#include "bodies/direct_channels.h"
#include "bodies/direct_columns.h"
#include "bodies/depthwise_integers.h"
#include "bodies/epilogue.h"
#include "bodies/filter3x3.h"
#include "bodies/gradient.h"
#include "bodies/pool.h"
#include "bodies/quantize.h"
#include "bodies/quantize_rows.h"
#include "bodies/softmax.h"
#include "bodies/spread.h"
#include "bodies/unpool.h"
#include "bodies/winograd.h"

/* The kernels of one arithmetic: a multiply-add in one rounding, in two, or of integers, which have
 * `oc` and `dense`. */
typedef struct nt_kernels {
    int bytes;              /* of integers: in an element, 2 or 4 */
    bool takes_signed;      /* of integers: BYTES_ARE_SIGNED of arith/end.h */
    nt_arrange_fn *arrange; /* of integers */
    const nt_oc_kernel *oc;
    int oc_count;
    const nt_oc_kernel *oc_pool; /* two rows of outputs become one, and two pixels one */
    int oc_pool_count;
    const nt_x_kernel *x;
    int x_count;
    const nt_x_kernel *x_pool; /* two rows of outputs become one, and two columns one */
    int x_pool_count;
    const nt_dw_kernel *dw;
    int dw_count;
    const nt_dw_x_kernel *dw_x;
    int dw_x_count;
    const nt_dense_kernel *dense;
    int dense_count;
    const nt_gradient_kernel *gradient; /* of one vector, of two */
    nt_gradient_fn *gradient_lanes;
} nt_kernels;

typedef struct nt_isa {
    const char *name;
    int lanes;
    bool fast_fma; /* a multiply-add is one instruction: DEFAULT precision uses `fused` */
    const nt_kernels *fused, *separate; /* fused: NULL where there is no function for it */
    const nt_kernels *pairs, *quads; /* of integers; quads: for CPUs that have NT_QUADS, or NULL */
    bool pairs_apart;                /* NT_PAIRS_APART of simd/words.h */
    nt_taps_kernel taps;             /* of integers */
    nt_quantize_fn *quantize;
    const nt_winograd_kernel *winograd;
    int winograd_count;
    const nt_winograd_tile *winograd_tile;
    int winograd_tile_count;
    const char *gradient; /* the name of those kernels */
    nt_softmax_kernel softmax;
    nt_block_fn *transpose; /* dst[channel][pixel] = src[pixel][channel] */
    nt_block_fn *finish;    /* dst[channel][pixel] = clamp(src[pixel][channel] + bias) */
    void (*take_second)(float *dst, const float *src, int64_t n); /* dst[i] = src[2 * i] */
    nt_activate_fn *activate;
    nt_act_backward_kernel act_backward;
    /* values[i] + addends[i], activated */
    void (*add)(float *values, const float *addends, int64_t n, const nt_epilogue *epilogue);
    nt_pool_kernel pool[NT_POOL_OPS];
    nt_unpool_kernel unpool;
    nt_spread_kernel spread;
    nt_filter_kernel filter;
    nt_rows_kernel rows;
} nt_isa;

/* A weight for a byte of a lane's element, where kernels of integers read it. */
static inline void nt_put_weight(const nt_isa *isa, const nt_kernels *kernels, void *vectors,
                                 int64_t lane, int64_t byte, int weight) {
    const int64_t lanes = isa->lanes;
    if (kernels->bytes == 4) {
        ((int8_t *)vectors)[4 * lane + byte] = (int8_t)weight;
        return;
    }
    const int64_t place =
        isa->pairs_apart ? byte * lanes + lane % lanes : 2 * (lane % lanes) + byte;
    ((int16_t *)vectors)[2 * (lane / lanes * lanes) + place] = (int16_t)weight;
}

/* targets.c: whether this CPU, which has the ISA, has what its `quads` are compiled for. */
bool nt_cpu_has_quads(const nt_isa *isa);

extern const nt_isa nt_isa_scalar, nt_isa_sse2, nt_isa_avx2, nt_isa_avx512, nt_isa_neon,
    nt_isa_wasm128;

#endif
