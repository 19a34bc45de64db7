/* The members of a result by name: what the readers and writers of files walk over. */
#ifndef NINETAP_BENCH_RESULT_FIELDS_H
#define NINETAP_BENCH_RESULT_FIELDS_H

#include "result.h"

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
