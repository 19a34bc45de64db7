#ifndef TENSOR_H
#define TENSOR_H

#include <stdint.h>

/* Weights or biases, [output channel][input channel][row][column] or [output][input]. */
typedef struct tensor {
    const char *name;
    int dimensions;
    int64_t size[4], count;
    float *values;
} tensor;

#endif
