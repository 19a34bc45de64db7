/* Runs a max pooling problem and holds everything it does against the reference. */
#ifndef TESTS_CHECK_MAXPOOL2X2_H
#define TESTS_CHECK_MAXPOOL2X2_H

#include "support/pool_problem.h"

/* Buffers between guard pages, inputs read-only. Checked: the output size, every output and index
 * bit for bit, and that nothing else was written. False: the reason and a rerun line are on
 * stderr. */
bool check_maxpool2x2(const pool_problem *p);

#endif
