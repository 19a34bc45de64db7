// Everything that oneDNN offers for a problem, and the memory descriptors of the problem.
#ifndef NINETAP_BENCH_PEERS_ONEDNN_CANDIDATES_H
#define NINETAP_BENCH_PEERS_ONEDNN_CANDIDATES_H

#include <string>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "peers/adapter.h"

namespace {

using dnnl::memory;
using tag = memory::format_tag;

struct Candidate {
    dnnl::primitive primitive;
    dnnl::primitive pooling; // behind it, of a pooled shape; else empty
    memory::desc src, weights, between, dst;
    std::string implementation, layout; // "jit:avx512_core", "nChw16c"
};

using type = memory::data_type;
memory::desc floats_of(const memory::dims &dims, tag format) {
    return {dims, type::f32, format};
}
type data_of(const problem &p) {
    return p.shape.int8 ? type::u8 : type::f32;
}

// In that format; src and weights as p has them, dst as p wants it: plain(p).
tag plain(const problem &p) {
    return p.layout == NINETAP_NCHW ? tag::nchw : tag::nhwc;
}
memory::desc src_desc(const problem &p, tag format) {
    return {{p.shape.n, p.shape.c, p.shape.h, p.shape.w}, data_of(p), format};
}
memory::desc dst_desc(const problem &p, tag format) {
    return {{p.shape.n, p.shape.oc, p.oh, p.ow}, data_of(p), format};
}
memory::desc in_desc(const problem &p, tag format) { // what the work reads and writes
    return p.shape.backward_data ? dst_desc(p, format) : src_desc(p, format);
}
memory::desc out_desc(const problem &p, tag format) {
    return p.shape.backward_data ? src_desc(p, format) : dst_desc(p, format);
}
memory::desc sum_desc(const problem &p, tag format) { // before the pooling of a pooled shape
    return {{p.shape.n, p.shape.oc, p.conv_oh, p.conv_ow}, data_of(p), format};
}
memory::desc weights_desc(const problem &p, bool any) {
    const auto &s = p.shape;
    const type of = s.int8 ? type::s8 : type::f32;
    if (s.groups == 1) {
        return {{s.oc, s.c, 3, 3}, of, any ? tag::any : tag::oihw};
    }
    return {{s.groups, s.oc / s.groups, s.c / s.groups, 3, 3}, of, any ? tag::any : tag::goihw};
}
memory::desc bias_desc(const problem &p) {
    return {{p.shape.oc}, p.shape.int8 ? type::s32 : type::f32, tag::x};
}

std::string format_name(const memory::desc &d) {
    static const std::pair<tag, const char *> formats[] = {{tag::nchw, "nchw"},
                                                           {tag::nhwc, "nhwc"},
                                                           {tag::nChw4c, "nChw4c"},
                                                           {tag::nChw8c, "nChw8c"},
                                                           {tag::nChw16c, "nChw16c"}};
#if DNNL_VERSION_MAJOR >= 3
    const memory::dims dims = d.get_dims();
#else
    const memory::dims dims = d.dims();
#endif
    for (const auto &format : formats) {
        if (d == floats_of(dims, format.first) || d == memory::desc(dims, type::u8, format.first)) {
            return format.second;
        }
    }
    return "other";
}

template <class Descriptor>
Candidate candidate(const Descriptor &chosen, const memory::desc &from, const memory::desc &to) {
    Candidate c;
    c.src = from;
    c.dst = to;
    c.implementation = chosen.impl_info_str();
    const std::string src = format_name(c.src), dst = format_name(c.dst);
    c.layout = src == dst ? src : src + "-" + dst;
    return c;
}

// Throws, as the next one does, where there is no such implementation.
Candidate convolution(const dnnl::engine &engine, const problem &p, dnnl::algorithm algorithm,
                      tag format) {
    const auto &s = p.shape;
    const memory::desc src = src_desc(p, format), dst = sum_desc(p, format),
                       weights = weights_desc(p, true), bias = bias_desc(p);
    const memory::dims strides(2, s.stride), dilation(2, s.dilation - 1), pad(2, s.pad);
    const auto inference = dnnl::prop_kind::forward_inference;
    dnnl::post_ops relu;
    dnnl::primitive_attr attributes;
    using Convolution = dnnl::convolution_forward;
#if DNNL_VERSION_MAJOR >= 3
    if (s.int8) { // it has other scales
        throw dnnl::error(dnnl_unimplemented, "int8");
    }
    relu.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(relu);
    const Convolution::primitive_desc chosen(engine, inference, algorithm, src, weights, bias, dst,
                                             strides, dilation, pad, pad, attributes);
#else
    if (s.int8) { // whose saturation at 0 is ReLU
        const std::vector<float> factors = Quantized(p).factors;
        attributes.set_output_scales(factors.size() > 1 ? 2 : 0, factors);
    } else {
        relu.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
        attributes.set_post_ops(relu);
    }
    const Convolution::desc wanted(inference, algorithm, src, weights, bias, dst, strides, dilation,
                                   pad, pad);
    const Convolution::primitive_desc chosen(wanted, attributes, engine);
#endif
    Candidate c = candidate(chosen, chosen.src_desc(), chosen.dst_desc());
    c.weights = chosen.weights_desc();
    c.primitive = Convolution(chosen);
    return c;
}

// The gradient of src, which has a forward one as its model.
Candidate backward_data(const dnnl::engine &engine, const problem &p, dnnl::algorithm algorithm,
                        tag format) {
    const auto &s = p.shape;
    const memory::desc src = src_desc(p, format), dst = dst_desc(p, format),
                       weights = weights_desc(p, true);
    const memory::dims strides(2, s.stride), dilation(2, s.dilation - 1), pad(2, s.pad);
    const auto training = dnnl::prop_kind::forward_training;
    using Forward = dnnl::convolution_forward;
    using Backward = dnnl::convolution_backward_data;
#if DNNL_VERSION_MAJOR >= 3
    const Forward::primitive_desc forward(engine, training, algorithm, src, weights, dst, strides,
                                          dilation, pad, pad);
    const Backward::primitive_desc chosen(engine, algorithm, src, weights, dst, strides, dilation,
                                          pad, pad, forward);
#else
    const Forward::primitive_desc forward(
        Forward::desc(training, algorithm, src, weights, dst, strides, dilation, pad, pad), engine);
    const Backward::primitive_desc chosen(
        Backward::desc(algorithm, src, weights, dst, strides, dilation, pad, pad), engine, forward);
#endif
    Candidate c = candidate(chosen, chosen.diff_dst_desc(), chosen.diff_src_desc());
    c.weights = chosen.weights_desc();
    c.primitive = Backward(chosen);
    return c;
}

Candidate pooling(const dnnl::engine &engine, const problem &p, const memory::desc &src) {
    const auto &s = p.shape;
    const bool behind = s.pooled; // a convolution, whose stride the shape has
    const memory::desc dst = dst_desc(p, tag::any);
    const memory::dims strides(2, behind ? 2 : s.stride), dilation(2, behind ? 0 : s.dilation - 1),
        pad(2, behind ? 0 : s.pad), window{2, 2};
    const auto inference = dnnl::prop_kind::forward_inference;
    const auto max = dnnl::algorithm::pooling_max;
#if DNNL_VERSION_MAJOR >= 3
    using Pooling = dnnl::pooling_forward;
    const Pooling::primitive_desc chosen(engine, inference, max, src, dst, strides, window,
                                         dilation, pad, pad);
#else
    using Pooling = dnnl::pooling_v2_forward;
    const Pooling::desc wanted(inference, max, src, dst, strides, window, dilation, pad, pad);
    const Pooling::primitive_desc chosen(wanted, engine);
#endif
    Candidate c = candidate(chosen, chosen.src_desc(), chosen.dst_desc());
    c.primitive = Pooling(chosen);
    return c;
}

// Of a pooled shape with the pooling behind it.
Candidate whole(const dnnl::engine &engine, const problem &p, dnnl::algorithm algorithm,
                tag format) {
    if (p.shape.pooling) {
        return pooling(engine, p, src_desc(p, format));
    }
    if (p.shape.backward_data) {
        return backward_data(engine, p, algorithm, format);
    }
    Candidate c = convolution(engine, p, algorithm, format);
    if (p.shape.pooled) {
        const Candidate second = pooling(engine, p, c.dst);
        c.between = c.dst;
        c.dst = second.dst;
        c.pooling = second.primitive;
        c.implementation += ", " + second.implementation;
    }
    return c;
}

std::vector<Candidate> candidates(const dnnl::engine &engine, const problem &p) {
    using dnnl::algorithm;
    std::vector<algorithm> algorithms{algorithm::convolution_auto, algorithm::convolution_direct,
                                      algorithm::convolution_winograd};
    algorithms.resize(p.shape.pooling ? 1 : algorithms.size()); // pooling has none of these
    std::vector<Candidate> fast, reference;
    for (const tag format : {tag::any, tag::nchw, tag::nhwc, tag::nChw16c, tag::nChw8c}) {
        for (const algorithm one : algorithms) {
            try {
                const Candidate c = whole(engine, p, one, format);
                (c.implementation.compare(0, 3, "ref") == 0 ? reference : fast).push_back(c);
            } catch (const dnnl::error &) {
                // Does not exist.
            }
        }
    }
    // The reference code, which takes seconds, only if nothing else does the work.
    return fast.empty() ? reference : fast;
}

} // namespace

#endif
