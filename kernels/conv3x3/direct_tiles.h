/* How direct_channels.h's tiles are taken, and what they cost. */
#ifndef NINETAP_CONV3X3_DIRECT_TILES_H
#define NINETAP_CONV3X3_DIRECT_TILES_H

#include "conv3x3/conv3x3.h"

/* A row of tiles of one height: `tiles` tiles, the first `wide_count` of them one pixel wider. */
typedef struct nt_tile_row {
    const nt_oc_kernel *wide, *narrow;
    int64_t tiles, wide_count;
} nt_tile_row;

typedef struct nt_tile_list {
    const nt_oc_kernel *kernels;
    int count;
    int unit; /* pixels that must not be parted: a window of the pool */
} nt_tile_list;

nt_tile_list nt_tiles_of(const nt_conv *c, bool pools_itself);

/* The tile of that size, which must be there; NULL: it has no pixels. */
const nt_oc_kernel *nt_find_tile(nt_tile_list list, int rows, int64_t pixels, int vectors);

/* Of a row of outputs. */
int64_t nt_tiles_of_row(const nt_conv_shape *s, nt_tile_list list, int rows, int vectors);
nt_tile_row nt_cut_tiles(const nt_conv_shape *s, nt_tile_list list, int rows, int vectors);

/* Rows of a tile: two at once when a single one is too narrow to fill it. */
int nt_tile_height(const nt_conv_shape *s, nt_tile_list list, int vectors);

/* How far ahead the first tile of a panel prefetches weights, in bytes; 0: not at all. */
int64_t nt_weights_ahead(const nt_conv *c);

/* Predicted: a row of outputs of a panel of so many vectors; what becomes of a vector of its sums.
 */
double nt_panel_cycles(const nt_conv *c, nt_tile_list list, int vectors);
double nt_finish_cycles(const nt_conv *c);

#endif
