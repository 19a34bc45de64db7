// ninetap ready to run: a chain of calls. Of one layer it is one call, or two where a pooling is
// not fused.
#ifndef NINETAP_BENCH_PLAN_H
#define NINETAP_BENCH_PLAN_H

#include <deque>

#include "cases/problem.h"

class plan : public runner {
  public:
    std::string algorithm; // "mixed": of several
    std::string isa;       // another than the one asked for, if that does any of the work
    std::string candidate; // conv3x3_chosen_in, where the algorithm was asked for by name
    tolerance promised;

    // Everything is allocated here, nothing in a run of a network. Throws failure or
    // std::bad_alloc.
    plan(const problem &p, const choice &c);

    bool run(size_t set) override;
    const char *kernel() const override {
        return kernel_.c_str();
    }
    // Of a network, whose last output goes to dst: "" if that of each layer is right, else where
    // one is not.
    std::string run_checked(float *dst);

  private:
    struct step {
        struct layer layer; // bound to the run's src and dst
        nt_call call = {};

        step(const struct layer &l, const choice &c);
        ~step();
        step(const step &) = delete;
        step &operator=(const step &) = delete;
        bool run(float *src, float *dst);
        tolerance promised(bool chained) const;
    };

    void add(const layer &l, const choice &c);
    void allocate(bool with_workspace);
    void describe(const choice &c);
    void describe_network();
    float *dst_of(size_t i, float *last) const;

    const problem &problem_;
    std::deque<step> steps_;
    size_t apart_ = 0;  // poolings that are not fused
    Floats between_[2]; // what lies between two steps, by turns
    Floats workspace_;  // of a network: for the step that needs most
    std::string kernel_;
};

// problem::verify of a network.
std::string plan_verify_network(const problem &p, const tolerance &allowed);

#endif
