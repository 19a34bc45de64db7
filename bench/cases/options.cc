#include "cases/options.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <sstream>

#include "cases/operation.h"
#include "cases/trouble.h"

extern "C" {
#include "core/dispatch.h"
}

namespace {

// ---- lists: "1,2" ----------------------------------------------------------------------------

// Every element is taken; false where one is not, or is empty.
bool each(const std::string &list, const std::function<bool(const std::string &)> &take) {
    std::istringstream words(list + ",");
    bool good = true;
    for (std::string word; good && std::getline(words, word, ',');) {
        good = !word.empty() && take(word);
    }
    return good;
}

template <class Value> void add_once(std::vector<Value> &values, Value value) {
    if (std::find(values.begin(), values.end(), value) == values.end()) {
        values.push_back(value);
    }
}

bool add_isa(options &o, const nt_isa *isa) {
    if (isa != nullptr) {
        add_once(o.isas, isa);
    }
    return isa != nullptr;
}

bool take_isa(options &o, const std::string &word) {
    if (word == "best") {
        return add_isa(o, nt_find_isa(nullptr)); // as the library means it: NINETAP_ISA counts
    }
    for (int i = 0; word == "all" && nt_usable_isa(i) != nullptr; i++) {
        add_isa(o, nt_usable_isa(i));
    }
    return word == "all" || add_isa(o, nt_find_isa(word.c_str()));
}

bool take_layout(options &o, const std::string &word) {
    bool *const layout = word == "nchw"   ? &o.nchw
                         : word == "nhwc" ? &o.nhwc
                         : word == "own"  ? &o.own
                                          : nullptr;
    if (layout != nullptr) {
        *layout = true;
    }
    return layout != nullptr;
}

// From 1 on; 0: it is no such number.
int number_of(const std::string &word) {
    const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
    return digits && word.size() < 5 && word[0] != '0' ? std::stoi(word) : 0;
}

bool take_threads(options &o, const std::string &word) {
    const int number = number_of(word);
    if (number < 1 || number > OPTION_THREADS_MOST) {
        return false;
    }
    add_once(o.threads, number);
    return o.threads.size() <= OPTION_THREADS;
}

// Indices among names.
bool take_names(std::vector<int> &found, const char *const *names, int count,
                const std::string &value) {
    return each(value, [&](const std::string &word) {
        const auto *at = std::find(names, names + count, word);
        if (at != names + count) {
            add_once(found, static_cast<int>(at - names));
        }
        return at != names + count;
    });
}

// ---- options ---------------------------------------------------------------------------------

using set = bool (*)(options &o, const std::string &value);

// Who takes a value says what is wanted; --peers takes one only behind "=".
const struct option {
    const char *name, *wanted;
    set take;
} table[] = {
    {"--suite", "a suite's name or file is wanted",
     [](options &o, const std::string &v) { return o.suites.push_back(v), true; }},
    {"--shape", "a shape is wanted, such as 64x56x56-64",
     [](options &o, const std::string &v) { return o.shapes.push_back(v), true; }},
    {"--isa", "wanted are instruction sets usable here (see --info), best or all",
     [](options &o, const std::string &v) {
         return each(v, [&o](const std::string &word) { return take_isa(o, word); });
     }},
    {"--layout", "wanted are nchw, nhwc, own",
     [](options &o, const std::string &v) {
         return each(v, [&o](const std::string &word) { return take_layout(o, word); });
     }},
    {"--threads", "wanted are at most 16 numbers from 1 to 1024, as 1,2",
     [](options &o, const std::string &v) {
         return each(v, [&o](const std::string &word) { return take_threads(o, word); });
     }},
    {"--algo", "wanted are auto, direct, winograd2, winograd4, winograd6",
     [](options &o, const std::string &v) { return take_names(o.algos, algo_names, ALGOS, v); }},
    {"--precision", "wanted are default, exact, portable, fast",
     [](options &o, const std::string &v) {
         return take_names(o.precisions, precision_names, PRECISIONS, v);
     }},
    {"--peers", "peers' names are wanted (see --info)",
     [](options &o, const std::string &v) {
         o.no_peers = false;
         o.all_peers = v.empty();
         o.peers.clear();
         return v.empty() ||
                each(v, [&o](const std::string &word) { return o.peers.push_back(word), true; });
     }},
    {"--no-peers", nullptr, [](options &o, const std::string &) { return o.no_peers = true; }},
    {"--cold", nullptr, [](options &o, const std::string &) { return o.cold = true; }},
    {"--verify-only", nullptr,
     [](options &o, const std::string &) { return o.verify_only = true; }},
    {"--neighbours", "a number from 1 to 64 is wanted",
     [](options &o, const std::string &v) {
         o.neighbours = v.empty() ? 0 : number_of(v);
         return o.neighbours > 0 && o.neighbours <= OPTION_NEIGHBOURS_MOST;
     }},
    {"--json", "a file's name is wanted",
     [](options &o, const std::string &v) { return o.json = v, true; }},
    {"--list", nullptr,
     [](options &o, const std::string &) { return o.what = action::list, true; }},
    {"--info", nullptr,
     [](options &o, const std::string &) { return o.what = action::info, true; }},
    {"--help", nullptr,
     [](options &o, const std::string &) { return o.what = action::help, true; }},
    {"-h", nullptr, [](options &o, const std::string &) { return o.what = action::help, true; }},
    {"--version", nullptr,
     [](options &o, const std::string &) { return o.what = action::version, true; }},
};

// *at moves on to the last argument used.
void take_option(options &o, const option &found, char ***at) {
    const std::string argument = **at;
    const size_t equals = argument.find('=');
    std::string value = equals != std::string::npos ? argument.substr(equals + 1) : "";
    const bool is_peers = found.name == std::string("--peers");
    if (found.wanted == nullptr && equals != std::string::npos) {
        throw trouble(argument + ": it takes no value");
    }
    if (found.wanted != nullptr && equals == std::string::npos && !is_peers) {
        const char *next = (*at)[1];
        if (next == nullptr || std::strncmp(next, "--", 2) == 0) {
            throw trouble(argument + ": " + found.wanted);
        }
        value = next;
        ++*at;
    }
    const bool lacks =
        found.wanted != nullptr && value.empty() && !(is_peers && equals == argument.npos);
    if (lacks || !found.take(o, value)) {
        throw trouble(argument + ": " + found.wanted);
    }
}

// What the library obeys, as defaults. It overlooks what it does not understand; a measurement of
// something else is worth nothing. Names of benchmarks say both themselves.
void take_environment(options &o) {
    const char *given_isa = std::getenv("NINETAP_ISA"), *given = std::getenv("NINETAP_THREADS");
    const std::string isa = given_isa != nullptr ? given_isa : "";
    const std::string threads = given != nullptr ? given : "";
    if (o.what == action::help || o.what == action::version || !o.names.empty()) {
        return;
    }
    if (!isa.empty() && o.isas.empty() && !add_isa(o, nt_find_isa(isa.c_str()))) {
        throw trouble("NINETAP_ISA=" + isa + ": not usable here (see --info)");
    }
    if (!threads.empty() && o.threads.empty() && !take_threads(o, threads)) {
        throw trouble("NINETAP_THREADS=" + threads + ": wanted is a number from 1 to 1024");
    }
}

bool is_benchmark_flag(const std::string &argument) {
    return argument.compare(0, 12, "--benchmark_") == 0 || argument.compare(0, 4, "--v=") == 0;
}

} // namespace

options::options(int *argc, char **argv) {
    int kept = 1;
    for (char **at = argv + 1; *at != nullptr; at++) {
        const std::string argument = *at, name = argument.substr(0, argument.find('='));
        const auto *found = std::find_if(std::begin(table), std::end(table),
                                         [&name](const option &o) { return o.name == name; });
        if (found != std::end(table)) {
            take_option(*this, *found, &at);
        } else if (is_benchmark_flag(argument)) {
            argv[kept++] = *at;
        } else if (argument[0] != '-' && argument.find('/') != std::string::npos) {
            names.push_back(argument);
        } else {
            throw trouble(argument + ": not understood (see --help)");
        }
    }
    argv[kept] = nullptr;
    *argc = kept;
    take_environment(*this);
}

void options::check_streams(const std::string &out, bool formatted) {
    const auto exclude = [](const std::string &one, const std::string &other, bool both) {
        if (both) {
            throw trouble(one + " goes without " + other);
        }
    };
    const std::string file = json.empty() ? out : json;
    const std::string option = json.empty() ? "--benchmark_out" : "--json";
    silent = formatted || file == "-";
    if (what == action::help || what == action::version) {
        return;
    }
    exclude("--list", option, what == action::list && !file.empty());
    exclude("--list", "--benchmark_format", what == action::list && formatted);
    exclude("--info", "--benchmark_format", what == action::info && formatted);
    exclude("--verify-only", "--benchmark_format", verify_only && formatted);
    exclude("--json", "--benchmark_out", !json.empty() && !out.empty());
    exclude(option + " -", "--benchmark_format", formatted && file == "-");
    exclude("--suite -", "another one", std::count(suites.begin(), suites.end(), "-") > 1);
}
