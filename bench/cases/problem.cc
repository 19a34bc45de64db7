#include "cases/problem.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

const char *layout_name(ninetap_layout layout) {
    return layout == NINETAP_NCHW ? "nchw" : "nhwc";
}

// ---- memory ----------------------------------------------------------------------------------

// The next multiple of 64 bytes with at least 64 to spare.
size_t floats_apart(size_t count) {
    return (count * sizeof(float) + 127) / 64 * 64 / sizeof(float);
}

Floats floats(size_t count, size_t arrays) {
    if (count > SIZE_MAX / sizeof(float) / arrays - 64) {
        throw std::bad_alloc();
    }
    const size_t bytes = arrays * floats_apart(count) * sizeof(float);
    return Floats(static_cast<float *>(::operator new(bytes, floats_alignment)));
}

// ---- what is asked ---------------------------------------------------------------------------

static double elements(const view &v) {
    return static_cast<double>(v.n) * static_cast<double>(v.c) * static_cast<double>(v.h) *
           static_cast<double>(v.w);
}

// Problems are made of floats: so many hold the operand.
static size_t floats_of(const nt_operand &o) {
    const size_t bytes = nt_bytes_of(o.element), count = static_cast<size_t>(nt_view_span(&o.view));
    return bytes == sizeof(float) ? count : (count * bytes + sizeof(float) - 1) / sizeof(float);
}

static size_t floats_of(const layer &l, int which) {
    const nt_operand &o = l.operands[which];
    return which > 0 && o.role != NT_ABSENT ? floats_of(o) : 0;
}

void layer_ask_operands(layer &l) {
    void *data[NT_OPERANDS];
    for (int i = 0; i < NT_OPERANDS; i++) {
        data[i] = l.operands[i].data;
    }
    (void)l.operation->calls->operands(&l.asked, l.operands);
    for (int i = 0; i < NT_OPERANDS; i++) {
        l.operands[i].data = data[i];
    }
}

void layer_ask(layer &l, const choice &c) {
    const operation &o = *l.operation;
    expect_ok(o.ask(&l, &c));
    layer_ask_operands(l);
    l.src_count = floats_of(l.operands[0]);
    l.dst_count = floats_of(l.operands[o.dst]);
    l.weights_count = floats_of(l, o.weights);
    l.bias_count = floats_of(l, o.bias);
    l.index_count = floats_of(l, o.indices) * sizeof(float) / sizeof(int64_t);
    l.flops *= elements(l.operands[o.dst].view);
    l.bytes = 0;
    for (int i = 0; i < NT_OPERANDS; i++) {
        const nt_operand &one = l.operands[i];
        if (one.role != NT_ABSENT && (i != o.bias || i == 0)) {
            l.bytes += elements(one.view) * static_cast<double>(nt_bytes_of(one.element));
        }
    }
}

static layer layer_of(const shape &what, ninetap_layout layout) {
    choice usual = {};
    usual.threads = 1;
    layer made = {};
    made.shape = what;
    made.layout = layout;
    made.operation = what.filter          ? &filter3x3[what.filter->op]
                     : what.pooling       ? &pool2x2[what.pool]
                     : what.dense         ? &dense
                     : what.softmax       ? &softmax
                     : what.int8          ? &conv3x3_int8
                     : what.backward_data ? &conv3x3_backward_data
                                          : &conv3x3;
    layer_ask(made, usual);
    return made;
}

double layer_taps(const layer &l) {
    const int64_t sums = l.shape.backward_data ? l.shape.c : l.shape.oc;
    return static_cast<double>(l.weights_count) / static_cast<double>(sums);
}

void layer_bind(layer &l, float *src, float *dst) {
    l.operands[0].data = src;
    l.operands[l.operation->dst].data = dst;
}

static layer network_of(const shape &what, ninetap_layout layout) {
    layer made = {};
    made.operation = what.int8 ? &network_int8 : &network;
    made.shape = what;
    made.layout = layout;
    return made;
}

problem::problem(const struct shape &what, ninetap_layout where)
    : layer(what.network ? network_of(what, where) : layer_of(what, where)) {
    if (what.network) {
        add_layers();
    } else {
        layers.push_back(*this);
    }
}

// The rate counts what the convolutions do; the least bytes are the same as of one layer.
void problem::add_layers() {
    struct shape next = shape;
    next.network = false;
    for (const char *at = shape_layers(&shape); *at == '-';) {
        if (!shape_next_layer(&at, &next)) {
            throw failure(NINETAP_ERR_ARG);
        }
        layers.push_back(layer_of(next, layout));
        const layer &one = layers.back();
        flops += next.pooling ? 0 : one.flops;
        weights_count += one.weights_count;
        bias_count += one.bias_count;
        next.c = shape.oc = next.oc;
        next.h = oh = one.oh;
        next.w = ow = one.ow;
        next.chained = true;
    }
    src_count = layers.front().src_count;
    dst_count = layers.back().dst_count;
    bytes = static_cast<double>(sizeof(float)) * static_cast<double>(src_count + weights_count) +
            static_cast<double>(sizeof(float)) * static_cast<double>(dst_count);
}

// ---- data ------------------------------------------------------------------------------------

// Twice the last level of cache, so that nothing of a set is left when its turn comes again. Very
// small problems would need more sets than a peer can be asked to prepare.
static size_t cold_sets(const problem &p) {
    const size_t one = (floats_apart(p.src_count) + floats_apart(p.dst_count)) * sizeof(float);
    return std::clamp<size_t>(2 * host_last_cache() / one + 1, 2, 16384);
}

// See sums_rms. The biases lie between one and about two standard deviations of the sums, so that
// ReLU leaves most outputs standing and a wrong sum is seen.
static void scale(float *weights, size_t weights_count, float *bias, size_t bias_count,
                  double taps) {
    const auto scale = static_cast<float>(std::sqrt(6.0 / taps));
    std::for_each(weights, weights + weights_count, [scale](float &w) { w *= scale; });
    std::for_each(bias, bias + bias_count,
                  [](float &b) { b = static_cast<float>(sums_rms) * (1.0F + std::fabs(b)); });
}

// To seven bits: sums of two products with bytes, which libraries add in 16 bits without VNNI, then
// have room.
static void halve(const nt_operand &weights) {
    auto *w = static_cast<int8_t *>(weights.data);
    std::for_each(w, w + nt_operand_bytes(&weights),
                  [](int8_t &x) { x = static_cast<int8_t>(x / 2); });
}

// Layer by layer. Only the first one's src is there, and the dst of one that is alone.
void problem::fill() {
    float *w = weights, *b = bias;
    for (size_t i = 0; i < layers.size(); i++) {
        layer &l = layers[i];
        const struct operation &o = *l.operation;
        layer_bind(l, i == 0 ? src[0] : nullptr, layers.size() == 1 ? dst[0] : nullptr);
        if (o.weights > 0) {
            l.operands[o.weights].data = w;
        }
        if (o.bias > 0) {
            l.operands[o.bias].data = b;
        }
        if (o.indices > 0 && l.operands[o.indices].role != NT_ABSENT) {
            l.operands[o.indices].data = indices;
        }
        layer filled = l;
        for (nt_operand &operand : filled.operands) {
            operand.role = operand.data != nullptr ? operand.role : NT_ABSENT;
        }
        if (!nt_operands_fill(o.calls, &l.asked, filled.operands, 1 + 3 * static_cast<int>(i))) {
            throw std::bad_alloc();
        }
        if (l.weights_count > 0 && l.shape.int8) {
            halve(l.operands[o.weights]);
        } else if (l.weights_count > 0) {
            scale(w, l.weights_count, b, l.bias_count, layer_taps(l));
        }
        w += l.weights_count;
        b += l.bias_count;
    }
}

void problem::load(bool cold) {
    const size_t wanted = cold ? cold_sets(*this) : 1;
    unload();
    src_ = floats(src_count, wanted);
    dst_ = floats(dst_count, wanted);
    weights_ = floats(weights_count);
    bias_ = floats(bias_count);
    indices_ = floats(2 * index_count);
    weights = weights_.get();
    bias = bias_.get();
    indices = static_cast<int64_t *>(static_cast<void *>(indices_.get()));
    for (size_t i = 0; i < wanted; i++) {
        src.push_back(src_.get() + i * floats_apart(src_count));
        dst.push_back(dst_.get() + i * floats_apart(dst_count));
    }
    fill();
    std::copy_n(layers[0].operands, NT_OPERANDS, operands);
    for (size_t i = 0; i < wanted; i++) {
        std::memmove(src[i], src[0], src_count * sizeof(float));
        layer_poison(*this, dst[i]);
    }
    sets = wanted;
}

void problem::unload() {
    for (Floats *one : {&src_, &dst_, &weights_, &bias_, &indices_}) {
        one->reset();
    }
    src.clear();
    dst.clear();
    weights = bias = nullptr;
    indices = nullptr;
    sets = 0;
}

void layer_poison(const layer &l, float *dst) {
    std::memset(dst, 0xFF, l.dst_count * sizeof *dst);
    if (l.shape.indices) {
        std::memset(l.operands[l.operation->indices].data, 0xAA, l.index_count * sizeof(int64_t));
    }
}

// ---- plain C ---------------------------------------------------------------------------------

// The fastest of some runs of a part, on data that is there.
static double time_part(layer l) {
    const operation &o = *l.operation;
    const double parts = o.part != nullptr ? o.part(&l) : 1;
    double best = std::numeric_limits<double>::infinity(), spent = 0;
    int64_t times = 1;
    layer_ask_operands(l);
    for (int tries = 0; tries < 20 && spent < 0.05; tries++) {
        const double start = nt_seconds();
        for (int64_t i = 0; i < times; i++) {
            if (!o.calls->define(&l.asked, NT_SEPARATE, l.operands)) {
                return 0;
            }
        }
        const double seconds = nt_seconds() - start;
        best = std::fmin(best, seconds / static_cast<double>(times));
        spent += seconds;
        times *= seconds < 1e-4 ? 4 : 1; // too short for the clock
    }
    return best * parts;
}

double problem::time_reference() const {
    if (!shape.network) {
        return time_part(*this);
    }
    double all = 0;
    for (const layer &l : layers) {
        problem alone(l.shape, layout);
        try {
            alone.load(false);
        } catch (const std::bad_alloc &) {
            return 0;
        }
        const double seconds = time_part(alone);
        if (seconds <= 0) {
            return 0;
        }
        all += seconds;
    }
    return all;
}
