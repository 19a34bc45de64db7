/* Pages of memory, and who may touch them. A failure ends the program. */
#ifndef TESTS_PAGES_H
#define TESTS_PAGES_H

#include <stddef.h>

typedef enum page_use { PAGES_NONE, PAGES_READ, PAGES_WRITE } page_use;

size_t page_bytes(void);
/* Of zeros, which nobody may touch yet. */
unsigned char *pages_new(size_t bytes);
void pages_allow(unsigned char *pages, size_t bytes, page_use use);
void pages_free(unsigned char *pages, size_t bytes);

#endif
