#include "buffer.h"

#include <string.h>

#include "pages.h"

buffer buffer_new(size_t bytes, placement where, size_t slack) {
    const size_t page = page_bytes();
    const size_t between = (bytes + slack + page - 1) / page * page;
    buffer b = {.bytes = bytes, .page_bytes = between};
    b.pages = pages_new(between + 2 * page) + page;
    pages_allow(b.pages, between, PAGES_WRITE);
    b.data = b.pages + (where == AT_START ? slack : between - slack - bytes);
    buffer_fill_canary(&b);
    return b;
}

void buffer_fill_canary(const buffer *b) {
    const uint32_t canary = CANARY;
    for (size_t i = 0; i < b->page_bytes; i += sizeof canary)
        memcpy(b->pages + i, &canary, sizeof canary);
}

void buffer_read_only(const buffer *b) {
    pages_allow(b->pages, b->page_bytes, PAGES_READ);
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
    const size_t page = page_bytes();
    if (b->pages != NULL)
        pages_free(b->pages - page, b->page_bytes + 2 * page);
    *b = (buffer){0};
}
