/* Two bytes of 0, the type of an element, the number of dimensions, each dimension as four bytes,
 * the most significant one first; then the elements. */
#include "collection.h"

enum { UNSIGNED_BYTE = 8, DIMENSIONS = 3, HEADER = 4 + 4 * DIMENSIONS, LABELS_HEADER = 4 + 4 };

bool idx_recognised(const file *head) {
    return head->size >= 4 && head->bytes[0] == 0 && head->bytes[1] == 0 && head->bytes[2] >= 8 &&
           head->bytes[2] <= 14;
}

static uint64_t dimension(const unsigned char *bytes) {
    return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

const char *idx_decode(collection *c, const file *head) {
    if (head->bytes[2] != UNSIGNED_BYTE || head->bytes[3] != DIMENSIONS)
        return "an IDX file, but not one of pictures (bytes in three dimensions)";
    if (head->size < HEADER)
        return "the IDX header is cut off";
    *c = (collection){.count = dimension(head->bytes + 4),
                      .height = dimension(head->bytes + 8),
                      .width = dimension(head->bytes + 12),
                      .start = HEADER};
    if (c->count == 0 || c->width == 0 || c->height == 0)
        return "the IDX file is empty";
    return NULL;
}

const char *idx_decode_labels(collection *c, const file *head) {
    if (!idx_recognised(head) || head->bytes[2] != UNSIGNED_BYTE || head->bytes[3] != 1)
        return "not an IDX file of labels (bytes in one dimension)";
    if (head->size < LABELS_HEADER)
        return "the IDX header is cut off";
    *c = (collection){
        .count = dimension(head->bytes + 4), .height = 1, .width = 1, .start = LABELS_HEADER};
    return c->count > 0 ? NULL : "the IDX file is empty";
}
