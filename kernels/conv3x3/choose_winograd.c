/* How a Winograd plan runs: what it costs, blocks of tiles and their share of the scratch. */
#include "core/build.h"

#include <math.h>

#include "conv3x3/conv3x3.h"
#include "core/size.h"

/* ---- what it costs ---- */

enum {
    CACHE_BYTES = 640 * 1024,  /* V and M that stay near: more or less, in an L2 cache of 512 KiB */
    FILTER_BYTES = 768 * 1024, /* filters that stay near, too */
    LAST_BYTES = 24 << 20,     /* filters that the last cache keeps */
    MOST_BYTES = 2 << 20,      /* V of a block: no more than a share of the last cache */
    MOST_TILES = 512           /* no block is larger */
};

/* What does not depend on the cut. */
typedef struct work {
    const ninetap_conv3x3 *p;
    int64_t m, tiles_y, tiles_x;
    double images, tiles; /* of all images */
    double frequencies;
    double in, out; /* vectors of channels */
    int vectors;    /* of a panel */
    double panels;
    double widest; /* tiles that one multiplication takes */
    double vector; /* bytes of a tile's frequencies, one vector of channels */
    double scale;  /* bytes a cycle grow with the vector: a cycle does one multiply-add */
} work;

/* All tiles in blocks of y x x. */
typedef struct cut {
    int64_t y, x;
    double blocks; /* of all images */
    double cycles; /* predicted */
} cut;

static int most_tiles(const nt_isa *isa, int vectors) {
    int tiles = 0;
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        tiles = t->vectors == vectors && t->tiles > tiles ? t->tiles : tiles;
    }
    return tiles;
}

static work work_of(const ninetap_conv3x3 *p, int m) {
    const nt_conv_shape *s = &p->shape;
    const int64_t lanes = p->isa->lanes;
    work w = {.p = p,
              .m = m,
              .tiles_y = nt_div_up(s->oh, m),
              .tiles_x = nt_div_up(s->ow, m),
              .images = (double)nt_max64(1, s->n),
              .frequencies = (double)((m + 2) * (m + 2)),
              .in = (double)nt_div_up(s->ic, lanes),
              .out = (double)nt_div_up(s->oc, lanes),
              .vectors = s->oc > lanes ? 2 : 1,
              .scale = (double)lanes / 16.0};
    w.tiles = w.images * (double)(w.tiles_y * w.tiles_x);
    w.panels = ceil(w.out / w.vectors);
    w.widest = (double)most_tiles(p->isa, w.vectors);
    w.vector = w.frequencies * (double)lanes * sizeof(float);
    return w;
}

/* Fewer than 5 sums idle the pipes; a pass that ends costs 25 cycles, and storing a sum 3. */
static double multiply_cost(const work *w, const cut *c) {
    const double tiles = (double)(c->y * c->x);
    const double passes = ceil(tiles / w->widest);
    const double width = w->vectors * tiles / passes;
    const double sums = w->frequencies * w->tiles * w->out;
    const double calls = w->frequencies * c->blocks * w->panels * passes;
    return sums * ((double)w->p->shape.ic * fmax(1.0, 5.0 / width) + 3.0) + 25.0 * calls;
}

/* What does not stay in the L2 cache comes at 20 bytes a cycle, what does not stay in the last one
 * at 10. Filters are fetched ahead: multiplications hide their first reading, and two thirds of the
 * others as long as they come from a cache. */
typedef struct stream {
    double first, again;
} stream;

static stream filters_cost(const work *w, const cut *c) {
    const double bytes = w->vector * (double)w->p->shape.ic * w->out;
    const bool is_far = bytes > (double)LAST_BYTES;
    const double cycles =
        bytes <= (double)FILTER_BYTES ? 0.0 : bytes / (is_far ? 10.0 : 20.0) / w->scale;
    return (stream){cycles, cycles * (c->blocks - 1.0) * (is_far ? 1.0 : 0.3)};
}

/* V is read once a panel, and nothing hides it. */
static double input_again_cost(const work *w, const cut *c) {
    const double block = w->vector * (double)(c->y * c->x) * (w->in + w->vectors);
    const double read = w->in * w->panels + 2.0 * w->out;
    return block <= (double)CACHE_BYTES ? 0.0 : w->vector * w->tiles * read / 20.0 / w->scale;
}

/* A vector that a transform loads or stores costs 2 to 3, its share of a transposition 6, and a row
 * of a block's tiles 60. Blocks share two rows and columns of pixels with their neighbours. */
static double input_cost(const work *w, const cut *c) {
    const double m = (double)w->m;
    const double a = m + 2.0;
    const double y = m * (double)c->y;
    const double x = m * (double)c->x;
    const double turned = w->p->desc.layout == NINETAP_NCHW ? 6.0 * (y + 2.0) * (x + 2.0) : 0.0;
    const double columns = (double)c->y * (x + 2.0) * a;
    const double rows = (double)(c->y * c->x) * a * a;
    return w->in * c->blocks * (3.0 * (columns + rows) + turned + 60.0 * (double)c->y);
}

static double output_cost(const work *w, const cut *c) {
    const double m = (double)w->m;
    const double a = m + 2.0;
    const double turned = w->p->desc.layout == NINETAP_NCHW ? 6.0 * m * m : 0.0;
    return w->out *
           (w->tiles * (2.0 * (a * a + a * m + m * m) + turned) + 60.0 * c->blocks * (double)c->y);
}

/* Of the slowest thread: units of work do not divide, and each thread that works at a block
 * transforms its input. */
static double cost(const work *w, const cut *c, int threads) {
    const double units = c->blocks * w->panels;
    const double share = ceil(units / threads);
    const double entered = ceil(share / w->panels) + (fmod(share, w->panels) > 1.0 ? 1.0 : 0.0);
    const double multiply = multiply_cost(w, c);
    const stream filters = filters_cost(w, c);
    const double rest = filters.again + input_again_cost(w, c) + output_cost(w, c);
    return share / units * (fmax(multiply, filters.first) + rest) +
           fmin(entered, c->blocks) / c->blocks * input_cost(w, c) + 500.0;
}

/* ---- the cut ---- */

/* As equal as blocks of about y x x can be. */
static cut cut_of(const work *w, int64_t y, int64_t x, int threads) {
    const int64_t rows = nt_div_up(w->tiles_y, y);
    const int64_t columns = nt_div_up(w->tiles_x, x);
    cut c = {.y = nt_div_up(w->tiles_y, rows),
             .x = nt_div_up(w->tiles_x, columns),
             .blocks = w->images * (double)(rows * columns)};
    c.cycles = cost(w, &c, threads);
    return c;
}

static void try_cut(const work *w, int64_t y, int64_t x, int threads, cut *best) {
    const cut c = cut_of(w, y, x, threads);
    if (c.cycles < best->cycles && w->vector * w->in * (double)(c.y * c.x) <= (double)MOST_BYTES) {
        *best = c;
    }
}

/* Parts of a row of tiles, or whole rows. */
static cut cheapest_cut(const ninetap_conv3x3 *p, int m, int threads) {
    const work w = work_of(p, m);
    cut best = cut_of(&w, 1, 1, threads);
    for (int64_t x = 2; x <= nt_min64(w.tiles_x, MOST_TILES); x++) {
        try_cut(&w, 1, x, threads, &best);
    }
    for (int64_t y = 2; y <= w.tiles_y && y * w.tiles_x <= MOST_TILES; y++) {
        try_cut(&w, y, w.tiles_x, threads, &best);
    }
    return best;
}

double nt_winograd_cycles(const ninetap_conv3x3 *p, int m) {
    return cheapest_cut(p, m, 1).cycles;
}

/* ---- the plan ---- */

static void find_kernels(ninetap_conv3x3 *p, int vectors) {
    const nt_isa *isa = p->isa;
    nt_winograd_plan *g = &p->winograd;
    for (int i = 0; i < isa->winograd_count; i++) {
        if (isa->winograd[i].m == g->m) {
            g->kernel = &isa->winograd[i];
        }
    }
    g->most[0] = most_tiles(isa, 1);
    g->most[1] = most_tiles(isa, 2);
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        g->multiply[t->vectors - 1][t->tiles] = t->multiply;
        if (t->vectors == vectors && t->tiles == g->most[vectors - 1]) {
            p->kernel = t->name;
        }
    }
}

static void cut_blocks(ninetap_conv3x3 *p) {
    nt_winograd_plan *g = &p->winograd;
    const cut best = cheapest_cut(p, g->m, p->threads);
    g->block_y = best.y;
    g->block_x = best.x;
    g->blocks_y = nt_div_up(g->tiles_y, g->block_y);
    g->blocks_x = nt_div_up(g->tiles_x, g->block_x);
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
    const int64_t elements = p->shape.src.extent + p->shape.dst.extent * (p->pooled ? 4 : 1);
    const bool is_far = elements > NT_NEAR_BYTES / (int64_t)sizeof(float);
    p->winograd.prefetch_output = is_far;
    p->winograd.prefetch_input = is_far && p->desc.layout == NINETAP_NHWC;
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
    cut_blocks(p);
    lay_out(p);
    choose_prefetch(p);
    p->strips = g->blocks_y * g->blocks_x;
}
