/* A table as data: filled cell by cell, then written for a terminal, as Markdown or as HTML. */
#ifndef NINETAP_BENCH_TABLE_H
#define NINETAP_BENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/format.h"

typedef struct table_column {
    const char *title;
    const char *meaning; /* a sentence for readers of the page; NULL: the title says it */
    bool number;         /* aligned right, sorted by value */
} table_column;

/* What a cell says about us; HTML shows it as colour beside the text, never instead of it. */
typedef enum table_mood { TABLE_PLAIN, TABLE_GOOD, TABLE_BAD, TABLE_QUIET } table_mood;

typedef struct table_cell {
    char *text;
    double value; /* to sort by, where the column is a number's; NAN: none, always last */
    table_mood mood;
} table_cell;

typedef struct table {
    const char *title;
    const table_column *columns;
    size_t column_count;
    table_cell *cells; /* row by row */
    size_t cell_count, capacity;
    size_t footer_rows; /* the last so many rows sum up the others */
    bool failed;        /* memory ran short; nothing is written then */
} table;

void table_begin(table *t, const char *title, const table_column *columns, size_t column_count);
void table_free(table *t);

/* The next cell, from left to right and from row to row. */
void table_add(table *t, table_mood mood, double value, const char *format, ...) NT_PRINTF(4, 5);
void table_add_text(table *t, const char *text);

size_t table_rows(const table *t);

/* False, with nothing written, if memory ran short while the table was filled. */
bool table_print(FILE *file, const table *t);
bool table_markdown(FILE *file, const table *t);

#endif
