#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ninetap.h"

static bool parse_integer(const nt_field *f, const char *token, int64_t *result) {
    int length;
    const char *name;
    for (int64_t i = 0; (name = nt_field_name(f, i, &length), length) != 0; i++)
        if (strlen(token) == (size_t)length && memcmp(token, name, (size_t)length) == 0) {
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

static bool parse_value(const nt_field *f, const char *token, void *value) {
    int64_t integer = 0;
    char *end;
    switch (f->type) {
    case FIELD_FLOAT:
        *(float *)value = strtof(token, &end);
        return end != token && *end == '\0';
    case FIELD_ISA:
        *(const char **)value = intern_isa(token);
        return true;
    case FIELD_INT64:
        return parse_integer(f, token, value);
    case FIELD_INT:
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

static const nt_field *find_field(const nt_field *f, const char *key) {
    while (f->key[0] != '\0' && strcmp(f->key, key) != 0)
        f++;
    return f->key[0] != '\0' ? f : NULL;
}

static bool parse_field(char *token, const nt_field *fields, void *object) {
    char *list = strchr(token, '=');
    if (list == NULL)
        return false;
    *list++ = '\0';
    const nt_field *f = find_field(fields, token);
    if (f == NULL)
        return false;
    char *rest = list;
    for (int i = 0; i < f->count; i++) {
        char *value = (char *)object + f->offset + (size_t)i * nt_field_size(f);
        const char *item = next_word(&rest, ',');
        if (item == NULL || !parse_value(f, item, value))
            return false;
    }
    return rest == NULL;
}

bool parse_fields(const char *text, const nt_field *fields, void *object) {
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

const nt_operation *parse_operation(const char *line) {
    const size_t length = strcspn(line, " ");
    for (int i = 0; nt_operations[i] != NULL; i++)
        if (strlen(nt_operations[i]->name) == length &&
            memcmp(line, nt_operations[i]->name, length) == 0)
            return nt_operations[i];
    return NULL;
}

int problem_int(const nt_operation *op, const void *problem, const char *key) {
    const nt_field *f = find_field(op->fields, key);
    int value = 0;
    if (f != NULL)
        memcpy(&value, (const char *)problem + f->offset, sizeof value);
    return value;
}

void problem_set_int(const nt_operation *op, void *problem, const char *key, int value) {
    const nt_field *f = find_field(op->fields, key);
    if (f != NULL)
        memcpy((char *)problem + f->offset, &value, sizeof value);
}
