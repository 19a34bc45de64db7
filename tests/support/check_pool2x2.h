/* Runs a pooling problem and holds everything it does against the reference. */
#ifndef TESTS_CHECK_POOL2X2_H
#define TESTS_CHECK_POOL2X2_H

#include "support/pool_problem.h"

/* Buffers between guard pages, inputs read-only. Checked: the output size, every output and index
 * bit for bit (of an average that is NaN, that it is), and that nothing else was written. False:
 * the reason and a rerun line are on stderr. */
bool check_pool2x2(const pool_problem *p);

/* The test program that reruns such a problem. */
const char *pool_program(const pool_problem *p);

/* The call on tensors of bytes or floats as the problem has it; `indices` may be NULL where the
 * call allows it, and is only read by maxunpool. */
ninetap_status pool_call(const pool_problem *p, const void *src, void *dst, int64_t *indices);

#endif
