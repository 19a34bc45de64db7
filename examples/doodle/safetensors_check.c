/* What a file claims is held against what is there before anything is read. */
#include <stdlib.h>
#include <string.h>

#include "safetensors.h"

static const struct {
    char name[8];
    uint64_t size;
} types[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1},
             {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
             {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};

/* Bytes of the data. */
typedef struct span {
    uint64_t from, to;
} span;

/* A number from 0 to 2^63 - 1. */
static bool natural(const json_t *value, uint64_t *number) {
    const json_int_t n = json_integer_value(value);
    *number = (uint64_t)n;
    return json_is_integer(value) && n >= 0;
}

/* 0: no type. */
static uint64_t size_of(const char *type) {
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, type) == 0)
            return types[i].size;
    return 0;
}

static bool count_bytes(const json_t *shape, uint64_t *bytes) {
    for (size_t i = 0; i < json_array_size(shape); i++) {
        uint64_t size;
        if (!natural(json_array_get(shape, i), &size) || (size > 0 && *bytes > INT64_MAX / size))
            return false;
        *bytes *= size;
    }
    return json_is_array(shape);
}

/* NULL, or what is wrong with what the header says of a tensor. */
static const char *check_entry(json_t *entry, size_t size, span *where) {
    json_t *type = json_object_get(entry, "dtype"), *shape = json_object_get(entry, "shape");
    json_t *offsets = json_object_get(entry, "data_offsets");
    uint64_t bytes = size_of(json_string_value(type));
    if (json_object_size(entry) != 3 || !type || !shape || !offsets)
        return "it has not dtype, shape and data_offsets, or has more";
    if (bytes == 0)
        return "no known dtype";
    if (!count_bytes(shape, &bytes))
        return "no possible shape";
    if (json_array_size(offsets) != 2 || !natural(json_array_get(offsets, 0), &where->from) ||
        !natural(json_array_get(offsets, 1), &where->to))
        return "no possible data_offsets";
    if (where->from > where->to || where->to > size)
        return "its data_offsets lie outside the file";
    return where->to - where->from == bytes ? NULL : "its data_offsets do not fit its shape";
}

static int by_start(const void *a, const void *b) {
    const span *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to; /* empty ones first */
}

/* One behind the other, none over another, and nothing between them. */
static bool in_a_row(span *all, size_t count, size_t size) {
    uint64_t at = 0;
    qsort(all, count, sizeof *all, by_start);
    for (size_t i = 0; i < count; i++) {
        if (all[i].from != at)
            return false;
        at = all[i].to;
    }
    return at == size;
}

static const char *check_texts(json_t *texts) {
    const char *key;
    json_t *value;
    json_object_foreach(texts, key, value) {
        if (!json_is_string(value))
            return "__metadata__ is not of strings alone";
    }
    return json_is_object(texts) ? NULL : "__metadata__ is not an object";
}

static const char *check_entries(const safetensors *s, span *all, char why[PICTURE_WHY]) {
    const char *key;
    json_t *entry;
    size_t count = 0;
    json_object_foreach(s->header, key, entry) {
        if (strcmp(key, "__metadata__") == 0) {
            const char *wrong = check_texts(entry);
            if (wrong)
                return wrong;
            continue;
        }
        const char *wrong = check_entry(entry, s->size, &all[count++]);
        if (wrong) {
            snprintf(why, PICTURE_WHY, "tensor %.40s: %s", key, wrong);
            return why;
        }
    }
    return in_a_row(all, count, s->size) ? NULL : "tensors overlap, or leave gaps";
}

static const char *parse(safetensors *s, const file *f, char why[PICTURE_WHY]) {
    static const size_t most = 100000000; /* as the format has it */
    if (f->size < 9)
        return "too short for a safetensors file";
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | f->bytes[i];
    if (length > f->size - 8 || length > most || f->bytes[8] != '{')
        return "not a safetensors file, or cut off in its header";
    json_error_t error;
    s->header =
        json_loadb((const char *)f->bytes + 8, (size_t)length, JSON_REJECT_DUPLICATES, &error);
    if (!s->header) {
        snprintf(why, PICTURE_WHY, "its header: %.100s", error.text);
        return why;
    }
    s->data = f->bytes + 8 + length;
    s->size = f->size - 8 - (size_t)length;
    return NULL;
}

const char *safetensors_decode(safetensors *s, const file *f, char why[PICTURE_WHY]) {
    *s = (safetensors){0};
    const char *wrong = parse(s, f, why);
    if (wrong)
        return wrong;
    span *all = calloc(json_object_size(s->header) + 1, sizeof *all);
    wrong = all ? check_entries(s, all, why) : "not enough memory for the header";
    free(all);
    return wrong;
}
