#include "core/build.h"
#include "core/tensor.h"

#include "core/size.h"

/* One level of a tensor: `count` items of `span` elements each, `pitch` apart. `dense` is the pitch
 * that 0 stands for. Sets the pitch, the dense pitch of the next level, and the span of all
 * items. */
static ninetap_status nest(int64_t given, int64_t count, nt_size *dense, nt_size *span,
                           int64_t *pitch) {
    if (given < 0) {
        return NINETAP_ERR_ARG;
    }
    if (given != 0 && !span->overflow && given < span->value) {
        return NINETAP_ERR_SHAPE;
    }
    const nt_size step = given != 0 ? nt_size_of(given) : *dense;
    *pitch = step.value;
    *span = nt_size_add(nt_size_mul(step, count - 1), *span);
    *dense = nt_size_mul(step, count);
    return NINETAP_OK;
}

ninetap_status nt_tensor_resolve(nt_tensor *t, ninetap_layout layout, int64_t n, int64_t c,
                                 int64_t h, int64_t w, const int64_t pitch[3], size_t element) {
    const bool nchw = layout == NINETAP_NCHW;
    nt_size span = nt_size_of(nchw ? w : c);
    nt_size dense = span;
    int64_t inner = 0;
    int64_t middle = 0;
    ninetap_status status = nest(pitch[2], nchw ? h : w, &dense, &span, &inner);
    if (status == NINETAP_OK) {
        status = nest(pitch[1], nchw ? c : h, &dense, &span, &middle);
    }
    if (status == NINETAP_OK) {
        status = nest(pitch[0], n, &dense, &span, &t->image);
    }
    if (status != NINETAP_OK) {
        return status;
    }
    if (!nt_size_fits(span, element)) {
        return NINETAP_ERR_OVERFLOW;
    }
    t->extent = span.value;
    t->channel = nchw ? middle : 1;
    t->row = nchw ? inner : middle;
    t->column = nchw ? 1 : inner;
    return NINETAP_OK;
}

size_t nt_element_size(ninetap_dtype type) {
    switch (type) {
    case NINETAP_F32:
    case NINETAP_S32:
        return 4;
    case NINETAP_S16:
        return 2;
    case NINETAP_U8:
    case NINETAP_S8:
        return 1;
    }
    return 0;
}

bool nt_types_are_floats(const nt_types *t) {
    return t->src == NINETAP_F32 && t->weights == NINETAP_F32 && t->dst == NINETAP_F32;
}

bool nt_types_exist(const nt_types *t) {
    return nt_element_size(t->src) != 0 && nt_element_size(t->weights) != 0 &&
           nt_element_size(t->dst) != 0 && (t->quantization == NULL || !nt_types_are_floats(t));
}

bool nt_reserved_is_zero(const int64_t reserved[8]) {
    const int64_t *r = reserved;
    return (r[0] | r[1] | r[2] | r[3] | r[4] | r[5] | r[6] | r[7]) == 0;
}

bool nt_range_is_usable(nt_range range) {
    /* sizes of elements are powers of two: a division would be a twentieth of a small call */
    return range.at != NULL && ((uintptr_t)range.at & (range.element - 1)) == 0;
}

bool nt_ranges_overlap(nt_range a, nt_range b) {
    const uintptr_t a0 = (uintptr_t)a.at;
    const uintptr_t b0 = (uintptr_t)b.at;
    return a0 < b0 ? b0 - a0 < (size_t)a.count * a.element : a0 - b0 < (size_t)b.count * b.element;
}

ninetap_status nt_check_ranges(nt_range src, nt_range dst) {
    if (!nt_range_is_usable(src) || !nt_range_is_usable(dst)) {
        return NINETAP_ERR_ARG;
    }
    return nt_ranges_overlap(src, dst) ? NINETAP_ERR_ALIAS : NINETAP_OK;
}

ninetap_status nt_check_gradient_ranges(const nt_range *in, int count, nt_range weights,
                                        nt_range bias) {
    const bool biased = bias.at != NULL;
    bool usable = nt_range_is_usable(weights) && (!biased || nt_range_is_usable(bias));
    bool overlap = biased && nt_ranges_overlap(weights, bias);
    for (int i = 0; i < count; i++) {
        usable = usable && nt_range_is_usable(in[i]);
        overlap = overlap || nt_ranges_overlap(in[i], weights) ||
                  (biased && nt_ranges_overlap(in[i], bias));
    }
    return !usable ? NINETAP_ERR_ARG : overlap ? NINETAP_ERR_ALIAS : NINETAP_OK;
}

/* a / stride for a >= 0. The usual strides need no division, which takes as long as pooling a dozen
 * outputs. */
static int64_t steps(int64_t a, int64_t stride) {
    return stride == 1 ? a : stride == 2 ? a >> 1 : a / stride;
}

int64_t nt_output_size(int64_t size, int64_t before, int64_t after, int taps, int64_t dilation,
                       int64_t stride, bool ceil_mode) {
    const nt_size padded =
        nt_size_add(nt_size_add(nt_size_of(size), nt_size_of(before)), nt_size_of(after));
    if (padded.overflow) {
        return -2;
    }
    const int64_t room = padded.value - (taps - 1) * dilation - 1;
    int64_t count = room < 0 ? 0 : steps(room, stride) + 1;
    /* a partial window counts when it starts inside the image or the padding before it */
    const bool partial = count == 0 ? room > -stride : room != (count - 1) * stride;
    if (ceil_mode && partial && count * stride < size + before) {
        count++;
    }
    return count == 0 ? -1 : count;
}

nt_span nt_inner_outputs(int64_t size, int64_t before, int taps, int64_t dilation, int64_t stride,
                         int64_t outputs) {
    const int64_t last = size - 1 - (taps - 1) * dilation + before;
    nt_span span = {steps(before + stride - 1, stride), last < 0 ? 0 : steps(last, stride) + 1};
    span.to = span.to < outputs ? span.to : outputs;
    span.from = span.from < span.to ? span.from : span.to;
    return span;
}
