/* How a Winograd plan runs: blocks of tiles and their share of the scratch. */
#include "conv3x3/conv3x3.h"
#include "core/size.h"

/* V and M of a block. They are read once a panel and written once; beyond this size, half of a 1
 * MiB L2 cache, the filters should have the room. */
enum { BLOCK_BYTES = 640 * 1024 };

int64_t nt_winograd_block(const nt_isa *isa, int m, int64_t channels, int vectors) {
    const int64_t lanes = isa->lanes;
    const int64_t width = (nt_div_up(channels, lanes) + vectors) * lanes;
    const int64_t tile = (int64_t)(m + 2) * (m + 2) * width * (int64_t)sizeof(float);
    return nt_max64(BLOCK_BYTES / tile, nt_winograd_widest(isa, vectors));
}

int nt_winograd_widest(const nt_isa *isa, int vectors) {
    int tiles = 0;
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        tiles = t->vectors == vectors && t->tiles > tiles ? t->tiles : tiles;
    }
    return tiles;
}

static void find_kernels(ninetap_conv3x3 *p, int vectors) {
    const nt_isa *isa = p->isa;
    nt_winograd_plan *g = &p->winograd;
    for (int i = 0; i < isa->winograd_count; i++) {
        if (isa->winograd[i].m == g->m) {
            g->kernel = &isa->winograd[i];
        }
    }
    g->most[0] = nt_winograd_widest(isa, 1);
    g->most[1] = nt_winograd_widest(isa, 2);
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        g->multiply[t->vectors - 1][t->tiles] = t->multiply;
        if (t->vectors == vectors && t->tiles == g->most[vectors - 1]) {
            p->kernel = t->name;
        }
    }
}

/* The most tiles of a block that leave every thread a few units to share. */
static int64_t tiles_to_share(const ninetap_conv3x3 *p) {
    enum { UNITS = 4 };
    const nt_winograd_plan *g = &p->winograd;
    const int64_t units = nt_max64(1, p->shape.n) * p->panels;
    const int64_t blocks = p->threads == 1 ? 1 : nt_div_up((int64_t)UNITS * p->threads, units);
    return nt_div_up(g->tiles_y * g->tiles_x, blocks);
}

/* Equal blocks of about `tiles` tiles, whole rows of them if they fit. */
static void cut_blocks(nt_winograd_plan *g, int64_t tiles) {
    g->blocks_x = nt_div_up(g->tiles_x, nt_max64(tiles, 1));
    g->block_x = nt_div_up(g->tiles_x, g->blocks_x);
    g->blocks_x = nt_div_up(g->tiles_x, g->block_x);
    g->blocks_y = nt_div_up(g->tiles_y, nt_max64(tiles / g->block_x, 1));
    g->block_y = nt_div_up(g->tiles_y, g->blocks_y);
    g->blocks_y = nt_div_up(g->tiles_y, g->block_y);
}

/* A pitch of whole cache lines that no power of two divides: as many streams as there are
 * frequencies are written at once, and must not fall into the same sets of the L1 cache. */
static int64_t odd_lines(int64_t elements) {
    enum { LINE = 16 };
    return (nt_div_up(elements, LINE) | 1) * LINE;
}

static int64_t place(int64_t *end, int64_t elements) {
    const int64_t at = *end;
    *end += odd_lines(elements);
    return at;
}

static void lay_out(ninetap_conv3x3 *p) {
    nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    int64_t tiles = g->block_y * g->block_x;
    const int64_t columns = g->block_x * g->m + 2;
    const int64_t frequencies = (g->m + 2) * (g->m + 2);
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    g->input_frequency = odd_lines(g->vectors * tiles * lanes);
    g->product_frequency = odd_lines(tiles * p->panel_oc);
    int64_t end = 0;
    /* mirrored rows and columns may lie up to two before those of the block */
    g->at.rows = place(&end, ((nchw ? g->block_y * g->m : g->m) + 4) * (columns + 2) * lanes);
    g->outside_row = (columns + 2) * lanes;
    g->at.outside = place(&end, 2 * g->outside_row);
    g->at.input = place(&end, frequencies * g->input_frequency);
    g->at.product = place(&end, frequencies * g->product_frequency);
    g->at.pixels =
        place(&end, nchw ? g->m * nt_min64(g->block_x, NT_WINOGRAD_CHUNK) * g->m * lanes : 0);
    /* too large: nt_conv_choose refuses it */
    const bool fits = nt_size_fits(nt_size_of(end), sizeof(float));
    p->scratch_bytes = fits ? (size_t)end * sizeof(float) : PTRDIFF_MAX;
}

/* Tensors beyond the CPU's near caches wait for memory while nothing multiplies. Fetching them
 * during the multiplications hides it: 128x112x112 NHWC from 10.9 ms to 9.4 (F4). The input of NCHW
 * comes in long rows, which the hardware fetches as well: nothing gained. */
static void choose_prefetch(ninetap_conv3x3 *p) {
    const int64_t elements = p->shape.src.extent + p->shape.dst.extent;
    const bool far = elements > NT_NEAR_BYTES / (int64_t)sizeof(float);
    p->winograd.prefetch_output = far;
    p->winograd.prefetch_input = far && p->desc.layout == NINETAP_NHWC;
}

void nt_conv_choose_winograd(ninetap_conv3x3 *p, nt_family family) {
    const nt_conv_shape *s = &p->shape;
    nt_winograd_plan *g = &p->winograd;
    const int64_t lanes = p->isa->lanes;
    const int vectors = s->oc > lanes ? 2 : 1;
    p->family = family;
    g->m = nt_winograd_size(family);
    g->tiles_y = nt_div_up(s->oh, g->m);
    g->tiles_x = nt_div_up(s->ow, g->m);
    g->vectors = nt_div_up(s->ic, lanes);
    p->panel_oc = vectors * lanes;
    p->panels = nt_div_up(s->oc, p->panel_oc);
    p->border_count = 2 * lanes;
    find_kernels(p, vectors);
    cut_blocks(g, nt_min64(nt_winograd_block(p->isa, g->m, s->ic, vectors), tiles_to_share(p)));
    lay_out(p);
    choose_prefetch(p);
    p->strips = g->blocks_y * g->blocks_x;
}
