/* The layers of a network, one after the other. */
#ifndef NINETAP_BENCH_CHAIN_H
#define NINETAP_BENCH_CHAIN_H

#include <stddef.h>

#include "ninetap.h"
#include "cases/shape.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CHAIN_LAYERS = 32 };

typedef struct chain_layer {
    struct shape shape;   /* with the size of its input */
    int64_t oh, ow;       /* of its output */
    size_t weights, bias; /* where its own start in the network's */
} chain_layer;

typedef struct chain {
    chain_layer layers[CHAIN_LAYERS];
    size_t count;
    size_t weights_count, bias_count; /* of all layers */
} chain;

/* Of a network; of any other shape, that one layer. An error where a layer is no operation on the
 * output of the one before. */
ninetap_status chain_make(chain *made, const struct shape *s);

/* The program's own networks: the text of that name, the name of that text; NULL: none. */
const char *chain_text(const char *name);
const char *chain_name(const char *text);

#ifdef __cplusplus
}
#endif

#endif
