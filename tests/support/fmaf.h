/* The C library's fmaf, which the kernels' own is tried against; MinGW-w64's rounds twice. */
#ifndef TESTS_FMAF_H
#define TESTS_FMAF_H

#include <math.h>

#ifdef _WIN32
#include "core/fma.h"
#define fmaf nt_fmaf_of_doubles
#endif

#endif
