/* What the tensors hold. Element i of a tensor follows from a seed and i alone, so it is the same
 * whatever the layout, the pitches and the order in which a tensor is filled. */
#ifndef NINETAP_DATA_H
#define NINETAP_DATA_H

#include <stdint.h>

/* `largest` below is the operand's own. Their names: field.c. */
typedef enum data_kind {
    DATA_INTEGER, /* -largest .. largest but 0: every order of summation gives the same bits */
    DATA_RANDOM,  /* uniform in [-1, 1), all 24 bits; bytes: all there are */
    DATA_WIDE,    /* magnitudes from 2^-20 to 2^20: any other order of summation shows */
    DATA_TINY,    /* products underflow gradually */
    DATA_SPECIAL, /* integers with Inf, NaN and -0 among them */
    DATA_TIES,    /* few different values, all of them negative */
    DATA_EXTREME, /* many NaNs of different payloads, infinities, zeros of both signs, the largest
                     and the smallest numbers */
    DATA_LOWEST,  /* nothing but NaN and -Inf */
    DATA_SMALL,   /* -3 .. 3: sums are exact, and maxima have ties */
    DATA_SELDOM,  /* random; one in 40 is a quiet NaN, Inf, -0, denormal, or near the largest */
    DATA_OFTEN    /* the same, but one in three */
} data_kind;

/* The value that a random number stands for, as bits: a signalling NaN that passes through a
 * register is quiet on some machines. */
uint32_t nt_data_bits(data_kind kind, int largest, uint64_t number);
uint8_t nt_data_byte(data_kind kind, uint64_t number);
/* -largest .. largest */
int32_t nt_data_integer(int largest, uint64_t number);
/* The same kind without what is not finite. */
data_kind nt_data_finite(data_kind kind);

#endif
