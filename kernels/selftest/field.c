#include "core/build.h"

#include "selftest/field.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t nt_field_size(const nt_field *f) {
    static const unsigned char sizes[] = {sizeof(int), sizeof(int64_t), sizeof(float),
                                          sizeof(const char *)};
    return sizes[f->type];
}

/* In the order of nt_names; of the values 0, 1, ... of each. */
static const char names[] =
    "\0"
    "nchw nhwc\0"
    "oihw ohwi hwio\0"
    "zero replicate reflect101 constant\0"
    "linear relu clamp leaky hardswish\0"
    "none max\0"
    "auto direct winograd2 winograd4 winograd6\0"
    "default exact portable fast\0"
    "propagate ignore\0"
    "f32 u8 s8 s16 s32\0"
    "run parts oneshot\0"
    "max avg mixed u8 s8 unpool avg_u8 avg_s8 max_backward avg_backward\0"
    "plain l1 l2\0"
    "quantize dequantize range\0"
    "edge sobel gauss box sharpen wide large random fine smooth huge nothing laplace\0"
    "integer random wide tiny special ties extreme lowest small seldom often\0"
    "end start";

const char *nt_field_name(const nt_field *f, int64_t i, int *length) {
    const char *name = names;
    for (int skipped = 0; skipped < f->names; skipped++) {
        name += strlen(name) + 1;
    }
    name = i >= 0 ? name : names;
    while (i > 0 && *name != '\0') {
        i -= *name++ == ' ';
    }
    *length = (int)strcspn(name, " ");
    return name;
}

static int print_value(char *text, size_t size, const nt_field *f, const void *value) {
    int length;
    if (f->type == FIELD_FLOAT) {
        return snprintf(text, size, "%.9g", (double)*(const float *)value);
    }
    if (f->type == FIELD_ISA) {
        return snprintf(text, size, "%s", *(const char *const *)value);
    }
    const int64_t i = f->type == FIELD_INT ? *(const int *)value : *(const int64_t *)value;
    const char *name = nt_field_name(f, i, &length);
    return length != 0 ? snprintf(text, size, "%.*s", length, name)
                       : snprintf(text, size, "%" PRId64, i);
}

static bool all_zero(const char *value, size_t bytes) {
    size_t i = 0;
    while (i < bytes && value[i] == 0) {
        i++;
    }
    return i == bytes;
}

void nt_fields_print(char *text, size_t size, const nt_field *fields, const void *object) {
    size_t used = 0;
    text[0] = '\0';
    for (const nt_field *f = fields; f->key[0] != '\0'; f++) {
        const char *value = (const char *)object + f->offset;
        if (all_zero(value, nt_field_size(f) * f->count)) {
            continue;
        }
        for (int i = 0; i < f->count && used < size; i++, value += nt_field_size(f)) {
            used += i > 0 ? (size_t)snprintf(text + used, size - used, ",")
                          : (size_t)snprintf(text + used, size - used, "%s%s=", used ? " " : "",
                                             f->key);
            if (used < size) {
                used += (size_t)print_value(text + used, size - used, f, value);
            }
        }
    }
}
