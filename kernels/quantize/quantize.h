/* Quantization on an ISA, and on as many threads as a description may ask for. */
#ifndef NINETAP_QUANTIZE_INTERNAL_H
#define NINETAP_QUANTIZE_INTERNAL_H

#include "ninetap.h"
#include "targets/isa.h"

/* Rows with their scales, as the header has them. */
typedef struct nt_quantized_rows {
    int64_t rows, columns;
    ninetap_dtype type; /* of the integers */
    const float *scale;
    const int32_t *zero;
    int64_t scales;
} nt_quantized_rows;

ninetap_status nt_quantize_rows(const nt_isa *isa, int threads, const nt_quantized_rows *rows,
                                const float *src, void *dst);
ninetap_status nt_dequantize_rows(const nt_isa *isa, int threads, const nt_quantized_rows *rows,
                                  const void *src, float *dst);
ninetap_status nt_range_of(const nt_isa *isa, int64_t n, const float *src, float *lo, float *hi);

#endif
