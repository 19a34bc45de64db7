#include "trainer.h"

#include <stdlib.h>

/* ---- Making it ---------------------------------------------------------------------------- */

static ninetap_status create_stage(trainer *t, int number) {
    const stage *s = &t->net->stage[number];
    const int64_t n = t->net->shape.n, outputs = n * s->filters * s->pooled * s->pooled;
    t->d_out[number] = malloc((size_t)outputs * sizeof *t->d_out[number]);
    t->d_maps[number] = malloc((size_t)outputs * 4 * sizeof *t->d_maps[number]);
    if (!t->d_out[number] || !t->d_maps[number])
        return NINETAP_ERR_NOMEM;
    if (number == 0)
        return NINETAP_OK;
    return ninetap_conv3x3_create_backward_data(&t->d_data[number], &s->filter_desc,
                                                t->net->tensor[2 * number].values);
}

ninetap_status trainer_create(trainer *t, network *net) {
    const size_t n = (size_t)net->shape.n, classes = (size_t)net->shape.classes;
    *t = (trainer){.net = net};
    t->gradient = calloc((size_t)net->count, sizeof *t->gradient);
    t->label = calloc(n, sizeof *t->label);
    t->d_score = calloc(n * classes, sizeof *t->d_score);
    if (!adam_create(&t->adam, net->count) || !t->gradient || !t->label || !t->d_score)
        return NINETAP_ERR_NOMEM;
    ninetap_status status = NINETAP_OK;
    for (int i = 0; i < STAGES && status == NINETAP_OK; i++)
        status = create_stage(t, i);
    return status;
}

void trainer_free(trainer *t) {
    for (int i = 0; i < STAGES; i++) {
        ninetap_conv3x3_free(t->d_data[i]);
        free(t->d_out[i]);
        free(t->d_maps[i]);
    }
    adam_free(&t->adam);
    free(t->gradient);
    free(t->label);
    free(t->d_score);
    *t = (trainer){0};
}

/* ---- The way back ------------------------------------------------------------------------- */

/* Where a tensor's gradient is. */
static float *gradient_of(const trainer *t, int number) {
    return t->gradient + (t->net->tensor[number].values - t->net->values);
}

/* Pooling takes one of each four values as it is. So ReLU's gradient can be taken behind it, where
 * there are a quarter as many. */
static ninetap_status stage_backward(trainer *t, int number) {
    network *net = t->net;
    const stage *s = &net->stage[number];
    const int64_t outputs = (int64_t)net->shape.n * s->filters * s->pooled * s->pooled;
    float *d_out = t->d_out[number], *d_maps = t->d_maps[number];
    ninetap_status status =
        ninetap_act_backward_f32(NINETAP_RELU, 0, 0, 0, outputs, s->out, d_out, d_out);
    if (status == NINETAP_OK)
        status = ninetap_maxpool2x2_backward_f32(&s->pool, s->indices, d_out, d_maps);
    const float *in = number == 0 ? net->input : net->stage[number - 1].out;
    if (status == NINETAP_OK)
        status = ninetap_conv3x3_backward_weights(&s->filter_desc, in, d_maps,
                                                  gradient_of(t, 2 * number),
                                                  gradient_of(t, 2 * number + 1), 0);
    if (number == 0 || status != NINETAP_OK)
        return status;
    status = ninetap_conv3x3_set_weights(t->d_data[number], net->tensor[2 * number].values, NULL);
    return status == NINETAP_OK
               ? ninetap_conv3x3_run(t->d_data[number], d_maps, t->d_out[number - 1], NULL)
               : status;
}

static ninetap_status dense_backward(trainer *t) {
    const network *net = t->net;
    ninetap_status status =
        ninetap_dense_backward_weights(&net->dense_desc, net->stage[STAGES - 1].out, t->d_score,
                                       gradient_of(t, TENSORS - 2), gradient_of(t, TENSORS - 1), 0);
    return status == NINETAP_OK
               ? ninetap_dense_backward_data(&net->dense_desc, net->tensor[TENSORS - 2].values,
                                             t->d_score, t->d_out[STAGES - 1])
               : status;
}

ninetap_status trainer_step(trainer *t, double *loss, int *right) {
    network *net = t->net;
    ninetap_status status = network_run(net, true);
    if (status == NINETAP_OK)
        status = ninetap_softmax_cross_entropy_f32(net->shape.n, net->shape.classes, net->score,
                                                   t->label, net->probability, t->d_score, loss);
    if (status != NINETAP_OK)
        return status;
    *right = network_right(net, t->label, net->shape.n);
    status = dense_backward(t);
    for (int i = STAGES - 1; i >= 0 && status == NINETAP_OK; i--)
        status = stage_backward(t, i);
    if (status != NINETAP_OK)
        return status;
    adam_step(&t->adam, net->values, t->gradient);
    return network_update(net);
}

/* ---- What it knew ------------------------------------------------------------------------- */

int network_best(const network *net, int64_t number) {
    const float *score = net->score + number * net->shape.classes;
    int best = 0;
    for (int i = 1; i < net->shape.classes; i++)
        best = score[i] > score[best] ? i : best;
    return best;
}

int network_right(const network *net, const int64_t *label, int64_t count) {
    int right = 0;
    for (int64_t i = 0; i < count; i++)
        right += network_best(net, i) == label[i];
    return right;
}
