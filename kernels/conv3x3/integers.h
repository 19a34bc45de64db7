/* Convolutions of integers: which there are, and what a plan has to know of one. */
#ifndef NINETAP_CONV3X3_INTEGERS_H
#define NINETAP_CONV3X3_INTEGERS_H

#include "conv3x3/conv3x3.h"

/* By its types. */
bool nt_conv_is_of_integers(const ninetap_conv3x3_desc *d);

/* NINETAP_ERR_ARG: of a description whose sizes are valid. */
ninetap_status nt_check_quantization(const ninetap_conv3x3_desc *d);

/* What becomes of the sums. NINETAP_ERR_UNSUPPORTED: the activation has no meaning here. */
ninetap_status nt_integers_of(nt_conv *c);

/* NINETAP_ERR_OVERFLOW: some input would make a sum leave 32 bits. */
ninetap_status nt_check_sums(const nt_conv *c, const int8_t *weights, const int32_t *bias);

/* What the sums of output channel o are multiplied by; of a description or of a plan in the
 * making. */
float nt_conv_multiplier(const ninetap_conv3x3_desc *d, int64_t o);

/* What lies outside the image, above the zero of src: of a constant border. */
int32_t nt_border_integer(const nt_conv *c);

#endif
