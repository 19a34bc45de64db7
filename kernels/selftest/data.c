#include "core/build.h"

#include "selftest/data.h"

#include <math.h>
#include <string.h>

#include "selftest/rng.h"

static uint32_t float_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The number's lower bits, below those that rng_float_of looks at. */
static int below(uint64_t number, int count) {
    return (int)(number % (1U << 31) % (unsigned)count);
}

static uint32_t integer_bits(int largest, uint64_t number) {
    const int which = below(number, 2 * largest);
    return float_bits((float)(which < largest ? which - largest : which - largest + 1));
}

static uint32_t scaled_bits(uint64_t number, int least, int most) {
    return float_bits(ldexpf(rng_float_of(number), least + below(number, most - least + 1)));
}

/* Quiet ones and signalling ones, of either sign. */
static uint32_t some_nan(uint64_t number) {
    const uint32_t payload = (uint32_t)(number >> 32) & 0x7FFFFFU;
    return 0x7F800000U | (uint32_t)(number >> 63) << 31 | (payload != 0 ? payload : 1);
}

static uint32_t extreme_bits(uint64_t number) {
    static const uint32_t extreme[] = {0xFF800000U, 0x7F800000U, 0x80000000U, 0x00000000U,
                                       0xBF800000U, 0x00000001U, 0x80000001U, 0x7F000000U,
                                       0xFF7FFFFFU, 0x7F7FFFFFU};
    return number % 4 == 0 ? some_nan(number) : extreme[below(number / 4, 10)];
}

static uint32_t rare_bits(uint64_t number, unsigned one_in) {
    static const uint32_t rare[] = {
        0x7FC00000U, 0xFFC01234U, 0x7FD55555U, /* NaN, all quiet */
        0x7F800000U, 0xFF800000U,              /* Inf */
        0x80000000U, 0x00000000U, 0x80000000U, /* -0, 0 */
        0x00000001U, 0x807FFFFFU, 0x00412345U, /* denormal */
        0x00800000U, 0x7F7FFFFFU, 0xFF7FFFF0U, /* the smallest normal one, the largest */
    };
    return number % one_in == 0 ? rare[number / one_in % (sizeof rare / sizeof rare[0])]
                                : float_bits(rng_float_of(number));
}

uint32_t nt_data_bits(data_kind kind, int largest, uint64_t number) {
    static const uint32_t special[] = {0x7F800000U, 0xFF800000U, 0x7FC00000U, 0x80000000U};
    switch (kind) {
    case DATA_INTEGER:
        return integer_bits(largest, number);
    case DATA_WIDE:
        return scaled_bits(number, -20, 20);
    case DATA_TINY: /* products from 2^-155, where they vanish, to 2^-115 */
        return scaled_bits(number, -75, -57);
    case DATA_SPECIAL:
        return (number >> 32) % 40 == 0 ? special[number % 4] : integer_bits(largest, number);
    case DATA_TIES:
        return float_bits((float)(below(number, 4) - 4) * 0.5F);
    case DATA_EXTREME:
        return extreme_bits(number);
    case DATA_LOWEST:
        return number % 2 == 0 ? some_nan(number) : 0xFF800000U;
    case DATA_SMALL:
        return float_bits((float)((int)(number % 7) - 3));
    case DATA_SELDOM:
        return rare_bits(number, 40);
    case DATA_OFTEN:
        return rare_bits(number, 3);
    default:
        return float_bits(rng_float_of(number));
    }
}

uint8_t nt_data_byte(data_kind kind, uint64_t number) {
    static const uint8_t extreme[] = {0, 1, 127, 128, 254, 255};
    switch (kind) {
    case DATA_TIES:
        return (uint8_t)(126 + below(number, 4)); /* as s8: 126, 127, -128, -127 */
    case DATA_EXTREME:
        return extreme[below(number, 6)];
    case DATA_LOWEST:
        return number % 2 == 0 ? 0 : 128;
    default:
        return (uint8_t)(number >> 56);
    }
}

int32_t nt_data_integer(int largest, uint64_t number) {
    return below(number, 2 * largest + 1) - largest;
}

data_kind nt_data_finite(data_kind kind) {
    switch (kind) {
    case DATA_SPECIAL:
        return DATA_INTEGER;
    case DATA_EXTREME:
    case DATA_LOWEST:
    case DATA_SELDOM:
    case DATA_OFTEN:
        return DATA_RANDOM;
    default:
        return kind;
    }
}
