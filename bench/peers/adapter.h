// What the adapters have in common.
#ifndef NINETAP_BENCH_PEERS_ADAPTER_H
#define NINETAP_BENCH_PEERS_ADAPTER_H

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "measure/host.h"
#include "peers/peer.h"

extern "C" {
#include "selftest/conv3x3_int8.h"
}

// A convolution of bytes: its scales, and the factors from sums to dst.
struct Quantized : nt_described_scales {
    std::vector<float> factors;

    explicit Quantized(const problem &p) : nt_described_scales() {
        const auto &asked = *reinterpret_cast<const int8_problem *>(&p.asked);
        nt_scales_describe(&asked.scales, this);
        for (int64_t o = 0; o < quantization.weights_scales; o++) {
            factors.push_back(static_cast<float>(static_cast<double>(quantization.src_scale) *
                                                 scale[o] / quantization.dst_scale));
        }
    }
};

// A peer whose runners are made of (problem, own, threads) and have a static version().
template <class Runner> constexpr peer make_peer(const char *name, unsigned also = 0) {
    return {name, also, Runner::version,
            [](const problem &p, bool own, int threads) -> std::unique_ptr<runner> {
                return std::make_unique<Runner>(p, own, threads);
            }};
}

// Of what a library offers, the choice whose instance, made by `make`, runs fastest in a few runs;
// `otherwise` where none runs: whoever makes that one learns why. The first run, which may set
// things up, counts too: it is hardly ever the fastest.
template <class Choice, class Make>
Choice fastest(const std::vector<Choice> &choices, const Choice &otherwise, Make make) {
    Choice best = otherwise;
    double least = std::numeric_limits<double>::infinity();
    for (const Choice &one : choices) {
        try {
            const auto instance = make(one);
            double own = least, spent = 0;
            for (int i = 0; i < 6 && spent < 0.05; i++) {
                const double start = nt_seconds();
                if (!instance->run(0)) {
                    throw std::runtime_error("it failed");
                }
                const double time = nt_seconds() - start;
                own = std::min(own, time);
                spent += time;
            }
            best = own < least ? one : best;
            least = own;
        } catch (const std::exception &) {
            // Not offered.
        }
    }
    return best;
}

#ifdef _OPENMP
// For libraries that take OpenMP's default as their number of threads: it is `threads` as long as
// this lives, and nobody else shall see it changed.
class OpenMPThreads {
  public:
    explicit OpenMPThreads(int threads) : before_(omp_get_max_threads()) {
        omp_set_num_threads(threads);
    }
    ~OpenMPThreads() {
        omp_set_num_threads(before_);
    }
    OpenMPThreads(const OpenMPThreads &) = delete;
    OpenMPThreads &operator=(const OpenMPThreads &) = delete;

  private:
    int before_;
};
#endif

// [image][row][column] to [image][column][row].
template <class Element>
void transpose(const Element *from, Element *to, int64_t images, int64_t rows, int64_t columns) {
    for (int64_t i = 0; i < images * rows * columns; i++) {
        const int64_t column = i % columns, row = i / columns % rows, image = i / columns / rows;
        to[(image * columns + column) * rows + row] = from[i];
    }
}

// A runner's part that knows its data, of a library with one plain layout: the problem's own
// memory if that is its layout, else, of `own`, copies.
class OneLayout : public runner {
  public:
    // Every byte of the copies is exchanged with `flip`, if that is not 0.
    OneLayout(const problem &p, bool own, ninetap_layout layout, uint8_t flip = 0)
        : problem_(p), layout_(layout), copied_(layout != p.layout || flip != 0), flip_(flip) {
        if (layout != p.layout && !own) {
            throw std::runtime_error(std::string("its layout is ") + layout_name(layout));
        }
        for (size_t i = 0; copied_ && i < p.sets; i++) {
            src_.push_back(floats(p.src_count));
            dst_.push_back(floats(p.dst_count));
            convert(p.src[i], src_[i].get(), p.shape.c, p.shape.h * p.shape.w, layout);
            // NaN until written.
            std::fill_n(dst_[i].get(), p.dst_count, std::numeric_limits<float>::quiet_NaN());
        }
    }

    void fetch() override {
        if (copied_) {
            convert(dst_[0].get(), problem_.dst[0], problem_.shape.oc, problem_.oh * problem_.ow,
                    problem_.layout);
        }
    }
    const char *kernel() const override {
        return layout_name(layout_);
    }

  protected:
    float *src(size_t set) const {
        return copied_ ? src_[set].get() : problem_.src[set];
    }
    float *dst(size_t set) const {
        return copied_ ? dst_[set].get() : problem_.dst[set];
    }

    const problem &problem_;

  private:
    void convert(const float *from, float *to, int64_t channels, int64_t pixels,
                 ninetap_layout wanted) const {
        const bool nhwc = wanted == NINETAP_NHWC;
        const bool turned = layout_ != problem_.layout;
        const int64_t n = problem_.shape.n,
                      columns = !turned ? 1
                                : nhwc  ? pixels
                                        : channels,
                      rows = channels * pixels / columns;
        if (problem_.shape.int8) {
            auto *bytes = reinterpret_cast<uint8_t *>(to);
            transpose(reinterpret_cast<const uint8_t *>(from), bytes, n, rows, columns);
            std::for_each(bytes, bytes + n * rows * columns, [this](uint8_t &x) { x ^= flip_; });
        } else {
            transpose(from, to, n, rows, columns);
        }
    }

    ninetap_layout layout_;
    bool copied_;
    uint8_t flip_;
    std::vector<Floats> src_, dst_;
};

#endif
