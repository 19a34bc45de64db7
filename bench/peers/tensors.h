/* A problem's data as a library takes it that knows one plain layout: the problem's own memory if
 * that is its layout, else copies. */
#ifndef NINETAP_BENCH_PEERS_TENSORS_H
#define NINETAP_BENCH_PEERS_TENSORS_H

#include <stdbool.h>

#include "cases/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tensors {
    const struct problem *problem;
    bool copied;
    float **src, **dst; /* of each set, as in problem */
} tensors;

/* src converted to `layout`; dst has room for the output in it. False: no memory. */
bool tensors_make(tensors *t, const problem *p, ninetap_layout layout);
/* Converts set 0's dst to p->layout, in p->dst[0]. */
void tensors_fetch(const tensors *t);
void tensors_free(tensors *t); /* also after tensors_make failed */

/* p->weights as [oc][3][3][ic / groups], to be freed; NULL: no memory. */
float *tensors_ohwi(const problem *p);

#ifdef __cplusplus
}
#endif

#endif
