/* One call of every kind: each algorithm of convolution, the fused pool, the residual, every
 * pooling, a dense layer, softmax, bytes of floats and back, gradients; most of them large enough
 * for three threads. Tests that disturb the process make these calls meanwhile, and expect the
 * usual bits. */
#ifndef TESTS_WORKLOAD_H
#define TESTS_WORKLOAD_H

#include <stdbool.h>

#include "ninetap.h"

enum { WORK_FLOATS = 128 * 1024 }; /* of a destination */

/* How many calls there are. */
int work_count(void);
const char *work_name(int call);
/* The least number of allocations in a process that has kept no workspace yet. */
int work_allocates(int call);

/* Makes the inputs, and sets the instruction set for all that follows. */
void work_inputs(const char *isa);
/* Does that, and computes what every call gives on one thread. Whether those results are right is
 * checked by other tests. */
void work_prepare(const char *isa);

/* From any thread; dst: zeros, as aligned as indices. Allocates what the library does, and nothing
 * else. */
ninetap_status work_do(int call, int threads, float *dst);
/* Whether dst holds what work_do left there on one thread. */
bool work_right(int call, const float *dst);

/* All the calls, one after the other. False: the message names the call. */
bool work_all(int threads);

#endif
