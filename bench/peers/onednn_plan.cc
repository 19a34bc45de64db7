#include "peers/onednn.h"

namespace onednn {

using dnnl::memory;

Plan::Plan(const dnnl::engine &engine, const problem &p, bool own, const Candidate &chosen,
           size_t sets)
    : engine_(engine), stream_(engine), problem_(p), own_(own), chosen_(chosen) {
    if (plain_src(p) != chosen.src) {
        in_ = reorder(plain_src(p), chosen.src);
    }
    if (plain_dst(p) != chosen.dst) {
        out_ = reorder(chosen.dst, plain_dst(p));
    }
    if (!p.shape.pooling) {
        prepare_weights();
    }
    for (size_t i = 0; i < sets; i++) {
        add_set(p.src[i], p.dst[i]);
    }
}

bool Plan::run(size_t set) const {
    for (const Step &step : sets_[set]) {
        if (dnnl_primitive_execute(step.primitive, stream_.get(),
                                   static_cast<int>(step.arguments.size()),
                                   step.arguments.data()) != dnnl_success) {
            return false;
        }
    }
    return dnnl_stream_wait(stream_.get()) == dnnl_success;
}

void Plan::fetch() {
    if (own_ && out_) {
        memory plain(plain_dst(problem_), engine_, problem_.dst[0]);
        execute(out_, result_, plain);
    }
}

dnnl::reorder Plan::reorder(const memory::desc &from, const memory::desc &to) const {
    return dnnl::reorder(dnnl::reorder::primitive_desc(engine_, from, engine_, to));
}

Plan::Step Plan::reorder_step(const dnnl::reorder &reorder, const memory &from, const memory &to) {
    return {reorder.get(), {{DNNL_ARG_FROM, from.get()}, {DNNL_ARG_TO, to.get()}}};
}

void Plan::execute(const dnnl::reorder &reorder, memory &from, memory &to) {
    reorder.execute(stream_, from, to);
    stream_.wait();
}

void Plan::prepare_weights() {
    const memory::desc plain = plain_weights(problem_),
                       bias({problem_.shape.oc}, memory::data_type::f32, memory::format_tag::x);
    memory from(plain, engine_, problem_.weights);
    weights_ = memory(chosen_.weights, engine_);
    bias_ = memory(bias, engine_, problem_.bias);
    execute(reorder(plain, chosen_.weights), from, weights_);
}

// What the work reads or writes instead of the plain memory: of `own`, each set has its own.
memory Plan::inner(const memory::desc &wanted, memory &shared) const {
    if (own_) {
        return memory(wanted, engine_);
    }
    if (!shared) {
        shared = memory(wanted, engine_);
    }
    return shared;
}

void Plan::add_set(float *src, float *dst) {
    memory from(plain_src(problem_), engine_, src), to(plain_dst(problem_), engine_, dst),
        inner_from = in_ ? inner(chosen_.src, shared_src_) : from,
        inner_to = out_ ? inner(chosen_.dst, shared_dst_) : to;
    std::vector<Step> steps;
    if (in_ && own_) {
        execute(in_, from, inner_from);
    } else if (in_) {
        steps.push_back(reorder_step(in_, from, inner_from));
    }
    memory sums = inner_to;
    if (chosen_.pooling) {
        if (!between_) {
            between_ = memory(chosen_.between, engine_);
        }
        sums = between_;
    }
    steps.push_back(
        {chosen_.primitive.get(), {{DNNL_ARG_SRC, inner_from.get()}, {DNNL_ARG_DST, sums.get()}}});
    if (weights_) {
        steps.back().arguments.push_back({DNNL_ARG_WEIGHTS, weights_.get()});
        steps.back().arguments.push_back({DNNL_ARG_BIAS, bias_.get()});
    }
    if (chosen_.pooling) {
        steps.push_back(
            {chosen_.pooling.get(), {{DNNL_ARG_SRC, sums.get()}, {DNNL_ARG_DST, inner_to.get()}}});
    }
    if (out_ && !own_) {
        steps.push_back(reorder_step(out_, inner_to, to));
    }
    if (sets_.empty()) {
        result_ = inner_to;
    }
    kept_.insert(kept_.end(), {from, to, inner_from, inner_to});
    sets_.push_back(steps);
}

} // namespace onednn
