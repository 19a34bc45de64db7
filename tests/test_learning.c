/* A small network is trained for 200 steps: convolution, ReLU, pooling, the same again, a dense
 * layer, softmax with cross entropy. Under EXACT and PORTABLE the weights are the same on every
 * instruction set and for any number of threads, and so on every machine; the loss falls. */
#include <string.h>

#include "ninetap.h"
#include "support/bits.h"
#include "support/suite.h"

enum {
    STEPS = 200,
    BATCH = 4,
    SIDE = 12,
    CLASSES = 5,
    FIRST = 4,
    SECOND = 8,
    IMAGE = SIDE * SIDE,
    HALF = SIDE * SIDE / 4,
    QUARTER = SIDE * SIDE / 16
};

/* A convolution with ReLU and max pooling behind it. */
typedef struct block {
    ninetap_conv3x3_desc conv;
    ninetap_pool2x2_desc pool;
    ninetap_conv3x3 *forward, *back;
    float weights[SECOND * FIRST * 9], bias[SECOND];
    float diff_weights[SECOND * FIRST * 9], diff_bias[SECOND];
    float map[BATCH * FIRST * IMAGE], diff_map[BATCH * FIRST * IMAGE];
    float pooled[BATCH * FIRST * HALF], diff_pooled[BATCH * FIRST * HALF];
    int64_t indices[BATCH * FIRST * HALF];
} block;
_Static_assert(SECOND *HALF <= FIRST * IMAGE, "the second block's maps are the smaller ones");

typedef struct network {
    block blocks[2];
    ninetap_dense_desc dense;
    ninetap_dense *plan;
    float weights[CLASSES * SECOND * QUARTER], bias[CLASSES];
    float diff_weights[CLASSES * SECOND * QUARTER], diff_bias[CLASSES];
    float logits[BATCH * CLASSES];
} network;

/* Which way everything is computed. */
typedef struct way {
    const char *isa;
    int threads;
    ninetap_precision precision;
    ninetap_layout layout;
} way;

static void draw(rng *r, float *values, int count, float scale) {
    for (int i = 0; i < count; i++)
        values[i] = (float)rng_int(r, -64, 64) * scale;
}

/* ---- Plans ---- */

static void make_block(block *b, const way *w, int64_t ic, int64_t oc, int64_t side, rng *r) {
    b->conv = (ninetap_conv3x3_desc){.n = BATCH,
                                     .ic = ic,
                                     .ih = side,
                                     .iw = side,
                                     .oc = oc,
                                     .pad = {1, 1, 1, 1},
                                     .layout = w->layout,
                                     .precision = w->precision,
                                     .isa = w->isa,
                                     .threads = w->threads};
    b->pool = (ninetap_pool2x2_desc){.n = BATCH,
                                     .c = oc,
                                     .ih = side,
                                     .iw = side,
                                     .layout = w->layout,
                                     .isa = w->isa,
                                     .threads = w->threads};
    draw(r, b->weights, (int)(oc * ic * 9), 0x1p-8F);
    memset(b->bias, 0, sizeof b->bias);
    REQUIRE(ninetap_conv3x3_create(&b->forward, &b->conv, b->weights, b->bias) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_create_backward_data(&b->back, &b->conv, b->weights) == NINETAP_OK);
}

static void make_network(network *n, const way *w) {
    rng r = {5};
    REQUIRE(ninetap_set_isa(w->isa) == NINETAP_OK);
    make_block(&n->blocks[0], w, 1, FIRST, SIDE, &r);
    make_block(&n->blocks[1], w, FIRST, SECOND, SIDE / 2, &r);
    n->dense = (ninetap_dense_desc){.n = BATCH,
                                    .in = SECOND * QUARTER,
                                    .out = CLASSES,
                                    .precision = w->precision,
                                    .isa = w->isa,
                                    .threads = w->threads};
    draw(&r, n->weights, CLASSES * SECOND * QUARTER, 0x1p-9F);
    memset(n->bias, 0, sizeof n->bias);
    REQUIRE(ninetap_dense_create(&n->plan, &n->dense, n->weights, n->bias) == NINETAP_OK);
}

static void free_network(network *n) {
    for (int i = 0; i < 2; i++) {
        ninetap_conv3x3_free(n->blocks[i].forward);
        ninetap_conv3x3_free(n->blocks[i].back);
    }
    ninetap_dense_free(n->plan);
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
}

/* ---- A step ---- */

static int64_t map_size(const block *b) {
    return BATCH * b->conv.oc * b->conv.ih * b->conv.iw;
}

static void block_forward(block *b, const float *src) {
    REQUIRE(ninetap_conv3x3_run(b->forward, src, b->map, NULL) == NINETAP_OK);
    for (int64_t i = 0; i < map_size(b); i++) /* -0 becomes +0 */
        b->map[i] = b->map[i] > 0.0F ? b->map[i] : 0.0F;
    REQUIRE(ninetap_maxpool2x2_f32(&b->pool, b->map, b->pooled, b->indices) == NINETAP_OK);
}

/* diff_src: NULL, or where the gradient of src goes. */
static void block_backward(block *b, const float *src, float *diff_src) {
    REQUIRE(ninetap_maxpool2x2_backward_f32(&b->pool, b->indices, b->diff_pooled, b->diff_map) ==
            NINETAP_OK);
    REQUIRE(ninetap_act_backward_f32(NINETAP_RELU, 0, 0, 0, map_size(b), b->map, b->diff_map,
                                     b->diff_map) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_backward_weights(&b->conv, src, b->diff_map, b->diff_weights,
                                             b->diff_bias, 0) == NINETAP_OK);
    if (diff_src != NULL)
        REQUIRE(ninetap_conv3x3_run(b->back, b->diff_map, diff_src, NULL) == NINETAP_OK);
}

/* The product is exact: nothing depends on how it and the difference are rounded. */
static void descend(float *values, const float *diff, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        const float step = 0x1p-4F * diff[i];
        values[i] -= step;
    }
}

static void block_learn(block *b) {
    descend(b->weights, b->diff_weights, b->conv.oc * b->conv.ic * 9);
    descend(b->bias, b->diff_bias, b->conv.oc);
    REQUIRE(ninetap_conv3x3_set_weights(b->forward, b->weights, b->bias) == NINETAP_OK);
    REQUIRE(ninetap_conv3x3_set_weights(b->back, b->weights, NULL) == NINETAP_OK);
}

static double step(network *n, const float *images, const int64_t *label) {
    block *first = &n->blocks[0], *second = &n->blocks[1];
    double loss = 0;
    block_forward(first, images);
    block_forward(second, first->pooled);
    REQUIRE(ninetap_dense_run(n->plan, second->pooled, n->logits) == NINETAP_OK);
    REQUIRE(ninetap_softmax_cross_entropy_f32(BATCH, CLASSES, n->logits, label, NULL, n->logits,
                                              &loss) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_weights(&n->dense, second->pooled, n->logits, n->diff_weights,
                                           n->diff_bias, 0) == NINETAP_OK);
    REQUIRE(ninetap_dense_backward_data(&n->dense, n->weights, n->logits, second->diff_pooled) ==
            NINETAP_OK);
    block_backward(second, first->pooled, first->diff_pooled);
    block_backward(first, images, NULL);
    block_learn(first);
    block_learn(second);
    descend(n->weights, n->diff_weights, CLASSES * SECOND * QUARTER);
    descend(n->bias, n->diff_bias, CLASSES);
    REQUIRE(ninetap_dense_set_weights(n->plan, n->weights, n->bias) == NINETAP_OK);
    return loss;
}

/* An image of class c is noise that is brighter in row 2 * c + 1. */
static void draw_batch(rng *r, float *images, int64_t *label) {
    draw(r, images, BATCH * IMAGE, 0x1p-8F);
    for (int i = 0; i < BATCH; i++) {
        label[i] = rng_int(r, 0, CLASSES - 1);
        for (int x = 0; x < SIDE; x++)
            images[i * IMAGE + (2 * label[i] + 1) * SIDE + x] += 1.0F;
    }
}

/* ---- The tests ---- */

static uint64_t digest(uint64_t hash, const float *values, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        hash = (hash ^ bits_of(values[i])) * UINT64_C(0x100000001B3); /* FNV-1a */
    return hash;
}

static uint64_t train(const way *w) {
    static network n;
    rng r = {9};
    double early = 0, late = 0;
    make_network(&n, w);
    for (int i = 0; i < STEPS; i++) {
        float images[BATCH * IMAGE];
        int64_t label[BATCH];
        draw_batch(&r, images, label);
        const double loss = step(&n, images, label);
        early += i < 20 ? loss / 20 : 0;
        late += i >= STEPS - 20 ? loss / 20 : 0;
    }
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (int i = 0; i < 2; i++) {
        const block *b = &n.blocks[i];
        hash = digest(hash, b->weights, b->conv.oc * b->conv.ic * 9);
        hash = digest(hash, b->bias, b->conv.oc);
    }
    hash = digest(hash, n.weights, CLASSES * SECOND * QUARTER);
    hash = digest(hash, n.bias, CLASSES);
    suite_require(late < early / 4 || suite_wrong("the loss went from %g to %g", early, late));
    free_network(&n);
    return hash;
}

/* The same numbers on every machine. Dense rows are maps as they lie, so another layout is another
 * network. */
static void same_weights(const char *isa) {
    static const struct {
        ninetap_precision precision;
        ninetap_layout layout;
        uint64_t weights;
    } table[] = {
        {NINETAP_PRECISION_EXACT, NINETAP_NCHW, UINT64_C(0x18d323f184b7bb65)},
        {NINETAP_PRECISION_EXACT, NINETAP_NHWC, UINT64_C(0xdcee668bab1e6184)},
        {NINETAP_PRECISION_PORTABLE, NINETAP_NCHW, UINT64_C(0xa5620353490ababa)},
        {NINETAP_PRECISION_PORTABLE, NINETAP_NHWC, UINT64_C(0x2ecd6bbcaa7b3d7c)},
    };
    static const int threads[] = {1, 2, 7};
    for (int i = 0; i < 4 * 3; i++) {
        const way w = {.isa = isa,
                       .threads = threads[i % 3],
                       .precision = table[i / 3].precision,
                       .layout = table[i / 3].layout};
        const uint64_t hash = train(&w);
        suite_require(hash == table[i / 3].weights ||
                      suite_wrong("precision %d, layout %d, %d threads: %016llx", (int)w.precision,
                                  (int)w.layout, w.threads, (unsigned long long)hash));
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "same_weights", .each_isa = same_weights},
        {0},
    };
    return suite_main("learning", tests, argc, argv);
}
