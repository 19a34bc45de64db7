#include "cases/chain.h"

#include <string.h>

#include "cases/operation.h"

static const struct {
    const char *name, *text;
} known[] = {
    /* LeNet's plan with 3x3 filters instead of 5x5, as far as its last pooling. */
    {"lenet", "1x28x28-8p0+pool-16p0+pool"},
    /* The thirteen convolutions and five poolings of VGG-16 (Simonyan, Zisserman 2014). */
    {"vgg16", "3x224x224-64-64+pool-128-128+pool-256-256-256+pool-512-512-512+pool"
              "-512-512-512+pool"},
};

const char *chain_text(const char *name) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].text;
        }
    }
    return NULL;
}

const char *chain_name(const char *text) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].text, text) == 0) {
            return known[i].name;
        }
    }
    return NULL;
}

static ninetap_status add(chain *made, const shape *s) {
    problem p;
    const ninetap_status status = problem_init(&p, s, NINETAP_NCHW);
    if (status == NINETAP_OK) {
        chain_layer *l = &made->layers[made->count++];
        *l = (chain_layer){.shape = *s,
                           .oh = p.oh,
                           .ow = p.ow,
                           .weights = made->weights_count,
                           .bias = made->bias_count};
        made->weights_count += p.weights_count;
        made->bias_count += p.bias_count;
    }
    return status;
}

ninetap_status chain_make(chain *made, const shape *s) {
    *made = (chain){0};
    if (!s->network) {
        return add(made, s);
    }
    const char *text = chain_text(s->text), *at = text != NULL ? text : s->text;
    at += strcspn(at, "-");
    shape next = *s;
    next.network = false;
    ninetap_status status = NINETAP_OK;
    while (status == NINETAP_OK && *at != '\0' && made->count < CHAIN_LAYERS) {
        if (!shape_parse_layer(&at, &next)) {
            return NINETAP_ERR_ARG;
        }
        status = add(made, &next);
        if (status == NINETAP_OK) {
            const chain_layer *last = &made->layers[made->count - 1];
            next.c = next.oc;
            next.h = last->oh;
            next.w = last->ow;
        }
    }
    return status;
}
