// oneDNN, versions 2 and 3. (3 is written after its documentation and has not been run so far.)
//
// A primitive is made for memory descriptors: with format "any" for src and dst it picks the layout
// it likes best, blocked by 8 or 16 channels as a rule; with a plain format it takes that, often
// through slower code. Which algorithm and layout is fastest depends on shape and CPU in ways that
// `convolution_auto` does not always see, so everything that exists is tried here and the fastest
// kept, reorders from and to the plain layout included where they belong to the work. ReLU is a
// post-op of the convolution, the inference propagation kind spares pooling its index output. A
// pooling behind a convolution is a second primitive, which takes the layout that the first one
// leaves.
#include "peers/adapter.h"
#include "peers/onednn_candidates.h"

namespace {

// A candidate, ready to run on sets of a problem's data: the work, and where src or dst has another
// layout than the problem, a reorder before or behind it, unless `own`.
class Plan {
  public:
    // Throws where there is no such reorder, or no memory.
    Plan(const dnnl::engine &engine, const problem &p, bool own, const Candidate &chosen,
         size_t sets)
        : engine_(engine), stream_(engine), problem_(p), own_(own), chosen_(chosen) {
        const memory::desc src = in_desc(p, plain(p)), dst = out_desc(p, plain(p));
        in_ = src != chosen.src ? reorder(src, chosen.src) : in_;
        out_ = dst != chosen.dst ? reorder(chosen.dst, dst) : out_;
        if (!p.shape.pooling) {
            memory from(weights_desc(p, false), engine, p.weights);
            weights_ = memory(chosen.weights, engine);
            bias_ = p.shape.backward_data ? bias_ : memory(bias_desc(p), engine, p.bias);
            execute(reorder(from.get_desc(), chosen.weights), from, weights_);
        }
        between_ = chosen.pooling ? memory(chosen.between, engine) : between_;
        for (size_t i = 0; i < sets; i++) {
            add_set({src, engine, p.src[i]}, {dst, engine, p.dst[i]});
        }
    }

    bool run(size_t set) const {
        for (const Step &step : sets_[set]) {
            if (dnnl_primitive_execute(step.primitive, stream_.get(),
                                       static_cast<int>(step.arguments.size()),
                                       step.arguments.data()) != dnnl_success) {
                return false;
            }
        }
        return dnnl_stream_wait(stream_.get()) == dnnl_success;
    }

    // `own`: set 0's result to the problem's dst.
    void fetch() {
        if (own_ && out_) {
            memory to(out_desc(problem_, plain(problem_)), engine_, problem_.dst[0]);
            execute(out_, result_, to);
        }
    }

  private:
    // Executed through the C interface: the C++ one builds this array from a map in every call.
    struct Step {
        dnnl_primitive_t primitive;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    dnnl::reorder reorder(const memory::desc &from, const memory::desc &to) const {
        return dnnl::reorder(dnnl::reorder::primitive_desc(engine_, from, engine_, to));
    }

    void execute(const dnnl::reorder &reorder, memory &from, memory &to) {
        reorder.execute(stream_, from, to);
        stream_.wait();
    }

    // What the work reads or writes instead of the plain memory: of `own`, each set has its own.
    memory inner(const memory::desc &wanted, memory &shared) const {
        if (own_ || !shared) {
            shared = memory(wanted, engine_);
        }
        return shared;
    }

    void add_set(memory from, memory to) {
        memory inner_from = in_ ? inner(chosen_.src, shared_src_) : from,
               inner_to = out_ ? inner(chosen_.dst, shared_dst_) : to,
               sums = between_ ? between_ : inner_to;
        std::vector<Step> steps;
        const auto add = [&steps](const dnnl::primitive &what, const memory &src, const memory &dst,
                                  bool backward = false) {
            steps.push_back({what.get(),
                             {{backward ? DNNL_ARG_DIFF_DST : DNNL_ARG_SRC, src.get()},
                              {backward ? DNNL_ARG_DIFF_SRC : DNNL_ARG_DST, dst.get()}}});
        };
        if (in_ && own_) {
            execute(in_, from, inner_from);
        } else if (in_) {
            add(in_, from, inner_from);
        }
        add(chosen_.primitive, inner_from, sums, problem_.shape.backward_data);
        if (weights_) {
            steps.back().arguments.push_back({DNNL_ARG_WEIGHTS, weights_.get()});
        }
        if (bias_) {
            steps.back().arguments.push_back({DNNL_ARG_BIAS, bias_.get()});
        }
        if (chosen_.pooling) {
            add(chosen_.pooling, sums, inner_to);
        }
        if (out_ && !own_) {
            add(out_, inner_to, to);
        }
        result_ = sets_.empty() ? inner_to : result_;
        kept_.insert(kept_.end(), {from, to, inner_from, inner_to});
        sets_.push_back(steps);
    }

    dnnl::engine engine_;
    dnnl::stream stream_;
    const problem &problem_;
    bool own_;
    Candidate chosen_;
    dnnl::reorder in_, out_; // empty where not needed
    memory weights_, bias_, between_, shared_src_, shared_dst_, result_;
    std::vector<std::vector<Step>> sets_;
    std::vector<memory> kept_; // the steps have only their handles
};

static_assert(DNNL_ARG_FROM == DNNL_ARG_SRC && DNNL_ARG_TO == DNNL_ARG_DST, "a reorder's");

// While it lives, primitives are made afresh. The cache of 2.6 takes nchw and nhwc for the same
// where there is one channel, and hands out a primitive that expects other weights than it says.
class NoPrimitiveCache {
  public:
    NoPrimitiveCache() : capacity_(dnnl::get_primitive_cache_capacity()) {
        dnnl::set_primitive_cache_capacity(0);
    }
    ~NoPrimitiveCache() {
        (void)dnnl_set_primitive_cache_capacity(capacity_);
    }
    NoPrimitiveCache(const NoPrimitiveCache &) = delete;
    NoPrimitiveCache &operator=(const NoPrimitiveCache &) = delete;

  private:
    int capacity_;
};

// With another threading runtime the number of threads is not ours to say.
bool can_use(int threads) {
#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
    return threads >= 1;
#elif DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_SEQ
    return threads == 1;
#else
    return threads < 0;
#endif
}

class Instance : public runner {
  public:
    Instance(const problem &p, bool own, int threads) : threads_(threads) {
        if (!can_use(threads)) {
            throw std::runtime_error("this oneDNN was not built for OpenMP");
        }
        const OpenMPThreads threads_guard(threads);
        const NoPrimitiveCache cache_guard;
        const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
        // One of a layout from or to which there is no reorder throws.
        const auto make = [&](const Candidate &c) {
            return std::unique_ptr<Plan>(new Plan(engine, p, own, c, 1));
        };
        const Candidate best = fastest(candidates(engine, p), Candidate(), make);
        if (!best.primitive) {
            throw std::runtime_error("not offered by oneDNN");
        }
        plan_.reset(new Plan(engine, p, own, best, p.sets));
        kernel_ = best.implementation + " " + best.layout;
    }

    bool run(size_t set) final {
        const OpenMPThreads guard(threads_);
        return plan_->run(set);
    }
    void fetch() override {
        plan_->fetch();
    }
    const char *kernel() const override {
        return kernel_.c_str();
    }
    static std::string version() {
        const dnnl_version_t *v = dnnl_version();
        return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
               std::to_string(v->patch);
    }

  private:
    std::unique_ptr<Plan> plan_;
    int threads_;
    std::string kernel_;
};

} // namespace

extern const peer peer_onednn =
    make_peer<Instance>("onednn", PEER_POOLED | PEER_INT8 | PEER_BACKWARD);
