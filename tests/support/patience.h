/* Tests want teams of more threads than there are cores, which come late. */
#ifndef TESTS_PATIENCE_H
#define TESTS_PATIENCE_H

#include <stdbool.h>

/* Whether the library may do with one thread after a late team (core/backoff.h); false unless a
 * test says otherwise. */
extern bool teams_may_back_off;

#endif
