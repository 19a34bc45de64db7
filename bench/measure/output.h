// Files that are written. One takes its name, and the place of an older file, only when it is
// complete: on a full disk the older one is still there. "-" is stdout.
#ifndef NINETAP_BENCH_OUTPUT_H
#define NINETAP_BENCH_OUTPUT_H

#include <string>

// These throw what is wrong with which path; an older file stays as it is then.
void output_write(const std::string &path, const std::string &text);
// Whether it could be written. A file that is there stays as it is.
void output_expect(const std::string &path);

// To be called first of all: a file that is opened must not become the stdin, stdout or stderr that
// somebody has closed.
void output_guard_streams();
// To be called last of all: throws unless everything is out. Nothing can be written to stdout
// afterwards.
void output_end_stdout();

#endif
