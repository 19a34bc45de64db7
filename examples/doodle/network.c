#include "network.h"

#include <math.h>
#include <stdlib.h>

#include "random.h"

/* ---- Tensors ------------------------------------------------------------------------------ */

static void name_tensors(network *net) {
    const int64_t *filters = (const int64_t[]){net->shape.filters[0], net->shape.filters[1]};
    const int64_t classes = net->shape.classes;
    const tensor all[TENSORS] = {
        {"conv1.weight", 4, {filters[0], 1, 3, 3}, filters[0] * 9, NULL},
        {"conv1.bias", 1, {filters[0]}, filters[0], NULL},
        {"conv2.weight", 4, {filters[1], filters[0], 3, 3}, filters[1] * filters[0] * 9, NULL},
        {"conv2.bias", 1, {filters[1]}, filters[1], NULL},
        {"dense.weight", 2, {classes, net->features}, classes * net->features, NULL},
        {"dense.bias", 1, {classes}, classes, NULL},
    };
    net->count = 0;
    for (int i = 0; i < TENSORS; i++) {
        net->tensor[i] = all[i];
        net->count += all[i].count;
    }
}

static void place_tensors(network *net) {
    float *at = net->values;
    for (int i = 0; i < TENSORS; i++) {
        net->tensor[i].values = at;
        at += net->tensor[i].count;
    }
}

void network_randomise(network *net, uint64_t seed) {
    for (int i = 0; i < TENSORS; i++) {
        const tensor *t = &net->tensor[i];
        const float most = sqrtf(6.0F * (float)t->size[0] / (float)t->count);
        for (int64_t k = 0; k < t->count; k++)
            t->values[k] = t->dimensions == 1 ? 0 : most * random_signed(&seed);
    }
}

/* ---- Making it ---------------------------------------------------------------------------- */

/* NULL: no memory. */
static void *room(int64_t count, size_t size) {
    return calloc((size_t)count, size);
}

/* PORTABLE: the same bits, and so the same weights and pictures, on every machine. */
static void describe(stage *s, const network_shape *shape, int channels, int side, int filters) {
    *s = (stage){.channels = channels, .side = side, .filters = filters, .pooled = side / 2};
    s->filter_desc = (ninetap_conv3x3_desc){.n = shape->n,
                                            .ic = channels,
                                            .ih = side,
                                            .iw = side,
                                            .oc = filters,
                                            .pad = {1, 1, 1, 1},
                                            .precision = NINETAP_PRECISION_PORTABLE,
                                            .threads = shape->threads};
    s->pool = (ninetap_pool2x2_desc){
        .n = shape->n, .c = filters, .ih = side, .iw = side, .threads = shape->threads};
}

static ninetap_status stage_create(stage *s, const tensor *weights, const tensor *bias) {
    ninetap_conv3x3_desc d = s->filter_desc;
    const int64_t outputs = d.n * s->filters * s->pooled * s->pooled;
    s->maps = room(d.n * s->filters * s->side * s->side, sizeof *s->maps);
    s->out = room(outputs, sizeof *s->out);
    s->indices = room(outputs, sizeof *s->indices);
    if (!s->maps || !s->out || !s->indices)
        return NINETAP_ERR_NOMEM;
    d.act = NINETAP_RELU;
    ninetap_status status = ninetap_conv3x3_create(&s->filter, &d, weights->values, bias->values);
    if (status != NINETAP_OK)
        return status;
    d.pool = NINETAP_POOL_MAX;
    status = ninetap_conv3x3_create(&s->fused, &d, weights->values, bias->values);
    return status == NINETAP_ERR_UNSUPPORTED ? NINETAP_OK : status;
}

static ninetap_status dense_create(network *net) {
    const network_shape *shape = &net->shape;
    net->dense_desc = (ninetap_dense_desc){.n = shape->n,
                                           .in = net->features,
                                           .out = shape->classes,
                                           .precision = NINETAP_PRECISION_PORTABLE,
                                           .threads = shape->threads};
    return ninetap_dense_create(&net->dense, &net->dense_desc, net->tensor[TENSORS - 2].values,
                                net->tensor[TENSORS - 1].values);
}

ninetap_status network_create(network *net, const network_shape *shape) {
    int channels = 1, side = DIGIT_SIDE;
    *net = (network){.shape = *shape};
    for (int i = 0; i < STAGES; i++) {
        describe(&net->stage[i], shape, channels, side, shape->filters[i]);
        channels = shape->filters[i];
        side = net->stage[i].pooled;
    }
    net->features = (int64_t)channels * side * side;
    name_tensors(net);
    const int64_t scores = (int64_t)shape->n * shape->classes;
    net->values = room(net->count, sizeof *net->values);
    net->input = room((int64_t)shape->n * DIGIT_SIDE * DIGIT_SIDE, sizeof *net->input);
    net->score = room(scores, sizeof *net->score);
    net->probability = room(scores, sizeof *net->probability);
    if (!net->values || !net->input || !net->score || !net->probability)
        return NINETAP_ERR_NOMEM;
    place_tensors(net);
    ninetap_status status = NINETAP_OK;
    for (int i = 0; i < STAGES && status == NINETAP_OK; i++)
        status = stage_create(&net->stage[i], &net->tensor[2 * i], &net->tensor[2 * i + 1]);
    return status == NINETAP_OK ? dense_create(net) : status;
}

void network_free(network *net) {
    for (int i = 0; i < STAGES; i++) {
        stage *s = &net->stage[i];
        ninetap_conv3x3_free(s->fused);
        ninetap_conv3x3_free(s->filter);
        free(s->maps);
        free(s->out);
        free(s->indices);
    }
    ninetap_dense_free(net->dense);
    free(net->values);
    free(net->input);
    free(net->score);
    free(net->probability);
    *net = (network){0};
}

ninetap_status network_update(network *net) {
    ninetap_status status = NINETAP_OK;
    for (int i = 0; i < STAGES && status == NINETAP_OK; i++) {
        const stage *s = &net->stage[i];
        const float *weights = net->tensor[2 * i].values, *bias = net->tensor[2 * i + 1].values;
        status = ninetap_conv3x3_set_weights(s->filter, weights, bias);
        if (status == NINETAP_OK && s->fused)
            status = ninetap_conv3x3_set_weights(s->fused, weights, bias);
    }
    if (status != NINETAP_OK)
        return status;
    return ninetap_dense_set_weights(net->dense, net->tensor[TENSORS - 2].values,
                                     net->tensor[TENSORS - 1].values);
}

/* ---- Running it --------------------------------------------------------------------------- */

void network_load(network *net, int64_t number, const unsigned char *bytes) {
    float *input = net->input + number * DIGIT_SIDE * DIGIT_SIDE;
    for (int i = 0; i < DIGIT_SIDE * DIGIT_SIDE; i++)
        input[i] = (float)bytes[i] / 255.0F;
}

static ninetap_status stage_run(const stage *s, const float *in, bool keep) {
    if (!keep && s->fused)
        return ninetap_conv3x3_run(s->fused, in, s->out, NULL);
    const ninetap_status status = ninetap_conv3x3_run(s->filter, in, s->maps, NULL);
    return status == NINETAP_OK
               ? ninetap_maxpool2x2_f32(&s->pool, s->maps, s->out, keep ? s->indices : NULL)
               : status;
}

static ninetap_status run_layer(network *net, int layer, bool keep) {
    if (layer < STAGES)
        return stage_run(&net->stage[layer], layer ? net->stage[layer - 1].out : net->input, keep);
    if (layer == STAGES)
        return ninetap_dense_run(net->dense, net->stage[STAGES - 1].out, net->score);
    return ninetap_softmax_f32(net->shape.n, net->shape.classes, net->score, 0, net->probability,
                               0);
}

ninetap_status network_run(network *net, bool keep) {
    ninetap_status status = NINETAP_OK;
    for (int layer = 0; layer <= STAGES && status == NINETAP_OK; layer++)
        status = run_layer(net, layer, keep);
    return status;
}

ninetap_status network_softmax(network *net) {
    return run_layer(net, LAYERS - 1, false);
}

ninetap_status network_run_layer(network *net, int layer) {
    return run_layer(net, layer, false);
}
