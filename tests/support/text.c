#include "text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ninetap.h"

static size_t value_size(text_type type) {
    switch (type) {
    case TEXT_INT:
        return sizeof(int);
    case TEXT_INT64:
        return sizeof(int64_t);
    case TEXT_FLOAT:
        return sizeof(float);
    case TEXT_ISA:
        return sizeof(const char *);
    }
    return 0;
}

static int64_t read_integer(const text_field *f, const void *value) {
    if (f->type == TEXT_INT64)
        return *(const int64_t *)value;
    return *(const int *)value;
}

static int print_value(char *out, size_t size, const text_field *f, const void *value) {
    if (f->type == TEXT_FLOAT)
        return snprintf(out, size, "%.9g", (double)*(const float *)value);
    if (f->type == TEXT_ISA)
        return snprintf(out, size, "%s", *(const char *const *)value);
    const int64_t i = read_integer(f, value);
    if (f->names != NULL)
        return snprintf(out, size, "%s", f->names[i]);
    return snprintf(out, size, "%lld", (long long)i);
}

static bool all_zero(const void *value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        if (((const char *)value)[i] != 0)
            return false;
    return true;
}

void text_print(char *out, size_t size, const text_field *fields, const void *object) {
    size_t used = 0;
    out[0] = '\0';
    for (const text_field *f = fields; f->key != NULL; f++) {
        const char *value = (const char *)object + f->offset;
        if (all_zero(value, value_size(f->type) * (size_t)f->count))
            continue;
        for (int i = 0; i < f->count && used < size; i++, value += value_size(f->type)) {
            if (i == 0)
                used += (size_t)snprintf(out + used, size - used, "%s%s=", used ? " " : "", f->key);
            else
                used += (size_t)snprintf(out + used, size - used, ",");
            if (used < size)
                used += (size_t)print_value(out + used, size - used, f, value);
        }
    }
}

static bool parse_integer(const text_field *f, const char *token, int64_t *result) {
    for (int64_t i = 0; f->names != NULL && f->names[i] != NULL; i++)
        if (strcmp(token, f->names[i]) == 0) {
            *result = i;
            return true;
        }
    char *end;
    errno = 0;
    *result = strtoll(token, &end, 10);
    return errno == 0 && end != token && *end == '\0';
}

/* A name the library knows is returned as the library's own string, which outlives the text. */
static const char *intern_isa(const char *token) {
    for (int i = 0; i < ninetap_isa_count(); i++)
        if (strcmp(token, ninetap_isa_name(i)) == 0)
            return ninetap_isa_name(i);
    return "unknown";
}

static bool parse_value(const text_field *f, const char *token, void *value) {
    int64_t integer = 0;
    char *end;
    switch (f->type) {
    case TEXT_FLOAT:
        *(float *)value = strtof(token, &end);
        return end != token && *end == '\0';
    case TEXT_ISA:
        *(const char **)value = intern_isa(token);
        return true;
    case TEXT_INT64:
        return parse_integer(f, token, value);
    case TEXT_INT:
        if (!parse_integer(f, token, &integer) || integer < INT32_MIN || integer > INT32_MAX)
            return false;
        *(int *)value = (int)integer;
        return true;
    }
    return false;
}

/* The next of the words between `stop`s; NULL: there was none. (Windows has no strsep.) */
static char *next_word(char **rest, char stop) {
    char *word = *rest;
    char *end = word != NULL ? strchr(word, stop) : NULL;
    if (end != NULL)
        *end++ = '\0';
    *rest = end;
    return word;
}

static bool parse_field(char *token, const text_field *fields, void *object) {
    char *list = strchr(token, '=');
    if (list == NULL)
        return false;
    *list++ = '\0';
    const text_field *f = fields;
    while (f->key != NULL && strcmp(f->key, token) != 0)
        f++;
    if (f->key == NULL)
        return false;
    char *rest = list;
    for (int i = 0; i < f->count; i++) {
        char *value = (char *)object + f->offset + (size_t)i * value_size(f->type);
        const char *item = next_word(&rest, ',');
        if (item == NULL || !parse_value(f, item, value))
            return false;
    }
    return rest == NULL;
}

bool text_parse(const char *text, const text_field *fields, void *object) {
    char copy[1024];
    const size_t length = strlen(text);
    if (length >= sizeof copy) {
        fprintf(stderr, "too long: %s\n", text);
        return false;
    }
    memcpy(copy, text, length + 1);
    char *rest = copy;
    for (char *token; (token = next_word(&rest, ' ')) != NULL;)
        if (*token != '\0' && !parse_field(token, fields, object)) {
            fprintf(stderr, "do not understand '%s' in: %s\n", token, text);
            return false;
        }
    return true;
}
