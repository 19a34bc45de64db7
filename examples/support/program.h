/* What the examples have in common as programs: messages, the command line and the standard
 * streams. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { EXIT_USAGE = 2 };

/* What messages begin with; each example defines its own. */
extern const char program[];

/* Prints one line to stderr; about: a file or an argument, NULL where it is about neither. Returns
 * false. */
bool program_fail(const char *about, const char *wrong);

/* ---- Command line ---- */

/* The same of an argument, naming --help. */
bool program_usage(const char *what, const char *argument);

/* getopt_long's next option, by its letter; -1: there is none. Where it is wrong, prints one line
 * to stderr and returns '?'. A long option's `val` is LONG_OPTION plus the letter. */
enum { LONG_OPTION = 256 };
int program_option(int argc, char **argv, const char *letters, const struct option *longs);

/* From 0 to `most`, in decimal. On failure prints one line to stderr and returns false. */
bool program_number(const char *text, uint64_t most, const char *what, uint64_t *number);

/* The one file that may follow the options; *path stays as it is where there is none. */
bool program_operand(int argc, char **argv, const char **path);

/* ---- Standard streams ---- */

/* To be called first. A file opened later would get the number of a stream that is closed, and
 * messages would be written into it: what is closed is opened, so that each access fails. A write
 * that fails returns an error; no signal ends the program. */
void program_streams(void);

/* Where the table goes: stdout, or stderr where the picture takes stdout. */
FILE *program_report(const char *output);

/* Closes stdout. Where something written was lost, prints one line to stderr and returns false. */
bool program_close(FILE *report);

#endif
