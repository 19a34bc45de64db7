#include "reserve.h"

#include <stddef.h>
#ifdef _WIN32
/* What is reserved there must be committed before it is touched. */
void *reserve_zeros(int64_t bytes, page_size pages) {
    (void)bytes;
    (void)pages;
    return NULL;
}

void reserve_end(void *p, int64_t bytes) {
    (void)p;
    (void)bytes;
}
#else
#include <sys/mman.h>

void *reserve_zeros(int64_t bytes, page_size pages) {
    if (sizeof(size_t) < 8)
        return NULL;
    void *p = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    /* a hint: refusal is no error */
    (void)madvise(p, (size_t)bytes, pages == LARGE_PAGES ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return p;
}

void reserve_end(void *p, int64_t bytes) {
    if (p != NULL)
        munmap(p, (size_t)bytes);
}
#endif
