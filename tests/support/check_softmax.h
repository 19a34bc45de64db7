/* Runs a softmax and holds it against scalar code, bit for bit, and against double precision. */
#ifndef TESTS_CHECK_SOFTMAX_H
#define TESTS_CHECK_SOFTMAX_H

#include "ninetap.h"
#include "support/buffer.h"

typedef struct softmax_problem {
    int64_t rows, columns, src_pitch, dst_pitch;
    float spread; /* values in [-spread, spread), drawn with `seed` */
    int in_place; /* then the pitches are equal */
    const char *isa;
    int threads;
    int placement; /* of every buffer */
    int seed;
} softmax_problem;

enum { SOFTMAX_TEXT = 256 };
/* A line that softmax_parse reads back. */
void softmax_print(char text[SOFTMAX_TEXT], const softmax_problem *p);
/* Changes what the text names. */
bool softmax_parse(const char *text, softmax_problem *p);

/* Buffers between guard pages, the input read-only. Checked: every output, and that nothing else
 * was written. False: the reason and a rerun line are on stderr. */
bool check_softmax(const softmax_problem *p);

#endif
