/* A dense layer to try, and everything that it does held against the reference. */
#ifndef TESTS_CHECK_DENSE_H
#define TESTS_CHECK_DENSE_H

#include "ninetap.h"
#include "support/buffer.h"
#include "support/rng.h"

typedef enum dense_data {
    DENSE_INTEGER, /* every sum is exact in any order */
    DENSE_WIDE,    /* many sizes of both signs: every order of summation has bits of its own */
    DENSE_SPECIAL  /* NaN, infinities, zeros of both signs, subnormals */
} dense_data;

typedef struct dense_problem {
    ninetap_dense_desc desc;
    int data; /* dense_data; what follows from it is drawn with `seed` */
    int bias;
    int one_shot;
    int fail;      /* k: the library's k-th allocation fails; 0: none */
    int placement; /* of every buffer */
    int seed;
} dense_problem;

enum { DENSE_TEXT = 384 };
/* A line that dense_parse reads back. */
void dense_print(char text[DENSE_TEXT], const dense_problem *p);
/* Changes what the text names. */
bool dense_parse(const char *text, dense_problem *p);

/* A valid problem over every parameter. */
dense_problem dense_random(rng *r, const char *isa);

/* Buffers between guard pages, inputs read-only. Checked: every output bit for bit, against double
 * precision too, and that nothing else was written; where an allocation is to fail, that nothing
 * was. False: the reason and a rerun line are on
 * stderr. */
bool check_dense(const dense_problem *p);

#endif
