#include "fuzz.h"

#include <float.h>
#include <stdlib.h>

void fuzz_require(bool ok) {
    if (!ok)
        abort();
}

/* ---- What is legal ---- */

double fuzz_span(int layout, int64_t n, int64_t c, int64_t h, int64_t w, const int64_t pitch[3],
                 bool *sure) {
    const int64_t nchw[4] = {n, c, h, w}, nhwc[4] = {n, h, w, c};
    const int64_t *count = layout == 0 ? nchw : nhwc;
    double span = (double)count[3], dense = span;
    for (int i = 2; i >= 0; i--) {
        *sure = *sure && (pitch[i] == 0 || span < 0x1p50);
        if (pitch[i] < 0 || (pitch[i] != 0 && (double)pitch[i] < span))
            return -1;
        const double step = pitch[i] != 0 ? (double)pitch[i] : dense;
        span += step * (double)(count[i] - 1);
        dense = step * (double)count[i];
    }
    return span;
}

bool fuzz_fits(double elements, size_t element, bool *sure) {
    const double most = (double)PTRDIFF_MAX / (double)element;
    *sure = *sure && (elements < 0.999 * most || elements > 1.001 * most);
    return elements < most;
}

bool fuzz_unused(const int64_t reserved[8]) {
    for (int i = 0; i < 8; i++)
        if (reserved[i] != 0)
            return false;
    return true;
}

/* ---- Bytes ---- */

static bool is_byte_type(ninetap_dtype type) {
    return type == NINETAP_U8 || type == NINETAP_S8;
}

static bool is_byte(ninetap_dtype type, int value) {
    return type == NINETAP_S8 ? value >= -128 && value <= 127 : value >= 0 && value <= 255;
}

static bool is_scale(float scale) {
    return scale > 0 && scale <= FLT_MAX;
}

bool fuzz_quantization_is_legal(const nt_scales *s, ninetap_dtype src, ninetap_dtype dst,
                                int64_t channels) {
    static nt_described_scales described;
    nt_scales_describe(s, &described);
    bool ok = is_scale(s->src_scale) && is_byte(src, s->src_zero) &&
              (s->count == 1 || s->count == channels);
    if (is_byte_type(dst))
        ok = ok && is_scale(s->dst_scale) && is_byte(dst, s->dst_zero);
    for (int64_t i = 0; ok && i < s->count; i++) {
        const double by = is_byte_type(dst) ? s->dst_scale : 1;
        ok = is_scale(described.scale[i]) &&
             (double)s->src_scale * (double)described.scale[i] / by <= FLT_MAX;
    }
    return ok;
}
