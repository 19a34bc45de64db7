/* How a Winograd plan runs: blocks of tiles and their share of the scratch. */
#include "conv3x3/conv3x3.h"
#include "core/size.h"
#include "core/workspace.h"

/* V and M of a block. They are read once a panel and written once; beyond this size, half of a 1
 * MiB L2 cache, the filters should have the room. */
enum { BLOCK_BYTES = 640 * 1024 };

static void find_kernels(ninetap_conv3x3 *p) {
    const nt_isa *isa = p->isa;
    nt_winograd_plan *g = &p->winograd;
    for (int i = 0; i < isa->winograd_count; i++) {
        if (isa->winograd[i].m == g->m) {
            g->kernel = &isa->winograd[i];
        }
    }
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        g->multiply[t->vectors - 1][t->tiles] = t->multiply;
        if (t->tiles > g->most[t->vectors - 1]) {
            g->most[t->vectors - 1] = t->tiles;
            p->kernel = t->vectors * isa->lanes == p->panel_oc ? t->name : p->kernel;
        }
    }
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
    const int64_t tiles = g->block_y * g->block_x;
    const int64_t columns = g->block_x * g->m + 2;
    const int64_t frequencies = (g->m + 2) * (g->m + 2);
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    g->input_frequency = odd_lines(g->vectors * tiles * lanes);
    g->product_frequency = odd_lines(tiles * p->panel_oc);
    int64_t end = 0;
    g->at.rows = place(&end, ((nchw ? g->block_y * g->m : g->m) + 2) * columns * lanes);
    g->at.columns = place(&end, columns * (g->m + 2) * lanes);
    g->at.input = place(&end, frequencies * g->input_frequency);
    g->at.product = place(&end, frequencies * g->product_frequency);
    g->at.pixels =
        place(&end, nchw ? g->m * nt_min64(g->block_x, NT_WINOGRAD_CHUNK) * g->m * lanes : 0);
    /* too large: nt_conv_choose refuses it */
    const bool fits = nt_size_fits(nt_size_of(end), sizeof(float));
    p->scratch_bytes = fits ? (size_t)end * sizeof(float) : PTRDIFF_MAX;
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
    find_kernels(p);
    const int64_t tile = (int64_t)(g->m + 2) * (g->m + 2) * (g->vectors * lanes + p->panel_oc);
    const int64_t tiles =
        nt_max64(BLOCK_BYTES / (int64_t)sizeof(float) / tile, g->most[vectors - 1]);
    cut_blocks(g, tiles);
    lay_out(p);
    p->strips = g->blocks_y * g->blocks_x;
}
