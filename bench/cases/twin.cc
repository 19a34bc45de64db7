#include "cases/twin.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "cases/plan.h"

extern "C" {
#include "core/dispatch.h"
#include "selftest/conv3x3_int8.h"
}

// The weights and biases of `bytes` as floats. Returns how many times larger an error of the
// layer's inputs comes out, in the root mean square, where that is most.
static double copy_weights(const layer &bytes, const layer &floats) {
    const struct operation &o = *bytes.operation;
    const auto *asked = static_cast<const int8_problem *>(static_cast<const void *>(&bytes.asked));
    nt_described_scales d;
    nt_scales_describe(&asked->scales, &d);
    const auto *from = static_cast<const int8_t *>(bytes.operands[o.weights].data);
    const auto *from_bias = static_cast<const int32_t *>(bytes.operands[o.bias].data);
    auto *to = static_cast<float *>(floats.operands[floats.operation->weights].data);
    auto *to_bias = static_cast<float *>(floats.operands[floats.operation->bias].data);
    const size_t channels = floats.bias_count, taps = floats.weights_count / channels;
    double most = 0;
    for (size_t c = 0; c < channels; c++) {
        const float unit = d.quantization.src_scale / d.quantization.dst_scale *
                           d.scale[asked->scales.count > 1 ? c : 0];
        double squares = 0;
        for (size_t i = c * taps; i < (c + 1) * taps; i++) {
            to[i] = unit * static_cast<float>(from[i]);
            squares += static_cast<double>(to[i]) * static_cast<double>(to[i]);
        }
        to_bias[c] = unit * static_cast<float>(from_bias[c]);
        most = std::fmax(most, squares);
    }
    return std::sqrt(most);
}

// The twin's data; the root mean square that rounding each layer's outputs adds up to.
static double copy_data(const problem &bytes, const problem &twin) {
    const auto *src = static_cast<const unsigned char *>(static_cast<const void *>(bytes.src[0]));
    std::copy_n(src, twin.src_count, twin.src[0]);
    double error = 0;
    for (size_t i = 0; i < twin.layers.size(); i++) {
        if (twin.layers[i].weights_count > 0) {
            const double passed = error * copy_weights(bytes.layers[i], twin.layers[i]);
            error = std::sqrt(1.0 / 12 + passed * passed);
        }
    }
    return error;
}

std::string twin_verify(const problem &quantized) {
    struct shape what = quantized.shape;
    what.int8 = false;
    problem twin(what, quantized.layout);
    twin.load(false);
    const double expected = copy_data(quantized, twin);
    choice c = {};
    c.isa = nt_usable_isa(0);
    c.threads = 1;
    c.algo = NINETAP_ALGO_DIRECT;
    c.clamped = true;
    if (!plan(twin, c).run(0)) {
        return "its float twin failed";
    }
    const auto *got =
        static_cast<const unsigned char *>(static_cast<const void *>(quantized.dst[0]));
    double squares = 0;
    for (size_t i = 0; i < twin.dst_count; i++) {
        const double apart = static_cast<double>(got[i]) - static_cast<double>(twin.dst[0][i]);
        squares += apart * apart;
    }
    const double error = std::sqrt(squares / static_cast<double>(twin.dst_count));
    if (error <= 2 * expected) {
        return "";
    }
    std::ostringstream why;
    why << "outputs are " << error << " from those of the float twin (root mean square), not "
        << expected;
    return why.str();
}
