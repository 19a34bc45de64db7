#ifndef ONNX_H
#define ONNX_H

#include "data.h"
#include "network.h"

/* Writes the network, from "image" (N x 1 x 28 x 28, ink 1) to "probability" (N x classes), as an
 * ONNX model. On failure prints one line to stderr and returns false. */
bool onnx_write(const char *path, const network *net, const classes *c);

#endif
