#include "cases/plan.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "cases/twin.h"

extern "C" {
#include "core/dispatch.h"
}

// ---- a step ----------------------------------------------------------------------------------

static void *lent_workspace(void *user, size_t, size_t) {
    return user;
}

plan::step::step(const struct layer &l, const choice &c) : layer(l) {
    layer_ask(layer, c);
    call.workspace = lent_workspace;
    expect_ok(layer.operation->calls->prepare(&layer.asked, layer.operands, &call));
}

plan::step::~step() {
    if (layer.operation->calls->release != nullptr) {
        layer.operation->calls->release(&call);
    }
}

bool plan::step::run(float *src, float *dst) {
    layer_bind(layer, src, dst);
    return layer.operation->calls->run(&layer.asked, layer.operands, &call) == NINETAP_OK;
}

// A direct plan's bound is of the output's own sum, and tight. A Winograd plan's is of the largest
// sum in a tile with every weight as large as its filter's largest, and of the worst signs: a wrong
// output could pass. So those are held against the root mean square of the sums.
tolerance plan::step::promised(bool chained) const {
    const char *used = call.info.algorithm;
    tolerance t;
    if (used != nullptr && std::strcmp(used, "direct") == 0 && !chained) {
        t.of_magnitude = call.info.error_bound;
    } else if (used != nullptr) {
        t.of_rms = layer_rms_error(layer, used);
    }
    t.apart = layer.shape.backward_weights ? gradient_apart : 0;
    return t;
}

// ---- making ----------------------------------------------------------------------------------

plan::plan(const problem &p, const choice &c) : problem_(p) {
    choice how = c;
    how.workspace = p.shape.network;
    for (const layer &l : p.layers) {
        add(l, how);
    }
    allocate(how.workspace);
    describe(how);
}

// The pooling of a pooled shape, on the output of the convolution by itself.
static layer pooling_behind(const layer &convolution, const shape &whole) {
    layer made = {};
    made.layout = convolution.layout;
    made.shape = whole;
    made.shape.pooling = true;
    made.shape.pooled = false;
    made.shape.pool = whole.int8 ? SHAPE_MAX_U8 : SHAPE_MAX;
    made.operation = &pool2x2[made.shape.pool];
    made.shape.c = whole.oc;
    made.shape.h = convolution.oh;
    made.shape.w = convolution.ow;
    made.shape.groups = made.shape.dilation = 1;
    made.shape.stride = 2;
    made.shape.pad = 0;
    return made;
}

// In a network what cannot be fused is done apart.
void plan::add(const layer &l, const choice &c) {
    if (!l.shape.pooled || !c.unfused) {
        try {
            steps_.emplace_back(l, c);
            return;
        } catch (const failure &e) {
            if (e.status != NINETAP_ERR_UNSUPPORTED || !l.shape.pooled || !problem_.shape.network) {
                throw;
            }
        }
    }
    layer convolution = l;
    convolution.shape.pooled = false;
    steps_.emplace_back(convolution, c);
    steps_.emplace_back(pooling_behind(steps_.back().layer, l.shape), c);
    apart_++;
}

// What lies between the steps and, where it is the caller's, the workspace.
void plan::allocate(bool with_workspace) {
    size_t most[2] = {0}, bytes = 0;
    for (size_t i = 0; i < steps_.size(); i++) {
        bytes = std::max(bytes, steps_[i].call.info.workspace_bytes);
        if (i + 1 < steps_.size()) {
            most[i % 2] = std::max(most[i % 2], steps_[i].layer.dst_count);
        }
    }
    between_[0] = floats(most[0]);
    between_[1] = floats(most[1]);
    if (with_workspace) {
        workspace_ = floats(bytes / sizeof(float) + 1);
    }
    for (step &s : steps_) {
        s.call.user = workspace_.get();
    }
}

// ---- telling ---------------------------------------------------------------------------------

// How many convolutions run by which algorithm: "9 winograd4, 4 direct, 5 of 5 pools fused".
void plan::describe_network() {
    for (const char *name : {"winograd6", "winograd4", "winograd2", "direct"}) {
        const auto count = std::count_if(steps_.begin(), steps_.end(), [name](const step &s) {
            const char *used = s.call.info.algorithm;
            return used != nullptr && std::strcmp(used, name) == 0;
        });
        if (count > 0) {
            algorithm = kernel_.empty() ? name : "mixed";
            kernel_ += (kernel_.empty() ? "" : ", ") + std::to_string(count) + " " + name;
        }
    }
    size_t pools = 0;
    for (const step &s : steps_) {
        pools += s.layer.shape.pooling || s.layer.shape.pooled;
        promised.of_rms += s.promised(true).of_rms;
    }
    if (pools > 0) {
        kernel_ +=
            ", " + std::to_string(pools - apart_) + " of " + std::to_string(pools) + " pools fused";
    }
}

void plan::describe(const choice &c) {
    isa = c.isa->name;
    for (const step &s : steps_) {
        isa = isa == c.isa->name ? s.call.info.isa : isa;
    }
    if (problem_.shape.network) {
        describe_network();
        return;
    }
    const ninetap_plan_info &first = steps_.front().call.info;
    promised = steps_.front().promised(false);
    algorithm = first.algorithm != nullptr ? first.algorithm : "";
    kernel_ = first.kernel;
    if (steps_.size() > 1) {
        kernel_ += std::string(", ") + steps_.back().call.info.kernel;
    }
    if (problem_.operation == &conv3x3 && c.algo != NINETAP_ALGO_AUTO) {
        candidate =
            conv3x3_chosen_in(static_cast<const ninetap_conv3x3 *>(steps_.front().call.plan));
    }
}

// ---- running ---------------------------------------------------------------------------------

// Where a step puts its output, in a run that ends in `last`.
float *plan::dst_of(size_t i, float *last) const {
    return i + 1 < steps_.size() ? between_[i % 2].get() : last;
}

bool plan::run(size_t set) {
    float *src = problem_.src[set];
    for (size_t i = 0; i < steps_.size(); i++) {
        float *dst = dst_of(i, problem_.dst[set]);
        if (!steps_[i].run(src, dst)) {
            return false;
        }
        src = dst;
    }
    return true;
}

// Each step as the operation's own benchmark is verified, on what the step before really gave.
std::string plan::run_checked(float *last) {
    float *src = problem_.src[0];
    for (size_t i = 0; i < steps_.size(); i++) {
        step &s = steps_[i];
        float *dst = dst_of(i, last);
        layer_poison(s.layer, dst);
        const std::string why =
            s.run(src, dst) ? layer_verify(s.layer, s.promised(false)) : "it failed";
        if (!why.empty()) {
            return std::string("run exactly, ") + s.layer.operation->name + " " +
                   s.layer.shape.text + ": " + why;
        }
        src = dst;
    }
    return "";
}

static std::string compare(const problem &p, const float *exact, double of_rms) {
    double sum = 0;
    for (size_t i = 0; i < p.dst_count; i++) {
        sum += static_cast<double>(exact[i]) * static_cast<double>(exact[i]);
    }
    const double allowed = of_rms * std::sqrt(sum / static_cast<double>(p.dst_count));
    for (size_t i = 0; i < p.dst_count; i++) {
        const auto got = static_cast<double>(p.dst[0][i]), right = static_cast<double>(exact[i]);
        if (!(std::fabs(got - right) <= allowed)) {
            std::ostringstream why;
            why << "element " << i << " of the output is " << got << ", not " << right;
            return why.str();
        }
    }
    return sum > 0 ? "" : "nothing can be told from an output of zeros";
}

static std::string compare_bytes(const problem &p, const float *exact) {
    const layer &last = p.layers.back();
    const size_t bytes = nt_operand_bytes(&last.operands[last.operation->dst]);
    const bool same = std::memcmp(p.dst[0], exact, bytes) == 0;
    return same ? twin_verify(p) : "the output's bytes are not those of its layers one by one";
}

// The naive loops would take minutes for a big network. So ours is run once more, by the direct
// method in the contract's order and with poolings apart, each of its calls is verified, and every
// output is compared with that chain's; of bytes with its float twin's, too.
std::string plan_verify_network(const problem &p, const tolerance &allowed) {
    choice c = {};
    c.isa = nt_usable_isa(0);
    c.threads = 1;
    c.algo = NINETAP_ALGO_DIRECT;
    c.precision = c.isa->fast_fma ? NINETAP_PRECISION_EXACT : NINETAP_PRECISION_PORTABLE;
    c.unfused = true;
    try {
        const Floats exact = floats(p.dst_count);
        const std::string why = plan(p, c).run_checked(exact.get());
        return !why.empty()   ? why
               : p.shape.int8 ? compare_bytes(p, exact.get())
                              : compare(p, exact.get(), allowed.of_rms);
    } catch (const std::exception &) {
        return "no memory to verify the output";
    }
}
