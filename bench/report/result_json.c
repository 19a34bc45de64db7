/* Results as JSON: an object with a line for each fact, limit and result. */
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/format.h"
#include "report/output.h"
#include "report/regret.h"
#include "report/result.h"

#define FORMAT "ninetap-bench 1"

/* ---- writing ------------------------------------------------------------------------------ */

/* NULL, here and below: memory was short. */
static json_t *numbers(const double *values, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (json_array_append_new(list, json_real(values[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *limit_object(const limit *l) {
    return json_pack("{ss ss si sf sf}", "kind", l->kind, "where", l->where, "threads", l->threads,
                     "rate", l->rate, "bytes", l->bytes);
}

static json_t *result_object(const result *r) {
    json_t *object = json_object();
    int bad = 0;
    for (const field *f = result_texts; f->key != NULL; f++) {
        bad |= json_object_set_new(object, f->key, json_string(result_text(r, f)));
    }
    bad |= json_object_set_new(object, "ours", json_boolean(r->ours));
    bad |= json_object_set_new(object, "cold", json_boolean(r->cold));
    bad |= json_object_set_new(object, "threads", json_integer(r->threads));
    for (const field *f = result_numbers; f->key != NULL; f++) {
        bad |= json_object_set_new(object, f->key, json_real(result_number(r, f)));
    }
    bad |= json_object_set_new(object, "seconds", numbers(r->seconds, r->count));
    if (bad != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* Takes the value over. */
static bool put(FILE *file, json_t *value) {
    bool good =
        value != NULL &&
        json_dumpf(value, file, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)) == 0;
    json_decref(value);
    return good;
}

static bool put_facts(FILE *file, const results *r) {
    bool good = true;
    for (size_t i = 0; good && i < r->fact_count; i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", file);
        good = put(file, json_string(r->facts[i].key));
        fputs(": ", file);
        good = good && put(file, json_string(r->facts[i].value));
    }
    return good;
}

/* What the results say of AUTO's choices; who reads the file back finds it again. */
static bool put_regrets(FILE *file, const results *r) {
    regret list[REGRETS];
    const size_t count = regret_make(list, r);
    bool good = true;
    fputs(count > 0 ? "\"regret\": [" : "", file);
    for (size_t i = 0; good && i < count; i++) {
        const regret *e = &list[i];
        fputs(i > 0 ? ",\n  " : "\n  ", file);
        good =
            put(file, json_pack("{ss ss sI sf sf ss ss}", "isa", e->isa, "precision", e->precision,
                                "choices", (json_int_t)e->count, "mean", e->mean, "worst", e->worst,
                                "taken", e->taken->name, "fastest", e->fastest->name));
    }
    fputs(count > 0 ? "\n],\n" : "", file);
    return good;
}

static bool put_all(FILE *file, const results *r) {
    fputs("{\n\"format\": \"" FORMAT "\",\n", file);
    fputs(results_fact(r, RESULT_INTERRUPTED) != NULL ? "\"partial\": true,\n" : "", file);
    fputs("\"machine\": {", file);
    bool good = put_facts(file, r);
    fputs("\n},\n\"limits\": [", file);
    for (size_t i = 0; good && i < r->limit_count; i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", file);
        good = put(file, limit_object(&r->limits[i]));
    }
    fputs("\n],\n", file);
    good = good && put_regrets(file, r);
    fputs("\"results\": [", file);
    for (size_t i = 0; good && i < r->count; i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", file);
        good = put(file, result_object(&r->items[i]));
    }
    fputs("\n]\n}\n", file);
    return good;
}

bool results_write_json(const results *r, const char *path, char *why, size_t size) {
    output out;
    if (!output_open(&out, path, why, size)) {
        return false;
    }
    if (!put_all(out.file, r) && ferror(out.file) == 0) {
        output_discard(&out);
        snprintf(why, size, "%s: out of memory", path);
        return false;
    }
    return output_close(&out, why, size);
}

/* ---- reading ------------------------------------------------------------------------------ */

typedef struct reader {
    const char *path;
    char *why;
    size_t size;
} reader;

NT_PRINTF(2, 3) static bool fail(const reader *in, const char *form, ...) {
    char what[160];
    va_list rest;
    va_start(rest, form);
    vsnprintf(what, sizeof what, form, rest);
    va_end(rest);
    snprintf(in->why, in->size, "%s: %s", in->path, what);
    return false;
}

/* A number that a measurement can be. */
static bool get_number(const json_t *object, const char *key, double *number) {
    const json_t *value = json_object_get(object, key);
    *number = json_number_value(value);
    return json_is_number(value) && isfinite(*number) && *number >= 0;
}

static bool get_threads(const json_t *object, int *threads) {
    const json_t *value = json_object_get(object, "threads");
    json_int_t number = json_integer_value(value);
    *threads = number > 0 && number <= INT_MAX ? (int)number : 0;
    return *threads > 0;
}

static bool get_seconds(const json_t *list, result *item) {
    if (!json_is_array(list)) {
        return false;
    }
    item->count = json_array_size(list);
    item->seconds = calloc(item->count + 1, sizeof *item->seconds);
    bool good = item->seconds != NULL;
    for (size_t i = 0; good && i < item->count; i++) {
        const json_t *value = json_array_get(list, i);
        item->seconds[i] = json_number_value(value);
        good = json_is_number(value) && isfinite(item->seconds[i]) && item->seconds[i] > 0;
    }
    return good;
}

/* The key that is missing or wrong; NULL: all is well. item->seconds is to be freed either way. */
static const char *get_result(const json_t *object, result *item) {
    *item = (result){0};
    for (const field *f = result_texts; f->key != NULL; f++) {
        const char *text = json_string_value(json_object_get(object, f->key));
        if (text == NULL && f->offset != offsetof(result, choice)) { /* older files have none */
            return f->key;
        }
        result_set_text(item, f, text);
    }
    for (const field *f = result_numbers; f->key != NULL; f++) {
        double number;
        if (!get_number(object, f->key, &number)) {
            return f->key;
        }
        result_set_number(item, f, number);
    }
    const json_t *ours = json_object_get(object, "ours"), *cold = json_object_get(object, "cold");
    item->ours = json_is_true(ours);
    item->cold = json_is_true(cold);
    if (!json_is_boolean(ours) || !json_is_boolean(cold)) {
        return json_is_boolean(ours) ? "cold" : "ours";
    }
    if (!get_threads(object, &item->threads)) {
        return "threads";
    }
    if (*item->error == '\0' && !(item->min > 0 && item->median > 0)) {
        return "min";
    }
    return get_seconds(json_object_get(object, "seconds"), item) ? NULL : "seconds";
}

static bool read_facts(results *r, const json_t *machine, const reader *in) {
    const char *key;
    json_t *value;
    if (!json_is_object(machine)) {
        return fail(in, "has no \"machine\"");
    }
    json_object_foreach((json_t *)machine, key, value) {
        if (!json_is_string(value)) {
            return fail(in, "machine: \"%.64s\" is not a text", key);
        }
        if (!results_add_fact(r, key, json_string_value(value))) {
            return fail(in, "out of memory");
        }
    }
    return true;
}

static bool read_limits(results *r, const json_t *list, const reader *in) {
    if (!json_is_array(list)) {
        return fail(in, "has no \"limits\"");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        limit l = {.kind = json_string_value(json_object_get(object, "kind")),
                   .where = json_string_value(json_object_get(object, "where"))};
        if (l.kind == NULL || l.where == NULL || !get_threads(object, &l.threads) ||
            !get_number(object, "rate", &l.rate) || !get_number(object, "bytes", &l.bytes)) {
            return fail(in, "limits: number %zu is not understood", i + 1);
        }
        if (!results_add_limit(r, &l)) {
            return fail(in, "out of memory");
        }
    }
    return true;
}

static bool read_results(results *r, const json_t *list, const reader *in) {
    if (!json_is_array(list)) {
        return fail(in, "has no \"results\"");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        result item;
        const char *wrong = get_result(json_array_get(list, i), &item);
        bool added = wrong == NULL && results_add(r, &item);
        free(item.seconds);
        if (!added) {
            return wrong == NULL
                       ? fail(in, "out of memory")
                       : fail(in, "results: number %zu has no proper \"%s\"", i + 1, wrong);
        }
    }
    return true;
}

bool results_read(results *r, const char *path, char *why, size_t size) {
    *r = (results){0};
    const reader in = {path, why, size};
    json_error_t error;
    json_t *root = strcmp(path, "-") == 0 ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                                          : json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        return error.line < 0 ? fail(&in, "%s", error.text)
                              : fail(&in, "line %d: %s", error.line, error.text);
    }
    const char *format = json_string_value(json_object_get(root, "format"));
    bool good = format != NULL && strcmp(format, FORMAT) == 0
                    ? read_facts(r, json_object_get(root, "machine"), &in) &&
                          read_limits(r, json_object_get(root, "limits"), &in) &&
                          read_results(r, json_object_get(root, "results"), &in)
                    : fail(&in, "is not a file of --json (\"format\": \"%s\")", FORMAT);
    json_decref(root);
    if (!good) {
        results_free(r);
    }
    return good;
}
