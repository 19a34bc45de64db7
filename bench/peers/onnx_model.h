// A problem as an ONNX model: Conv and Relu, MaxPool, or a chain of them, from "x" to "y", NCHW.
#ifndef NINETAP_BENCH_PEERS_ONNX_MODEL_H
#define NINETAP_BENCH_PEERS_ONNX_MODEL_H

#include <string>

#include "cases/problem.h"

std::string onnx_model(const problem &p);

#endif
