/* Depthwise convolution of small NCHW planes: a few vectors of them at a time are turned to pixels
 * in scratch, and their outputs turned back. */
#include "core/build.h"

#include "conv3x3/depthwise_tiles.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"
#include "core/size.h"

/* NCHW: a unit is a block of planes, turned at the start of the slice. */
typedef struct planes_plan {
    nt_pixels_plan pixels;
    int64_t width, blocks;        /* planes of a block */
    size_t turned_in, turned_out; /* in the slice */
} planes_plan;

/* Planes of a block, whole vectors of them. The more there are, the less often the kernels are told
 * where pixels lie; they stay in the L2 cache, and leave other threads a share. */
static int64_t block_width(const nt_conv *c) {
    enum { MOST_VECTORS = 8 };
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    const int64_t bytes = (s->ih * s->iw + s->oh * s->ow) * lanes * (int64_t)s->src_element;
    const int64_t room = c->machine.cache[NT_IN_L2] / 4 / bytes;
    return nt_max64(1, nt_min64(nt_min64(room, MOST_VECTORS), nt_div_up(s->oc, lanes))) * lanes;
}

/* A vector of planes and its outputs must fit the scratch. */
static bool fits_planes(const nt_conv *c) {
    enum { BLOCK_BYTES = 512 * 1024 };
    const nt_conv_shape *s = &c->shape;
    const nt_size positions =
        nt_size_add(nt_size_mul(nt_size_of(s->ih), s->iw), nt_size_mul(nt_size_of(s->oh), s->ow));
    const nt_size bytes =
        nt_size_mul(nt_size_mul(positions, c->isa->lanes), (int64_t)s->src_element);
    return c->desc.layout == NINETAP_NCHW && nt_is_depthwise(s) && !bytes.overflow &&
           bytes.value <= BLOCK_BYTES;
}

/* Transposing planes to pixels and back takes 6 cycles for each vector. All groups of a row are
 * lanes of the same vectors. */
static double planes_cycles(const nt_conv *c) {
    const nt_conv_shape *s = &c->shape;
    const double in = (double)s->ih * (double)s->iw / (double)s->oh;
    const double turn = ((double)s->ow + in) * nt_turn_cycles(c);
    return nt_pixels_cycles(c, nt_vectors(c, block_width(c))) +
           nt_all_rows(c, nt_vectors(c, s->groups) / (double)s->groups * turn);
}

static ninetap_status plan_planes(ninetap_conv3x3 *plan) {
    planes_plan *p = (planes_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    p->width = block_width(c);
    const int64_t width = p->width;
    nt_pixels_plan_tiles(&p->pixels);
    p->pixels.src = (nt_tensor){.row = s->iw * width, .column = width};
    p->pixels.dst = (nt_tensor){.row = s->ow * width, .column = width};
    p->blocks = nt_div_up(s->oc, width);
    plan->units = s->n * p->blocks;
    p->turned_in =
        nt_slice_place(&plan->slice_bytes, (size_t)(s->ih * s->iw * width) * s->src_element);
    p->turned_out =
        nt_slice_place(&plan->slice_bytes, (size_t)(s->oh * s->ow * width) * s->dst_element);
    return nt_conv_map_of(c, false, s->oh, s->ow, width, &plan->slice_bytes, &p->pixels.map);
}

static ninetap_status pack_depthwise_planes(ninetap_conv3x3 *plan, const void *weights,
                                            const void *bias) {
    return nt_pixels_pack((nt_pixels_plan *)plan, weights, bias, ((planes_plan *)plan)->width);
}

/* A matrix [rows][columns] to [columns][rows]. */
static void turn(const nt_isa *isa, const void *src, int64_t src_row, int64_t rows, int64_t columns,
                 void *dst, int64_t dst_row) {
    const nt_block block = {
        .src = src,
        .src_pixel = src_row,
        .dst = dst,
        .dst_pitch = dst_row,
        .pixels = rows,
        .channels = columns,
    };
    isa->transpose(&block);
}

/* The block of `count` planes whose first one is `first`. Rows without a gap are turned as one. */
static void block_of_planes(const planes_plan *p, const nt_epilogue *epilogue, const void *src,
                            void *out, int64_t first, int64_t count, char *slice) {
    const nt_conv *c = &p->pixels.head.conv;
    const nt_conv_shape *s = &c->shape;
    const int64_t width = p->width;
    void *pixels = slice + p->turned_in;
    void *outputs = slice + p->turned_out;
    const int64_t src_rows = s->src.row == s->iw ? s->ih : 1;
    for (int64_t y = 0; y < s->ih; y += src_rows) {
        turn(c->isa, nt_at(src, y * s->src.row, s->src_element), s->src.channel, count,
             src_rows * s->iw, nt_out(pixels, y * p->pixels.src.row, s->src_element), width);
    }
    const nt_pixels_block block = {epilogue, pixels, outputs, 0, first, count};
    nt_pixels_run(&p->pixels, &block, 0, s->oh);
    const nt_tensor *t = &p->pixels.map.tensor;
    const int64_t out_rows = t->row == s->ow ? s->oh : 1;
    for (int64_t y = 0; y < s->oh; y += out_rows) {
        turn(c->isa, nt_at(outputs, y * p->pixels.dst.row, s->dst_element), width, out_rows * s->ow,
             count, nt_out(out, y * t->row, s->dst_element), t->channel);
    }
}

static void walk_planes(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                        int64_t begin, int64_t end) {
    const planes_plan *p = (const planes_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const nt_conv_map *map = &p->pixels.map;
    const int64_t width = p->width;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / p->blocks;
        const int64_t channel = u % p->blocks * width;
        const int64_t count = nt_min64(s->oc - channel, width);
        const void *src =
            nt_at(call->src, image * s->src.image + channel * s->src.channel, s->src_element);
        void *home =
            nt_out(call->dst, image * s->dst.image + channel * s->dst.channel, s->dst_element);
        void *out = map->used ? (char *)slice + map->at : home;
        block_of_planes(p, call->epilogue, src, out, channel, count, slice);
        const nt_conv_piece piece = {out, s->oh, s->ow, count};
        nt_conv_finish(c, map, call, &piece, home);
    }
}

const nt_method nt_depthwise_planes = {
    .name = "depthwise over channels",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .spreads = true,
    .plan_bytes = sizeof(planes_plan),
    .fits = fits_planes,
    .cycles = planes_cycles,
    .plan = plan_planes,
    .pack = pack_depthwise_planes,
    .walk = walk_planes,
    .error = nt_direct_error,
};
