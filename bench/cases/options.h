// What the program reads: its options, Google Benchmark's flags, suites of shapes.
#ifndef NINETAP_BENCH_OPTIONS_H
#define NINETAP_BENCH_OPTIONS_H

#include <stdexcept>
#include <string>
#include <vector>

#include "cases/shape.h"

extern "C" {
#include "targets/isa.h"
}

enum { OPTION_THREADS = 16, OPTION_THREADS_MOST = 1024 }; // how many, and the largest

// What ends the program with a line on stderr and the exit status 2.
struct trouble : std::runtime_error {
    using std::runtime_error::runtime_error;
};

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

// Of Google Benchmark's flags and their environment variables, before it looks at them: throws
// trouble if one has a value that is no use. Over some it ends the process, over others it never
// ends, and a third kind it takes for something else.
void check_flags(char **argv);
// The value of the flag --NAME, or of its variable; nullptr: not given; "": given without.
const char *find_flag(const std::string &name, char **argv);
// What it means where yes or no is asked.
bool flag_is_on(const char *value);

// ---- suites -------------------------------------------------------------------------------------

// Suites: lists of shapes. Those of bench/suites are part of the program; more are read from files.
// A suite is text, a line a shape:
//
//   # Anything after a # is a comment, empty lines are too.
//   64x56x56-64          a shape (shape.h)
//   64x56x56-64 quick    with words that say how it is measured (suite_words)
//   include vgg16        all lines of that suite, one of the program's own
enum suite_words {
    SUITE_QUICK = 1,     // quick: in the quick suite
    SUITE_LADDER = 2,    // ladder: on every instruction set, on one thread: what vectors bring
    SUITE_LATENCY = 4,   // latency: too small to share, on one thread only
    SUITE_ALGORITHMS = 8 // algorithms: each one by name, and what AUTO takes in default precision
                         // and in FAST; on one thread, and where no line without the word has the
                         // shape that is all
};

struct suite_line {
    struct shape shape;
    unsigned words;
    bool usual; // some line has it without `algorithms`
};

// bench/suites/NAME.txt, by the alphabet.
struct suite_file {
    const char *name, *text;
    size_t size;
};
extern const suite_file suite_files[];
extern const size_t suite_file_count;

struct suite {
    std::vector<suite_line> lines; // no shape twice

    // These add; a shape that is there already gets the words of both. They throw trouble that says
    // what is wrong and where ("my.txt:3: ...").

    // A name of suite_files; "quick": what has that word, out of all of them; else a file.
    void add(const std::string &name);
    void add_shape(const std::string &text, unsigned words);
    // Lines as above; `where` names them in messages.
    void add_text(const std::string &text, const std::string &where, int depth = 0);

  private:
    void add_line(std::string line, const std::string &at, int depth);
    void put(const struct shape &what, unsigned words, bool usual);
};

// What --help says, but for Google Benchmark's flags: help.txt.
extern "C" const char help_text[];

#endif
