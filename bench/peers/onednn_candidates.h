// Everything that oneDNN offers for a problem, and the memory descriptors of the problem.
#ifndef NINETAP_BENCH_PEERS_ONEDNN_CANDIDATES_H
#define NINETAP_BENCH_PEERS_ONEDNN_CANDIDATES_H

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

} // namespace onednn

#endif
