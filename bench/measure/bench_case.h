// A case: one problem solved by one method; one registered benchmark.
#ifndef NINETAP_BENCH_BENCH_CASE_H
#define NINETAP_BENCH_BENCH_CASE_H

#include "measure/roofline.h"
#include "peers/peer.h"

// Who is to do it, and how.
struct method {
    const struct peer *peer; // nullptr: ninetap
    bool own;                // a peer in its own layout
    struct choice choice;    // of a peer's only the threads
};

enum class case_state {
    made,
    ready,       // open, and its output is right
    right,       // closed
    not_offered, // there is no such implementation
    failed       // it is wrong, or did not run
};

struct bench_case {
    struct problem *problem;
    struct method method;
    bool cold, verify_only = false;
    std::string name; // conv3x3/avx512/nhwc/64x56x56-64/t1

    case_state state = case_state::made;
    std::string error; // unless it is ready
    // While it is ready.
    std::unique_ptr<class runner> runner;
    std::string kernel, algorithm, candidate;
    struct roofline roofline = {};
    double min = 0, median = 0; // of one run's times; 0: not timed
    bool done = false;          // it has a line in the output

    bench_case(struct problem &problem, const struct method &method, bool cold);

    // Makes the runner of a loaded problem and compares its output. To be called unpinned, since
    // peers start threads.
    void open();
    // Before a repetition: waits for other libraries' threads, then warms up. False: do not time
    // it, `error` says why not.
    bool get_ready();
    // One run, on the next set.
    bool run_next();
    // Frees the runner, if there is one.
    void close();

  private:
    size_t set_ = 0; // which to run next

    void end(case_state how, const std::string &why);
    void make_ours(tolerance &allowed);
    std::string verify(const tolerance &allowed) const;
};

#endif
