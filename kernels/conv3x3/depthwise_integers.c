/* Depthwise convolution of integers, lanes = channels (bodies/depthwise_integers.h). A strip of all
 * channels is widened to 16 bits. */
#include "core/build.h"

#include "conv3x3/depthwise.h"
#include "conv3x3/error.h"
#include "conv3x3/integers.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"
#include "conv3x3/strip.h"

/* A unit is a strip of an image. */
typedef struct taps_plan {
    ninetap_conv3x3 head;
    nt_conv together; /* the problem with all channels in one group: what is packed */
    nt_strips strips;
    int64_t tap[9]; /* in numbers of 16 bits, as all below */
    int64_t width;  /* channels, whole blocks of them */
    int64_t chunk;  /* pixels whose sums wait together */
    const int16_t *weights;
    const int32_t *bias;
    const float *multiplier;
    size_t scratch_at, sums_at; /* in the slice */
    nt_conv_map map;
} taps_plan;

static bool fits_taps(const nt_conv *c) {
    return c->integers && nt_is_depthwise(&c->shape);
}

/* Some 60 instructions for a block of channels, 20 for each vector of its sums. */
static double taps_cycles(const nt_conv *c) {
    const int64_t block = c->isa->taps.block;
    const double blocks = (double)nt_div_up(c->shape.oc, block);
    const double vectors = (double)block / (double)c->isa->lanes;
    const double pixel = blocks * nt_code_cycles(&c->machine, 60.0 + 20.0 * vectors, 0.0);
    return nt_all_rows(c, (double)c->shape.ow * pixel / (double)c->shape.groups);
}

static ninetap_status plan_taps(ninetap_conv3x3 *plan) {
    enum { WAITING = 4096 };
    taps_plan *p = (taps_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    plan->kernel = c->isa->taps.name;
    p->width = nt_div_up(s->oc, c->isa->taps.block) * c->isa->taps.block;
    const int64_t square = 4 * c->isa->lanes; /* what is turned at once */
    p->chunk = nt_min64(s->ow, nt_max64(WAITING / p->width / square, 1) * square);
    p->together = *c;
    p->together.shape.groups = 1;
    p->together.shape.group_ic = s->ic;
    p->together.kernels = c->isa->pairs;
    p->together.entry =
        nt_entry_of(c->isa->pairs, c->desc.src_type, c->desc.quantization->src_zero);
    p->together.depth = nt_div_up(s->ic, 2);
    const int64_t row_bytes = s->ow * s->oc * (int64_t)s->dst_element;
    const int64_t rows = c->machine.cache[NT_IN_L2] / 4 / row_bytes;
    const nt_strip_needs needs = {.packed = true,
                                  .step = c->pooled ? 2 : 1,
                                  .most_rows = c->pooled ? nt_max64(rows / 2 * 2, 2) : s->oh,
                                  .panels = 1,
                                  .threads = plan->threads};
    const ninetap_status status = nt_strips_of_planes(&p->together, &needs, &p->strips);
    p->together.desc.quantization = NULL;
    if (status != NINETAP_OK) {
        return status;
    }
    for (int t = 0; t < 9; t++) {
        p->tap[t] = 2 * p->strips.tap[t];
    }
    p->scratch_at = nt_slice_place(&plan->slice_bytes, p->strips.bytes);
    p->sums_at = nt_slice_place(&plan->slice_bytes, (size_t)(p->chunk * p->width) * NT_SUM_BYTES);
    plan->units = s->n * p->strips.count;
    return nt_conv_map_of(c, false, p->strips.rows, s->ow, s->oc, &plan->slice_bytes, &p->map);
}

static void pack_taps_block(const nt_conv *c, const int8_t *weights, int64_t first, int16_t *out) {
    const nt_taps_kernel *kernel = &c->isa->taps;
    for (int i = 0; i < NT_TAPS_PAIRS; i++) {
        int16_t taps[2][NT_TAPS_BLOCK] = {{0}};
        for (int64_t o = first; o < nt_min64(c->shape.oc, first + kernel->block); o++) {
            for (int k = 0; k < 2 && 2 * i + k < 9; k++) {
                taps[k][o - first] =
                    (int16_t)nt_number_of(weights[nt_conv_weight_index(c, o, 0, 2 * i + k)]);
            }
        }
        kernel->pack(out + (ptrdiff_t)(2 * i) * kernel->block, taps[0], taps[1]);
    }
}

static ninetap_status pack_taps(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    taps_plan *p = (taps_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_types types = nt_conv_types(&c->desc);
    enum { OF_WEIGHTS = 2 * NT_TAPS_PAIRS * sizeof(int16_t) };
    const nt_size width = nt_size_of(p->width);
    const nt_size sums = nt_size_mul(width, NT_SUM_BYTES);
    const nt_size bytes[] = {nt_size_mul(width, OF_WEIGHTS), sums, sums};
    void *at[3];
    const ninetap_status status = nt_conv_allocate(plan, bytes, 3, at);
    if (status != NINETAP_OK) {
        return status;
    }
    int16_t *packed = at[0];
    for (int64_t o = 0; o < c->shape.oc; o += c->isa->taps.block) {
        pack_taps_block(c, weights, o, packed + 2 * NT_TAPS_PAIRS * o);
    }
    nt_set_channels(&types, bias, 0, c->shape.oc, at[1], at[2]);
    p->weights = packed;
    p->bias = at[1];
    p->multiplier = at[2];
    return NINETAP_OK;
}

/* The outputs of a row from column x on. */
static void run_chunk(const taps_plan *p, nt_taps_row *row, void *out) {
    const nt_conv *c = &p->head.conv;
    c->isa->taps.sums(row);
    const nt_sums sums = {
        .sums = row->sums,
        .pixel = row->sums_pixel,
        .pixels = row->pixels,
        .channels = row->channels,
        .bias = p->bias,
        .multiplier = p->multiplier,
        .to = &c->to,
        .dst = out,
        .dst_pixel = p->map.tensor.column,
        .dst_channel = p->map.tensor.channel,
    };
    c->isa->quantize(&sums);
}

static void run_taps_strip(const taps_plan *p, const int16_t *packed, void *sums, int64_t rows,
                           void *out) {
    const nt_conv_shape *s = &p->head.conv.shape;
    const nt_tensor *to = &p->map.tensor;
    nt_taps_row row = {
        .tap = p->tap,
        .src_pixel = 2 * p->strips.across_step,
        .weights = p->weights,
        .channels = s->oc,
        .sums = sums,
        .sums_pixel = p->width,
    };
    for (int64_t y = 0; y < rows; y++) {
        for (int64_t x = 0; x < s->ow; x += row.pixels) {
            row.src = packed + 2 * y * p->strips.down_step + x * row.src_pixel;
            row.pixels = nt_min64(p->chunk, s->ow - x);
            run_chunk(p, &row, nt_out(out, y * to->row + x * to->column, s->dst_element));
        }
    }
}

static void walk_taps(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                      int64_t begin, int64_t end) {
    const taps_plan *p = (const taps_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / p->strips.count;
        const int64_t y = u % p->strips.count * p->strips.rows;
        const int64_t rows = nt_min64(s->oh - y, p->strips.rows);
        const void *in = nt_at(call->src, image * s->src.image, s->src_element);
        const void *packed =
            nt_strip_enter(&p->together, &p->strips, in, y, rows, (char *)slice + p->scratch_at);
        const int64_t first = image * s->dst.image + (c->pooled ? y / 2 : y) * s->dst.row;
        void *home = nt_out(call->dst, first, s->dst_element);
        void *out = p->map.used ? (char *)slice + p->map.at : home;
        run_taps_strip(p, packed, (char *)slice + p->sums_at, rows, out);
        const nt_conv_piece piece = {out, rows, s->ow, s->oc};
        nt_conv_finish(c, &p->map, call, &piece, home);
    }
}

const nt_method nt_depthwise_integers = {
    .name = "depthwise of integers",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .integers = true,
    .plan_bytes = sizeof(taps_plan),
    .fits = fits_taps,
    .cycles = taps_cycles,
    .plan = plan_taps,
    .pack = pack_taps,
    .walk = walk_taps,
    .error = nt_direct_error,
};
