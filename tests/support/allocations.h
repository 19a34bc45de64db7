/* The allocations of the library, which the linker sends here (-Wl,--wrap): any of them can be made
 * to fail, and those that are alive are counted. */
#ifndef TESTS_ALLOCATIONS_H
#define TESTS_ALLOCATIONS_H

#include <stdbool.h>

/* From now on this thread's k-th allocation finds no memory, counted from 1; with `on`, neither do
 * those after it. 0: all are served, but counted. */
void allocations_fail(int k, bool on);
/* Ends that. Returns how many were tried since. */
int allocations_tried(void);

/* Not freed yet, of all threads. */
int allocations_alive(void);

#endif
