/* Up to eight bytes as an integer: parts of vectors, for instruction sets without byte masks. */
#ifndef NINETAP_BYTES_H
#define NINETAP_BYTES_H

#include <stdint.h>
#include <string.h>

#include "simd/compiler.h"

ALWAYS_INLINE uint64_t bytes_two(const uint8_t *p) {
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}
ALWAYS_INLINE uint64_t bytes_four(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* p[0] lowest, 0 <= n <= 8, of a little-endian machine; the other bytes are 0. Two loads that
 * overlap agree on what they share. */
ALWAYS_INLINE uint64_t bytes_load(const uint8_t *p, int n) {
    uint64_t v;
    if (n >= 8) {
        memcpy(&v, p, sizeof v);
        return v;
    }
    if (n >= 4) {
        return bytes_four(p) | bytes_four(p + n - 4) << 8 * (n - 4);
    }
    if (n >= 2) {
        return bytes_two(p) | bytes_two(p + n - 2) << 8 * (n - 2);
    }
    return n > 0 ? *p : 0;
}

ALWAYS_INLINE void bytes_store(uint8_t *p, uint64_t v, int n) {
    if (n >= 8) {
        memcpy(p, &v, sizeof v);
    } else if (n >= 4) {
        const uint32_t low = (uint32_t)v;
        const uint32_t high = (uint32_t)(v >> 8 * (n - 4));
        memcpy(p, &low, sizeof low);
        memcpy(p + n - 4, &high, sizeof high);
    } else if (n >= 2) {
        const uint16_t low = (uint16_t)v;
        const uint16_t high = (uint16_t)(v >> 8 * (n - 2));
        memcpy(p, &low, sizeof low);
        memcpy(p + n - 2, &high, sizeof high);
    } else if (n > 0) {
        *p = (uint8_t)v;
    }
}

#endif
