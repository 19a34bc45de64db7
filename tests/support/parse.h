/* The way back from a problem's line of text, "conv3x3 n=1 ic=3 pad=1,0,1,0 layout=nhwc": how a
 * failing case is run again, how cases are written in tables, and what the fuzz target reads. */
#ifndef TESTS_PARSE_H
#define TESTS_PARSE_H

#include "selftest/operation.h"

/* The operation that the line's first word names; NULL: none. */
const nt_operation *parse_operation(const char *line);

/* Changes the fields that the words name. False: a message is on stderr. Enum values may also be
 * numbers, so that unknown ones can be written. */
bool parse_fields(const char *text, const nt_field *fields, void *object);

/* A field of type int by its key; 0: the operation has none. */
int problem_int(const nt_operation *op, const void *problem, const char *key);
/* Sets it, where there is one. */
void problem_set_int(const nt_operation *op, void *problem, const char *key, int value);

#endif
