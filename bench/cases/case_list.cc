#include "cases/case_list.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <regex>

#include "measure/host.h"
#include "peers/peer.h"

extern "C" {
#include "core/dispatch.h"
}

namespace {

template <class Values, class Value> bool has(const Values &values, const Value &value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

// The options, with everything filled in that was left out.
struct selection : options {
    suite shapes_of_all; // of names, --shape and --suite
    std::vector<const peer *> others;
    bool isas_given, manners_given;               // --isa; --algo or --precision
    bool every_isa = false, every_thread = false; // whatever is beside a shape

    selection(const options &given, bool filtered)
        : options(given), isas_given(!isas.empty()),
          manners_given(!algos.empty() || !precisions.empty()) {
        if (!names.empty() && (!suites.empty() || !shapes.empty() || manners_given)) {
            throw trouble("names of benchmarks go without --suite, --shape, --algo, --precision");
        }
        add_shapes(filtered);
        add_peers();
        fill_in();
        isas_given = isas_given || !names.empty();
        manners_given = manners_given || !names.empty();
    }

  private:
    void add_shapes(bool filtered) {
        every_isa = !shapes.empty() || has(suites, std::string("all"));
        if (names.empty() && shapes.empty() && suites.empty()) {
            every_isa = filtered;
            suites.emplace_back(filtered ? "all" : "quick");
        }
        every_thread = every_isa;
        for (const std::string &name : names) {
            add_name(name);
        }
        for (const std::string &shape : shapes) {
            shapes_of_all.add_shape(shape, SUITE_LADDER);
        }
        for (const std::string &name : suites) {
            shapes_of_all.add(name);
        }
    }

    // conv3x3/avx512/nhwc/64x56x56-64/t1 says a shape and a number of threads; the rest of it
    // chooses among all the cases of that shape.
    void add_name(const std::string &name) {
        const std::regex form("[^/]+/[^/]+/[^/]+/([^/]+)/t([0-9]{1,9})(/.*)?");
        std::smatch parts;
        struct shape named;
        if (!std::regex_match(name, parts, form) || !shape_parse(parts[1].str().c_str(), &named)) {
            throw trouble("not a benchmark's name: " + name);
        }
        const int number = std::stoi(parts[2]);
        if (number < 1 || number > OPTION_THREADS_MOST) {
            throw trouble("not a number of threads from 1 to 1024: " + name);
        }
        if (!has(threads, number)) {
            threads.push_back(number);
        }
        cold = cold || parts[3].str().find("/cold") != std::string::npos;
        shapes_of_all.add_shape(parts[1], SUITE_LADDER);
    }

    void add_peers() {
        std::vector<std::string> wanted = peers;
        for (size_t i = 0; ::peers[i] != nullptr && peers.empty() && !no_peers; i++) {
            wanted.emplace_back(::peers[i]->name);
        }
        for (const std::string &name : wanted) {
            size_t i = 0;
            while (::peers[i] != nullptr && ::peers[i]->name != name) {
                i++;
            }
            if (::peers[i] == nullptr) {
                throw trouble("--peers: not in this program (see --info): " + name);
            }
            others.push_back(::peers[i]);
        }
        if (all_peers && others.empty()) {
            throw trouble("--peers: none is part of this program (see --info)");
        }
    }

    // As the options' help says. The first of the manners is AUTO, or DEFAULT; a name may mean any.
    void fill_in() {
        every_thread = every_thread || !threads.empty();
        for (int i = 0; !isas_given && nt_usable_isa(i) != nullptr; i++) {
            isas.push_back(nt_usable_isa(i));
        }
        if (threads.empty()) {
            threads = {1, host_max_threads()};
            threads.resize(host_max_threads() > 1 ? 2 : 1);
        }
        if (*std::max_element(threads.begin(), threads.end()) > 1 && !host_has_threads()) {
            throw trouble("built without OpenMP: one thread only");
        }
        if (!nchw && !nhwc && !own) {
            nchw = nhwc = own = true;
        }
        for (std::vector<int> *manners : {&algos, &precisions}) {
            const int count = names.empty() ? 1 : manners == &algos ? ALGOS : PRECISIONS;
            for (int i = 0; i < count && (manners->empty() || i > 0); i++) {
                manners->push_back(i);
            }
        }
    }
};

// Choosing benchmarks by their names, as --benchmark_filter does; and by names given in full.
std::function<bool(const std::string &)> filter_of(const std::string &text,
                                                   const std::vector<std::string> &names) {
    const bool everything = text.empty() || text == "all", negated = text[0] == '-';
    std::regex expression;
    try {
        expression.assign(text.substr(negated ? 1 : 0), std::regex::extended | std::regex::nosubs);
    } catch (const std::exception &e) {
        throw trouble("--benchmark_filter=" + text + ": " + e.what());
    }
    return [=](const std::string &name) {
        try {
            return (names.empty() || has(names, name)) &&
                   (everything || std::regex_search(name, expression) != negated);
        } catch (const std::exception &) { // too complex
            return false;
        }
    };
}

class maker {
  public:
    maker(case_list &list, const options &o, const std::string &filter)
        : list_(list), keeps_(filter_of(filter, o.names)), s_(o, !filter.empty()) {
        for (const suite_line &line : s_.shapes_of_all.lines) {
            add_line(line);
        }
    }

  private:
    // Tensors that have no other layout are measured once, and peers asked for image filters only.
    void add_line(const suite_line &line) {
        std::vector<problem *> wanted;
        problem *first = nullptr;
        for (const ninetap_layout layout : {NINETAP_NCHW, NINETAP_NHWC}) {
            problem *const p = add_problem(line.shape, layout);
            first = layout == NINETAP_NCHW ? p : first;
            const bool asked = layout == NINETAP_NCHW ? s_.nchw : s_.nhwc;
            if (shape_has_layout(&p->shape) ? asked : layout == shape_layout(&p->shape)) {
                wanted.push_back(p);
            }
        }
        for (const int threads : s_.threads) {
            const bool every = threads == 1 || s_.every_thread;
            if (line.usual && (every || (line.words & SUITE_LATENCY) == 0)) {
                for (problem *p : wanted) {
                    add_ours(*p, line.words, threads);
                }
                add_peers(wanted, *first, threads);
            }
            for (problem *p : wanted) {
                if (every && (line.words & SUITE_ALGORITHMS) != 0 && !line.shape.pooling &&
                    line.shape.filter == nullptr) {
                    add_map(*p, line.usual, threads);
                }
            }
        }
    }

    problem *add_problem(const shape &s, ninetap_layout layout) {
        try {
            return &list_.problems.emplace_back(s, layout);
        } catch (const failure &e) {
            throw trouble(std::string(s.text) + ": " + e.what());
        }
    }

    static method ours(const nt_isa *isa, int threads, int algo = 0, int precision = 0) {
        method m = {};
        m.choice.isa = isa;
        m.choice.threads = threads;
        m.choice.algo = static_cast<ninetap_algo>(algo);
        m.choice.precision = static_cast<ninetap_precision>(precision);
        return m;
    }

    // The scalar kernels are there to show what vectors bring: on the ladder's shapes, and where
    // the user asks for them.
    std::vector<const nt_isa *> isas(unsigned words, int threads) const {
        const bool ladder = (words & SUITE_LADDER) != 0;
        std::vector<const nt_isa *> kept;
        std::copy_if(
            s_.isas.begin(), s_.isas.end(), std::back_inserter(kept), [&](const nt_isa *isa) {
                return s_.isas_given || isa == nt_find_isa(nullptr) || (ladder && threads == 1) ||
                       (s_.every_isa && (ladder || isa->lanes > 1));
            });
        return kept;
    }

    void add(problem &p, const method &m) {
        bench_case made(p, m, s_.cold);
        if (keeps_(made.name)) {
            list_.cases.push_back(std::move(made));
        }
    }

    // Each of the methods that there are for an algorithm asked for by name.
    void add_candidates(problem &p, method m) {
        const bool several = m.choice.algo != NINETAP_ALGO_AUTO && p.operation == &conv3x3;
        const int count = several ? conv3x3_candidates(&p, &m.choice) : 1;
        for (m.choice.candidate = 0; m.choice.candidate < count; m.choice.candidate++) {
            add(p, m);
        }
    }

    void add_ours(problem &p, unsigned words, int threads) {
        const bool sums = !p.shape.pooling && !p.shape.softmax && p.shape.filter == nullptr;
        const std::vector<int> usual = {0};
        for (const nt_isa *isa : isas(words, threads)) {
            for (const int algo : sums && !p.shape.dense ? s_.algos : usual) {
                for (const int precision : sums ? s_.precisions : usual) {
                    method m = ours(isa, threads, algo, precision);
                    if (s_.names.empty()) {
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

    void add_peers(const std::vector<problem *> &wanted, problem &first, int threads) {
        method m = ours(nullptr, threads);
        const bool layouts = shape_has_layout(&first.shape);
        for (size_t i = 0; i < s_.others.size() && (layouts || first.shape.filter != nullptr);
             i++) {
            m.peer = s_.others[i];
            m.own = false;
            for (problem *p : wanted) {
                add(*p, m);
            }
            m.own = true;
            if (s_.own && layouts) {
                add(first, m);
            }
        }
    }

    // Where nothing else is asked for: every algorithm by name, the direct one in each of its ways;
    // AUTO, in default precision unless that is there already, and in FAST.
    void add_map(problem &p, bool usual, int threads) {
        if (s_.manners_given) {
            if (!usual) {
                add_ours(p, 0, threads);
            }
            return;
        }
        for (const nt_isa *isa : isas(0, threads)) {
            if (!usual) {
                add(p, ours(isa, threads));
            }
            add(p, ours(isa, threads, NINETAP_ALGO_AUTO, NINETAP_PRECISION_FAST));
            for (int algo = NINETAP_ALGO_DIRECT; algo < ALGOS; algo++) {
                add_candidates(p, ours(isa, threads, algo));
            }
        }
    }

    case_list &list_;
    const std::function<bool(const std::string &)> keeps_;
    const selection s_;
};

} // namespace

case_list::case_list(const options &o, const std::string &filter) {
    maker(*this, o, filter);
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
