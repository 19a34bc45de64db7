/* What a test asks of its process: children, and a last word where it crashes. */
#ifndef TESTS_PROCESS_H
#define TESTS_PROCESS_H

#include <stdbool.h>

/* Whether this is a child of suite_child: it may not go back into cmocka. */
extern bool process_is_child;

/* A crash prints its case. cmocka's own handler cannot name it, and loses its way in a worker
 * thread. */
void process_catch_crashes(void);

#endif
