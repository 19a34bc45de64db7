/* One filter as a layer of a convolutional network: filter, ReLU, pool. This is where ninetap is
 * called: bytes are filtered as they lie, maps by a plan. */
#ifndef LAYER_H
#define LAYER_H

#include "bank.h"
#include "image.h"
#include "ninetap.h"

typedef struct layer {
    ninetap_conv3x3 *conv;
    ninetap_pool2x2_desc pool;
    int64_t pooled_width, pooled_height; /* 0 x 0 where pooling leaves nothing: a side of 1 */
} layer;

typedef struct response {
    image filtered, relu, pooled; /* pooled is empty where pooling leaves nothing */
} response;

/* For images of this size and number of channels. */
ninetap_status layer_create(layer *l, const filter *f, int64_t width, int64_t height,
                            int64_t channels);
void layer_free(layer *l);

ninetap_status layer_run(const layer *l, const image *input, response *out);
/* A picture, whose bytes stand for 0 .. 1. */
ninetap_status layer_run_picture(const filter *f, const picture *input, response *out);
void response_free(response *r);

#endif
