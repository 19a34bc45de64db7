/* A gradient of an activation to try, and how it is to be called. */
#ifndef NINETAP_SELFTEST_ACT_BACKWARD_H
#define NINETAP_SELFTEST_ACT_BACKWARD_H

#include "selftest/operation.h"

typedef struct act_problem {
    int act; /* ninetap_act */
    float lo, hi, slope;
    int64_t n;
    int over; /* act_over: where the output lies */
    int data; /* data_kind; what follows from it is drawn with `seed` */
    const char *isa;
    int threads;
    int placement; /* of every buffer */
    int seed;
} act_problem;

typedef enum act_over { OVER_NOTHING, OVER_DIFF, OVER_X } act_over;
enum { ACT_X, ACT_DIFF_DST, ACT_DIFF_SRC };

#endif
