// What is right: layer_verify and problem::verify.
#include <algorithm>
#include <cmath>

#include "cases/plan.h"

extern "C" {
#include "selftest/filter3x3.h"
}

// About 10 ms of the reference's loops.
static const double verify_macs = 1e7;

// 3 to 5 times what float leaves at most on random data of up to 512 channels; it grows with their
// root.
double layer_rms_error(const layer &l, const std::string &algorithm) {
    const double error = algorithm == "winograd6" ? 4e-4 : algorithm == "winograd4" ? 5e-5 : 2e-5;
    return error * std::fmax(1.0, std::sqrt(layer_taps(l) / (9.0 * 512.0)));
}

// Of a network: an error in a layer's input comes out about as large relative to the outputs, since
// the weights have random signs: what the layers may be off adds up. Of others: rounding errors of
// random signs add up like a random walk, relative to the sum of magnitudes they shrink with the
// root of the number of taps. 2^-11 of that leaves room for every fast algorithm in float,
// F(6x6,3x3) included, and none for half precision or a tap left out.
tolerance problem::usual_error() const {
    tolerance t;
    if (shape.int8) {
        t.apart = 1; // halves may be rounded otherwise
        return t;
    }
    if (shape.backward_weights) {
        t.apart = gradient_apart;
        return t;
    }
    if (shape.filter != nullptr) {
        // Integers are the same. Sixteenths are rounded to even here, elsewhere upwards.
        const bool exact =
            shape.filter->filter != FILTER_RANDOM && shape.filter->filter != FILTER_GAUSS;
        t.apart = exact ? 0 : shape.filter->dst == NINETAP_U8 ? 1 : 0x1p-17;
        return t;
    }
    if (!shape.network) {
        t.of_magnitude = weights_count > 0 ? 0x1p-11 / std::sqrt(layer_taps(*this)) : 0;
        return t;
    }
    for (const layer &l : layers) {
        t.of_rms += l.shape.pooling ? 0 : layer_rms_error(l, "winograd6");
    }
    return t;
}

// Random, the first and the last one often: there is where kernels have their edges.
static int64_t pick(rng &state, int64_t size) {
    const uint64_t bits = rng_next(&state);
    if (bits % 8 < 2) {
        return bits % 8 == 0 ? 0 : size - 1;
    }
    return static_cast<int64_t>((bits >> 3) % static_cast<uint64_t>(size));
}

static bool output_is_right(const layer &l, const tolerance &allowed, const int64_t (&at)[4]) {
    const nt_operand &o = l.operands[l.operation->dst];
    const float *dst = static_cast<const float *>(o.data);
    const auto got = static_cast<double>(dst[view_at(&o.view, at[0], at[1], at[2], at[3])]);
    double value, magnitude;
    l.operation->calls->exact(&l.asked, l.operands, at, &value, &magnitude);
    return std::fabs(got - value) <= allowed.of_magnitude * magnitude + allowed.of_rms * sums_rms;
}

// Every output must have been written; the values of as many as make verify_macs, at least 512, are
// compared.
static std::string verify_some(const layer &l, const tolerance &allowed) {
    const nt_operand &o = l.operands[l.operation->dst];
    const float *dst = static_cast<const float *>(o.data), *end = dst + l.dst_count;
    const float *nan = std::find_if(dst, end, [](float x) { return std::isnan(x); });
    if (nan != end) {
        return "element " + std::to_string(nan - dst) + " of the output was not written, or is NaN";
    }
    const view &v = o.view;
    const auto all = static_cast<double>(l.dst_count);
    const double wanted = std::fmax(512.0, verify_macs / (l.flops / 2 / all));
    const bool every = all <= wanted;
    rng state = {4};
    for (int64_t i = 0, count = static_cast<int64_t>(every ? all : wanted); i < count; i++) {
        const int64_t at[] = {every ? i / v.w / v.h / v.c : pick(state, v.n),
                              every ? i / v.w / v.h % v.c : pick(state, v.c),
                              every ? i / v.w % v.h : pick(state, v.h),
                              every ? i % v.w : pick(state, v.w)};
        if (!output_is_right(l, allowed, at)) {
            return "image " + std::to_string(at[0]) + ", channel " + std::to_string(at[1]) +
                   ", row " + std::to_string(at[2]) + ", column " + std::to_string(at[3]) +
                   " is wrong";
        }
    }
    return "";
}

// Of outputs of bytes or floats.
static std::string verify_apart(const layer &l, double apart) {
    layer defined = l;
    const nt_operand &o = l.operands[l.operation->dst];
    const Floats wanted = floats(nt_operand_bytes(&o) / sizeof(float) + 1);
    defined.operands[l.operation->dst].data = wanted.get();
    if (!l.operation->calls->define(&l.asked, NT_SEPARATE, defined.operands)) {
        return "no memory to verify the output";
    }
    for (size_t i = 0, count = nt_operand_bytes(&o) / nt_bytes_of(o.element); i < count; i++) {
        const auto at = [&](const void *data) {
            return o.element == NT_BYTES
                       ? static_cast<double>(static_cast<const unsigned char *>(data)[i])
                       : static_cast<double>(static_cast<const float *>(data)[i]);
        };
        if (!(std::fabs(at(o.data) - at(wanted.get())) <= apart)) {
            return "output " + std::to_string(i) + " is " + std::to_string(at(o.data)) + ", not " +
                   std::to_string(at(wanted.get()));
        }
    }
    return "";
}

static std::string verify_whole(const layer &l, const tolerance &allowed) {
    nt_call call = {};
    return allowed.apart > 0                                        ? verify_apart(l, allowed.apart)
           : l.operation->calls->right(&l.asked, l.operands, &call) ? ""
                                                                    : call.why;
}

// A filter's definition is slow: two rows at a time that take it about 0.1 s, the first and the
// last ones among them.
static std::string verify_rows(const layer &l, const tolerance &allowed) {
    const int64_t rows = std::min<int64_t>(2, l.shape.h), step = l.shape.filter->pooled ? 2 : 1;
    const int64_t places = (l.shape.h - rows) / step + 1;
    const int64_t all = l.shape.n * places;
    const auto most = static_cast<int64_t>(2e5 / static_cast<double>(l.shape.w * l.shape.c)) + 2;
    std::string why;
    rng state = {4};
    for (int64_t i = 0; i < std::min(all, most) && why.empty(); i++) {
        const int64_t at = all <= most ? i : i == 0 ? 0 : i == 1 ? all - 1 : pick(state, all);
        const int64_t first = at % places * step;
        layer some = l;
        filter3x3_rows(&some, at / places, first, rows);
        layer_ask_operands(some);
        why = verify_whole(some, allowed);
        why = why.empty() ? why : "from row " + std::to_string(first) + ": " + why;
    }
    return why;
}

std::string layer_verify(const layer &l, const tolerance &allowed) {
    return l.operation->calls->exact != nullptr ? verify_some(l, allowed)
           : l.shape.filter != nullptr          ? verify_rows(l, allowed)
                                                : verify_whole(l, allowed);
}

std::string problem::verify(const tolerance &allowed) const {
    return shape.network ? plan_verify_network(*this, allowed) : layer_verify(*this, allowed);
}
