/* Runs a convolution problem and holds everything it does against the reference. */
#ifndef TESTS_CHECK_CONV3X3_H
#define TESTS_CHECK_CONV3X3_H

#include "support/conv_problem.h"

/* Buffers between guard pages, inputs read-only. Checked: the output size, what describe says,
 * every output element (bit for bit wherever the contract fixes the bits; otherwise the same as a
 * plain run of the plan's algorithm, and within describe's error bound), and that nothing else was
 * written; where an allocation is to fail, that nothing was. False: the reason and a rerun line are
 * on stderr. */
bool check_conv3x3(const conv_problem *p);

#endif
