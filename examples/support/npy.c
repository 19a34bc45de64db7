/* "\x93NUMPY", a version of two bytes, the length of the header (two bytes in version 1, else four,
 * the least significant one first), the header: a Python dictionary such as
 *     {'descr': '|u1', 'fortran_order': False, 'shape': (133572, 784), }
 * and then the elements. */
#include "collection.h"

#include <string.h>

#include "digit.h"

enum { MAGIC = 6, HEADER_MOST = 4096, SAMPLES = DIGIT_SIDE * DIGIT_SIDE };

bool npy_recognised(const file *head) {
    return head->size >= MAGIC && memcmp(head->bytes, "\x93NUMPY", MAGIC) == 0;
}

/* What follows "'key':" in the header, after spaces; NULL: there is no such key. */
static const char *value_of(const char *header, const char *key) {
    const char *at = strstr(header, key);
    if (!at)
        return NULL;
    at += strlen(key);
    at += strspn(at, " ");
    if (*at != ':')
        return NULL;
    return at + 1 + strspn(at + 1, " ");
}

static bool starts_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

/* A number and the comma or parenthesis behind it. */
static bool number(const char **at, uint64_t *value) {
    const char *start = *at + strspn(*at, " ");
    *value = 0;
    for (*at = start; **at >= '0' && **at <= '9' && *value < UINT64_MAX / 100; ++*at)
        *value = *value * 10 + (uint64_t)(**at - '0');
    const bool good = *at > start;
    *at += strspn(*at, " ");
    return good && (**at == ',' || **at == ')');
}

/* How many numbers from one to three there are in parentheses; 0: it is something else. */
static int dimensions(const char *at, uint64_t size[3]) {
    int count = 0;
    do {
        at++;
        if (count > 0 && at[strspn(at, " ")] == ')') /* (784,) */
            return count;
        if (count == 3 || !number(&at, &size[count++]))
            return 0;
    } while (*at == ',');
    return count;
}

/* Many pictures or, where the first dimension is missing, one. */
static bool read_shape(const char *at, uint64_t *count) {
    uint64_t size[3] = {0};
    const int all = *at == '(' ? dimensions(at, size) : 0;
    *count = 1;
    if ((all == 1 && size[0] == SAMPLES) ||
        (all == 2 && size[0] == DIGIT_SIDE && size[1] == DIGIT_SIDE))
        return true;
    *count = size[0];
    return (all == 2 && size[1] == SAMPLES) ||
           (all == 3 && size[1] == DIGIT_SIDE && size[2] == DIGIT_SIDE);
}

static const char *read_header(collection *c, const char *header) {
    const char *type = value_of(header, "'descr'"), *shape = value_of(header, "'shape'");
    const char *order = value_of(header, "'fortran_order'");
    if (!type || !shape || !order)
        return "the NPY header lacks descr, fortran_order or shape";
    if (!starts_with(type, "'|u1'") && !starts_with(type, "'u1'"))
        return "the NPY file's elements are not unsigned bytes";
    if (!starts_with(order, "False"))
        return "the NPY file's columns come first (fortran_order)";
    if (!read_shape(shape, &c->count))
        return "the NPY file's shape is none of (N, 784), (N, 28, 28) and (28, 28)";
    return c->count > 0 ? NULL : "the NPY file is empty";
}

const char *npy_decode(collection *c, const file *head) {
    const unsigned char *b = head->bytes;
    if (head->size < MAGIC + 2 + 4)
        return "the NPY header is cut off";
    if (b[6] < 1 || b[6] > 3)
        return "a version of NPY files later than 3";
    const size_t start = b[6] == 1 ? 10 : 12;
    size_t length = (size_t)b[8] | (size_t)b[9] << 8;
    if (b[6] > 1)
        length |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
    if (length > HEADER_MOST)
        return "the NPY header is too long";
    if (head->size < start + length)
        return "the NPY header is cut off";
    char header[HEADER_MOST + 1];
    memcpy(header, b + start, length);
    header[length] = '\0';
    *c = (collection){.width = DIGIT_SIDE, .height = DIGIT_SIDE, .start = start + length};
    return read_header(c, header);
}
