/* The opt-in line a call (NINETAP_VERBOSE). */
#ifndef NINETAP_VERBOSE_H
#define NINETAP_VERBOSE_H

#include "targets/isa.h"
#include "ninetap.h"

/* Seconds now; negative, and free, when nobody asked for lines. */
double nt_verbose_start(void);

void nt_verbose_conv3x3(const ninetap_conv3x3 *plan, double start);
void nt_verbose_pool2x2(const char *operation, const ninetap_pool2x2_desc *desc, const char *isa,
                        const char *kernel, int threads, double start);
void nt_verbose_dense(const ninetap_dense *plan, double start);
void nt_verbose_softmax(int64_t rows, int64_t columns, const nt_isa *isa, int threads,
                        double start);

#endif
