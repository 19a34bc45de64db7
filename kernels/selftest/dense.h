/* A dense layer to try: its description and how it is to be called. */
#ifndef NINETAP_SELFTEST_DENSE_H
#define NINETAP_SELFTEST_DENSE_H

#include "selftest/operation.h"

typedef struct dense_problem {
    ninetap_dense_desc desc;
    int data; /* data_kind; what follows from it is drawn with `seed` */
    int bias;
    int one_shot;
    int fail;      /* k: the library's k-th allocation fails; 0: none */
    int placement; /* of every buffer */
    int set;       /* 1: the plan is made with other weights and given these */
    int seed;
} dense_problem;

extern const nt_field nt_dense_fields[];

enum { DENSE_SRC, DENSE_WEIGHTS, DENSE_BIAS, DENSE_DST };

#endif
