#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check(bool ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(EXIT_FAILURE);
    }
}

buffer buffer_new(size_t bytes, placement where, size_t slack) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t page_bytes = (bytes + slack + page - 1) / page * page;
    unsigned char *map = mmap(NULL, page_bytes + 2 * page, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    check(map != MAP_FAILED, "mmap");
    buffer b = {.bytes = bytes, .pages = map + page, .page_bytes = page_bytes};
    check(page_bytes == 0 || mprotect(b.pages, page_bytes, PROT_READ | PROT_WRITE) == 0,
          "mprotect");
    b.data = b.pages + (where == AT_START ? slack : page_bytes - slack - bytes);
    buffer_fill_canary(&b);
    return b;
}

void buffer_fill_canary(const buffer *b) {
    const uint32_t canary = CANARY;
    for (size_t i = 0; i < b->page_bytes; i += sizeof canary)
        memcpy(b->pages + i, &canary, sizeof canary);
}

void buffer_read_only(const buffer *b) {
    check(b->page_bytes == 0 || mprotect(b->pages, b->page_bytes, PROT_READ) == 0, "mprotect");
}

bool buffer_margins_whole(const buffer *b) {
    const uint32_t canary = CANARY;
    unsigned char pattern[sizeof canary];
    memcpy(pattern, &canary, sizeof canary);
    const size_t first = (size_t)((unsigned char *)b->data - b->pages);
    for (size_t i = 0; i < b->page_bytes; i++) {
        if (i == first)
            i += b->bytes;
        if (i < b->page_bytes && b->pages[i] != pattern[i % sizeof canary])
            return false;
    }
    return true;
}

void buffer_free(buffer *b) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (b->pages != NULL)
        munmap(b->pages - page, b->page_bytes + 2 * page);
    *b = (buffer){0};
}
