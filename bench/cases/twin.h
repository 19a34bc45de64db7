// The float twin of a network of bytes: the same layers on the numbers that its integers stand for,
// in units of each layer's output, clamped as bytes are.
#ifndef NINETAP_BENCH_TWIN_H
#define NINETAP_BENCH_TWIN_H

#include "cases/problem.h"

// "": set 0's dst is as near to the twin's as roundings allow; else says how far apart they are.
// Throws std::bad_alloc.
std::string twin_verify(const problem &quantized);

#endif
