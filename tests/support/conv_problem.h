/* A convolution to try: its description and how it is to be called. */
#ifndef TESTS_CONV_PROBLEM_H
#define TESTS_CONV_PROBLEM_H

#include "ninetap.h"
#include "support/buffer.h"
#include "support/rng.h"

typedef enum conv_data {
    DATA_INTEGER, /* small integers but 0: every order of summation gives the same bits */
    DATA_RANDOM,  /* uniform, all 24 bits */
    DATA_WIDE,    /* magnitudes from 2^-20 to 2^20: any other order of summation shows */
    DATA_TINY,    /* products underflow gradually */
    DATA_SPECIAL  /* integers with Inf, NaN and -0 among them */
} conv_data;

typedef enum conv_call { CALL_RUN, CALL_PARTS, CALL_ONE_SHOT } conv_call;

typedef struct conv_problem {
    ninetap_conv3x3_desc desc;
    int bias;
    int residual; /* 1: run_residual */
    int data;     /* conv_data; what follows from it is drawn with `seed` */
    int call;     /* conv_call */
    int parts;
    int workspace; /* 0: NULL; k: the caller's, k - 1 bytes away from alignment to its end */
    int placement; /* of every buffer */
    int fail;      /* k: the library's k-th allocation fails; 0: none */
    int candidate; /* which of the kernels that can do it; one that is not there is the first */
    int seed;
} conv_problem;

enum { CONV_TEXT = 512 };
/* A line that conv_parse reads back. */
void conv_print(char text[CONV_TEXT], const conv_problem *p);
/* Changes what the text names. */
bool conv_parse(const char *text, conv_problem *p);

/* A valid problem over every parameter, of at most `max_macs` multiply-accumulates. */
conv_problem conv_random(rng *r, const char *isa, double max_macs);

/* The problem's 0-means-default parameters, and its output size by the definition: before the fused
 * pool (map) and after it. */
int conv_stride(const conv_problem *p);
int conv_dilation(const conv_problem *p);
int64_t conv_groups(const conv_problem *p);
int64_t conv_map_h(const conv_problem *p);
int64_t conv_map_w(const conv_problem *p);
int64_t conv_out_h(const conv_problem *p);
int64_t conv_out_w(const conv_problem *p);
double conv_macs(const conv_problem *p);
/* As far as the description tells; the weights must be finite, too. */
bool conv_allows_winograd(const conv_problem *p);

/* One element of the tensors. */
float conv_draw_src(rng *r, conv_data data);
float conv_draw_weight(rng *r, conv_data data);
float conv_draw_bias(rng *r, conv_data data);

#endif
