/* The types and the quantization of a problem of bytes: drawn, and as a description has them. */
#ifndef NINETAP_SELFTEST_SCALES_H
#define NINETAP_SELFTEST_SCALES_H

#include "ninetap.h"
#include "selftest/operation.h"

typedef struct nt_scales {
    float src_scale, weights_scale, dst_scale;
    int src_zero, dst_zero;
    int64_t count; /* of weights_scale: 1, or an output channel's each; the description's own */
} nt_scales;

/* The fields of a problem whose nt_scales are at `offset`. */
#define NT_SCALES_FIELDS(offset)                                                                \
    {"src_scale", FIELD_FLOAT, 1, NAMES_NONE, (offset) + offsetof(nt_scales, src_scale)},       \
        {"src_zero", FIELD_INT, 1, NAMES_NONE, (offset) + offsetof(nt_scales, src_zero)},       \
        {"weight_scale", FIELD_FLOAT, 1, NAMES_NONE,                                            \
         (offset) + offsetof(nt_scales, weights_scale)},                                        \
        {"scales", FIELD_INT64, 1, NAMES_NONE, (offset) + offsetof(nt_scales, count)},          \
        {"dst_scale", FIELD_FLOAT, 1, NAMES_NONE, (offset) + offsetof(nt_scales, dst_scale)}, { \
        "dst_zero", FIELD_INT, 1, NAMES_NONE, (offset) + offsetof(nt_scales, dst_zero)          \
    }

enum { NT_MOST_SCALES = 512 };

/* What a description points to. Scales of channels are weights_scale times 1 to 1 + 6/8; those past
 * NT_MOST_SCALES are not there. */
typedef struct nt_described_scales {
    ninetap_quantization quantization;
    float scale[NT_MOST_SCALES];
} nt_described_scales;
void nt_scales_describe(const nt_scales *scales, nt_described_scales *d);

/* Types, and the quantization of so many output channels. */
void nt_scales_draw(rng *r, int64_t channels, nt_scales *scales, ninetap_dtype *src,
                    ninetap_dtype *weights, ninetap_dtype *dst);

nt_element nt_element_of(ninetap_dtype type);

#endif
