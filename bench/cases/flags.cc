#include "cases/flags.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>

#include "cases/trouble.h"

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

// What follows --NAME; nullptr: it is another flag.
const char *rest_of(const char *argument, const std::string &name) {
    const std::string start = "--" + name;
    const char *rest = argument + start.size();
    return start.compare(0, start.size(), argument,
                         std::min(std::strlen(argument), start.size())) == 0 &&
                   (*rest == '=' || *rest == '\0')
               ? rest
               : nullptr;
}

// BENCHMARK_MIN_TIME. --v has V, which means other things to other programs.
std::string variable_of(const std::string &name) {
    std::string made;
    for (const char c : name) {
        made += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return made;
}

const char *variable(const std::string &name) {
    return name.size() > 1 ? std::getenv(variable_of(name).c_str()) : nullptr;
}

void check(const flag &f, const std::string &where, const std::string &value) {
    if (!is_good(f, value)) {
        throw trouble(where + "=" + value.substr(0, 100) + ": " + f.wanted);
    }
}

} // namespace

void check_flags(char **argv) {
    for (const flag &f : flags) {
        if (variable(f.name) != nullptr) {
            check(f, variable_of(f.name), variable(f.name));
        }
        for (char **at = argv + 1; *at != nullptr; at++) {
            const char *rest = rest_of(*at, f.name);
            if (rest != nullptr) {
                check(f, std::string("--") + f.name, *rest == '=' ? rest + 1 : rest);
            }
        }
    }
}

const char *find_flag(const std::string &name, char **argv) {
    const char *value = variable(name);
    for (char **at = argv + 1; *at != nullptr; at++) {
        const char *rest = rest_of(*at, name);
        if (rest != nullptr) {
            value = *rest == '=' ? rest + 1 : rest;
        }
    }
    return value;
}

bool flag_is_on(const char *value) {
    return value != nullptr &&
           !std::regex_match(value, std::regex("([0fn].*)|off", std::regex::icase));
}

// ---- names -----------------------------------------------------------------------------------

name_filter::name_filter(const std::string &text, const std::vector<std::string> &names)
    : everything_(text.empty() || text == "all"), negated_(text[0] == '-'), names_(names) {
    try {
        expression_.assign(text.substr(negated_ ? 1 : 0),
                           std::regex::extended | std::regex::nosubs);
    } catch (const std::exception &e) {
        throw trouble("--benchmark_filter=" + text + ": " + e.what());
    }
}

bool name_filter::keeps(const std::string &name) const {
    if (!names_.empty() && std::find(names_.begin(), names_.end(), name) == names_.end()) {
        return false;
    }
    try {
        return everything_ || std::regex_search(name, expression_) != negated_;
    } catch (const std::exception &) { // too complex
        return false;
    }
}
