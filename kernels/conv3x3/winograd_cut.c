/* What a Winograd plan costs, and the blocks of tiles that make it cheapest. */
#include "core/build.h"

#include <math.h>

#include "conv3x3/predict.h"
#include "conv3x3/winograd.h"

/* ---- what it costs ---- */

enum { MOST_TILES = 512 }; /* no block is larger */

/* What the cost of every cut has in common. */
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
              .vectors = s->oc > lanes ? 2 : 1};
    w.tiles = w.images * (double)(w.tiles_y * w.tiles_x);
    w.panels = ceil(w.out / w.vectors);
    w.widest = (double)nt_winograd_most_tiles(c->isa, w.vectors);
    w.vector = w.frequencies * (double)lanes * sizeof(float);
    return w;
}

/* A pass of a panel over the tiles of a block, for a frequency: filters pass the L1 cache, and its
 * sums go to M, in the L2 cache. */
static double multiply_cost(const work *w, const cut *b) {
    const nt_machine *m = &w->c->machine;
    const double tiles = (double)(b->y * b->x);
    const double passes = ceil(tiles / w->widest);
    const double inputs = tiles / passes;
    const double sums = w->vectors * inputs;
    const double steps = (double)w->c->shape.ic;
    const double multiply =
        steps * nt_step_cycles(m, w->c->fused, sums, inputs + (double)w->vectors);
    const double filters = steps * w->vectors * nt_vector_bytes(w->c);
    const double pass = multiply + nt_exposed_cycles(m, NT_IN_L2, filters, multiply) +
                        nt_write_cycles(m, NT_IN_L2, sums * nt_vector_bytes(w->c)) +
                        nt_end_cycles(m, w->c->fused);
    return w->frequencies * b->blocks * w->panels * passes * pass;
}

/* Filters that do not stay in the L2 cache. Each block reads all of them; they are fetched ahead,
 * while multiplications take `multiply` cycles. */
static double filters_cost(const work *w, const cut *b, double multiply) {
    const nt_machine *m = &w->c->machine;
    const double bytes = w->vector * (double)w->c->shape.ic * w->out;
    const nt_level level = nt_level_of(m, bytes);
    return level <= NT_IN_L2 ? 0.0
                             : b->blocks * nt_exposed_cycles(m, level, bytes, multiply / b->blocks);
}

/* If V does not stay in the L2 cache: it is read once a panel, while multiplications take
 * `multiply` cycles; nothing hides that M is written and read. */
static double input_again_cost(const work *w, const cut *b, double multiply) {
    const nt_machine *m = &w->c->machine;
    const nt_level level = nt_level_of(m, w->vector * (double)(b->y * b->x) * (w->in + w->vectors));
    const double all = w->vector * w->tiles;
    return level <= NT_IN_L2 ? 0.0
                             : nt_exposed_cycles(m, level, all * w->in * w->panels, multiply) +
                                   nt_read_cycles(m, level, all * 2.0 * w->out);
}

/* Loads and stores of a transform beside its sums and products, of which a core starts as many as
 * of both halves of separate multiply-adds. In order, nothing is beside anything. */
static double transform_cycles(const work *w, double moves, double operations) {
    const nt_machine *m = &w->c->machine;
    const double arithmetic = operations / (2.0 * nt_multiply_add_rate(m, false));
    return m->costs->window > 0.0F ? nt_most(moves, arithmetic) : moves + arithmetic;
}

/* A row of a block's tiles, besides. */
static double row_cycles(const work *w) {
    return nt_code_cycles(&w->c->machine, 200.0, 2.0);
}

/* Operations of a tile's transforms, by m / 2 (bodies/winograd_1d.h): input, output. */
static const double winograd_operations[4][2] = {
    {0.0}, {32.0, 24.0}, {144.0, 110.0}, {384.0, 280.0}};

/* Columns first, then rows; the transformed tile goes to V, in the L2 cache. Blocks share two rows
 * and columns of pixels with their neighbours. */
static double input_cost(const work *w, const cut *b) {
    const nt_machine *machine = &w->c->machine;
    const double m = (double)w->m;
    const double a = m + 2.0;
    const double y = m * (double)b->y;
    const double x = m * (double)b->x;
    const bool nchw = w->c->desc.layout == NINETAP_NCHW;
    const double turned = nchw ? (y + 2.0) * (x + 2.0) * nt_turn_cycles(w->c) : 0.0;
    const double columns = (double)b->y * (x + 2.0);
    const double tiles = (double)(b->y * b->x);
    const double moves = columns * a * nt_move_cycles(machine, 1.0, 1.0, 0.0) +
                         nt_write_cycles(machine, NT_IN_L2, tiles * w->vector);
    const double half = winograd_operations[w->m / 2][0] / 2.0;
    return w->in * b->blocks *
           (transform_cycles(w, moves, half * (columns / a + tiles)) + turned +
            row_cycles(w) * (double)b->y);
}

static double output_cost(const work *w, const cut *b) {
    const nt_machine *machine = &w->c->machine;
    const double m = (double)w->m;
    const double a = m + 2.0;
    const bool nchw = w->c->desc.layout == NINETAP_NCHW;
    const double turned = nchw ? m * m * nt_turn_cycles(w->c) : 0.0;
    const double moves = nt_read_cycles(machine, NT_IN_L2, w->vector) +
                         nt_move_cycles(machine, a * m / 2.0, a * m / 2.0 + m * m, 0.0);
    const double tile = transform_cycles(w, moves, winograd_operations[w->m / 2][1]) + turned;
    return w->out * (w->tiles * tile + row_cycles(w) * b->blocks * (double)b->y);
}

/* The cycles of the slowest thread. Threads do not divide a unit, and each thread that works at a
 * block transforms its input. */
static double cost(const work *w, const cut *b, int threads) {
    const double units = b->blocks * w->panels;
    const double share = ceil(units / threads);
    const double entered = ceil(share / w->panels) + (fmod(share, w->panels) > 1.0 ? 1.0 : 0.0);
    const double multiply = multiply_cost(w, b);
    const double rest =
        filters_cost(w, b, multiply) + input_again_cost(w, b, multiply) + output_cost(w, b);
    return share / units * (multiply + rest) +
           fmin(entered, b->blocks) / b->blocks * input_cost(w, b) +
           nt_code_cycles(&w->c->machine, 2000.0, 10.0);
}

/* ---- the cut ---- */

/* Blocks of about y x x tiles, whose sizes differ by one row and column of tiles at most. */
static cut cut_of(const work *w, int64_t y, int64_t x, int threads) {
    const int64_t rows = nt_div_up(w->tiles_y, y);
    const int64_t columns = nt_div_up(w->tiles_x, x);
    cut c = {.y = nt_div_up(w->tiles_y, rows),
             .x = nt_div_up(w->tiles_x, columns),
             .blocks = w->images * (double)(rows * columns)};
    c.cycles = cost(w, &c, threads);
    return c;
}

/* V of a block may take a small share of the last cache, or as much as the L2 cache has. */
static void try_cut(const work *w, int64_t y, int64_t x, int threads, cut *best) {
    const nt_machine *m = &w->c->machine;
    const double most = nt_most((double)nt_last_cache(m) / 8.0, (double)m->cache[NT_IN_L2]);
    const cut c = cut_of(w, y, x, threads);
    if (c.cycles < best->cycles && w->vector * w->in * (double)(c.y * c.x) <= most) {
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
