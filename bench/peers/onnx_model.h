/* A problem as an ONNX model: Conv and Relu, MaxPool, or a chain of them, from "x" to "y", NCHW. */
#ifndef NINETAP_BENCH_PEERS_ONNX_MODEL_H
#define NINETAP_BENCH_PEERS_ONNX_MODEL_H

#include "cases/problem.h"

typedef struct onnx_model {
    void *bytes; /* to be freed; NULL: no memory */
    size_t size;
} onnx_model;

onnx_model onnx_model_make(const problem *p);

#endif
