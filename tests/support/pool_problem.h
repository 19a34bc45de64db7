/* A pooling to try: its description and how it is to be called. */
#ifndef TESTS_POOL_PROBLEM_H
#define TESTS_POOL_PROBLEM_H

#include "ninetap.h"
#include "support/buffer.h"
#include "support/rng.h"

typedef enum pool_op {
    POOL_MAX,
    POOL_AVERAGE,
    POOL_MIXED,
    POOL_MAX_U8,
    POOL_MAX_S8,
    POOL_UNPOOL
} pool_op;

/* Of floats; of bytes the same in spirit. Unpooling: indices as the pooling gives them for the
 * first two, for the others any that are valid. */
typedef enum pool_data {
    POOL_TIES,    /* few different values, all of them negative */
    POOL_RANDOM,  /* uniform */
    POOL_SPECIAL, /* many NaNs of different payloads, infinities, zeros of both signs, the largest
                     and the smallest numbers */
    POOL_LOWEST   /* nothing but NaN and -Inf */
} pool_data;

typedef struct pool_problem {
    ninetap_pool2x2_desc desc;
    int op;      /* pool_op */
    float alpha; /* POOL_MIXED */
    int data;    /* pool_data; what follows from it is drawn with `seed` */
    int indices;
    int placement; /* of every buffer */
    int seed;
} pool_problem;

enum { POOL_TEXT = 384 };
/* A line that pool_parse reads back. */
void pool_print(char text[POOL_TEXT], const pool_problem *p);
/* Changes what the text names. */
bool pool_parse(const char *text, pool_problem *p);

/* A valid problem over every parameter. */
pool_problem pool_random(rng *r, const char *isa);
/* The same of one operation; of mixed pooling, with any alpha. */
pool_problem pool_random_of(rng *r, const char *isa, pool_op op);

/* Bytes of an element of src and dst. */
size_t pool_element(const pool_problem *p);
/* Whether indices are among the outputs. */
bool pool_gives_indices(const pool_problem *p);

/* The problem's 0-means-default parameters, and its output size by the definition. */
int pool_stride(const pool_problem *p);
int pool_dilation(const pool_problem *p);
int64_t pool_out_h(const pool_problem *p);
int64_t pool_out_w(const pool_problem *p);

float pool_draw(rng *r, pool_data data);
uint8_t pool_draw_byte(rng *r, pool_data data);

#endif
