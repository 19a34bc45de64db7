#include "peers/onednn.h"

namespace onednn {

namespace {

using dnnl::memory;
using tag = memory::format_tag;

tag plain(const problem &p) {
    return p.layout == NINETAP_NCHW ? tag::nchw : tag::nhwc;
}

memory::dims src_dims(const problem &p) {
    return {p.shape.n, p.shape.c, p.shape.h, p.shape.w};
}

memory::dims dst_dims(const problem &p) {
    return {p.shape.n, p.shape.oc, p.oh, p.ow};
}

// Of a convolution, before the pooling behind it.
memory::dims sum_dims(const problem &p) {
    return {p.shape.n, p.shape.oc, p.conv_oh, p.conv_ow};
}

memory::desc weights_desc(const problem &p, bool any) {
    const auto &s = p.shape;
    const auto f32 = memory::data_type::f32;
    if (s.groups == 1) {
        return {{s.oc, s.c, 3, 3}, f32, any ? tag::any : tag::oihw};
    }
    return {{s.groups, s.oc / s.groups, s.c / s.groups, 3, 3}, f32, any ? tag::any : tag::goihw};
}

std::string format_name(const memory::desc &d, const memory::dims &dims) {
    static const struct {
        tag format;
        const char *name;
    } formats[] = {{tag::nchw, "nchw"},
                   {tag::nhwc, "nhwc"},
                   {tag::nChw4c, "nChw4c"},
                   {tag::nChw8c, "nChw8c"},
                   {tag::nChw16c, "nChw16c"}};
    for (const auto &f : formats) {
        if (d == memory::desc(dims, memory::data_type::f32, f.format)) {
            return f.name;
        }
    }
    return "other";
}

template <class Descriptor>
Candidate candidate(const Descriptor &chosen, const memory::dims &from, const memory::dims &to) {
    Candidate c;
    c.src = chosen.src_desc();
    c.dst = chosen.dst_desc();
    c.implementation = chosen.impl_info_str();
    const std::string src = format_name(c.src, from), dst = format_name(c.dst, to);
    c.layout = src == dst ? src : src + "-" + dst;
    return c;
}

// Throws, as the next one does, where there is no such implementation.
Candidate convolution(const dnnl::engine &engine, const problem &p, dnnl::algorithm algorithm,
                      tag format) {
    const auto &s = p.shape;
    const auto f32 = memory::data_type::f32;
    const memory::desc src(src_dims(p), f32, format), dst(sum_dims(p), f32, format),
        weights = weights_desc(p, true), bias({s.oc}, f32, tag::x);
    const memory::dims strides{s.stride, s.stride}, dilation{s.dilation - 1, s.dilation - 1},
        pad{s.pad, s.pad};
    const auto inference = dnnl::prop_kind::forward_inference;
    dnnl::post_ops relu;
    dnnl::primitive_attr attributes;
    using Convolution = dnnl::convolution_forward;
#if DNNL_VERSION_MAJOR >= 3
    relu.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(relu);
    const Convolution::primitive_desc chosen(engine, inference, algorithm, src, weights, bias, dst,
                                             strides, dilation, pad, pad, attributes);
#else
    relu.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(relu);
    const Convolution::desc wanted(inference, algorithm, src, weights, bias, dst, strides, dilation,
                                   pad, pad);
    const Convolution::primitive_desc chosen(wanted, attributes, engine);
#endif
    Candidate c = candidate(chosen, src_dims(p), sum_dims(p));
    c.weights = chosen.weights_desc();
    c.primitive = Convolution(chosen);
    return c;
}

Candidate pooling(const dnnl::engine &engine, const problem &p, const memory::desc &src) {
    const auto &s = p.shape;
    const auto f32 = memory::data_type::f32;
    const memory::desc dst(dst_dims(p), f32, tag::any);
    const bool behind = s.pooled; // a convolution, whose stride the shape has
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
    Candidate c = candidate(chosen, behind ? sum_dims(p) : src_dims(p), dst_dims(p));
    c.primitive = Pooling(chosen);
    return c;
}

Candidate alone(const dnnl::engine &engine, const problem &p, tag format) {
    return pooling(engine, p, {src_dims(p), memory::data_type::f32, format});
}

// A pooled shape: both.
Candidate with_pooling(const dnnl::engine &engine, const problem &p, Candidate c) {
    if (p.shape.pooled) {
        const Candidate second = pooling(engine, p, c.dst);
        c.between = c.dst;
        c.dst = second.dst;
        c.pooling = second.primitive;
        c.implementation += ", " + second.implementation;
    }
    return c;
}

} // namespace

std::vector<Candidate> candidates(const dnnl::engine &engine, const problem &p) {
    std::vector<Candidate> found;
    const auto add = [&found](bool reference, const Candidate &c) {
        if ((c.implementation.compare(0, 3, "ref") == 0) == reference) {
            found.push_back(c);
        }
    };
    // The reference code, which takes seconds, only if nothing else does the work.
    for (const bool reference : {false, true}) {
        for (const tag format : {tag::any, tag::nchw, tag::nhwc, tag::nChw16c, tag::nChw8c}) {
            for (const auto algorithm :
                 {dnnl::algorithm::convolution_auto, dnnl::algorithm::convolution_direct,
                  dnnl::algorithm::convolution_winograd}) {
                try {
                    if (!p.shape.pooling) {
                        add(reference,
                            with_pooling(engine, p, convolution(engine, p, algorithm, format)));
                    } else if (algorithm == dnnl::algorithm::convolution_auto) {
                        add(reference, alone(engine, p, format));
                    }
                } catch (const dnnl::error &) {
                    // Does not exist.
                }
            }
        }
        if (!found.empty()) {
            break;
        }
    }
    return found;
}

memory::desc plain_src(const problem &p) {
    return {src_dims(p), memory::data_type::f32, plain(p)};
}

memory::desc plain_dst(const problem &p) {
    return {dst_dims(p), memory::data_type::f32, plain(p)};
}

memory::desc plain_weights(const problem &p) {
    return weights_desc(p, false);
}

} // namespace onednn
