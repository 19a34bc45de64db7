#include "report/result.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/output.h"

const field result_texts[] = {
    {"name", offsetof(result, name)},
    {"operation", offsetof(result, operation)},
    {"implementation", offsetof(result, implementation)},
    {"layout", offsetof(result, layout)},
    {"shape", offsetof(result, shape)},
    {"algorithm", offsetof(result, algorithm)},
    {"kernel", offsetof(result, kernel)},
    {"bound", offsetof(result, bound)},
    {"error", offsetof(result, error)},
    {"choice", offsetof(result, choice)},
    {NULL, 0},
};
const field result_numbers[] = {
    {"min", offsetof(result, min)},
    {"median", offsetof(result, median)},
    {"flops", offsetof(result, flops)},
    {"bytes", offsetof(result, bytes)},
    {"bound_seconds", offsetof(result, bound_seconds)},
    {"reference_seconds", offsetof(result, reference_seconds)},
    {NULL, 0},
};

const char *result_text(const result *r, const field *f) {
    const char *text;
    memcpy(&text, (const char *)r + f->offset, sizeof text);
    return text;
}

void result_set_text(result *r, const field *f, const char *text) {
    memcpy((char *)r + f->offset, &text, sizeof text);
}

double result_number(const result *r, const field *f) {
    double number;
    memcpy(&number, (const char *)r + f->offset, sizeof number);
    return number;
}

void result_set_number(result *r, const field *f, double number) {
    memcpy((char *)r + f->offset, &number, sizeof number);
}

bool result_is_not_offered(const result *r) {
    return strncmp(r->error, RESULT_NOT_OFFERED, strlen(RESULT_NOT_OFFERED)) == 0;
}

/* One line of ASCII, whatever a peer or the system said: files must stay readable. */
static char *copy_text(const char *text) {
    char *copy = strdup(text != NULL ? text : "");
    for (char *at = copy; at != NULL && *at != '\0'; at++) {
        if (*at < ' ' || *at > '~') {
            *at = *at == '\n' || *at == '\t' ? ' ' : '?';
        }
    }
    return copy;
}

static void free_text(const char *text) {
    free((void *)text);
}

/* Room for one more element; there is for 1, 3, 7, 15 ... */
static bool grow(void **items, size_t count, size_t size) {
    if ((count & (count + 1)) != 0) {
        return true;
    }
    void *more = count < SIZE_MAX / size / 2 ? realloc(*items, (2 * count + 1) * size) : NULL;
    if (more != NULL) {
        *items = more;
    }
    return more != NULL;
}

bool results_add_fact(results *r, const char *key, const char *value) {
    void *items = r->facts;
    bool good = grow(&items, r->fact_count, sizeof *r->facts);
    r->facts = items;
    if (!good) {
        return false;
    }
    const fact added = {copy_text(key), copy_text(value)};
    if (added.key == NULL || added.value == NULL) {
        free_text(added.key);
        free_text(added.value);
        return false;
    }
    r->facts[r->fact_count++] = added;
    return true;
}

bool results_add_limit(results *r, const limit *added) {
    void *items = r->limits;
    bool good = grow(&items, r->limit_count, sizeof *r->limits);
    r->limits = items;
    if (!good) {
        return false;
    }
    limit copy = *added;
    copy.kind = copy_text(added->kind);
    copy.where = copy_text(added->where);
    if (copy.kind == NULL || copy.where == NULL) {
        free_text(copy.kind);
        free_text(copy.where);
        return false;
    }
    r->limits[r->limit_count++] = copy;
    return true;
}

static void free_result(result *item) {
    for (const field *f = result_texts; f->key != NULL; f++) {
        free_text(result_text(item, f));
    }
    free(item->seconds);
}

static bool copy_result(result *copy, const result *from) {
    *copy = *from;
    copy->seconds = NULL;
    bool good = true;
    for (const field *f = result_texts; f->key != NULL; f++) {
        const char *text = copy_text(result_text(from, f));
        result_set_text(copy, f, text);
        good = good && text != NULL;
    }
    if (good && from->count > 0) {
        copy->seconds = malloc(from->count * sizeof *copy->seconds);
        good = copy->seconds != NULL;
    }
    if (!good) {
        free_result(copy);
        return false;
    }
    if (from->count > 0) {
        memcpy(copy->seconds, from->seconds, from->count * sizeof *copy->seconds);
    }
    return true;
}

bool results_add(results *r, const result *added) {
    void *items = r->items;
    bool good = grow(&items, r->count, sizeof *r->items);
    r->items = items;
    if (!good || !copy_result(&r->items[r->count], added)) {
        return false;
    }
    r->count++;
    return true;
}

void results_free(results *r) {
    for (size_t i = 0; i < r->fact_count; i++) {
        free_text(r->facts[i].key);
        free_text(r->facts[i].value);
    }
    for (size_t i = 0; i < r->limit_count; i++) {
        free_text(r->limits[i].kind);
        free_text(r->limits[i].where);
    }
    for (size_t i = 0; i < r->count; i++) {
        free_result(&r->items[i]);
    }
    free(r->facts);
    free(r->limits);
    free(r->items);
    *r = (results){0};
}

const char *results_fact(const results *r, const char *key) {
    for (size_t i = 0; i < r->fact_count; i++) {
        if (strcmp(r->facts[i].key, key) == 0) {
            return r->facts[i].value;
        }
    }
    return NULL;
}

const limit *results_limit(const results *r, const char *kind, const char *where, int threads) {
    for (size_t i = 0; i < r->limit_count; i++) {
        const limit *l = &r->limits[i];
        if (l->threads == threads && strcmp(l->kind, kind) == 0 && strcmp(l->where, where) == 0) {
            return l;
        }
    }
    return NULL;
}

bool result_moves(const result *r) {
    return strstr(r->operation, "pool2x2") != NULL || strcmp(r->operation, "softmax") == 0;
}

/* Results as CSV (RFC 4180), a line each. */

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
