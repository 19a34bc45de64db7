// All the cases of a run, in the order of the table: shape by shape, for each number of threads
// ninetap's and then the peers'.
#ifndef NINETAP_BENCH_CASE_LIST_H
#define NINETAP_BENCH_CASE_LIST_H

#include <deque>
#include <string>
#include <vector>

#include "cases/options.h"
#include "measure/bench_case.h"

struct case_list {
    std::deque<problem> problems; // both layouts of each shape
    std::vector<bench_case> cases;

    // What the options ask for, of which those are kept whose name matches `filter`: a POSIX
    // extended regular expression, all names but the matching ones if it starts with '-', every
    // name if it is "" or "all". Throws trouble if something of that is wrong.
    case_list(const options &o, const std::string &filter);

    // How many cases from the first one on are measured together: same shape, same threads.
    size_t group(size_t first) const;
};

#endif
