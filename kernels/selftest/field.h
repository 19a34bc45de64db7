/* A struct as a line of text, "ic=3 pad=1,0,1,0 layout=nhwc": how a case is printed, and what it
 * can be read back and changed by. */
#ifndef NINETAP_FIELD_H
#define NINETAP_FIELD_H

#include <stddef.h>
#include <stdint.h>

typedef enum nt_field_type { FIELD_INT, FIELD_INT64, FIELD_FLOAT, FIELD_ISA } nt_field_type;

/* Whose values have names. */
typedef enum nt_names {
    NAMES_NONE = 0,
    NAMES_LAYOUT,
    NAMES_WEIGHTS,
    NAMES_BORDER,
    NAMES_ACT,
    NAMES_FUSED_POOL,
    NAMES_ALGO,
    NAMES_PRECISION,
    NAMES_NAN,
    NAMES_DTYPE,
    NAMES_CALL,
    NAMES_POOL,
    NAMES_NORM,
    NAMES_QUANTIZE,
    NAMES_FILTER,
    NAMES_DATA,
    NAMES_PLACEMENT
} nt_names;

typedef struct nt_field {
    char key[13];
    unsigned char type;  /* nt_field_type */
    unsigned char count; /* of values, separated by commas */
    unsigned char names; /* nt_names */
    unsigned short offset;
} nt_field;

/* Prints the fields that are not zero; `fields` ends with an empty key. The text is cut off after
 * size - 1 characters. */
void nt_fields_print(char *text, size_t size, const nt_field *fields, const void *object);

size_t nt_field_size(const nt_field *f); /* of one value */
/* The i-th of a field's names; its length is 0 past the last. */
const char *nt_field_name(const nt_field *f, int64_t i, int *length);

#endif
