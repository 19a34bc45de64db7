/* One step of training: the gradient of the loss on a batch, and Adam. Nothing is allocated in it.
 */
#ifndef TRAINER_H
#define TRAINER_H

#include "network.h"

/* Kingma and Ba 2015, arXiv 1412.6980. */
typedef struct adam {
    float *mean, *variance; /* of each value's gradient, decaying */
    int64_t count;
    int64_t steps;
    double rate;                     /* of the next step */
    double mean_left, variance_left; /* beta1 and beta2 to the number of steps */
} adam;

/* On failure: no memory. */
bool adam_create(adam *a, int64_t count);
void adam_free(adam *a);

/* As after so many steps. */
void adam_resume(adam *a, int64_t steps);
void adam_step(adam *a, float *values, const float *gradient);

typedef struct trainer {
    network *net; /* of n images */
    adam adam;
    float *gradient;                 /* as net->values */
    int64_t *label;                  /* n, to be filled in as net->input is */
    float *d_score, *d_out[STAGES];  /* of the loss by scores, by what the stages give, */
    float *d_maps[STAGES];           /* and by their maps before pooling */
    ninetap_conv3x3 *d_data[STAGES]; /* from d_maps to the d_out before; the first has none */
} trainer;

/* *t is to be freed in any case; the network stays the caller's. */
ninetap_status trainer_create(trainer *t, network *net);
void trainer_free(trainer *t);

/* With the rate t->adam.rate. loss: the mean over the batch; right: how many of it the network knew
 * before the step. */
ninetap_status trainer_step(trainer *t, double *loss, int *right);

/* How many of the first `count` of the batch have their largest score at their label. */
int network_right(const network *net, const int64_t *label, int64_t count);

/* The first class with the largest score. */
int network_best(const network *net, int64_t number);

#endif
