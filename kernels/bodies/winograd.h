/* Body: Winograd F(m x m, 3x3), lanes = channels everywhere. Needs a vocabulary and an
 * arithmetic. conv3x3/winograd.c calls the three steps for a block of tiles that fits the L2 cache:
 *
 *   input     m + 2 rows of pixels -> both transforms: V[frequency][ic / lanes][tile][lanes].
 *             Columns first, each once: tiles that are neighbours in a row share two of them
 *   multiply  for each frequency M[tile][oc] = V[tile][ic] * U[ic][oc], for one panel of oc
 *   output    M -> both inverse transforms, bias, clamp -> m x m pixels a tile
 *
 * The 2-D transforms do not fit the registers: the results of the column transforms are stored in a
 * few KiB, where the row transforms read them. On Zen 4 a store of 64 bytes takes two cycles, or
 * four where it misses the L1 cache: the transforms are bound by stores, not by arithmetic.
 *
 * multiply is direct_channels.h's tile without the nine taps: P tiles x K vectors of sums. Each sum
 * runs over ic in its order, so neither tile nor blocking can change a bit. */
#ifndef NINETAP_WINOGRAD_H
#define NINETAP_WINOGRAD_H

#include <stdbool.h>
#include <stdint.h>

#include "bodies/kernel_name.h"
#include "bodies/winograd_1d.h"
#include "core/epilogue.h"

/* Winograd F(m x m, 3x3), lanes = channels (bodies/winograd.h). A frequency is one of the
 * (m + 2)^2, row by row. */
enum {
    NT_WINOGRAD_MOST = 8,   /* m + 2 of the largest one */
    NT_WINOGRAD_TILES = 32, /* no kernel multiplies more at once, */
    NT_WINOGRAD_VECTORS = 2 /* or into more vectors of output channels */
};

/* Both transforms of `tiles` tiles side by side, one vector of channels. */
typedef struct nt_winograd_input {
    const float *const *row; /* [m + 2]: column `from` of the tiles' columns */
    int64_t column;          /* from a column to the next one */
    int64_t from, to;        /* the columns that lie there */
    const float *const
        *edge; /* [column][m + 2]: the columns before `from`, then those from `to` on */
    int lanes; /* channels that exist; the others count as 0 */
    int64_t tiles;
    float *dst; /* [frequency]: [tile][lanes] */
    int64_t dst_frequency;
} nt_winograd_input;

/* One frequency of `tiles` tiles times `vectors` vectors of output channels. */
typedef struct nt_winograd_multiply {
    const float *src; /* [channels / lanes]: [tile][lanes] */
    int64_t src_vector;
    int64_t channels;     /* input channels, >= 1 */
    const float *weights; /* [channel][vectors * lanes]; the next channel's may be read */
    float *dst;           /* [tile][vectors * lanes] */
    /* memory to prefetch meanwhile, which a later call or this one will read */
    const char *ahead;
    int64_t ahead_step; /* bytes from a fetch to the next one: one a cache line of weights */
} nt_winograd_multiply;
typedef void nt_winograd_multiply_fn(const nt_winograd_multiply *job);
typedef struct nt_winograd_tile {
    int tiles, vectors;
    nt_kernel_name name;
    nt_winograd_multiply_fn *multiply;
} nt_winograd_tile;

/* The inverse transforms of `tiles` tiles side by side, one vector of output channels. */
typedef struct nt_winograd_output {
    const float *src; /* [frequency]: [tile][src_tile] */
    int64_t src_frequency, src_tile;
    int64_t tiles;
    const float *bias; /* [lanes] */
    const nt_epilogue *epilogue;
    float *dst;
    int64_t dst_row, dst_column;
    int rows, last_columns; /* of a tile, of the last tile, that exist in dst */
    int lanes;              /* channels that exist in dst */
    bool pooled;            /* dst has the 2x2 maxima; rows, last_columns are theirs */
} nt_winograd_output;

typedef struct nt_winograd_kernel {
    int m;
    void (*input)(const nt_winograd_input *job);
    void (*output)(const nt_winograd_output *job);
} nt_winograd_kernel;

#endif

#ifdef ARITH /* the body, for one arithmetic */

#include "bodies/early_input.h"
#include "bodies/epilogue.h"
#include "bodies/maximum.h"
#include "bodies/winograd_1d.h"
#include "simd/compiler.h"

enum { WINOGRAD_M = NT_WINOGRAD_MOST - 2 }; /* no kernel has a larger m */

/* ---- the input ---- */

/* The column transform of column x of the row's tiles. */
ALWAYS_INLINE void winograd_column(const nt_winograd_input *job, int64_t x, float *dst, int M) {
    const int A = M + 2;
    const bool inner = x >= job->from && x < job->to;
    const int64_t edge = x < job->from ? x : x - (job->to - job->from);
    const float *const *row = inner ? job->row : job->edge + edge * A;
    const int64_t at = inner ? (x - job->from) * job->column : 0;
    const int lanes = job->lanes;
    vf d[NT_WINOGRAD_MOST];
    UNROLL
    for (int r = 0; r < A; r++) {
        d[r] = lanes == NT_LANES ? vf_load(row[r] + at) : vf_load_n(row[r] + at, lanes);
    }
    input_1d(d, M);
    UNROLL
    for (int r = 0; r < A; r++) {
        vf_store(dst + r * NT_LANES, d[r]);
    }
}

/* Transformed columns are kept in a ring of 2 * M of them, which stays in the L1 cache. */
ALWAYS_INLINE void winograd_input(const nt_winograd_input *shared, int M) {
    const int A = M + 2;
    const int64_t half = (int64_t)M * A * NT_LANES;
    _Alignas(
        sizeof(vf)) float ring[2 * WINOGRAD_M * NT_WINOGRAD_MOST * NT_LANES]; /* [column][row] */
    const nt_winograd_input own = *shared; /* stores of vectors may alias anything but locals */
    const nt_winograd_input *job = &own;
    for (int64_t t = 0; t < job->tiles; t++) {
        float *here = ring + t % 2 * half;
        float *next = ring + (half - t % 2 * half);
        NO_UNROLL
        for (int x = t == 0 ? 0 : 2; x < A; x++) {
            float *column = x < M ? here + x * A * NT_LANES : next + (x - M) * A * NT_LANES;
            winograd_column(job, t * M + x, column, M);
        }
        float *dst = job->dst + t * NT_LANES;
        NO_UNROLL
        for (int r = 0; r < A; r++) {
            vf d[NT_WINOGRAD_MOST];
            UNROLL
            for (int x = 0; x < A; x++) {
                const float *column =
                    x < M ? here + x * A * NT_LANES : next + (x - M) * A * NT_LANES;
                d[x] = vf_load(column + r * NT_LANES);
            }
            input_1d(d, M);
            UNROLL
            for (int x = 0; x < A; x++) {
                vf_store(dst, d[x]);
                dst += job->dst_frequency;
            }
        }
    }
}

/* ---- the multiplication ---- */

/* Whether the steps of a vector of input channels have no jump between them. With one a step, the
 * last one was mispredicted in each call: docs/kernels.md. 16 steps would be 5 KiB a tile. */
#if defined(NT_FMA1_IN_PLACE)
enum { WINOGRAD_STRAIGHT = 1 };
#define WINOGRAD_MULTIPLY_ADD vf_fma1_in_place
#else
enum { WINOGRAD_STRAIGHT = 0 };
#define WINOGRAD_MULTIPLY_ADD ARITH(multiply_add)
#endif

ALWAYS_INLINE int winograd_sums(int P, int K) {
    return P * K > 1 ? P * K : 2; /* clang leaves a single one in memory */
}

typedef struct winograd_steps {
    const float *weights;
    const char *ahead;
    int64_t ahead_step;
} winograd_steps;

/* An input channel. kept: its weights, where loads are early; then the next one's. */
ALWAYS_INLINE void winograd_step(winograd_steps *s, const float *in, vf *kept, vf *acc, int P,
                                 int K) {
    const int sums = winograd_sums(P, K);
    enum { LINE = 16 }; /* floats */
    const int early = early_input(sums + K + PRODUCT);
    vf w[NT_WINOGRAD_VECTORS];
    UNROLL
    for (int k = 0; k < K; k++) {
        w[k] = NT_LOADS_EARLY ? kept[k] : vf_load(s->weights + k * NT_LANES);
        if (k * NT_LANES % LINE == 0) {
            __builtin_prefetch(s->ahead, 0, 3);
            s->ahead += s->ahead_step;
            COMPUTED_HERE(s->ahead);
            if (WINOGRAD_STRAIGHT) {
                OPAQUE(s->ahead); /* gcc would prefetch for all steps at once */
            }
        }
    }
    vs single[2];
    single[0] = vs_load(in);
    UNROLL
    for (int i = 0; i < sums; i++) {
        const int tile = i / K < P ? i / K : 0;
        const int load = tile + early;
        if (i % K == 0 && load > 0 && load < P) {
            single[load % 2] = vs_load(in + load * NT_LANES);
        }
        acc[i] = WINOGRAD_MULTIPLY_ADD(w[i % K], single[tile % 2], acc[i]);
        if (NT_LOADS_EARLY && i >= sums - K) {
            kept[i % K] = vf_load(s->weights + (K + i % K) * NT_LANES);
            IN_ORDER(kept[i % K]);
        }
    }
    s->weights += K * NT_LANES;
}

ALWAYS_INLINE void winograd_multiply(const nt_winograd_multiply *job, int P, int K) {
    const int sums = winograd_sums(P, K);
    vf acc[NT_WINOGRAD_TILES];
    UNROLL
    for (int i = 0; i < sums; i++) {
        acc[i] = vf_zero();
    }
    const float *src = job->src;
    winograd_steps steps = {job->weights, job->ahead, job->ahead_step};
    vf kept[NT_WINOGRAD_VECTORS];
    UNROLL
    for (int k = 0; k < K && NT_LOADS_EARLY; k++) {
        kept[k] = vf_load(steps.weights + k * NT_LANES);
    }
    int64_t left = job->channels;
    for (; WINOGRAD_STRAIGHT && left >= NT_LANES; left -= NT_LANES) {
        UNROLL
        for (int lane = 0; lane < NT_LANES; lane++) {
            winograd_step(&steps, src + lane, kept, acc, P, K);
        }
        src += job->src_vector;
    }
    for (; left > 0; left -= NT_LANES) {
        const float *in = src;
        NO_UNROLL
        for (int64_t lane = left < NT_LANES ? left : NT_LANES; lane > 0; lane--) {
            winograd_step(&steps, in, kept, acc, P, K);
            in++;
        }
        src += job->src_vector;
    }
    float *dst = job->dst;
    UNROLL
    for (int i = 0; i < P * K; i++) {
        vf_store(dst + i * NT_LANES, acc[i]);
    }
}

/* ---- the output ---- */

/* The inverse row transform of M + 2 frequencies at `half`, then bias and activation. */
ALWAYS_INLINE void winograd_row(const float *half, const nt_epilogue *epilogue, vf bias, vf *f,
                                int M) {
    UNROLL
    for (int x = 0; x < M + 2; x++) {
        f[x] = vf_load(half + x * NT_LANES);
    }
    output_1d(f, M);
    UNROLL
    for (int x = 0; x < M; x++) {
        f[x] = clamp_low(f[x], bias, epilogue);
    }
    if (epilogue->bounded) {
        UNROLL
        for (int x = 0; x < M; x++) {
            f[x] = clamp_high(f[x], epilogue);
        }
    }
    if (epilogue->kind != NT_CLAMP) {
        UNROLL
        for (int x = 0; x < M; x++) {
            f[x] = activate_vector(f[x], epilogue);
        }
    }
}

ALWAYS_INLINE void winograd_store(const nt_winograd_output *job, const vf *f, int count, float *dst,
                                  int columns) {
    const int64_t step = job->dst_column;
    const int lanes = job->lanes;
    UNROLL
    for (int x = 0; x < count; x++) {
        if (x < columns && lanes == NT_LANES) {
            vf_store(dst + x * step, f[x]);
        } else if (x < columns) {
            vf_store_n(dst + x * step, f[x], lanes);
        }
    }
}

/* The taps of window x in two finished rows of M outputs, M + 2 vectors apart. */
ALWAYS_INLINE void winograd_taps(const float *row, int x, int M, vf tap[4]) {
    const float *at = row + 2 * x * NT_LANES;
    tap[0] = vf_load(at);
    tap[1] = vf_load(at + NT_LANES);
    tap[2] = vf_load(at + (M + 2) * NT_LANES);
    tap[3] = vf_load(at + (M + 3) * NT_LANES);
}

ALWAYS_INLINE void winograd_pool(const float *row, vf *best, int M) {
    vf tap[4];
    vm nan = vm_nan(vf_zero(), vf_zero());
    UNROLL
    for (int x = 0; x < M / 2; x++) {
        winograd_taps(row, x, M, tap);
        nan = vm_or(nan, vm_or(vm_nan(tap[0], tap[1]), vm_nan(tap[2], tap[3])));
        best[x] = largest_of(tap);
    }
    if (!vm_any(nan)) {
        return;
    }
    UNROLL
    for (int x = 0; x < M / 2; x++) {
        winograd_taps(row, x, M, tap);
        best[x] = largest_or_nan(tap);
    }
}

/* One tile, from the inverse column transforms at `half`. */
ALWAYS_INLINE void winograd_rows(const nt_winograd_output *job, float *half, vf bias, float *dst,
                                 int columns, int M) {
    const int A = M + 2;
    vf f[NT_WINOGRAD_MOST];
    if (!job->pooled) {
        NO_UNROLL
        for (int y = 0; y < job->rows; y++) {
            winograd_row(half + y * A * NT_LANES, job->epilogue, bias, f, M);
            winograd_store(job, f, M, dst, columns);
            dst += job->dst_row;
        }
        return;
    }
    NO_UNROLL
    for (int y = 0; y < 2 * job->rows; y++) {
        winograd_row(half + y * A * NT_LANES, job->epilogue, bias, f, M);
        UNROLL
        for (int x = 0; x < M; x++) {
            vf_store(half + (y * A + x) * NT_LANES, f[x]);
        }
    }
    NO_UNROLL
    for (int y = 0; y < job->rows; y++) {
        winograd_pool(half + 2 * y * A * NT_LANES, f, M);
        winograd_store(job, f, M / 2, dst, columns);
        dst += job->dst_row;
    }
}

ALWAYS_INLINE void winograd_output(const nt_winograd_output *shared, int M) {
    const int A = M + 2;
    const nt_epilogue epilogue = *shared->epilogue; /* stores of vectors may alias all but locals */
    nt_winograd_output own = *shared;
    own.epilogue = &epilogue;
    const nt_winograd_output *job = &own;
    _Alignas(sizeof(
        vf)) float half[WINOGRAD_M * NT_WINOGRAD_MOST * NT_LANES]; /* [row of outputs][frequency] */
    const vf bias = vf_load(job->bias);
    const int64_t width = job->pooled ? M / 2 : M;
    for (int64_t t = 0; t < job->tiles; t++) {
        const float *src = job->src + t * job->src_tile;
        NO_UNROLL
        for (int x = 0; x < A; x++) {
            vf f[NT_WINOGRAD_MOST];
            UNROLL
            for (int y = 0; y < A; y++) {
                f[y] = vf_load(src + y * A * job->src_frequency);
            }
            output_1d(f, M);
            UNROLL
            for (int y = 0; y < M; y++) {
                vf_store(half + (y * A + x) * NT_LANES, f[y]);
            }
            src += job->src_frequency;
        }
        const int columns = t == job->tiles - 1 ? job->last_columns : (int)width;
        winograd_rows(job, half, bias, job->dst + t * width * job->dst_column, columns, M);
    }
}

/* ---- the table ---- */

#define WINOGRAD_DEFINE(M)                                           \
    _Static_assert((M) <= WINOGRAD_M, #M);                           \
    static void winograd_input_##M(const nt_winograd_input *job) {   \
        winograd_input(job, M);                                      \
    }                                                                \
    static void winograd_output_##M(const nt_winograd_output *job) { \
        winograd_output(job, M);                                     \
    }
#define WINOGRAD_ROW(M) {M, winograd_input_##M, winograd_output_##M},

#define WINOGRAD_MULTIPLY_DEFINE(P, K)                                         \
    _Static_assert((P) * (K) <= NT_WINOGRAD_TILES, #P "x" #K);                 \
    _Static_assert((K) <= NT_WINOGRAD_VECTORS, #P "x" #K);                     \
    static void winograd_multiply_##P##x##K(const nt_winograd_multiply *job) { \
        winograd_multiply(job, P, K);                                          \
    }
#define WINOGRAD_MULTIPLY_NAME_(tiles, channels) "winograd_" NT_ISA_NAME "_" #tiles "x" #channels
#define WINOGRAD_MULTIPLY_NAME(tiles, channels) WINOGRAD_MULTIPLY_NAME_(tiles, channels)
#define WINOGRAD_MULTIPLY_ROW(P, K) \
    {P, K, WINOGRAD_MULTIPLY_NAME(P, NT_CHANNELS_##K), winograd_multiply_##P##x##K},

#endif
