/* Convolutions of integers: what a plan has to know of one. */
#ifndef NINETAP_CONV3X3_INTEGERS_H
#define NINETAP_CONV3X3_INTEGERS_H

#include "conv3x3/conv3x3.h"

/* NINETAP_ERR_OVERFLOW: some input would make a sum leave 32 bits; what is outside the image lies
 * between the least and the greatest input. */
ninetap_status nt_check_sums(const nt_conv *c, const int8_t *weights, const int32_t *bias);

/* What lies outside the image, of a constant border: NT_PACKED_BYTES. */
void nt_border_element(const nt_conv *c, void *element);

#endif
