/* The network: two stages of 3x3 filters, ReLU and 2x2 max pooling, then a dense layer and softmax.
 * Filters see a border of zeros, so maps are 28x28, 14x14 and 7x7. */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>

#include "digit.h"
#include "ninetap.h"
#include "tensor.h"

enum { STAGES = 2, TENSORS = 2 * STAGES + 2, FILTERS_MOST = 512 };

typedef struct network_shape {
    int n; /* images at once */
    int filters[STAGES];
    int classes, threads;
} network_shape;

/* n x channels x side x side in; n x filters x side/2 x side/2 out. */
typedef struct stage {
    int channels, side, filters, pooled;
    ninetap_conv3x3_desc filter_desc; /* of the filters alone, as gradients want it */
    ninetap_pool2x2_desc pool;
    ninetap_conv3x3 *fused;  /* filters, ReLU and pooling in one call; NULL: not offered here */
    ninetap_conv3x3 *filter; /* without the pooling */
    float *maps, *out;       /* before and after pooling */
    int64_t *indices;        /* where in the maps each maximum was */
} stage;

typedef struct network {
    network_shape shape;
    tensor tensor[TENSORS]; /* weights and bias of each stage, then of the dense layer */
    float *values;          /* of all tensors, one behind the other */
    int64_t count;
    stage stage[STAGES];
    ninetap_dense_desc dense_desc;
    ninetap_dense *dense;
    int64_t features;   /* of an image behind the last stage: NCHW has them in a row already */
    float *input;       /* n x 28 x 28, from 0 to 1 */
    float *score;       /* n x classes */
    float *probability; /* n x classes */
} network;

/* Memory and plans for weights of 0. *net is to be freed in any case. */
ninetap_status network_create(network *net, const network_shape *shape);
void network_free(network *net);

/* Uniform weights, scaled as He et al. 2015 (arXiv 1502.01852) do, and biases of 0. */
void network_randomise(network *net, uint64_t seed);

/* The plans take over what is in `values`. */
ninetap_status network_update(network *net);

/* Images of 28x28 bytes to `input`. */
void network_load(network *net, int64_t number, const unsigned char *bytes);

/* From `input` to scores. keep: maps and indices are left, too, which training and pictures need.
 */
ninetap_status network_run(network *net, bool keep);

/* From scores to probabilities. */
ninetap_status network_softmax(network *net);

/* One layer: the stages, the dense layer, softmax. */
enum { LAYERS = STAGES + 2 };
ninetap_status network_run_layer(network *net, int layer);

#endif
