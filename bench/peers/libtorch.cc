// PyTorch's C++ library: ATen's functions, without autograd. A tensor says by its strides whether
// it is NCHW or NHWC ("channels last"), and the functions follow it; its opaque oneDNN tensors are
// a third layout, to and from which it converts on request only. Each call makes a tensor for its
// output, from malloc. ReLU is a second call, in place.
#include <ATen/ATen.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include "peers/adapter.h"

namespace {

enum class Layout { nchw, nhwc, onednn };

Layout plain(const problem &p) {
    return p.layout == NINETAP_NCHW ? Layout::nchw : Layout::nhwc;
}

at::Tensor plain_tensor(float *data, ninetap_layout layout, int64_t n, int64_t c, int64_t h,
                        int64_t w) {
    if (layout == NINETAP_NCHW) {
        return at::from_blob(data, {n, c, h, w}, at::kFloat);
    }
    return at::from_blob(data, {n, c, h, w}, {h * w * c, 1, w * c, c}, at::kFloat);
}

class Instance : public runner {
  public:
    Instance(const problem &p, bool own, int threads)
        : Instance(p, own ? best_layout(p, threads) : plain(p), threads, p.sets) {
    }

    Instance(const problem &p, Layout layout, int threads, size_t sets)
        : problem_(p), layout_(layout), threads_(threads), dst_(sets) {
        const c10::InferenceMode inference;
        const OpenMPThreads guard(threads);
        const auto &s = p.shape;
        for (size_t i = 0; i < sets; i++) {
            src_.push_back(converted(plain_tensor(p.src[i], p.layout, s.n, s.c, s.h, s.w)));
        }
        if (!s.pooling) {
            bias_ = at::from_blob(p.bias, {s.oc}, at::kFloat);
            weights_ = at::from_blob(p.weights, {s.oc, s.c / s.groups, 3, 3}, at::kFloat);
            weights_ =
                layout == Layout::onednn
                    ? at::mkldnn_reorder_conv2d_weight(weights_.to_mkldnn(), both(s.pad),
                                                       both(s.stride), both(s.dilation), s.groups)
                    : converted(weights_);
            bias_ = layout == Layout::onednn ? bias_.to_mkldnn() : bias_;
        }
        run(0);
    }

    bool run(size_t set) final {
        const c10::InferenceMode inference;
        const OpenMPThreads guard(threads_);
        const auto &s = problem_.shape;
        const auto stride = both(s.stride), pad = both(s.pad), dilation = both(s.dilation);
        if (s.pooling) {
            dst_[set] = at::max_pool2d(src_[set], {2, 2}, stride, pad, dilation);
        } else {
            dst_[set] = at::conv2d(src_[set], weights_, bias_, stride, pad, dilation, s.groups);
            at::relu_(dst_[set]);
        }
        return true;
    }

    void fetch() override {
        const c10::InferenceMode inference;
        const auto &p = problem_;
        const at::Tensor result = layout_ == Layout::onednn ? dst_[0].to_dense() : dst_[0];
        plain_tensor(p.dst[0], p.layout, p.shape.n, p.shape.oc, p.oh, p.ow).copy_(result);
    }

    const char *kernel() const override {
        static const char *const names[] = {"nchw", "nhwc", "oneDNN's"};
        return names[static_cast<int>(layout_)];
    }

    static std::string version() {
        return std::string("PyTorch ") + TORCH_VERSION;
    }

  private:
    static Layout best_layout(const problem &p, int threads) {
        const std::vector<Layout> layouts{Layout::nchw, Layout::nhwc, Layout::onednn};
        return fastest(layouts, plain(p), [&](Layout layout) {
            return std::unique_ptr<Instance>(new Instance(p, layout, threads, 1));
        });
    }

    // Itself where it is in that layout.
    at::Tensor converted(const at::Tensor &tensor) const {
        if (layout_ == Layout::onednn) {
            return tensor.to_mkldnn();
        }
        return tensor.contiguous(layout_ == Layout::nchw ? at::MemoryFormat::Contiguous
                                                         : at::MemoryFormat::ChannelsLast);
    }

    static std::vector<int64_t> both(int64_t axis) {
        return {axis, axis};
    }

    const problem &problem_;
    Layout layout_;
    int threads_;
    std::vector<at::Tensor> src_, dst_; // of each set
    at::Tensor weights_, bias_;
};

} // namespace

extern const peer peer_libtorch = make_peer<Instance>("libtorch");
