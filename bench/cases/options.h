// The command line.
#ifndef NINETAP_BENCH_OPTIONS_H
#define NINETAP_BENCH_OPTIONS_H

#include <string>
#include <vector>

extern "C" {
#include "targets/isa.h"
}

enum { OPTION_THREADS = 16, OPTION_THREADS_MOST = 1024 }; // how many, and the largest
enum { OPTION_NEIGHBOURS_MOST = 64 };

enum class action { bench, list, info, help, version };

// What is empty was not given; of instruction sets and threads, nor in the environment.
struct options {
    action what = action::bench;
    std::vector<std::string> suites, shapes, names; // names of benchmarks
    std::vector<const nt_isa *> isas;
    bool nchw = false, nhwc = false, own = false;
    std::vector<int> threads;
    std::vector<int> algos, precisions; // of ninetap_algo, ninetap_precision
    bool no_peers = false, all_peers = false;
    std::vector<std::string> peers; // those named
    bool cold = false, verify_only = false;
    int neighbours = 0;
    bool silent = false; // stdout belongs to a file's text: no table
    std::string json;

    // Takes the program's own options out of argv (argv[*argc] is NULL, before and after); what is
    // left are Google Benchmark's flags. Throws trouble if something is not understood.
    options(int *argc, char **argv);
    options() = default;

    // Who writes to stdout, who reads from stdin: throws trouble if two want the same, or an option
    // is given that nothing is done with. `out` is what --benchmark_out says, "" when it was not
    // given; `formatted`: whether --benchmark_format was.
    void check_streams(const std::string &out, bool formatted);
};

// What --help says, but for Google Benchmark's flags: help.txt.
extern "C" const char help_text[];

#endif
