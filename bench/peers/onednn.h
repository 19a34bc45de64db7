// Everything that oneDNN offers for a problem, the memory descriptors of the problem, and one of
// the candidates, ready to run on sets of its data.
#ifndef NINETAP_BENCH_PEERS_ONEDNN_H
#define NINETAP_BENCH_PEERS_ONEDNN_H

#include <string>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "cases/problem.h"

namespace onednn {

struct Candidate {
    dnnl::primitive primitive;
    dnnl::primitive pooling; // behind it, of a pooled shape; else empty
    dnnl::memory::desc src, weights, between, dst;
    std::string implementation, layout; // "jit:avx512_core", "nChw16c"
};

std::vector<Candidate> candidates(const dnnl::engine &engine, const problem &p);

// In the problem's layout; src and weights as p has them, dst as p wants it.
dnnl::memory::desc plain_src(const problem &p);
dnnl::memory::desc plain_dst(const problem &p);
dnnl::memory::desc plain_weights(const problem &p);

// Primitives to execute one after the other: the work, and where src or dst has another layout than
// the problem, a reorder before or behind it, unless `own`.
class Plan {
  public:
    // Throws where there is no such reorder, or no memory.
    Plan(const dnnl::engine &engine, const problem &p, bool own, const Candidate &chosen,
         size_t sets);

    bool run(size_t set) const;
    // `own`: set 0's result to the problem's dst.
    void fetch();

  private:
    // Executed through the C interface: the C++ one builds this array from a map in every call.
    struct Step {
        dnnl_primitive_t primitive;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    dnnl::reorder reorder(const dnnl::memory::desc &from, const dnnl::memory::desc &to) const;
    static Step reorder_step(const dnnl::reorder &reorder, const dnnl::memory &from,
                             const dnnl::memory &to);
    void execute(const dnnl::reorder &reorder, dnnl::memory &from, dnnl::memory &to);
    void prepare_weights();
    dnnl::memory inner(const dnnl::memory::desc &wanted, dnnl::memory &shared) const;
    void add_set(float *src, float *dst);

    dnnl::engine engine_;
    dnnl::stream stream_;
    const problem &problem_;
    bool own_;
    Candidate chosen_;
    dnnl::reorder in_, out_; // empty where not needed
    dnnl::memory weights_, bias_, between_, shared_src_, shared_dst_, result_;
    std::vector<std::vector<Step>> sets_;
    std::vector<dnnl::memory> kept_; // the steps have only their handles
};

} // namespace onednn

#endif
