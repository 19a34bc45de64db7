/* The input of some output rows of a group, as the direct kernels see it: without an edge. */
#ifndef NINETAP_CONV3X3_STRIP_H
#define NINETAP_CONV3X3_STRIP_H

#include "conv3x3/conv3x3.h"

/* One axis of the packed input. Positions are sorted by their residue modulo the stride, a phase
 * each. So the neighbours of a tap are neighbours in memory whatever the stride, and one kernel
 * serves every stride. Tap t of output o lies in phase[t] at place o + shift[t]. */
typedef struct nt_axis {
    int64_t stride, pad;
    int phases;
    int64_t residue[3];
    int64_t extra[3]; /* places of a phase beyond the number of outputs */
    int phase[3];
    int64_t shift[3];
} nt_axis;

/* How a plan cuts and packs its strips. Pitches, steps and taps are in elements of
 * NT_PACKED_BYTES. */
typedef struct nt_strips {
    int64_t rows, count;  /* output rows of a strip, but for the last one; strips of an image */
    bool unpacked;        /* the kernels read the image itself */
    bool apart;           /* [row][column][channel], as in an NHWC image of few channels */
    nt_axis down, across; /* of planes: [channel][row][column]; of integers: [row][column][pair] */
    int64_t row, column, channel; /* pitches */
    /* pitches: from the input of an output to that of the next one */
    int64_t down_step, across_step;
    int64_t tap[10];                         /* the last one: the next channel's first tap */
    bool constant_border;                    /* nothing is mirrored or clamped: all of it is */
    unsigned char constant[NT_PACKED_BYTES]; /* this element */
    size_t bytes;                            /* of a packed strip; 0: unpacked */
} nt_strips;

/* What a method asks of its strips. */
typedef struct nt_strip_needs {
    int64_t step;      /* strips are cut between multiples of so many rows */
    int64_t most_rows; /* a multiple of step, or all of them */
    int64_t panels;    /* that a strip meets */
    int threads;
    bool packed; /* even where the image could be read itself */
} nt_strip_needs;

/* NINETAP_ERR_OVERFLOW: a huge dilation can make a strip larger than any tensor. */
ninetap_status nt_strips_of_planes(const nt_conv *c, const nt_strip_needs *needs,
                                   nt_strips *strips);
/* For NHWC, where nt_pixels_may_stay. */
ninetap_status nt_strips_of_pixels(const nt_conv *c, const nt_strip_needs *needs,
                                   nt_strips *strips);
bool nt_pixels_may_stay(const nt_conv *c);

/* strip_integers.c: elements of `count` pixels of a row of bytes, `stride` apart. src: the group's
 * first byte of the first one. */
void nt_pack_integers(const nt_conv *c, const void *src, int64_t count, int64_t stride,
                      int64_t out_column, void *out);

/* The strip of output rows [y, y + rows), which it packs to `scratch` unless it is unpacked. src:
 * the image's first element of the group. */
const void *nt_strip_enter(const nt_conv *c, const nt_strips *strips, const void *src, int64_t y,
                           int64_t rows, void *scratch);

#endif
