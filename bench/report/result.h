/* What a run measured, as data: the machine, its limits, a result for each case. All of it is
 * written to files and read back; everything a `results` points to is its own. */
#ifndef NINETAP_BENCH_RESULT_H
#define NINETAP_BENCH_RESULT_H

#include <stdbool.h>
#include <stddef.h>

/* The machine, in the order of print; keys are unique. */
typedef struct fact {
    const char *key, *value;
} fact;

/* What was measured of the machine itself. */
typedef struct limit {
    const char *kind;  /* "flops": multiply-adds in registers; "read", "copy": memory */
    const char *where; /* the ISA; the cache, "L1" "L2" "L3", or "memory" */
    int threads;
    double rate;  /* FLOP/s; bytes/s, a copy's read and written ones both counted */
    double bytes; /* the working set of all threads together; flops: 0 */
} limit;

typedef struct result {
    const char *name;           /* conv3x3/avx512/nhwc/64x56x56-64/t1 */
    const char *operation;      /* conv3x3 maxpool2x2 avgpool2x2 ... dense softmax */
    const char *implementation; /* the ISA's name for ours, else the peer's */
    const char *layout;         /* nchw nhwc own */
    const char *shape;          /* as shape.h has it */
    const char *algorithm;      /* direct winograd2 ...; "" where not known (peers, pooling) */
    const char *kernel;
    bool ours, cold;
    int threads;
    size_t count;    /* of seconds; 0 where Google Benchmark reported aggregates only */
    double *seconds; /* of one run: a number for each repetition, in the order measured */
    double min, median;
    double flops, bytes;      /* of one run; flops: of the direct method, whatever the algorithm;
                                 bytes: src, weights and dst */
    double bound_seconds;     /* the least time, by the roofline; 0: not known */
    const char *bound;        /* what binds: "compute", "memory"; "" when not known */
    double reference_seconds; /* plain C loops, one thread; 0: not known */
    const char *choice;       /* "default fast": the precisions in which AUTO could take what was
                                 asked for by name */
    const char *error;        /* why it was not timed; "" when it was */
} result;

/* What an error starts with where nothing is wrong: there is no such implementation. */
#define RESULT_NOT_OFFERED "not offered: "
bool result_is_not_offered(const result *r);
/* Whether its rate is one of bytes, not of floating-point operations. */
bool result_moves(const result *r);

/* The fact of a run that was stopped before its end: by what, and how much was done. */
#define RESULT_INTERRUPTED "interrupted"

typedef struct results {
    size_t fact_count, limit_count, count;
    fact *facts;
    limit *limits;
    result *items;
} results;

/* They copy what they are given. False when memory is short; `r` is then as before. */
bool results_add_fact(results *r, const char *key, const char *value);
bool results_add_limit(results *r, const limit *added);
bool results_add(results *r, const result *added);
/* `r` may be all zero, and is afterwards. */
void results_free(results *r);

/* NULL when there is none. */
const char *results_fact(const results *r, const char *key);
const limit *results_limit(const results *r, const char *kind, const char *where, int threads);

/* The file of --json; "-" is stdin, and stdout. On failure `r` is empty and `why` says what is
 * wrong. */
bool results_read(results *r, const char *path, char *why, size_t size);
bool results_write_json(const results *r, const char *path, char *why, size_t size);
bool results_write_csv(const results *r, const char *path, char *why, size_t size);
bool results_write_markdown(const results *r, const char *path, char *why, size_t size);

/* The members of a result by name: what the readers and writers of files walk over. */
typedef struct field {
    const char *key; /* NULL ends a table */
    size_t offset;
} field;

extern const field result_texts[], result_numbers[];

const char *result_text(const result *r, const field *f);
void result_set_text(result *r, const field *f, const char *text);
double result_number(const result *r, const field *f);
void result_set_number(result *r, const field *f, double number);

#endif
