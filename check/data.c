#include "data.h"

#include <string.h>

enum { SELDOM = 40, OFTEN = 3 };

/* splitmix64 (Steele, Lea, Flood 2014): the next number of the sequence. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* As bits, stored by memcpy: a NaN keeps its payload on every machine. */
static const uint32_t special[] = {
    0x7FC00000U, 0xFFC01234U, 0x7FD55555U, /* NaN, all quiet */
    0x7F800000U, 0xFF800000U,              /* Inf */
    0x80000000U, 0x00000000U, 0x80000000U, /* -0, 0 */
    0x00000001U, 0x807FFFFFU, 0x00412345U, /* denormal */
    0x00800000U, 0x7F7FFFFFU, 0xFF7FFFF0U, /* the smallest normal one, the largest */
};

static float random_float(uint64_t bits) {
    return (float)((int32_t)(bits >> 39) - (1 << 24)) * 0x1p-24F;
}

static void fill(float *p, int64_t n, uint64_t one_in, uint64_t seed) {
    for (int64_t i = 0; i < n; i++) {
        const uint64_t bits = next(&seed);
        p[i] = random_float(bits);
        if (one_in != 0 && bits % one_in == 0) {
            const uint64_t which = bits / one_in % (sizeof special / sizeof special[0]);
            memcpy(&p[i], &special[which], sizeof p[i]);
        }
    }
}

void data_floats(float *p, int64_t n, data_kind kind, uint64_t seed) {
    if (kind != DATA_INTEGERS) {
        fill(p, n, kind == DATA_SPECIAL ? SELDOM : 0, seed);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        p[i] = (float)((int)(next(&seed) % 7) - 3);
    }
}

void data_special(float *p, int64_t n, uint64_t seed) {
    fill(p, n, OFTEN, seed);
}

void data_bytes(uint8_t *p, int64_t n, uint64_t seed) {
    for (int64_t i = 0; i < n; i++) {
        p[i] = (uint8_t)(next(&seed) >> 56);
    }
}

void data_indices(int64_t *p, int64_t n, int64_t below, uint64_t seed) {
    for (int64_t i = 0; i < n; i++) {
        p[i] = (int64_t)(next(&seed) % (uint64_t)(below + 1)) - 1;
    }
}
