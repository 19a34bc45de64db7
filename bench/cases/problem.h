// A problem: a shape in one of the two plain layouts, the data of it, and what is right.
#ifndef NINETAP_BENCH_PROBLEM_H
#define NINETAP_BENCH_PROBLEM_H

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "cases/operation.h"
#include "measure/host.h"

// What the library says instead of doing it.
struct failure : std::runtime_error {
    ninetap_status status;

    explicit failure(ninetap_status which) : failure(which, ninetap_strerror(which)) {
    }
    failure(ninetap_status which, const char *why) : runtime_error(why), status(which) {
    }
};
inline void expect_ok(ninetap_status status) {
    if (status != NINETAP_OK) {
        throw failure(status);
    }
}

// Each array is aligned to 64 bytes, as the next one of several is, and followed by 64 readable
// ones (XNNPACK reads past its inputs). Throws std::bad_alloc.
constexpr std::align_val_t floats_alignment{64};
struct floats_free {
    void operator()(float *memory) const {
        ::operator delete(memory, floats_alignment);
    }
};
using Floats = std::unique_ptr<float[], floats_free>;
Floats floats(size_t count, size_t arrays = 1);
size_t floats_apart(size_t count); // from one such array to the next

// The weights' scale (He et al. 2015) makes a layer's sums as large as its inputs, whose mean
// square is 1/3 at first: that of the sums is twice as large.
constexpr double sums_rms = 0.81649658092772603; // sqrt(2/3)

// How far an output may be off, all of it added up. Pooling and softmax have bounds of their own.
// Image filters and gradients have `apart` alone.
struct tolerance {
    double of_magnitude = 0; // times its |bias| + sum |w||x|
    double of_rms = 0;       // times the root mean square of all the sums
    double apart = 0;        // from the definition's output; 0: it must have the same bits
};
// Of weights: sums of about 1, whatever the number of pixels (problem.cc, scale).
constexpr double gradient_apart = 1e-4;

// ---- a layer ---------------------------------------------------------------------------------

// Asks for it in that way; its operands keep their data. Throws failure.
void layer_ask(layer &l, const choice &c);
// After a change of what it asks: the operands, which keep their data.
void layer_ask_operands(layer &l);
// Products of one of its sums.
double layer_taps(const layer &l);
void layer_bind(layer &l, float *src, float *dst);
// Fills dst with NaN, so that an element nothing writes is seen.
void layer_poison(const layer &l, float *dst);
// How far a convolution of that algorithm may be off, relative to the root mean square.
double layer_rms_error(const layer &l, const std::string &algorithm);
// "": dst is right; else says where it is not.
std::string layer_verify(const layer &l, const tolerance &allowed);

// ---- a problem: a layer, or of a network all of them -----------------------------------------

struct problem : layer {
    std::vector<layer> layers;    // with their weights and biases, while those are there
    double reference_seconds = 0; // plain C loops on one thread; 0: not measured yet

    // The data, none while unloaded. There are `sets` copies of src and of dst: 1 when hot; when
    // cold so many that a round over all of them leaves nothing of the first in the caches.
    size_t sets = 0;
    std::vector<float *> src, dst; // pooling of bytes: as many floats as hold them
    // Of pooling, where the shape asks for them: of the last run; of max unpooling: what it is
    // given.
    int64_t *indices = nullptr;
    // [oc][ic / groups][3][3], dense: [oc][c]; of a network, one layer's behind the other's.
    float *weights = nullptr;
    float *bias = nullptr; // [oc]

    // Throws failure where a layer is no operation on the output of the one before.
    problem(const struct shape &what, ninetap_layout layout);

    // Makes the data, the same each time and in every set, every page touched. Throws
    // std::bad_alloc.
    void load(bool cold);
    void unload();

    // Of implementations that promise nothing.
    tolerance usual_error() const;
    // "": set 0's dst is right; else says where it is not.
    std::string verify(const tolerance &allowed) const;
    // Seconds that the plain C loops take on one thread, calculated from a part if it is a big
    // problem. Overwrites set 0's dst. 0: not known.
    double time_reference() const;

  private:
    void add_layers();
    void fill();

    Floats src_, dst_, weights_, bias_, indices_;
};

const char *layout_name(ninetap_layout layout);

// Whoever solves a problem, ready to run on its sets.
class runner {
  public:
    runner() = default;
    virtual ~runner() = default;
    runner(const runner &) = delete;
    runner &operator=(const runner &) = delete;

    virtual bool run(size_t set) = 0;
    // Brings set 0's output to the problem's dst, where it is elsewhere.
    virtual void fetch() {
    }
    virtual const char *kernel() const = 0; // "brgconv:avx512_core nChw16c"
};

#endif
