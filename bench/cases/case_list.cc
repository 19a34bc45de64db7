#include "cases/case_list.h"

#include <algorithm>
#include <cstring>

#include "cases/flags.h"
#include "cases/suite.h"
#include "cases/trouble.h"
#include "measure/host.h"
#include "peers/peer.h"

extern "C" {
#include "core/dispatch.h"
}

namespace {

// What the options ask for, with everything filled in that was left out.
struct selection {
    options o;
    bool isas_given, every_isa = false, every_thread = false; // whatever is beside a shape
    bool manners_given;                                       // --algo or --precision
    std::vector<const peer *> others;
    suite shapes;
    name_filter filter;

    selection(const options &given, const std::string &text);

  private:
    void add_name(const std::string &name);
    void add_shapes(const options &given, const std::string &text);
    void add_peers();
    void fill_in();
};

// conv3x3/avx512/nhwc/64x56x56-64/t1 says a shape and a number of threads; the rest of it chooses
// among all the cases of that shape.
void selection::add_name(const std::string &name) {
    const std::regex form("[^/]+/[^/]+/[^/]+/([^/]+)/t([0-9]{1,9})(/.*)?");
    std::smatch parts;
    struct shape what;
    if (!std::regex_match(name, parts, form) || !shape_parse(parts[1].str().c_str(), &what)) {
        throw trouble("not a benchmark's name: " + name);
    }
    const int threads = std::stoi(parts[2]);
    if (threads < 1 || threads > OPTION_THREADS_MOST) {
        throw trouble("not a number of threads from 1 to 1024: " + name);
    }
    if (std::find(o.threads.begin(), o.threads.end(), threads) == o.threads.end()) {
        o.threads.push_back(threads);
    }
    o.cold = o.cold || parts[3].str().find("/cold") != std::string::npos;
    shapes.add_shape(parts[1], SUITE_LADDER);
}

void selection::add_shapes(const options &given, const std::string &text) {
    for (const std::string &name : given.names) {
        add_name(name);
    }
    for (const std::string &shape : given.shapes) {
        shapes.add_shape(shape, SUITE_LADDER);
        every_isa = every_thread = true;
    }
    for (const std::string &name : given.suites) {
        shapes.add(name);
        every_isa = every_thread = every_isa || name == "all";
    }
    if (given.names.empty() && given.shapes.empty() && given.suites.empty()) {
        every_isa = every_thread = !text.empty();
        shapes.add(text.empty() ? "quick" : "all");
    }
}

void selection::add_peers() {
    for (size_t i = 0; !o.no_peers && o.peers.empty() && peers[i] != nullptr; i++) {
        others.push_back(peers[i]);
    }
    for (const std::string &name : o.peers) {
        size_t i = 0;
        while (peers[i] != nullptr && peers[i]->name != name) {
            i++;
        }
        if (peers[i] == nullptr) {
            throw trouble("--peers: not in this program (see --info): " + name);
        }
        others.push_back(peers[i]);
    }
    if (o.all_peers && others.empty()) {
        throw trouble("--peers: none is part of this program (see --info)");
    }
}

// As the options' help says.
void selection::fill_in() {
    for (int i = 0; !isas_given && nt_usable_isa(i) != nullptr; i++) {
        o.isas.push_back(nt_usable_isa(i));
    }
    if (o.threads.empty()) {
        o.threads.push_back(1);
        if (host_max_threads() > 1) {
            o.threads.push_back(host_max_threads());
        }
    }
    if (!o.nchw && !o.nhwc && !o.own) {
        o.nchw = o.nhwc = o.own = true;
    }
    for (std::vector<int> *manners : {&o.algos, &o.precisions}) {
        const int count = manners == &o.algos ? ALGOS : PRECISIONS;
        for (int i = 0; i < (o.names.empty() ? 1 : count) && !manners_given; i++) {
            manners->push_back(i); // the first of all is AUTO; DEFAULT
        }
        if (manners->empty()) {
            manners->push_back(0);
        }
    }
}

selection::selection(const options &given, const std::string &text)
    : o(given), isas_given(!given.isas.empty()),
      manners_given(!given.algos.empty() || !given.precisions.empty()), filter(text, given.names) {
    if (!o.names.empty() && (!o.suites.empty() || !o.shapes.empty() || manners_given)) {
        throw trouble("names of benchmarks go without --suite, --shape, --algo, --precision");
    }
    add_shapes(given, text);
    add_peers();
    for (const int threads : o.threads) {
        if (threads > 1 && !host_has_threads()) {
            throw trouble("built without OpenMP: one thread only");
        }
    }
    every_thread = every_thread || !o.threads.empty();
    fill_in();
    isas_given = isas_given || !o.names.empty();
    manners_given = manners_given || !o.names.empty();
}

// ---- cases -----------------------------------------------------------------------------------

class maker {
  public:
    maker(case_list &list, const selection &s) : list_(list), s_(s) {
    }
    void add_line(const suite_line &line);

  private:
    void add(problem &p, const method &m);
    void add_candidates(problem &p, method m);
    void add_ours(problem &p, unsigned words, int threads);
    void add_group(problem *const both[2], unsigned words, int threads);
    void add_algorithms(problem &p, bool with_auto, int threads);
    void add_map(problem *const both[2], const suite_line &line, int threads);
    bool keeps_isa(unsigned words, const nt_isa *isa, int threads) const;

    case_list &list_;
    const selection &s_;
};

method ours(const nt_isa *isa, int threads, int algo = 0, int precision = 0) {
    method m = {};
    m.choice.isa = isa;
    m.choice.threads = threads;
    m.choice.algo = static_cast<ninetap_algo>(algo);
    m.choice.precision = static_cast<ninetap_precision>(precision);
    return m;
}

// The scalar kernels are there to show what vectors bring: on the ladder's shapes, and where the
// user asks for them.
bool maker::keeps_isa(unsigned words, const nt_isa *isa, int threads) const {
    const bool ladder = (words & SUITE_LADDER) != 0;
    return s_.isas_given || isa == nt_find_isa(nullptr) || (ladder && threads == 1) ||
           (s_.every_isa && (ladder || isa->lanes > 1));
}

void maker::add(problem &p, const method &m) {
    bench_case made = {};
    made.problem = &p;
    made.method = m;
    made.cold = s_.o.cold;
    bench_case_name(&made);
    if (s_.filter.keeps(made.name)) {
        list_.cases.push_back(made);
    }
}

// Each of the methods that there are for an algorithm asked for by name.
void maker::add_candidates(problem &p, method m) {
    const bool several = p.operation == &conv3x3 && m.choice.algo != NINETAP_ALGO_AUTO;
    const int count = several ? conv3x3_candidates(&p, &m.choice) : 1;
    for (m.choice.candidate = 0; m.choice.candidate < count; m.choice.candidate++) {
        add(p, m);
    }
}

void maker::add_ours(problem &p, unsigned words, int threads) {
    const bool sums = !p.shape.pooling && !p.shape.softmax;
    const std::vector<int> usual = {0};
    for (const nt_isa *isa : s_.o.isas) {
        if (!keeps_isa(words, isa, threads)) {
            continue;
        }
        for (const int algo : sums && !p.shape.dense ? s_.o.algos : usual) {
            for (const int precision : sums ? s_.o.precisions : usual) {
                method m = ours(isa, threads, algo, precision);
                if (s_.o.names.empty()) {
                    add(p, m);
                } else {
                    add_candidates(p, m);
                }
                m.choice.unfused = true;
                if (p.shape.pooled) {
                    add(p, m);
                }
            }
        }
    }
}

// both[0] is NCHW, both[1] NHWC.
void maker::add_group(problem *const both[2], unsigned words, int threads) {
    const bool wanted[] = {s_.o.nchw, s_.o.nhwc};
    if (!s_.every_thread && threads > 1 && (words & SUITE_LATENCY) != 0) {
        return;
    }
    if (!shape_has_layout(&both[0]->shape)) { // nor are peers asked for it
        add_ours(*both[0], words, threads);
        return;
    }
    for (int layout = 0; layout < 2; layout++) {
        if (wanted[layout]) {
            add_ours(*both[layout], words, threads);
        }
    }
    for (const peer *other : s_.others) {
        method m = ours(nullptr, threads);
        m.peer = other;
        for (int layout = 0; layout < 2; layout++) {
            if (wanted[layout]) {
                add(*both[layout], m);
            }
        }
        m.own = true;
        if (s_.o.own) {
            add(*both[0], m);
        }
    }
}

// Every algorithm by name, the direct one in each of its ways; AUTO, in default precision unless
// that is there already, and in FAST.
void maker::add_algorithms(problem &p, bool with_auto, int threads) {
    for (const nt_isa *isa : s_.o.isas) {
        if (!keeps_isa(0, isa, threads)) {
            continue;
        }
        if (with_auto) {
            add(p, ours(isa, threads));
        }
        add(p, ours(isa, threads, NINETAP_ALGO_AUTO, NINETAP_PRECISION_FAST));
        for (int algo = NINETAP_ALGO_DIRECT; algo < ALGOS; algo++) {
            add_candidates(p, ours(isa, threads, algo));
        }
    }
}

// What a line with the word `algorithms` asks for.
void maker::add_map(problem *const both[2], const suite_line &line, int threads) {
    const bool wanted[] = {s_.o.nchw, s_.o.nhwc};
    if ((line.words & SUITE_ALGORITHMS) == 0 || line.shape.pooling ||
        (threads > 1 && !s_.every_thread)) {
        return;
    }
    for (int layout = 0; layout < 2; layout++) {
        if (wanted[layout] && !s_.manners_given) {
            add_algorithms(*both[layout], !line.usual, threads);
        } else if (wanted[layout] && !line.usual) {
            add_ours(*both[layout], 0, threads);
        }
    }
}

void maker::add_line(const suite_line &line) {
    problem *both[2];
    for (int layout = NINETAP_NCHW; layout <= NINETAP_NHWC; layout++) {
        list_.problems.emplace_back();
        both[layout] = &list_.problems.back();
        const ninetap_status status =
            problem_init(both[layout], &line.shape, static_cast<ninetap_layout>(layout));
        if (status != NINETAP_OK) {
            throw trouble(std::string(line.shape.text) + ": " + ninetap_strerror(status));
        }
    }
    for (const int threads : s_.o.threads) {
        if (line.usual) {
            add_group(both, line.words, threads);
        }
        add_map(both, line, threads);
    }
}

} // namespace

case_list::case_list(const options &o, const std::string &filter) {
    const selection s(o, filter);
    maker make(*this, s);
    for (const suite_line &line : s.shapes.lines) {
        make.add_line(line);
    }
    for (const std::string &name : o.names) {
        if (std::none_of(cases.begin(), cases.end(),
                         [&name](const bench_case &c) { return c.name == name; })) {
            throw trouble("no such benchmark here: " + name);
        }
    }
    if (cases.empty()) {
        throw trouble("no benchmark is left of what the options name");
    }
}

size_t case_list::group(size_t first) const {
    const bench_case &c = cases[first];
    size_t end = first + 1;
    while (end < cases.size() && cases[end].method.choice.threads == c.method.choice.threads &&
           std::strcmp(cases[end].problem->shape.text, c.problem->shape.text) == 0) {
        end++;
    }
    return end - first;
}
