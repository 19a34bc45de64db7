/* Among what AUTO chooses: the algorithms, and inside the direct one its ways, whose lanes are
 * channels or columns, depthwise by planes or by blocks. The only place that reaches into the
 * library's convolution plans. */
#ifndef NINETAP_BENCH_CANDIDATES_H
#define NINETAP_BENCH_CANDIDATES_H

#include "ninetap.h"

/* ninetap_conv3x3_create with the description's algorithm run in its nth way, the one that is
 * predicted to be fastest first (0). NINETAP_ERR_UNSUPPORTED where there are not so many. */
ninetap_status candidate_create(ninetap_conv3x3 **plan, const ninetap_conv3x3_desc *d,
                                const float *weights, const float *bias, int candidate);

/* "default", "fast", "default fast", "": the precisions in which AUTO could take what the plan
 * does, as far as accuracy goes. */
const char *candidate_choice(const ninetap_conv3x3 *plan);

#endif
