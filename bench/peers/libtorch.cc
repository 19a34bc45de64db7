// PyTorch's C++ library: ATen's functions, without autograd. A tensor says by its strides whether
// it is NCHW or NHWC ("channels last"), and the functions follow it; its opaque oneDNN tensors are
// a third layout, to and from which it converts on request only. Each call makes a tensor for its
// output, from malloc. ReLU is a second call, in place.
#include <cstdio>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include "peers/peer.h"
#include "peers/best_time.h"
#include "peers/openmp_threads.h"

namespace {

enum class Layout { nchw, nhwc, onednn };

at::Tensor plain_tensor(float *data, ninetap_layout layout, int64_t n, int64_t c, int64_t h,
                        int64_t w) {
    if (layout == NINETAP_NCHW) {
        return at::from_blob(data, {n, c, h, w}, at::kFloat);
    }
    return at::from_blob(data, {n, c, h, w}, {h * w * c, 1, w * c, c}, at::kFloat);
}

class Instance {
  public:
    Instance(const problem &p, Layout layout, int threads, size_t sets)
        : problem_(p), layout_(layout), threads_(threads), dst_(sets) {
        const auto &s = p.shape;
        for (size_t i = 0; i < sets; i++) {
            src_.push_back(converted(plain_tensor(p.src[i], p.layout, s.n, s.c, s.h, s.w)));
        }
        if (!s.pooling) {
            bias_ = at::from_blob(p.bias, {s.oc}, at::kFloat);
            weights_ = at::from_blob(p.weights, {s.oc, s.c / s.groups, 3, 3}, at::kFloat);
            weights_ = layout == Layout::onednn
                           ? at::mkldnn_reorder_conv2d_weight(weights_.to_mkldnn(), pad(), stride(),
                                                              dilation(), s.groups)
                           : converted(weights_);
            bias_ = layout == Layout::onednn ? bias_.to_mkldnn() : bias_;
        }
        run(0);
    }

    void run(size_t set) {
        const c10::InferenceMode inference;
        const OpenMPThreads guard(threads_);
        if (problem_.shape.pooling) {
            dst_[set] = at::max_pool2d(src_[set], {2, 2}, stride(), pad(), dilation());
        } else {
            dst_[set] = at::conv2d(src_[set], weights_, bias_, stride(), pad(), dilation(),
                                   problem_.shape.groups);
            at::relu_(dst_[set]);
        }
    }

    void fetch() const {
        const c10::InferenceMode inference;
        const auto &p = problem_;
        const at::Tensor result = layout_ == Layout::onednn ? dst_[0].to_dense() : dst_[0];
        plain_tensor(p.dst[0], p.layout, p.shape.n, p.shape.oc, p.oh, p.ow).copy_(result);
    }

    const char *kernel() const {
        static const char *const names[] = {"nchw", "nhwc", "oneDNN's"};
        return names[static_cast<int>(layout_)];
    }

  private:
    // Itself where it is in that layout.
    at::Tensor converted(const at::Tensor &tensor) const {
        if (layout_ == Layout::onednn) {
            return tensor.to_mkldnn();
        }
        return tensor.contiguous(layout_ == Layout::nchw ? at::MemoryFormat::Contiguous
                                                         : at::MemoryFormat::ChannelsLast);
    }

    std::vector<int64_t> stride() const {
        return {problem_.shape.stride, problem_.shape.stride};
    }
    std::vector<int64_t> pad() const {
        return {problem_.shape.pad, problem_.shape.pad};
    }
    std::vector<int64_t> dilation() const {
        return {problem_.shape.dilation, problem_.shape.dilation};
    }

    const problem &problem_;
    Layout layout_;
    int threads_;
    std::vector<at::Tensor> src_, dst_; // of each set
    at::Tensor weights_, bias_;
};

Layout fastest(const problem &p, int threads) {
    Layout best = Layout::nchw;
    double least = std::numeric_limits<double>::infinity();
    for (const Layout layout : {Layout::nchw, Layout::nhwc, Layout::onednn}) {
        try {
            Instance instance(p, layout, threads, 1);
            const double time = best_time([&instance] {
                instance.run(0);
                return true;
            });
            if (time < least) {
                least = time;
                best = layout;
            }
        } catch (const std::exception &) {
            // Not offered in this layout.
        }
    }
    return best;
}

void version(char *text, size_t size) {
    snprintf(text, size, "PyTorch %s", TORCH_VERSION);
}

// The first line: what follows is where in PyTorch it happened.
void explain(const std::exception &e, char *why, size_t size) {
    const std::string text = e.what();
    snprintf(why, size, "%s", text.substr(0, text.find('\n')).c_str());
}

void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    try {
        const c10::InferenceMode inference;
        const OpenMPThreads guard(threads);
        const Layout plain = p->layout == NINETAP_NCHW ? Layout::nchw : Layout::nhwc;
        return new Instance(*p, own ? fastest(*p, threads) : plain, threads, p->sets);
    } catch (const std::exception &e) {
        explain(e, why, size);
        return nullptr;
    }
}

bool run(void *user, size_t set) {
    try {
        static_cast<Instance *>(user)->run(set);
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

bool fetch(void *user) {
    try {
        static_cast<const Instance *>(user)->fetch();
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

const char *kernel(const void *user) {
    return static_cast<const Instance *>(user)->kernel();
}

void destroy(void *user) {
    delete static_cast<Instance *>(user);
}

} // namespace

extern "C" const peer peer_libtorch = {"libtorch", version, create, run, fetch, kernel, destroy, 0};
