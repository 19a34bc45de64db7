// Google Benchmark's flags and their environment variables, looked at before it does: it ends the
// process over some values, never ends over others, and takes a third kind for something else.
#ifndef NINETAP_BENCH_FLAGS_H
#define NINETAP_BENCH_FLAGS_H

#include <regex>
#include <string>
#include <vector>

// Throws trouble if one has a value that is no use.
void check_flags(char **argv);

// The value of the flag --NAME, or of its variable; nullptr: not given; "": given without.
const char *find_flag(const std::string &name, char **argv);

// What it means where yes or no is asked.
bool flag_is_on(const char *value);

// Choosing benchmarks by their names, as --benchmark_filter does; and by names given in full.
class name_filter {
  public:
    // Throws trouble if it is no regular expression.
    name_filter(const std::string &text, const std::vector<std::string> &names);
    bool keeps(const std::string &name) const;

  private:
    bool everything_, negated_;
    std::regex expression_;
    std::vector<std::string> names_; // none: all
};

#endif
