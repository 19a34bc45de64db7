/* Walks over pooling problems, the same for each operation; a failure ends the test. */
#ifndef TESTS_POOL_WALKS_H
#define TESTS_POOL_WALKS_H

#include "support/pool_problem.h"

/* Each width and channel count up to a few vectors, on each kind of data. */
void pool_walk_sizes(const char *isa, ninetap_layout layout, pool_op op);
/* All pads x strides x dilations x rounding x layouts, on images from one pixel up. */
void pool_walk_geometry(const char *isa, pool_op op);
void pool_walk_random(const char *isa, pool_op op);
/* Large enough to be shared by threads, and larger than the caches: with streaming stores. */
void pool_walk_large(const char *isa, pool_op op);

/* main's work: `--case TEXT` runs one problem, anything else is suite_main's. */
struct suite_test;
int pool_walk_main(const char *group, const struct suite_test *tests, int argc, char **argv);

#endif
