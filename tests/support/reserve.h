/* Addresses by the terabyte. */
#ifndef TESTS_RESERVE_H
#define TESTS_RESERVE_H

#include <stdint.h>

typedef enum page_size { SMALL_PAGES, LARGE_PAGES } page_size;

/* Bytes that are 0, and need memory only where they are written. NULL where so many addresses
 * cannot be had. */
void *reserve_zeros(int64_t bytes, page_size pages);
void reserve_end(void *p, int64_t bytes);

#endif
