/* A trained network as a file: safetensors, with the optimizer's state, so that training can go
 * on. */
#ifndef MODEL_H
#define MODEL_H

#include "data.h"
#include "safetensors.h"
#include "trainer.h"

/* How a training goes; what must be the same where it goes on. */
typedef struct course {
    uint64_t seed;
    int64_t doodles; /* that it learns from */
    int64_t epochs;
    double rate;   /* at the beginning; it falls to 0 in a straight line */
    int64_t steps; /* done */
} course;

/* Replaces an old file when it is complete. On failure prints one line to stderr and returns
 * false. */
bool model_write(const char *path, const trainer *t, const classes *c, const course *how);

typedef struct model {
    file f;
    safetensors tensors;
    network_shape shape; /* but for n and threads */
    classes classes;
    course course;
} model;

/* Reads what it is, the same. *m is to be freed in any case. */
bool model_open(model *m, const char *path);
void model_free(model *m);

/* Its weights, into a network of its shape; NULL, or what is wrong, which `why` may hold. */
const char *model_weights(const model *m, network *net, char why[PICTURE_WHY]);

/* And the optimizer's state. */
const char *model_state(const model *m, trainer *t, char why[PICTURE_WHY]);

/* What model_open does, from memory. */
const char *model_decode(model *m, char why[PICTURE_WHY]);

#endif
