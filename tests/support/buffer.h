/* Memory with a page on either side that must not be touched, and a canary everywhere else. */
#ifndef TESTS_BUFFER_H
#define TESTS_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills what nobody may read or write: a quiet NaN, so that a value read by mistake poisons the
 * result, with a payload that no arithmetic produces. */
#define CANARY UINT32_C(0x7FC0BAD1)

typedef enum placement { AT_END, AT_START } placement;

typedef struct buffer {
    void *data;
    size_t bytes;
    unsigned char *pages; /* between the guards */
    size_t page_bytes;
} buffer;

/* The data touches the guard page after it or the one before it, but for `slack` bytes. Filled
 * with canaries. */
buffer buffer_new(size_t bytes, placement where, size_t slack);
void buffer_fill_canary(const buffer *b);
void buffer_read_only(const buffer *b);
/* Whether the canaries around the data are whole. */
bool buffer_margins_whole(const buffer *b);
void buffer_free(buffer *b);

#endif
