// A candidate, ready to run on sets of a problem's data.
#ifndef NINETAP_BENCH_PEERS_ONEDNN_PLAN_H
#define NINETAP_BENCH_PEERS_ONEDNN_PLAN_H

#include <vector>

#include "peers/onednn_candidates.h"

namespace onednn {

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
