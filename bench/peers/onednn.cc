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
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "peers/adapter.h"
#include "peers/onednn.h"

namespace {

using onednn::Candidate;
using onednn::Plan;

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

class Instance {
  public:
    Instance(const problem &p, bool own, int threads) : threads_(threads) {
        const OpenMPThreads threads_guard(threads);
        const NoPrimitiveCache cache_guard;
        const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
        // One of a layout from or to which there is no reorder throws.
        const auto make = [&](const Candidate &c) {
            return std::unique_ptr<Plan>(new Plan(engine, p, own, c, 1));
        };
        const Candidate best = fastest(onednn::candidates(engine, p), Candidate(), make);
        if (!best.primitive) {
            throw std::runtime_error("not offered by oneDNN");
        }
        plan_.reset(new Plan(engine, p, own, best, p.sets));
        kernel_ = best.implementation + " " + best.layout;
    }

    bool run(size_t set) const {
        const OpenMPThreads guard(threads_);
        return plan_->run(set);
    }

    bool fetch() {
        plan_->fetch();
        return true;
    }

    const char *kernel() const {
        return kernel_.c_str();
    }

  private:
    std::unique_ptr<Plan> plan_;
    int threads_;
    std::string kernel_;
};

void version(char *text, size_t size) {
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, size, "oneDNN %d.%d.%d", v->major, v->minor, v->patch);
}

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

void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    if (!can_use(threads)) {
        snprintf(why, size, "this oneDNN was not built for OpenMP");
        return nullptr;
    }
    return Adapter<Instance>::create(why, size, *p, own, threads);
}

} // namespace

extern "C" const peer peer_onednn = Adapter<Instance>::make("onednn", version, create, PEER_POOLED);
