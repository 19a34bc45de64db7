/* The command line. */
#ifndef NINETAP_BENCH_OPTIONS_H
#define NINETAP_BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "targets/isa.h"

enum {
    OPTION_ISAS = 8,
    OPTION_THREADS = 16,        /* of them in a list */
    OPTION_THREADS_MOST = 1024, /* the largest */
    OPTION_ALGOS = 5,
    OPTION_PRECISIONS = 4
};

typedef enum option_action {
    ACTION_BENCH,
    ACTION_LIST,
    ACTION_INFO,
    ACTION_HELP,
    ACTION_VERSION
} option_action;

/* What to compare with: every peer there is, none, those named. */
typedef enum option_peers { PEERS_FOUND, PEERS_ALL, PEERS_NONE, PEERS_NAMED } option_peers;

/* A count of 0 means "not given"; of instruction sets and threads, nor in the environment. What is
 * pointed to belongs to argv. */
typedef struct options {
    option_action action;
    const char **suites, **shapes, **names; /* names of benchmarks */
    size_t suite_count, shape_count, name_count;

    const nt_isa *isas[OPTION_ISAS];
    int isa_count;
    bool nchw, nhwc, own; /* all false: not given */
    int threads[OPTION_THREADS];
    int thread_count;
    int algos[OPTION_ALGOS]; /* of ninetap_algo */
    int algo_count;
    int precisions[OPTION_PRECISIONS]; /* of ninetap_precision */
    int precision_count;
    option_peers peers;
    const char *peer_list; /* PEERS_NAMED: "onednn,xnnpack" */

    bool cold, verify_only;
    bool silent; /* stdout belongs to a file's text: no table */
    const char *json;
} options;

/* Takes the program's own options out of argv (argv[*argc] is NULL, before and after); what is left
 * are Google Benchmark's flags. False, with a line on stderr, if something is not understood. To be
 * freed either way. */
bool options_parse(options *o, int *argc, char **argv);
void options_free(options *o);

/* "auto" "direct" "winograd2" ...; "default" "exact" "portable" "fast". */
const char *algo_name(int algo);
const char *precision_name(int precision);

/* What --help says, but for Google Benchmark's flags: help.txt. */
extern const char help_text[];

/* Who writes to stdout, who reads from stdin. False, with a line on stderr, if two want the same,
 * or an option is given that nothing is done with. `out` is what --benchmark_out says, "" when it
 * was not given; `formatted`: whether --benchmark_format was. */
bool streams_check(options *o, const char *out, bool formatted);

#endif
