/* FNV-1a (Fowler, Noll, Vo), 64 bits. Elements go in as bytes from the lowest up, so that machines
 * of either byte order agree. */
#ifndef CHECK_DIGEST_H
#define CHECK_DIGEST_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DIGEST_START UINT64_C(0xCBF29CE484222325)

static inline uint64_t digest_word(uint64_t digest, uint64_t word, int bytes) {
    for (int i = 0; i < bytes; i++) {
        digest = (digest ^ (word >> (8 * i) & 0xFF)) * UINT64_C(0x100000001B3);
    }
    return digest;
}

static inline uint64_t digest_bytes(uint64_t digest, const uint8_t *p, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        digest = digest_word(digest, p[i], 1);
    }
    return digest;
}

static inline uint64_t digest_shorts(uint64_t digest, const int16_t *p, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        digest = digest_word(digest, (uint16_t)p[i], 2);
    }
    return digest;
}

static inline uint64_t digest_words(uint64_t digest, const int32_t *p, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        digest = digest_word(digest, (uint32_t)p[i], 4);
    }
    return digest;
}

static inline uint64_t digest_integers(uint64_t digest, const int64_t *p, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        digest = digest_word(digest, (uint64_t)p[i], 8);
    }
    return digest;
}

static inline uint64_t digest_doubles(uint64_t digest, const double *p, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &p[i], sizeof bits);
        digest = digest_word(digest, bits, 8);
    }
    return digest;
}

/* one_nan: a NaN that was computed may have any sign and payload, so all of them count as one. */
static inline uint64_t digest_floats(uint64_t digest, const float *p, int64_t n, bool one_nan) {
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &p[i], sizeof bits);
        if (one_nan && (bits & 0x7FFFFFFFU) > 0x7F800000U) {
            bits = 0x7FC00000U;
        }
        digest = digest_word(digest, bits, 4);
    }
    return digest;
}

#endif
