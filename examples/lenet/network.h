/* The network: two stages of 3x3 filters, ReLU and 2x2 max pooling, then a dense layer and softmax.
 * This is where ninetap is called. */
#ifndef NETWORK_H
#define NETWORK_H

#include "digit.h"
#include "ninetap.h"

enum { STAGES = 2, CLASSES = 10 };

/* channels x side x side in; filters x pooled x pooled out. */
typedef struct stage {
    int channels, side, filters;
    int filtered, pooled;    /* sides of the maps before and after pooling */
    ninetap_conv3x3 *fused;  /* all in one call; NULL: the library does not offer it */
    ninetap_conv3x3 *filter; /* without the pooling */
    ninetap_pool2x2_desc pool;
    float *maps, *out; /* [filters][filtered][filtered], [filters][pooled][pooled] */
} stage;

typedef struct network {
    stage stage[STAGES];
    int features; /* of the last stage, flattened: NCHW has them in a row already */
    ninetap_dense *dense;
    float score[CLASSES], probability[CLASSES];
} network;

/* One line of the table. */
typedef struct layer_row {
    char name[40], output[24], algorithm[40];
    int64_t parameters, macs;
    double microseconds; /* the least of many runs */
} layer_row;
enum { LAYER_ROWS = STAGES + 2 };

/* With random weights: uniform, scaled as He et al. 2015 (arXiv 1502.01852) do, the biases 0. */
ninetap_status network_create(network *n, uint64_t seed);
void network_free(network *n);

/* Leaves every stage's maps, the scores and the probabilities. */
ninetap_status network_run(network *n, const image *digit);

/* Runs each layer many times over. */
ninetap_status network_measure(network *n, const image *digit, layer_row rows[LAYER_ROWS]);

#endif
