#include "measure/bench_case.h"

#include <chrono>
#include <thread>

#include "cases/plan.h"

// At least one untimed run before each repetition, and more of short ones: caches, branch
// predictors and threads are then as they are between two timed runs.
static const double warm_seconds = 1e-3;

// Threads that have nothing to do wait busily for a while; another library's must have stopped.
static const std::chrono::milliseconds quiet(10);

static std::string name_of(const problem &p, const method &m, bool cold) {
    const choice &how = m.choice;
    std::string name = std::string(p.operation->name) + "/" +
                       (m.peer != nullptr ? m.peer->name : how.isa->name) + "/" +
                       (m.own ? "own" : layout_name(p.layout)) + "/" + p.shape.text + "/t" +
                       std::to_string(how.threads);
    if (how.algo != NINETAP_ALGO_AUTO) {
        name += std::string("/") + algo_names[how.algo];
    }
    if (how.candidate > 0) {
        name += "/" + std::to_string(how.candidate + 1);
    }
    if (how.precision != NINETAP_PRECISION_DEFAULT) {
        name += std::string("/") + precision_names[how.precision];
    }
    return name + (how.unfused ? "/unfused" : "") + (cold ? "/cold" : "");
}

bench_case::bench_case(struct problem &p, const struct method &m, bool cold_data)
    : problem(&p), method(m), cold(cold_data), name(name_of(p, m, cold_data)) {
}

// ---- whoever solves the problem --------------------------------------------------------------

struct not_offered : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void bench_case::make_ours(tolerance &allowed) {
    const choice &how = method.choice;
    const bool special = how.algo != NINETAP_ALGO_AUTO ||
                         how.precision != NINETAP_PRECISION_DEFAULT ||
                         (problem->shape.pooled && !how.unfused);
    try {
        auto made = std::make_unique<plan>(*problem, how);
        if (made->isa != how.isa->name) {
            throw failure(NINETAP_ERR_UNSUPPORTED, "another instruction set would do the work");
        }
        algorithm = made->algorithm;
        candidate = made->candidate;
        allowed = made->promised;
        runner = std::move(made);
    } catch (const failure &e) {
        if (special && e.status == NINETAP_ERR_UNSUPPORTED) {
            throw not_offered(e.what());
        }
        throw;
    }
}

// Peers start threads here, and those get the caller's CPU affinity.
static std::unique_ptr<runner> make_peer(const peer &who, const problem &p, const method &m) {
    const shape &s = p.shape;
    const char *lacking =
        s.indices                                     ? "with indices only ninetap is measured"
        : s.pool != SHAPE_MAX                         ? "of this pooling only ninetap is measured"
        : s.pooled && (who.also & PEER_POOLED) == 0   ? "no convolution and pooling in one"
        : s.network && (who.also & PEER_NETWORK) == 0 ? "whole networks are not asked of it"
        : s.int8 && ((who.also & PEER_INT8) == 0 || s.pooled || s.network)
            ? "int8 of this kind is not asked of it"
        : s.backward_data && (who.also & PEER_BACKWARD) == 0 ? "gradients are not asked of it"
        : s.filter && (who.also & PEER_FILTER) == 0          ? "image filters are not asked of it"
                                                             : nullptr;
    if (lacking != nullptr) {
        throw not_offered(lacking);
    }
    try {
        return who.create(p, m.own, m.choice.threads);
    } catch (const std::exception &e) {
        const std::string why = e.what(); // further lines say where in the library it happened
        throw not_offered(why.substr(0, why.find('\n')));
    }
}

// Runs set 0 and compares.
std::string bench_case::verify(const tolerance &allowed) const {
    layer_poison(*problem, problem->dst[0]);
    try {
        if (!runner->run(0)) {
            return "it failed";
        }
        runner->fetch();
    } catch (const std::exception &) { // a peer's
        return "it failed";
    }
    return problem->verify(allowed);
}

void bench_case::end(case_state how, const std::string &why) {
    runner.reset();
    state = how;
    error = why;
}

void bench_case::open() {
    tolerance allowed = problem->usual_error();
    try {
        if (method.peer != nullptr) {
            runner = make_peer(*method.peer, *problem, method);
        } else {
            make_ours(allowed);
        }
    } catch (const not_offered &e) {
        end(case_state::not_offered, std::string("not offered: ") + e.what());
        return;
    } catch (const std::exception &e) {
        end(case_state::failed, e.what());
        return;
    }
    kernel = runner->kernel();
    const std::string why = verify(allowed);
    state = case_state::ready;
    error = "right";
    if (!why.empty()) {
        end(case_state::failed, why);
    }
}

void bench_case::close() {
    if (state == case_state::ready) {
        end(case_state::right, error);
    }
}

// ---- timing ----------------------------------------------------------------------------------

bool bench_case::run_next() {
    const size_t set = set_;
    set_ = set + 1 < problem->sets ? set + 1 : 0;
    bool good = false;
    try {
        good = runner->run(set);
    } catch (const std::exception &) { // a peer's
    }
    if (!good) {
        end(case_state::failed, "it failed while it was timed");
    }
    return good;
}

bool bench_case::get_ready() {
    static const struct peer *last = method.peer;
    if (state != case_state::ready || verify_only) {
        return false;
    }
    // A thread that a peer starts in a run has the caller's CPUs: with one CPU it would share it.
    const int threads = method.choice.threads;
    host_pin(method.peer != nullptr && threads > 1 ? 0 : threads);
    if (last != method.peer && threads > 1) {
        std::this_thread::sleep_for(quiet);
    }
    last = method.peer;
    const double start = nt_seconds();
    while (run_next()) {
        if (nt_seconds() - start >= warm_seconds) {
            return true;
        }
    }
    return false;
}
