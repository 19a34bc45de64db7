/* A struct as a line of text, "ic=3 pad=1,0,1,0 layout=nhwc", and back: how a failing case is
 * printed, rerun from the command line, and written down in tables. */
#ifndef TESTS_TEXT_H
#define TESTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef enum text_type { TEXT_INT, TEXT_INT64, TEXT_FLOAT, TEXT_ISA } text_type;

typedef struct text_field {
    const char *key;
    text_type type;
    int count; /* of values, separated by commas */
    size_t offset;
    const char *const *names; /* of the values 0, 1, ... of an enum, up to NULL; or NULL */
} text_field;

/* Prints the fields that are not zero, with the zero terminator in at most `size` bytes. */
void text_print(char *out, size_t size, const text_field *fields, const void *object);
/* Changes the fields that are named; `fields` ends with a NULL key. False: a message is on
 * stderr. Enum values may also be numbers, so that unknown ones can be written. */
bool text_parse(const char *text, const text_field *fields, void *object);

#endif
