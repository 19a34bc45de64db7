#include "cases/chain.h"

#include <string.h>

#include "cases/problem.h"

static const char *const known[][2] = {
    /* LeNet's plan with 3x3 filters instead of 5x5, as far as its last pooling. */
    {"lenet", "1x28x28-8p0+pool-16p0+pool"},
    /* The thirteen convolutions and five poolings of VGG-16 (Simonyan, Zisserman 2014). */
    {"vgg16", "3x224x224-64-64+pool-128-128+pool-256-256-256+pool-512-512-512+pool"
              "-512-512-512+pool"},
};

static const char *find(const char *text, int from, int to) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i][from], text) == 0) {
            return known[i][to];
        }
    }
    return NULL;
}

const char *chain_text(const char *name) {
    return find(name, 0, 1);
}

const char *chain_name(const char *text) {
    return find(text, 1, 0);
}

static ninetap_status add(chain *made, shape *next) {
    problem p;
    const ninetap_status status = problem_init(&p, next, NINETAP_NCHW);
    if (status == NINETAP_OK) {
        made->layers[made->count++] = (chain_layer){.shape = *next,
                                                    .oh = p.oh,
                                                    .ow = p.ow,
                                                    .weights = made->weights_count,
                                                    .bias = made->bias_count};
        made->weights_count += p.weights_count;
        made->bias_count += p.bias_count;
        next->c = next->oc;
        next->h = p.oh;
        next->w = p.ow;
    }
    return status;
}

ninetap_status chain_make(chain *made, const shape *s) {
    *made = (chain){0};
    shape next = *s;
    if (!s->network) {
        return add(made, &next);
    }
    const char *text = chain_text(s->text), *at = text != NULL ? text : s->text;
    at += strcspn(at, "-");
    next.network = false;
    ninetap_status status = NINETAP_OK;
    while (status == NINETAP_OK && *at != '\0' && made->count < CHAIN_LAYERS) {
        status = shape_parse_layer(&at, &next) ? add(made, &next) : NINETAP_ERR_ARG;
    }
    return status;
}
