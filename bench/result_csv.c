/* Results as CSV (RFC 4180), a line each. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "result.h"
#include "result_fields.h"

static void put_text(FILE *file, const char *text) {
    if (strpbrk(text, ",\"\n\r") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, file);
    }
    fputc('"', file);
}

static void put_result(FILE *file, const result *r) {
    for (const field *f = result_texts; f->key != NULL; f++) {
        put_text(file, result_text(r, f));
        fputc(',', file);
    }
    fprintf(file, "%d,%d,%d,%zu", r->ours ? 1 : 0, r->cold ? 1 : 0, r->threads, r->count);
    for (const field *f = result_numbers; f->key != NULL; f++) {
        fprintf(file, ",%.9g", result_number(r, f));
    }
    fputc('\n', file);
}

bool results_write_csv(const results *r, const char *path, char *why, size_t size) {
    output out;
    if (!output_open(&out, path, why, size)) {
        return false;
    }
    FILE *file = out.file;
    for (const field *f = result_texts; f->key != NULL; f++) {
        fprintf(file, "%s,", f->key);
    }
    fputs("ours,cold,threads,repetitions", file);
    for (const field *f = result_numbers; f->key != NULL; f++) {
        fprintf(file, ",%s", f->key);
    }
    fputc('\n', file);
    for (size_t i = 0; i < r->count; i++) {
        put_result(file, &r->items[i]);
    }
    return output_close(&out, why, size);
}
