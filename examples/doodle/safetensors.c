#include "safetensors.h"

#include <string.h>

static const char texts_key[] = "__metadata__", no_memory[] = "out of memory";

void safetensors_free(safetensors *s) {
    json_decref(s->header);
    *s = (safetensors){0};
}

/* ---- Reading ------------------------------------------------------------------------------ */

static uint64_t little_endian(const unsigned char *bytes, int count) {
    uint64_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static size_t read_offset(json_t *entry, size_t index) {
    return (size_t)json_integer_value(
        json_array_get(json_object_get(entry, "data_offsets"), index));
}

int safetensors_shape(const safetensors *s, const char *name, int64_t size[4]) {
    json_t *entry = json_object_get(s->header, name), *shape = json_object_get(entry, "shape");
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    const size_t dimensions = json_array_size(shape);
    if (!shape || !type || strcmp(type, "F32") != 0 || dimensions > 4)
        return -1;
    for (size_t i = 0; i < dimensions; i++)
        size[i] = json_integer_value(json_array_get(shape, i));
    return (int)dimensions;
}

const char *safetensors_read(const safetensors *s, const tensor *t, char why[PICTURE_WHY]) {
    int64_t size[4];
    const int dimensions = safetensors_shape(s, t->name, size);
    bool same = dimensions == t->dimensions;
    for (int i = 0; i < dimensions && same; i++)
        same = size[i] == t->size[i];
    if (!same) {
        snprintf(why, PICTURE_WHY, "%s: no floats of the shape that is needed", t->name);
        return why;
    }
    const unsigned char *at = s->data + read_offset(json_object_get(s->header, t->name), 0);
    for (int64_t i = 0; i < t->count; i++, at += 4) {
        const uint32_t bits = (uint32_t)little_endian(at, 4);
        memcpy(&t->values[i], &bits, sizeof bits);
    }
    return NULL;
}

const char *safetensors_text(const safetensors *s, const char *key) {
    return json_string_value(json_object_get(json_object_get(s->header, texts_key), key));
}

/* ---- Writing ------------------------------------------------------------------------------ */

static int write_header(json_t *header, const tensor *tensors, int count) {
    json_int_t at = 0;
    int failed = 0;
    for (int i = 0; i < count; i++) {
        const tensor *t = &tensors[i];
        json_t *shape = json_array();
        for (int k = 0; k < t->dimensions; k++)
            failed |= json_array_append_new(shape, json_integer(t->size[k]));
        const json_int_t end = at + 4 * t->count;
        failed |= json_object_set_new(header, t->name,
                                      json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape",
                                                shape, "data_offsets", at, end));
        at = end;
    }
    return failed;
}

static void write_little_endian(FILE *stream, uint64_t value, int count) {
    for (; count > 0; count--, value >>= 8)
        putc((int)(value & 255), stream);
}

static void write_values(FILE *stream, const tensor *t) {
    for (int64_t i = 0; i < t->count; i++) {
        uint32_t bits;
        memcpy(&bits, &t->values[i], sizeof bits);
        write_little_endian(stream, bits, 4);
    }
}

/* Spaces behind the header place the tensors at a multiple of eight bytes. */
const char *safetensors_write(FILE *stream, json_t *texts, const tensor *tensors, int count) {
    json_t *header = json_object();
    char *text = NULL;
    if (json_object_set(header, texts_key, texts) == 0 && !write_header(header, tensors, count))
        text = json_dumps(header, JSON_COMPACT);
    json_decref(header);
    if (!text)
        return no_memory;
    const size_t length = strlen(text), padding = -length % 8;
    write_little_endian(stream, length + padding, 8);
    fprintf(stream, "%s%*s", text, (int)padding, "");
    for (int i = 0; i < count; i++)
        write_values(stream, &tensors[i]);
    free(text);
    return NULL;
}
