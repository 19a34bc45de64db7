// XNNPACK: NHWC. (Its NCHW operators are for sparse networks and cover some first layers and
// depthwise convolutions only; they are left out.)
//
// An operator is created with the weights, which it packs, and bound to sizes and addresses by
// setup; since 2023 the sizes have a step of their own, reshape. ReLU is the output's range. Inputs
// may be read up to 16 bytes beyond their end. A pthreadpool of n threads has the caller as one of
// them, no pool means the caller alone. XNNPACK_API is the year of the first release with the
// interface found: the later ones have not been run here.
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include <pthreadpool.h>
#include <xnnpack.h>

#include "peers/adapter.h"

#if XNNPACK_API >= 2024
#define CACHES nullptr,
#elif XNNPACK_API >= 2023
#define CACHES nullptr, nullptr,
#else
#define CACHES
#endif

namespace {

void check(enum xnn_status status) {
    if (status == xnn_status_unsupported_parameter) {
        throw std::runtime_error("not offered by XNNPACK");
    }
    if (status != xnn_status_success) {
        throw std::runtime_error("XNNPACK's status " + std::to_string(status));
    }
}

class Instance {
  public:
    Instance(const problem &p, int threads)
        : problem_(p), data_(p, NINETAP_NHWC), pool_(nullptr, pthreadpool_destroy),
          operator_(nullptr, xnn_delete_operator) {
        check(xnn_initialize(nullptr));
        if (threads > 1) {
            pool_.reset(pthreadpool_create(static_cast<size_t>(threads)));
            check(pool_ ? xnn_status_success : xnn_status_out_of_memory);
        }
        xnn_operator_t made = nullptr;
        const enum xnn_status status =
            p.shape.pooling ? create_pooling(p, &made) : create_convolution(p, &made);
        operator_.reset(made);
        check(status);
        reshape();
        bind(0);
        run(0);
    }

    bool run(size_t set) {
        if (set != bound_) {
            bind(set);
        }
        return xnn_run_operator(operator_.get(), pool_.get()) == xnn_status_success;
    }
    bool fetch() const {
        data_.fetch();
        return true;
    }
    static const char *kernel() {
        return "nhwc";
    }

  private:
    static enum xnn_status create_convolution(const problem &p, xnn_operator_t *made) {
        const auto &s = p.shape;
        const auto pad = static_cast<uint32_t>(s.pad), stride = static_cast<uint32_t>(s.stride),
                   dilation = static_cast<uint32_t>(s.dilation);
        const auto c = static_cast<size_t>(s.c), oc = static_cast<size_t>(s.oc),
                   groups = static_cast<size_t>(s.groups);
        const Floats weights = weights_ohwi(p); // copied into the operator
        return xnn_create_convolution2d_nhwc_f32(pad, pad, pad, pad, 3, 3, stride, stride, dilation,
                                                 dilation, static_cast<uint32_t>(s.groups),
                                                 c / groups, oc / groups, c, oc, weights.get(),
                                                 p.bias, 0, INFINITY, 0, CACHES made);
    }

    static enum xnn_status create_pooling(const problem &p, xnn_operator_t *made) {
        const auto &s = p.shape;
        const auto pad = static_cast<uint32_t>(s.pad), stride = static_cast<uint32_t>(s.stride),
                   dilation = static_cast<uint32_t>(s.dilation);
#if XNNPACK_API < 2023
        const auto c = static_cast<size_t>(s.c);
#define CHANNELS c, c, c,
#else
#define CHANNELS
#endif
        return xnn_create_max_pooling2d_nhwc_f32(pad, pad, pad, pad, 2, 2, stride, stride, dilation,
                                                 dilation, CHANNELS - INFINITY, INFINITY, 0, made);
    }

    void reshape() {
#if XNNPACK_API >= 2023
        const auto &s = problem_.shape;
        const auto n = static_cast<size_t>(s.n), h = static_cast<size_t>(s.h),
                   w = static_cast<size_t>(s.w), c = static_cast<size_t>(s.c);
        size_t oh, ow, bytes = 0;
        if (s.pooling) {
            check(xnn_reshape_max_pooling2d_nhwc_f32(operator_.get(), n, h, w, c, c, c, &oh, &ow,
                                                     pool_.get()));
            return;
        }
#if XNNPACK_API >= 2024
        check(xnn_reshape_convolution2d_nhwc_f32(operator_.get(), n, h, w, &bytes, &oh, &ow,
                                                 pool_.get()));
#else
        size_t alignment;
        check(xnn_reshape_convolution2d_nhwc_f32(operator_.get(), n, h, w, &bytes, &alignment, &oh,
                                                 &ow, pool_.get()));
#endif
        workspace_ = floats(bytes / sizeof(float) + 1);
#endif
    }

    void bind(size_t set) {
        const auto &s = problem_.shape;
        const float *src = data_.src(set);
        float *dst = data_.dst(set);
        bound_ = set;
#if XNNPACK_API >= 2023
        check(s.pooling
                  ? xnn_setup_max_pooling2d_nhwc_f32(operator_.get(), src, dst)
                  : xnn_setup_convolution2d_nhwc_f32(operator_.get(), workspace_.get(), src, dst));
#else
        const auto setup =
            s.pooling ? xnn_setup_max_pooling2d_nhwc_f32 : xnn_setup_convolution2d_nhwc_f32;
        check(setup(operator_.get(), static_cast<size_t>(s.n), static_cast<size_t>(s.h),
                    static_cast<size_t>(s.w), src, dst, pool_.get()));
#endif
    }

    const problem &problem_;
    Tensors data_;
    std::unique_ptr<pthreadpool, void (*)(pthreadpool_t)> pool_; // none: one thread
    std::unique_ptr<xnn_operator, enum xnn_status (*)(xnn_operator_t)> operator_;
    Floats workspace_{nullptr, host_free};
    size_t bound_ = 0; // the set that the operator is set up for
};

void version(char *text, size_t size) {
    snprintf(text, size, "XNNPACK (interface of %d)", XNNPACK_API); // it has no version number
}

void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    if (!own && p->layout != NINETAP_NHWC) {
        snprintf(why, size, "XNNPACK's layout is nhwc");
        return nullptr;
    }
    return Adapter<Instance>::create(why, size, *p, threads);
}

} // namespace

extern "C" const peer peer_xnnpack = Adapter<Instance>::make("xnnpack", version, create, 0);
