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
#include <limits>
#include <memory>
#include <string>

#include "peers/peer.h"
#include "peers/best_time.h"
#include "peers/onednn_candidates.h"
#include "peers/onednn_plan.h"
#include "peers/openmp_threads.h"

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

struct Instance {
    std::unique_ptr<Plan> plan;
    int threads = 1;
    std::string kernel;
};

void choose(Instance &instance, const problem &p, bool own) {
    const NoPrimitiveCache guard;
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    Candidate best;
    double least = std::numeric_limits<double>::infinity();
    for (const Candidate &c : onednn::candidates(engine, p)) {
        try {
            const Plan plan(engine, p, own, c, 1);
            const double time = best_time([&plan] { return plan.run(0); });
            if (time < least) {
                least = time;
                best = c;
            }
        } catch (const dnnl::error &) {
            // There is no reorder from or to its layout.
        }
    }
    if (!best.primitive) {
        return;
    }
    instance.plan.reset(new Plan(engine, p, own, best, p.sets));
    instance.kernel = best.implementation + " " + best.layout;
}

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
    try {
        const OpenMPThreads guard(threads);
        std::unique_ptr<Instance> instance(new Instance);
        instance->threads = threads;
        choose(*instance, *p, own);
        if (instance->plan) {
            return instance.release();
        }
        snprintf(why, size, "not offered by oneDNN");
    } catch (const std::exception &e) {
        snprintf(why, size, "%s", e.what());
    }
    return nullptr;
}

bool run(void *user, size_t set) {
    auto &instance = *static_cast<Instance *>(user);
    const OpenMPThreads guard(instance.threads);
    return instance.plan->run(set);
}

bool fetch(void *user) {
    try {
        static_cast<Instance *>(user)->plan->fetch();
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

const char *kernel(const void *user) {
    return static_cast<const Instance *>(user)->kernel.c_str();
}

void destroy(void *user) {
    delete static_cast<Instance *>(user);
}

} // namespace

extern "C" const peer peer_onednn = {"onednn", version, create,  run,
                                     fetch,    kernel,  destroy, PEER_POOLED};
