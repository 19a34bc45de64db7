// Suites: lists of shapes. Those of bench/suites are part of the program; more are read from files.
// A suite is text, a line a shape:
//
//   # Anything after a # is a comment, empty lines are too.
//   64x56x56-64          a shape (shape.h)
//   64x56x56-64 quick    with words that say how it is measured (suite_words)
//   include vgg16        all lines of that suite, one of the program's own
#ifndef NINETAP_BENCH_SUITE_H
#define NINETAP_BENCH_SUITE_H

#include <string>
#include <vector>

#include "cases/shape.h"

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

#endif
