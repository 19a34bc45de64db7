#include "cases/options.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <regex>
#include <sstream>

#include "cases/operation.h"
#include "measure/neighbours.h"

extern "C" {
#include "core/dispatch.h"
}

namespace {

// ---- the program's own -----------------------------------------------------------------------

template <class Value> bool add_once(std::vector<Value> &values, const Value &value) {
    if (std::find(values.begin(), values.end(), value) == values.end()) {
        values.push_back(value);
    }
    return true;
}

// `best` as the library means it: NINETAP_ISA counts.
bool take_isa(options &o, const std::string &word) {
    const nt_isa *const named = nt_find_isa(word == "best" ? nullptr : word.c_str());
    bool found = false;
    for (int i = 0; nt_usable_isa(i) != nullptr; i++) {
        if (word == "all" || nt_usable_isa(i) == named) {
            found = add_once(o.isas, nt_usable_isa(i));
        }
    }
    return found;
}

bool take_layout(options &o, const std::string &word) {
    bool *const layout = word == "nchw"   ? &o.nchw
                         : word == "nhwc" ? &o.nhwc
                         : word == "own"  ? &o.own
                                          : nullptr;
    return layout != nullptr && (*layout = true);
}

// From 1 on; 0: it is no such number.
int number_of(const std::string &word) {
    const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
    return digits && word.size() < 5 && word[0] != '0' ? std::stoi(word) : 0;
}

bool take_threads(options &o, const std::string &word) {
    const int number = number_of(word);
    return number >= 1 && number <= OPTION_THREADS_MOST && add_once(o.threads, number) &&
           o.threads.size() <= OPTION_THREADS;
}

using setter = std::function<bool(const std::string &)>;

// A value of these names, as its place among them.
template <size_t count> setter one_of(std::vector<int> &found, const char *const (&names)[count]) {
    return [&found, &names](const std::string &word) {
        const auto *at = std::find(names, names + count, word);
        return at != names + count && add_once(found, static_cast<int>(at - names));
    };
}

setter put(std::vector<std::string> &values) {
    return [&values](const std::string &value) { return values.push_back(value), true; };
}

template <class Value> setter set(Value &variable, const Value &value) {
    return [&variable, value](const std::string &) { return variable = value, true; };
}

enum class takes { nothing, text, list }; // a list has commas, and each of its words is taken

struct option {
    const char *name;
    takes what;
    const char *wanted;
    setter take;
};

std::vector<option> options_of(options &o) {
    const auto with = [&o](bool (*take)(options &, const std::string &)) {
        return [&o, take](const std::string &word) { return take(o, word); };
    };
    return {
        {"--suite", takes::text, "a suite's name or file is wanted", put(o.suites)},
        {"--shape", takes::text, "a shape is wanted, such as 64x56x56-64", put(o.shapes)},
        {"--isa", takes::list, "wanted are instruction sets usable here (see --info), best or all",
         with(take_isa)},
        {"--layout", takes::list, "wanted are nchw, nhwc, own", with(take_layout)},
        {"--threads", takes::list, "wanted are at most 16 numbers from 1 to 1024, as 1,2",
         with(take_threads)},
        {"--algo", takes::list, "wanted are auto, direct, winograd2, winograd4, winograd6",
         one_of(o.algos, algo_names)},
        {"--precision", takes::list, "wanted are default, exact, portable, fast",
         one_of(o.precisions, precision_names)},
        {"--peers", takes::list, "peers' names are wanted (see --info)", put(o.peers)},
        {"--no-peers", takes::nothing, "", set(o.no_peers, true)},
        {"--cold", takes::nothing, "", set(o.cold, true)},
        {"--verify-only", takes::nothing, "", set(o.verify_only, true)},
        {"--neighbours", takes::text, "a number from 1 to 64 is wanted",
         [&o](const std::string &v) {
             o.neighbours = number_of(v);
             return o.neighbours > 0 && o.neighbours <= NEIGHBOURS_MOST;
         }},
        {"--json", takes::text, "a file's name is wanted",
         [&o](const std::string &v) { return o.json = v, true; }},
        {"--list", takes::nothing, "", set(o.what, action::list)},
        {"--info", takes::nothing, "", set(o.what, action::info)},
        {"--help", takes::nothing, "", set(o.what, action::help)},
        {"-h", takes::nothing, "", set(o.what, action::help)},
        {"--version", takes::nothing, "", set(o.what, action::version)},
    };
}

// *at moves on to the last argument used. --peers has a value only behind "=", and the last one
// counts.
void take_option(options &o, const option &found, char ***at) {
    const std::string argument = **at;
    const size_t equals = argument.find('=');
    const bool given = equals != std::string::npos, peers = found.name == std::string("--peers");
    std::string value = given ? argument.substr(equals + 1) : "";
    if (found.what == takes::nothing && given) {
        throw trouble(argument + ": it takes no value");
    }
    if (peers) {
        o.no_peers = false;
        o.all_peers = !given;
        o.peers.clear();
    } else if (found.what != takes::nothing && !given) {
        const char *next = (*at)[1];
        value = next != nullptr && std::strncmp(next, "--", 2) != 0 ? next : "";
        *at += value.empty() ? 0 : 1;
    }
    std::vector<std::string> words;
    std::istringstream rest(value + ",");
    for (std::string word; found.what == takes::list && std::getline(rest, word, ',');) {
        words.push_back(word);
    }
    if (found.what != takes::list) {
        words = {value};
    } else if (o.all_peers && peers) {
        words.clear();
    }
    for (const std::string &word : words) {
        if ((word.empty() && found.what != takes::nothing) || !found.take(word)) {
            throw trouble(argument + ": " + found.wanted);
        }
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
    if (!isa.empty() && o.isas.empty() &&
        (nt_find_isa(isa.c_str()) == nullptr || !take_isa(o, isa))) {
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
    const std::vector<option> table = options_of(*this);
    int kept = 1;
    for (char **at = argv + 1; *at != nullptr; at++) {
        const std::string argument = *at, name = argument.substr(0, argument.find('='));
        const auto found = std::find_if(table.begin(), table.end(),
                                        [&name](const option &o) { return o.name == name; });
        if (found != table.end()) {
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
    const std::string file = json.empty() ? out : json;
    const std::string option = json.empty() ? "--benchmark_out" : "--json";
    const struct {
        bool both;
        std::string one, other;
    } not_both[] = {
        {what == action::list && !file.empty(), "--list", option},
        {what == action::list && formatted, "--list", "--benchmark_format"},
        {what == action::info && formatted, "--info", "--benchmark_format"},
        {verify_only && formatted, "--verify-only", "--benchmark_format"},
        {!json.empty() && !out.empty(), "--json", "--benchmark_out"},
        {formatted && file == "-", option + " -", "--benchmark_format"},
        {std::count(suites.begin(), suites.end(), "-") > 1, "--suite -", "another one"},
    };
    silent = formatted || file == "-";
    for (const auto &pair : not_both) {
        if (pair.both && what != action::help && what != action::version) {
            throw trouble(pair.one + " goes without " + pair.other);
        }
    }
}

// ---- Google Benchmark's ----------------------------------------------------------------------

namespace {

const char yes_or_no[] = "|0|1|f|t|n|y|false|true|no|yes|off|on";
const char number[] = "([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[-+]?[0-9]+)?s?"; // "0.5s" in newer versions

// A good value: what it looks like, in letters of any size, and how large it may be.
const struct flag {
    const char *name, *looks;
    double least, most;
    const char *wanted;
} flags[] = {
    {"benchmark_repetitions", "[0-9]+", 1, 1e6, "wanted is a whole number from 1 to 1000000"},
    {"benchmark_min_time", number, 0, 86400, "wanted are seconds, from 0 to 86400"},
    {"benchmark_min_warmup_time", number, 0, 86400, "wanted are seconds, from 0 to 86400"},
    {"benchmark_format", "console|json|csv", 0, 0, "wanted is console, json or csv"},
    {"benchmark_out_format", "console|json|csv", 0, 0, "wanted is console, json or csv"},
    {"benchmark_time_unit", "ns|us|ms|s", 0, 0, "wanted is ns, us, ms or s"},
    {"benchmark_color", "auto|0|1|f|t|n|y|false|true|no|yes|off|on|", 0, 1,
     "wanted is auto, true or false"},
    {"benchmark_list_tests", yes_or_no, 0, 1, "wanted is true or false"},
    {"benchmark_dry_run", yes_or_no, 0, 1, "wanted is true or false"},
    {"benchmark_enable_random_interleaving", yes_or_no, 0, 1, "wanted is true or false"},
    {"benchmark_report_aggregates_only", yes_or_no, 0, 1, "wanted is true or false"},
    {"benchmark_display_aggregates_only", yes_or_no, 0, 1, "wanted is true or false"},
    {"benchmark_counters_tabular", yes_or_no, 0, 1, "wanted is true or false"},
    {"v", "[0-9]", 0, 9, "wanted is a whole number from 0 to 9"},
};

bool is_good(const flag &f, const std::string &value) {
    const bool large = value.size() > 32; // more than enough of each
    const double size = std::strtod(value.c_str(), nullptr);
    const bool iterations = f.looks == number && value.size() < 12 &&
                            std::regex_match(value, std::regex("[1-9][0-9]*x"));
    return iterations || (!large && size >= f.least && size <= f.most &&
                          std::regex_match(value, std::regex(f.looks, std::regex::icase)));
}

// Where a flag is set and to what, the one that counts last. BENCHMARK_MIN_TIME is the variable of
// --benchmark_min_time; that of --v, V, means other things to other programs.
std::vector<std::pair<std::string, const char *>> settings(const std::string &name, char **argv) {
    std::vector<std::pair<std::string, const char *>> all;
    std::string variable = name;
    std::transform(name.begin(), name.end(), variable.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (name.size() > 1 && std::getenv(variable.c_str()) != nullptr) {
        all.emplace_back(variable, std::getenv(variable.c_str()));
    }
    const std::string option = "--" + name;
    for (char **at = argv + 1; *at != nullptr; at++) {
        const char *rest = *at + std::min(std::strlen(*at), option.size());
        if (option.compare(0, std::string::npos, *at, static_cast<size_t>(rest - *at)) == 0 &&
            (*rest == '=' || *rest == '\0')) {
            all.emplace_back(option, *rest == '=' ? rest + 1 : rest);
        }
    }
    return all;
}

} // namespace

void check_flags(char **argv) {
    for (const flag &f : flags) {
        for (const auto &setting : settings(f.name, argv)) {
            const std::string value = setting.second;
            if (!is_good(f, value)) {
                throw trouble(setting.first + "=" + value.substr(0, 100) + ": " + f.wanted);
            }
        }
    }
}

const char *find_flag(const std::string &name, char **argv) {
    const auto all = settings(name, argv);
    return all.empty() ? nullptr : all.back().second;
}

bool flag_is_on(const char *value) {
    return value != nullptr &&
           !std::regex_match(value, std::regex("([0fn].*)|off", std::regex::icase));
}
