/* Depthwise convolution of NHWC: pixels where they lie. */
#include "core/build.h"

#include "conv3x3/depthwise_tiles.h"
#include "conv3x3/error.h"
#include "conv3x3/method.h"
#include "conv3x3/predict.h"

/* NHWC: a unit is a strip of an image. */
typedef struct nhwc_plan {
    nt_pixels_plan pixels;
    int64_t strip_rows, strips;
} nhwc_plan;

static bool fits_pixels(const nt_conv *c) {
    return c->desc.layout == NINETAP_NHWC && nt_is_depthwise(&c->shape);
}

static double pixels_cycles(const nt_conv *c) {
    return nt_pixels_cycles(c, nt_vectors(c, c->shape.groups));
}

static ninetap_status plan_nhwc(ninetap_conv3x3 *plan) {
    nhwc_plan *p = (nhwc_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const int rows = nt_pixels_plan_tiles(&p->pixels);
    p->strip_rows = c->pooled ? nt_max64(rows, 2) : rows;
    p->strips = nt_div_up(s->oh, p->strip_rows);
    plan->units = s->n * p->strips;
    const ninetap_status status =
        nt_conv_map_of(c, false, p->strip_rows, s->ow, s->oc, &plan->slice_bytes, &p->pixels.map);
    p->pixels.src = s->src;
    p->pixels.dst = p->pixels.map.tensor;
    return status;
}

static ninetap_status pack_nhwc(ninetap_conv3x3 *plan, const void *weights, const void *bias) {
    return nt_pixels_pack((nt_pixels_plan *)plan, weights, bias, plan->conv.shape.oc);
}
static void walk_nhwc(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                      int64_t begin, int64_t end) {
    const nhwc_plan *p = (const nhwc_plan *)plan;
    const nt_conv *c = &plan->conv;
    const nt_conv_shape *s = &c->shape;
    const nt_conv_map *map = &p->pixels.map;
    for (int64_t u = begin; u < end; u++) {
        const int64_t image = u / p->strips;
        const int64_t y = u % p->strips * p->strip_rows;
        const int64_t stop = nt_min64(s->oh, y + p->strip_rows);
        const int64_t first = image * s->dst.image + (c->pooled ? y / 2 : y) * s->dst.row;
        void *home = nt_out(call->dst, first, s->dst_element);
        void *out = map->used ? (char *)slice + map->at : home;
        const nt_pixels_block all = {
            call->epilogue, nt_at(call->src, image * s->src.image, s->src_element), out, y, 0,
            s->oc};
        nt_pixels_run(&p->pixels, &all, y, stop);
        const nt_conv_piece piece = {out, stop - y, s->ow, s->oc};
        nt_conv_finish(c, map, call, &piece, home);
    }
}

const nt_method nt_depthwise_pixels = {
    .name = "depthwise over channels",
    .algorithm = "direct",
    .algo = NINETAP_ALGO_DIRECT,
    .spreads = true,
    .plan_bytes = sizeof(nhwc_plan),
    .fits = fits_pixels,
    .cycles = pixels_cycles,
    .plan = plan_nhwc,
    .pack = pack_nhwc,
    .walk = walk_nhwc,
    .error = nt_direct_error,
};
