// XNNPACK: NHWC. (Its NCHW operators are for sparse networks and cover some first layers and
// depthwise convolutions only; they are left out.)
//
// An operator is created with the weights, which it packs, and bound to sizes and addresses by
// setup; since 2023 the sizes have a step of their own, reshape. ReLU is the output's range. Inputs
// may be read up to 16 bytes beyond their end. A pthreadpool of n threads has the caller as one of
// them, no pool means the caller alone. XNNPACK_API is the year of the first release with the
// interface found: the later ones have not been run here.
#include <cmath>

#include <pthreadpool.h>
#include <xnnpack.h>

#include "peers/adapter.h"

#if XNNPACK_API >= 2024
#define CACHES nullptr,
#define ALIGNMENT
#elif XNNPACK_API >= 2023
#define CACHES nullptr, nullptr,
#define ALIGNMENT &alignment,
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

class Instance : public OneLayout {
  public:
    Instance(const problem &p, bool own, int threads)
        : OneLayout(p, own, NINETAP_NHWC, p.shape.int8 ? 0x80 : 0),
          n_(static_cast<size_t>(p.shape.n)), h_(static_cast<size_t>(p.shape.h)),
          w_(static_cast<size_t>(p.shape.w)), c_(static_cast<size_t>(p.shape.c)),
          pool_(nullptr, pthreadpool_destroy), operator_(nullptr, xnn_delete_operator) {
        check(xnn_initialize(nullptr));
        if (threads > 1) {
            pool_.reset(pthreadpool_create(static_cast<size_t>(threads)));
            check(pool_ ? xnn_status_success : xnn_status_out_of_memory);
        }
        xnn_operator_t made = nullptr;
        const enum xnn_status status = create(&made);
        operator_.reset(made);
        check(status);
        reshape();
        bind(0);
        run(0);
    }

    bool run(size_t set) final {
        if (set != bound_) {
            bind(set);
        }
        return xnn_run_operator(operator_.get(), pool_.get()) == xnn_status_success;
    }

    static std::string version() { // it has no version number
        return "XNNPACK (interface of " + std::to_string(XNNPACK_API) + ")";
    }

  private:
    enum xnn_status create(xnn_operator_t *made) const {
        const auto &s = problem_.shape;
        const auto pad = static_cast<uint32_t>(s.pad), stride = static_cast<uint32_t>(s.stride),
                   dilation = static_cast<uint32_t>(s.dilation);
        if (s.pooling) {
            return xnn_create_max_pooling2d_nhwc_f32(pad, pad, pad, pad, 2, 2, stride, stride,
                                                     dilation, dilation,
#if XNNPACK_API < 2023
                                                     c_, c_, c_,
#endif
                                                     -INFINITY, INFINITY, 0, made);
        }
        const auto oc = static_cast<size_t>(s.oc), groups = static_cast<size_t>(s.groups);
        const Floats weights = floats(problem_.weights_count); // copied into the operator
        if (s.int8) {
            return create_int8(made, weights.get());
        }
        transpose(problem_.weights, weights.get(), s.oc, s.c / s.groups, 9);
        return xnn_create_convolution2d_nhwc_f32(pad, pad, pad, pad, 3, 3, stride, stride, dilation,
                                                 dilation, static_cast<uint32_t>(s.groups),
                                                 c_ / groups, oc / groups, c_, oc, weights.get(),
                                                 problem_.bias, 0, INFINITY, 0, CACHES made);
    }

    // Its bytes have signs: they are ours less 128.
    enum xnn_status create_int8(xnn_operator_t *made, void *room) const {
#if XNNPACK_API >= 2023
        (void)made, (void)room;
        return xnn_status_unsupported_parameter; // not written for it
#else
        const auto &s = problem_.shape;
        const Quantized q(problem_);
        std::vector<float> scales(static_cast<size_t>(s.oc), q.scale[0]);
        std::copy_n(q.scale, q.factors.size(), scales.begin());
        const auto pad = static_cast<uint32_t>(s.pad), stride = static_cast<uint32_t>(s.stride);
        const auto oc = static_cast<size_t>(s.oc), groups = static_cast<size_t>(s.groups);
        auto *weights = static_cast<int8_t *>(room);
        const void *from = problem_.weights, *bias = problem_.bias;
        transpose(static_cast<const int8_t *>(from), weights, s.oc, s.c / s.groups, 9);
        return xnn_create_convolution2d_nhwc_qc8(
            pad, pad, pad, pad, 3, 3, stride, stride, static_cast<uint32_t>(s.dilation),
            static_cast<uint32_t>(s.dilation), static_cast<uint32_t>(groups), c_ / groups,
            oc / groups, c_, oc, -128, q.quantization.src_scale, scales.data(), weights,
            static_cast<const int32_t *>(bias), -128, q.quantization.dst_scale, -128, 127, 0, made);
#endif
    }

    void reshape() {
#if XNNPACK_API >= 2023
        size_t oh, ow, bytes = 0;
        [[maybe_unused]] size_t alignment;
        check(problem_.shape.pooling
                  ? xnn_reshape_max_pooling2d_nhwc_f32(operator_.get(), n_, h_, w_, c_, c_, c_, &oh,
                                                       &ow, pool_.get())
                  : xnn_reshape_convolution2d_nhwc_f32(operator_.get(), n_, h_, w_, &bytes,
                                                       ALIGNMENT & oh, &ow, pool_.get()));
        workspace_ = floats(bytes / sizeof(float) + 1);
#endif
    }

    void bind(size_t set) {
        bound_ = set;
        const bool pooling = problem_.shape.pooling;
#if XNNPACK_API >= 2023
        check(pooling ? xnn_setup_max_pooling2d_nhwc_f32(operator_.get(), src(set), dst(set))
                      : xnn_setup_convolution2d_nhwc_f32(operator_.get(), workspace_.get(),
                                                         src(set), dst(set)));
#else
        if (problem_.shape.int8) {
            const void *from = src(set);
            void *to = dst(set);
            check(xnn_setup_convolution2d_nhwc_qc8(operator_.get(), n_, h_, w_,
                                                   static_cast<const int8_t *>(from),
                                                   static_cast<int8_t *>(to), pool_.get()));
            return;
        }
        const auto setup =
            pooling ? xnn_setup_max_pooling2d_nhwc_f32 : xnn_setup_convolution2d_nhwc_f32;
        check(setup(operator_.get(), n_, h_, w_, src(set), dst(set), pool_.get()));
#endif
    }

    size_t n_, h_, w_, c_;
    std::unique_ptr<pthreadpool, void (*)(pthreadpool_t)> pool_; // none: one thread
    std::unique_ptr<xnn_operator, enum xnn_status (*)(xnn_operator_t)> operator_;
    Floats workspace_;
    size_t bound_ = 0; // the set that the operator is set up for
};

} // namespace

extern const peer peer_xnnpack = make_peer<Instance>("xnnpack", PEER_INT8);
