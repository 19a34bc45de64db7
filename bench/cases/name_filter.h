/* Choosing benchmarks by their names. */
#ifndef NINETAP_BENCH_NAME_FILTER_H
#define NINETAP_BENCH_NAME_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The same meaning as --benchmark_filter has in Google Benchmark; and names given in full. */
typedef struct name_filter {
    bool everything, negated;
    void *expression;         /* std::regex: Windows' C library has no regular expressions */
    const char *const *names; /* none: all */
    size_t name_count;
} name_filter;

/* False, with a line on stderr, if it is no regular expression. */
bool name_filter_init(name_filter *f, const char *text, const char *const *names, size_t count);
bool name_filter_keeps(const name_filter *f, const char *name);
void name_filter_free(name_filter *f);

#ifdef __cplusplus
}
#endif

#endif
