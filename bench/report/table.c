#include "report/table.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_begin(table *t, const char *title, const table_column *columns, size_t column_count) {
    *t = (table){.title = title, .columns = columns, .column_count = column_count};
}

void table_free(table *t) {
    for (size_t i = 0; i < t->cell_count; i++) {
        free(t->cells[i]);
    }
    free(t->cells);
    *t = (table){0};
}

/* Room for one more cell; there is for 1, 3, 7, 15 ... */
static bool has_room(table *t) {
    if ((t->cell_count & (t->cell_count + 1)) != 0) {
        return true;
    }
    char **cells = realloc(t->cells, (2 * t->cell_count + 1) * sizeof *cells);
    if (cells == NULL) {
        return false;
    }
    t->cells = cells;
    return true;
}

void table_add(table *t, const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        t->failed = true;
    } else if (!has_room(t)) {
        free(text);
        t->failed = true;
    } else {
        t->cells[t->cell_count++] = text;
    }
}

size_t table_rows(const table *t) {
    return t->cell_count / t->column_count;
}

/* ---- text --------------------------------------------------------------------------------- */

/* Characters, not bytes, as far as UTF-8 goes. */
static size_t width(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return count;
}

static size_t column_width(const table *t, size_t column) {
    size_t most = width(t->columns[column].title);
    for (size_t row = 0; row < table_rows(t); row++) {
        size_t here = width(t->cells[row * t->column_count + column]);
        most = here > most ? here : most;
    }
    return most;
}

/* A table in text has a line for each row, whatever is in its cells. */
static void put_text(FILE *file, const char *text, bool markdown) {
    for (; *text != '\0'; text++) {
        if (*text == '|' && markdown) {
            fputc('\\', file);
        }
        fputc((unsigned char)*text < ' ' ? ' ' : *text, file);
    }
}

/* A row; with row == TITLES the titles. */
#define TITLES SIZE_MAX
static void put_row(FILE *file, const table *t, size_t row, const size_t *widths, bool markdown) {
    for (size_t i = 0; i < t->column_count; i++) {
        const bool right = t->columns[i].number, last = i + 1 == t->column_count;
        const char *text =
            row == TITLES ? t->columns[i].title : t->cells[row * t->column_count + i];
        const int space = (int)(widths[i] - width(text));
        fputs(markdown ? "| " : i > 0 ? "  " : "", file);
        fprintf(file, "%*s", right ? space : 0, "");
        put_text(file, text, markdown);
        fprintf(file, "%*s", right || (last && !markdown) ? 0 : space, "");
        fputs(markdown ? " " : "", file);
    }
    fputs(markdown ? "|\n" : "\n", file);
}

static size_t *column_widths(const table *t) {
    if (t->failed) {
        return NULL;
    }
    size_t *widths = calloc(t->column_count, sizeof *widths);
    for (size_t i = 0; widths != NULL && i < t->column_count; i++) {
        widths[i] = column_width(t, i);
    }
    return widths;
}

bool table_print(FILE *file, const table *t) {
    size_t *widths = column_widths(t);
    if (widths == NULL) {
        return false;
    }
    fprintf(file, "%s\n\n", t->title);
    put_row(file, t, TITLES, widths, false);
    for (size_t row = 0, rows = table_rows(t); row < rows; row++) {
        fputs(row == rows - t->footer_rows ? "\n" : "", file);
        put_row(file, t, row, widths, false);
    }
    free(widths);
    return true;
}

bool table_markdown(FILE *file, const table *t) {
    size_t *widths = column_widths(t);
    if (widths == NULL) {
        return false;
    }
    fprintf(file, "**%s**\n\n", t->title);
    put_row(file, t, TITLES, widths, true);
    for (size_t i = 0; i < t->column_count; i++) {
        fputs(t->columns[i].number ? "| ---: " : "| --- ", file);
    }
    fputs("|\n", file);
    for (size_t row = 0; row < table_rows(t); row++) {
        put_row(file, t, row, widths, true);
    }
    free(widths);
    return true;
}

bool table_hand_out(FILE *file, table *t, table_writer *write) {
    bool good = true;
    if (t->failed || table_rows(t) > 0) {
        fputc('\n', file);
        good = write(file, t);
    }
    table_free(t);
    return good;
}

duration duration_of(double seconds) {
    static const char *const units[] = {"s", "ms", "us", "ns"};
    int unit = 0;
    while (unit < 3 && seconds < 1) {
        seconds *= 1000;
        unit++;
    }
    duration d;
    int decimals = seconds < 10 ? 2 : seconds < 100 ? 1 : 0;
    snprintf(d.text, sizeof d.text, "%.*f %s", decimals, seconds, units[unit]);
    return d;
}
