// What ends the program with a line on stderr and the exit status 2.
#ifndef NINETAP_BENCH_TROUBLE_H
#define NINETAP_BENCH_TROUBLE_H

#include <stdexcept>

struct trouble : std::runtime_error {
    using std::runtime_error::runtime_error;
};

#endif
