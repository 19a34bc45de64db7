/* One part of a run: packs strips, calls kernels on full tiles, sends the sums home. The work is a
 * list of units (image, group, strip, panel), panel innermost; a part is a stretch of that list. No
 * part shares anything with another but the inputs, and no output depends on where the list is cut.
 */
#include "core/build.h"

#include <string.h>

#include "conv3x3/conv3x3.h"
#include "core/parallel.h"
#include "reference/reference.h"

typedef struct walk {
    const ninetap_conv3x3 *plan;
    float *scratch, *sums;
    const nt_conv_call *call;
    const float *src;            /* the strip's input: what tap offsets count from */
    float *home;                 /* in dst: the strip's first output of the group */
    float *out;                  /* where kernels write the panel's first output */
    const float *weights, *bias; /* of the panel */
    int64_t rows;                /* of the strip */
    int64_t channels;            /* of the panel */
} walk;

/* ---- lanes = output channels ---- */

/* NCHW: sums of `pixels` pixels to their planes. */
static void finish_chunk(const walk *w, const nt_oc_tile *tile, int rows, int64_t pixels,
                         float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    for (int r = 0; r < rows; r++) {
        const nt_block block = {
            .src = w->sums + r * tile->dst_row,
            .src_pixel = tile->dst_pixel,
            .dst = dst + r * p->out.row,
            .dst_pitch = p->out.channel,
            .pixels = pixels,
            .channels = w->channels,
            .bias = w->bias,
            .epilogue = w->call->epilogue,
        };
        p->isa->finish(&block);
    }
}

/* What a kernel leaves of `count` rows or columns. */
static int64_t left_by(const ninetap_conv3x3 *p, int64_t count) {
    return p->pools_itself ? count / 2 : count;
}

static void tiles_nchw(const walk *w, const nt_tile_row *row, nt_oc_tile *tile, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    const int height = (int)left_by(p, row->narrow->rows);
    int64_t waiting = 0;
    tile->dst_pixel = row->narrow->vectors * p->isa->lanes;
    tile->dst_row = p->chunk * tile->dst_pixel;
    for (int64_t t = 0; t < row->tiles; t++) {
        const nt_oc_kernel *kernel = t < row->wide_count ? row->wide : row->narrow;
        const int64_t pixels = left_by(p, kernel->pixels);
        if (waiting + pixels > p->chunk) {
            finish_chunk(w, tile, height, waiting, dst);
            dst += waiting * p->out.column;
            waiting = 0;
        }
        tile->dst = w->sums + waiting * tile->dst_pixel;
        kernel->run[0](tile);
        tile->src += kernel->pixels;
        waiting += pixels;
    }
    finish_chunk(w, tile, height, waiting, dst);
}

static void tiles_nhwc(const walk *w, const nt_tile_row *row, nt_oc_tile *tile, float *dst) {
    const ninetap_conv3x3 *p = w->plan;
    tile->bias = w->bias;
    tile->dst = dst;
    tile->dst_row = p->out.row;
    tile->dst_pixel = p->out.column;
    tile->last_lanes = (int)(w->channels - (row->narrow->vectors - 1) * (int64_t)p->isa->lanes);
    for (int64_t t = 0; t < row->tiles; t++) {
        const nt_oc_kernel *kernel = t < row->wide_count ? row->wide : row->narrow;
        kernel->run[p->apart ? 1 : 0](tile);
        tile->src += kernel->pixels * p->pixel_step;
        tile->dst += left_by(p, kernel->pixels) * tile->dst_pixel;
    }
}

/* `row.rows` output rows of the panel. */
static void tile_rows(const walk *w, const nt_tile_row *row, int64_t y) {
    const ninetap_conv3x3 *p = w->plan;
    nt_oc_tile tile = {
        .src = w->src + y * p->row_step,
        .tap = p->tap,
        .src_row = p->row_step,
        .src_pixel = p->pixel_step,
        .src_channel = p->scratch_channel,
        .channels = p->shape.group_ic,
        .weights = w->weights,
        .epilogue = w->call->epilogue,
    };
    float *dst = w->out + (p->pools_itself ? y / 2 : y) * p->out.row;
    (p->desc.layout == NINETAP_NCHW ? tiles_nchw : tiles_nhwc)(w, row, &tile, dst);
}

static void panel_oc(const walk *w, bool last) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_tile_row *row = last ? p->last : p->full;
    const int64_t height = row[0].narrow->rows;
    int64_t y = 0;
    for (; y + height <= w->rows; y += height) {
        tile_rows(w, &row[0], y);
    }
    for (; y < w->rows; y++) {
        tile_rows(w, &row[1], y);
    }
}

/* ---- lanes = output columns ---- */

/* Tiles [tile, end) of a row, of one width; the last vector of the row steps back to end with it.
 */
static void tiles_x(const walk *w, nt_x_strip *strip, const nt_x_kernel *kernel, int64_t tile,
                    int64_t end) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t lanes = p->isa->lanes;
    const int64_t ow = p->shape.ow;
    const int64_t before = tile * p->x_vectors + nt_min64(tile, p->x_wide_count);
    const int64_t first = nt_min64(before * lanes, ow - lanes);
    for (int64_t v = 0; v < kernel->vectors; v++) {
        strip->column[v] = nt_min64((before + v) * lanes, ow - lanes) - first;
    }
    strip->tiles = end - tile;
    strip->src = w->src + first;
    strip->dst = w->out + (p->pools_itself ? first / 2 : first);
    kernel->run(strip);
}

static void panel_x(const walk *w, bool last) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_x_kernel *const *kernels = last ? p->x_last : p->x_full;
    nt_x_strip strip = {
        .tap = p->tap,
        .src_row = p->scratch_row,
        .src_channel = p->scratch_channel,
        .channels = p->shape.group_ic,
        .weights = w->weights,
        .bias = w->bias,
        .epilogue = w->call->epilogue,
        .dst_channel = p->out.channel,
        .dst_row = p->out.row,
        .rows = left_by(p, w->rows),
    };
    const int64_t alike = p->x_tiles - (p->shape.ow % p->isa->lanes != 0 ? 1 : 0);
    for (int64_t t = 0; t < p->x_tiles;) {
        const bool wide = t < p->x_wide_count;
        const int64_t end =
            nt_min64(wide ? p->x_wide_count : p->x_tiles, t < alike ? alike : t + 1);
        tiles_x(w, &strip, kernels[p->x_vectors - (wide ? 0 : 1)], t, end);
        t = end;
    }
}

/* A map narrower than a vector: whole vectors go to scratch, and what exists of them home. */
static void panel_x_narrow(const walk *w, bool last) {
    const ninetap_conv3x3 *p = w->plan;
    const int64_t lanes = p->isa->lanes;
    const nt_x_kernel *kernel = (last ? p->x_last : p->x_full)[0];
    const nt_x_strip strip = {
        .src = w->src,
        .tap = p->tap,
        .src_row = p->scratch_row,
        .src_channel = p->scratch_channel,
        .channels = p->shape.group_ic,
        .weights = w->weights,
        .bias = w->bias,
        .epilogue = w->call->epilogue,
        .dst = w->sums,
        .dst_channel = p->strip_rows * lanes,
        .dst_row = lanes,
        .rows = w->rows,
        .tiles = 1,
    };
    kernel->run(&strip);
    for (int64_t o = 0; o < w->channels; o++) {
        for (int64_t y = 0; y < w->rows; y++) {
            memcpy(w->out + o * p->out.channel + y * p->out.row,
                   w->sums + (o * p->strip_rows + y) * lanes, (size_t)p->shape.ow * sizeof(float));
        }
    }
}

/* ---- the list ---- */

/* Enters the strip of unit u: packs its input. */
static void enter_strip(walk *w, int64_t strip, int64_t group, int64_t image) {
    const ninetap_conv3x3 *p = w->plan;
    const nt_conv_shape *s = &p->shape;
    const int64_t y = strip * p->strip_rows;
    const float *in = w->call->src + image * s->src.image + group * s->group_ic * s->src.channel;
    w->rows = s->oh - y < p->strip_rows ? s->oh - y : p->strip_rows;
    w->home = w->call->dst + image * s->dst.image + group * s->group_oc * s->dst.channel +
              (p->pooled ? y / 2 : y) * s->dst.row;
    w->src = in + y * p->row_step;
    if (!p->unpacked) {
        (p->apart ? nt_conv_pack_pixels : nt_conv_pack_input)(p, in, y, w->rows, w->scratch);
        w->src = w->scratch;
    }
}

static void run_panel(const walk *strip, int64_t group, int64_t panel) {
    const ninetap_conv3x3 *p = strip->plan;
    const bool last = panel == p->panels - 1;
    const int64_t first = panel * p->panel_oc;
    walk w = *strip;
    w.weights = p->weights + group * p->group_weights + panel * p->panel_weights;
    w.bias = p->bias + group * p->group_bias + first;
    w.channels = last ? p->shape.group_oc - first : p->panel_oc;
    w.home += first * p->shape.dst.channel;
    w.out = p->map_bytes > 0 ? w.out : w.home;
    if (p->narrow) {
        panel_x_narrow(&w, last);
    } else if (p->family == NT_DIRECT_X) {
        panel_x(&w, last);
    } else {
        panel_oc(&w, last);
    }
    const nt_conv_piece piece = {w.out, w.rows, p->shape.ow, w.channels};
    nt_conv_finish(p, w.call, &piece, w.home);
}

/* Weights that are not finite: padding taps must be skipped, which only the reference does. */
static void walk_naive(const ninetap_conv3x3 *p, const nt_conv_call *call, float *map) {
    const nt_conv_shape *s = &p->shape;
    ninetap_conv3x3_desc one = p->desc;
    one.n = 1;
    one.pool = NINETAP_POOL_NONE;
    const bool more = p->pooled || call->residual != NULL;
    if (call->residual != NULL || (more && p->epilogue.kind != NT_CLAMP)) {
        one.act = NINETAP_LINEAR;
    }
    for (int i = 0; i < 3 && p->pooled; i++) {
        one.dst_pitch[i] = 0;
    }
    for (int64_t image = 0; image < s->n; image++) {
        float *home = call->dst + image * s->dst.image;
        float *out = p->pooled ? map : home;
        nt_reference_conv3x3_f32(&one, p->fused ? NT_FUSED : NT_SEPARATE,
                                 call->src + image * s->src.image, p->weights, p->bias, out);
        if (more) {
            const nt_conv_piece piece = {out, s->oh, s->ow, s->oc};
            nt_conv_finish(p, call, &piece, home);
        }
    }
}

void nt_conv_walk(const ninetap_conv3x3 *p, const nt_conv_call *call, float *slice, int part,
                  int parts) {
    const nt_conv_shape *s = &p->shape;
    float *sums = slice + p->scratch_bytes / sizeof(float);
    float *map = sums + p->sums_bytes / sizeof(float);
    if (p->family == NT_NAIVE) {
        if (part == 0) {
            walk_naive(p, call, map);
        }
        return;
    }
    const bool depthwise = p->family == NT_DEPTHWISE || p->family == NT_DEPTHWISE_X;
    const int64_t strips = s->n * (p->family == NT_DEPTHWISE ? 1 : s->groups) * p->strips;
    const int64_t units = strips * p->panels;
    const int64_t begin = nt_part_begin(units, part, parts);
    const int64_t end = nt_part_begin(units, part + 1, parts);
    if (depthwise) {
        nt_conv_walk_depthwise(p, call, slice, begin, end);
        return;
    }
    if (nt_winograd_size(p->family) != 0) {
        nt_conv_walk_winograd(p, call, slice, begin, end);
        return;
    }
    walk w = {.plan = p, .call = call, .scratch = slice, .sums = sums, .out = map};
    if (p->narrow) {
        memset(w.scratch, 0, p->scratch_bytes); /* lanes without a column must meet numbers */
    }
    for (int64_t u = begin; u < end; u++) {
        const int64_t strip = u / p->panels;
        const int64_t group = strip / p->strips % s->groups;
        if (u == begin || u % p->panels == 0) {
            enter_strip(&w, strip % p->strips, group, strip / p->strips / s->groups);
        }
        run_panel(&w, group, u % p->panels);
    }
}
