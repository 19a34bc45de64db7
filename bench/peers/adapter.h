// What the adapters in C++ have in common.
#ifndef NINETAP_BENCH_PEERS_ADAPTER_H
#define NINETAP_BENCH_PEERS_ADAPTER_H

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <vector>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "measure/host.h"
#include "peers/peer.h"

// A peer of instances that have run(set) and fetch(), which say whether they succeeded, and
// kernel(). Their exceptions stay here.
template <class Instance> class Adapter {
  public:
    static constexpr peer make(const char *name, void (*version)(char *, size_t),
                               void *(*create)(const problem *, bool, int, char *, size_t),
                               unsigned also) {
        return {name, version, create, run, fetch, kernel, destroy, also};
    }

    // What create returns: an instance of such arguments, or null and the reason. Of what was
    // thrown the first line: others say where in the library it happened.
    template <class... Arguments>
    static void *create(char *why, size_t size, Arguments &&...arguments) {
        try {
            return new Instance(std::forward<Arguments>(arguments)...);
        } catch (const std::exception &e) {
            const std::string text = e.what();
            snprintf(why, size, "%s", text.substr(0, text.find('\n')).c_str());
            return nullptr;
        }
    }

  private:
    static bool run(void *user, size_t set) {
        try {
            return static_cast<Instance *>(user)->run(set);
        } catch (const std::exception &) {
            return false;
        }
    }
    static bool fetch(void *user) {
        try {
            return static_cast<Instance *>(user)->fetch();
        } catch (const std::exception &) {
            return false;
        }
    }
    static const char *kernel(const void *user) {
        return static_cast<const Instance *>(user)->kernel();
    }
    static void destroy(void *user) {
        delete static_cast<Instance *>(user);
    }
};

// Seconds of the fastest of a few runs; infinity if one says that it failed. The first one, which
// may set things up, counts too: it is hardly ever the fastest.
template <class Run> double best_time(Run run) {
    using Clock = std::chrono::steady_clock;
    double best = std::numeric_limits<double>::infinity(), spent = 0;
    for (int i = 0; i < 6 && spent < 0.05; i++) {
        const auto start = Clock::now();
        if (!run()) {
            return std::numeric_limits<double>::infinity();
        }
        const double time = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::min(best, time);
        spent += time;
    }
    return best;
}

// Of what a library offers, the choice whose instance, made by `make`, runs fastest; `otherwise`
// where none runs: whoever makes that one learns why.
template <class Choice, class Make>
Choice fastest(const std::vector<Choice> &choices, const Choice &otherwise, Make make) {
    Choice best = otherwise;
    double least = std::numeric_limits<double>::infinity();
    for (const Choice &choice : choices) {
        try {
            const auto instance = make(choice);
            const double time = best_time([&instance] { return instance->run(0); });
            if (time < least) {
                least = time;
                best = choice;
            }
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

// Aligned, and with readable bytes behind it, as a problem's data are.
using Floats = std::unique_ptr<float, void (*)(void *)>;
inline Floats floats(size_t count) {
    Floats made(static_cast<float *>(host_alloc(count * sizeof(float) + 64)), host_free);
    if (!made) {
        throw std::bad_alloc();
    }
    return made;
}

// [image][row][column] to [image][column][row].
inline void transpose(const float *from, float *to, int64_t images, int64_t rows, int64_t columns) {
    for (int64_t i = 0; i < images * rows * columns; i++) {
        const int64_t column = i % columns, row = i / columns % rows, image = i / columns / rows;
        to[(image * columns + column) * rows + row] = from[i];
    }
}

// A problem's data as a library takes it that knows one plain layout: the problem's own memory if
// that is its layout, else copies.
class Tensors {
  public:
    Tensors(const problem &p, ninetap_layout layout)
        : problem_(p), copied_(layout != p.layout), to_nhwc_(layout == NINETAP_NHWC) {
        for (size_t i = 0; copied_ && i < p.sets; i++) {
            src_.push_back(floats(p.src_count));
            dst_.push_back(floats(p.dst_count));
            const auto &s = p.shape;
            convert(to_nhwc_, p.src[i], src_[i].get(), s.c, s.h * s.w);
            // NaN until written.
            std::fill_n(dst_[i].get(), p.dst_count, std::numeric_limits<float>::quiet_NaN());
        }
    }

    float *src(size_t set) const {
        return copied_ ? src_[set].get() : problem_.src[set];
    }
    float *dst(size_t set) const {
        return copied_ ? dst_[set].get() : problem_.dst[set];
    }
    // Set 0's dst to the problem's.
    void fetch() const {
        if (copied_) {
            convert(!to_nhwc_, dst_[0].get(), problem_.dst[0], problem_.shape.oc,
                    problem_.oh * problem_.ow);
        }
    }

  private:
    void convert(bool to_nhwc, const float *from, float *to, int64_t channels,
                 int64_t pixels) const {
        transpose(from, to, problem_.shape.n, to_nhwc ? channels : pixels,
                  to_nhwc ? pixels : channels);
    }

    const problem &problem_;
    bool copied_, to_nhwc_;
    std::vector<Floats> src_, dst_;
};

// A problem's weights as [oc][3][3][ic / groups].
inline Floats weights_ohwi(const problem &p) {
    Floats made = floats(p.weights_count);
    transpose(p.weights, made.get(), p.shape.oc, p.shape.c / p.shape.groups, 9);
    return made;
}

#endif
