/* Among what AUTO chooses: the library's methods, several for the direct algorithm. The only place
 * that reaches into convolution plans. */
#ifndef NINETAP_BENCH_CANDIDATES_H
#define NINETAP_BENCH_CANDIDATES_H

#include "ninetap.h"

/* How many methods there are for what the description asks for, its algorithm included. */
int candidate_count(const ninetap_conv3x3_desc *d);

/* ninetap_conv3x3_create with the nth of them; the one predicted to be fastest is 0.
 * NINETAP_ERR_UNSUPPORTED where there are not so many. */
ninetap_status candidate_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *d,
                                const float *weights, const float *bias, int candidate);

/* "default", "fast", "default fast", "": the precisions in which AUTO could take the plan's method,
 * as far as accuracy goes. */
const char *candidate_choice(const ninetap_conv3x3 *plan);

#endif
