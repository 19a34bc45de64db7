/* Between the files of the operation conv3x3. */
#ifndef NINETAP_BENCH_CONV3X3_H
#define NINETAP_BENCH_CONV3X3_H

#include "cases/operation.h"

/* Without the pooling of a pooled shape. */
ninetap_conv3x3_desc conv3x3_description(const problem *p);
/* The pitches of p's src, for descriptions of a part of it. */
void conv3x3_set_pitches(ninetap_conv3x3_desc *d, const problem *p);

/* The root mean square of the sums, without the bias, of the problem's random data. */
double conv3x3_rms(const problem *p);

/* How far that algorithm's outputs may be off, relative to it. */
double conv3x3_rms_error(const problem *p, const char *algorithm);

bool conv3x3_verify(const problem *p, tolerance allowed, char *why, size_t size);
tolerance conv3x3_usual_error(const problem *p);
/* What a plan promises, as far as that is of use. */
tolerance conv3x3_promised(const problem *p, const ninetap_plan_info *info);

#endif
