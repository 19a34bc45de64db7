/* What a Winograd plan costs, and the blocks of tiles that make it cheapest. */
#include "core/build.h"

#include <math.h>

#include "conv3x3/winograd.h"

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
    const nt_conv *c;
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

typedef nt_winograd_cut cut; /* all tiles in blocks of y x x */

int nt_winograd_most_tiles(const nt_isa *isa, int vectors) {
    int tiles = 0;
    for (int i = 0; i < isa->winograd_tile_count; i++) {
        const nt_winograd_tile *t = &isa->winograd_tile[i];
        tiles = t->vectors == vectors && t->tiles > tiles ? t->tiles : tiles;
    }
    return tiles;
}

static work work_of(const nt_conv *c, int m) {
    const nt_conv_shape *s = &c->shape;
    const int64_t lanes = c->isa->lanes;
    work w = {.c = c,
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
    w.widest = (double)nt_winograd_most_tiles(c->isa, w.vectors);
    w.vector = w.frequencies * (double)lanes * sizeof(float);
    return w;
}

/* Fewer than 5 sums idle the pipes; a pass that ends costs 25 cycles, and storing a sum 3. */
static double multiply_cost(const work *w, const cut *b) {
    const double tiles = (double)(b->y * b->x);
    const double passes = ceil(tiles / w->widest);
    const double width = w->vectors * tiles / passes;
    const double sums = w->frequencies * w->tiles * w->out;
    const double calls = w->frequencies * b->blocks * w->panels * passes;
    return sums * ((double)w->c->shape.ic * fmax(1.0, 5.0 / width) + 3.0) + 25.0 * calls;
}

/* What does not stay in the L2 cache comes at 20 bytes a cycle, what does not stay in the last one
 * at 10. Filters are fetched ahead: multiplications hide their first reading, and two thirds of the
 * others as long as they come from a cache. */
typedef struct stream {
    double first, again;
} stream;

static stream filters_cost(const work *w, const cut *b) {
    const double bytes = w->vector * (double)w->c->shape.ic * w->out;
    const bool is_far = bytes > (double)LAST_BYTES;
    const double cycles =
        bytes <= (double)FILTER_BYTES ? 0.0 : bytes / (is_far ? 10.0 : 20.0) / w->scale;
    return (stream){cycles, cycles * (b->blocks - 1.0) * (is_far ? 1.0 : 0.3)};
}

/* V is read once a panel, and nothing hides it. */
static double input_again_cost(const work *w, const cut *b) {
    const double block = w->vector * (double)(b->y * b->x) * (w->in + w->vectors);
    const double read = w->in * w->panels + 2.0 * w->out;
    return block <= (double)CACHE_BYTES ? 0.0 : w->vector * w->tiles * read / 20.0 / w->scale;
}

/* A vector that a transform loads or stores costs 2 to 3, its share of a transposition 6, and a row
 * of a block's tiles 60. Blocks share two rows and columns of pixels with their neighbours. */
static double input_cost(const work *w, const cut *b) {
    const double m = (double)w->m;
    const double a = m + 2.0;
    const double y = m * (double)b->y;
    const double x = m * (double)b->x;
    const double turned = w->c->desc.layout == NINETAP_NCHW ? 6.0 * (y + 2.0) * (x + 2.0) : 0.0;
    const double columns = (double)b->y * (x + 2.0) * a;
    const double rows = (double)(b->y * b->x) * a * a;
    return w->in * b->blocks * (3.0 * (columns + rows) + turned + 60.0 * (double)b->y);
}

static double output_cost(const work *w, const cut *b) {
    const double m = (double)w->m;
    const double a = m + 2.0;
    const double turned = w->c->desc.layout == NINETAP_NCHW ? 6.0 * m * m : 0.0;
    return w->out *
           (w->tiles * (2.0 * (a * a + a * m + m * m) + turned) + 60.0 * b->blocks * (double)b->y);
}

/* Of the slowest thread: units of work do not divide, and each thread that works at a block
 * transforms its input. */
static double cost(const work *w, const cut *b, int threads) {
    const double units = b->blocks * w->panels;
    const double share = ceil(units / threads);
    const double entered = ceil(share / w->panels) + (fmod(share, w->panels) > 1.0 ? 1.0 : 0.0);
    const double multiply = multiply_cost(w, b);
    const stream filters = filters_cost(w, b);
    const double rest = filters.again + input_again_cost(w, b) + output_cost(w, b);
    return share / units * (fmax(multiply, filters.first) + rest) +
           fmin(entered, b->blocks) / b->blocks * input_cost(w, b) + 500.0;
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
nt_winograd_cut nt_winograd_cheapest(const nt_conv *c, int m, int threads) {
    const work w = work_of(c, m);
    cut best = cut_of(&w, 1, 1, threads);
    for (int64_t x = 2; x <= nt_min64(w.tiles_x, MOST_TILES); x++) {
        try_cut(&w, 1, x, threads, &best);
    }
    for (int64_t y = 2; y <= w.tiles_y && y * w.tiles_x <= MOST_TILES; y++) {
        try_cut(&w, y, w.tiles_x, threads, &best);
    }
    return best;
}
