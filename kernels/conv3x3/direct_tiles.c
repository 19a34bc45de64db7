#include "core/build.h"
#include "conv3x3/direct_tiles.h"

#include "conv3x3/predict.h"
#include "core/size.h"

nt_tile_list nt_tiles_of(const nt_conv *c, bool pools_itself) {
    const nt_kernels *from = c->kernels;
    return pools_itself ? (nt_tile_list){from->oc_pool, from->oc_pool_count, 2}
                        : (nt_tile_list){from->oc, from->oc_count, 1};
}

const nt_oc_kernel *nt_find_tile(nt_tile_list list, int rows, int64_t pixels, int vectors) {
    for (int i = 0; i < list.count; i++) {
        const nt_oc_kernel *k = list.kernels + i;
        if (k->rows == rows && k->pixels == pixels && k->vectors == vectors) {
            return k;
        }
    }
    return NULL;
}

static int widest_tile(nt_tile_list list, int rows, int vectors) {
    int pixels = 0;
    for (int i = 0; i < list.count; i++) {
        const nt_oc_kernel *k = list.kernels + i;
        if (k->rows == rows && k->vectors == vectors && k->pixels > pixels) {
            pixels = k->pixels;
        }
    }
    return pixels;
}

/* Equal tiles, as few as the widest kernel allows: a narrow last tile has too few sums for the FMA
 * pipes. With few channels a tile takes little time; a smaller one lets the multiply-adds of the
 * next tile start while it is finished. */
int64_t nt_tiles_of_row(const nt_conv_shape *s, nt_tile_list list, int rows, int vectors) {
    enum { FEW_CHANNELS = 4, FEW_SUMS = 20 };
    int64_t most = widest_tile(list, rows, vectors);
    if (s->group_ic <= FEW_CHANNELS) {
        most = nt_max64(nt_min64(most, FEW_SUMS / (rows * vectors)), list.unit);
    }
    return nt_div_up(s->ow / list.unit, most / list.unit);
}

nt_tile_row nt_cut_tiles(const nt_conv_shape *s, nt_tile_list list, int rows, int vectors) {
    const int64_t units = s->ow / list.unit;
    const int64_t tiles = nt_tiles_of_row(s, list, rows, vectors);
    nt_tile_row row = {.tiles = tiles, .wide_count = units % tiles};
    row.narrow = nt_find_tile(list, rows, units / tiles * list.unit, vectors);
    row.wide = row.wide_count > 0
                   ? nt_find_tile(list, rows, (units / tiles + 1) * list.unit, vectors)
                   : row.narrow;
    return row;
}

int nt_tile_height(const nt_conv_shape *s, nt_tile_list list, int vectors) {
    if (list.unit == 2) {
        return 2;
    }
    const int wide2 = vectors == 2 ? widest_tile(list, 2, 2) : 0;
    if (s->oh < 2 || wide2 == 0) {
        return 1;
    }
    const int64_t ow = s->ow;
    const int wide1 = widest_tile(list, 1, 2);
    const double fill1 = (double)ow / (double)(nt_div_up(ow, wide1) * wide1);
    const double fill2 = (double)ow / (double)(nt_div_up(ow, wide2) * wide2);
    return fill2 > fill1 * 1.05 ? 2 : 1;
}

/* A row of outputs of a panel of so many vectors. Its weights pass the L1 cache for each tile. */
double nt_panel_cycles(const nt_conv *c, nt_tile_list list, int vectors) {
    const nt_conv_shape *s = &c->shape;
    const nt_machine *m = &c->machine;
    const int rows = nt_tile_height(s, list, vectors);
    const double tiles = (double)nt_tiles_of_row(s, list, rows, vectors);
    const double pixels = rows * (double)s->ow / tiles;
    const double steps = 9.0 * (double)c->depth;
    const double multiply = steps * nt_step_cycles(m, c->fused, pixels * vectors, pixels + vectors);
    const double weights = steps * vectors * nt_vector_bytes(c);
    const double wait = nt_exposed_cycles(m, nt_level_of(m, weights), weights, multiply);
    return tiles / rows * (multiply + wait + nt_end_cycles(m, c->fused));
}

/* Bias, activation and store of a row's vectors of sums. NCHW's, of which the pool leaves a
 * quarter, are stored, loaded and turned before; half of the time of the shuffles they wait for
 * each other.
 */
double nt_finish_cycles(const nt_conv *c) {
    const double columns = (double)c->shape.ow;
    const nt_machine *m = &c->machine;
    if (c->desc.layout == NINETAP_NHWC && !c->integers) {
        return columns * nt_move_cycles(m, 1.0, c->pooled ? 0.25 : 1.0, 0.0);
    }
    const double turn = nt_move_cycles(m, 2.0, 2.0, 1.5 * nt_turn_shuffles(c));
    const double left = c->isa->lanes * nt_vectors(c, c->pooled ? c->shape.ow / 2 : c->shape.ow);
    return c->pooled ? columns * nt_move_cycles(m, 0.0, 0.5, 0.0) + left / 2.0 * turn : left * turn;
}

/* Weights that the L2 cache does not hold come from beyond it for each strip. The first tile of a
 * panel waits for them unless it prefetches; for the others they are in L2, where prefetching them
 * would cost time (docs/kernels.md). */
int64_t nt_weights_ahead(const nt_conv *c) {
    enum { AHEAD = 8192 };
    const int64_t weights = c->shape.oc * c->depth * 9 * NT_PACKED_BYTES;
    return weights > c->machine.cache[NT_IN_L2] ? AHEAD : 0;
}
