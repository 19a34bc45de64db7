/* A table as data: filled cell by cell, then written for a terminal or as Markdown. */
#ifndef NINETAP_BENCH_TABLE_H
#define NINETAP_BENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/format.h"

typedef struct table_column {
    const char *title;
    bool number; /* aligned right */
} table_column;

typedef struct table {
    const char *title;
    const table_column *columns;
    size_t column_count;
    char **cells; /* row by row */
    size_t cell_count;
    size_t footer_rows; /* the last so many rows sum up the others */
    bool failed;        /* memory ran short; nothing is written then */
} table;

void table_begin(table *t, const char *title, const table_column *columns, size_t column_count);
void table_free(table *t);

/* The next cell, from left to right and from row to row. */
void table_add(table *t, const char *format, ...) NT_PRINTF(2, 3);

size_t table_rows(const table *t);

/* False, with nothing written, if memory ran short while the table was filled. */
typedef bool table_writer(FILE *file, const table *t);
bool table_print(FILE *file, const table *t);
bool table_markdown(FILE *file, const table *t);

/* Behind an empty line, unless it has no rows; frees it. */
bool table_hand_out(FILE *file, table *t, table_writer *write);

/* A time in the unit that suits it. */
typedef struct duration {
    char text[24]; /* "12.3 us": three significant digits at least */
} duration;

duration duration_of(double seconds);

#endif
