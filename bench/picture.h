/* Which pictures a run has the data for. */
#ifndef NINETAP_BENCH_PICTURE_H
#define NINETAP_BENCH_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

typedef enum picture_kind {
    PICTURE_PEERS,     /* the peers' times relative to ours, shape by shape */
    PICTURE_ROOFLINE,  /* every kernel under the measured peaks and bandwidths */
    PICTURE_THREADS,   /* how much faster more threads are */
    PICTURE_CROSSOVER, /* the fastest algorithm by size and channels */
    PICTURE_SIZES,     /* rate against the map's size */
    PICTURE_CHANNELS   /* rate against the number of channels */
} picture_kind;

typedef struct picture {
    picture_kind kind;
    int threads;           /* PICTURE_THREADS: the most */
    const result *like;    /* of a crossover: one of its lines */
    const char *operation; /* of sizes and channels */
    char sweep[64];        /* likewise: the shape with S or C for what varies, "64xSxS-64"; of a
                              crossover, ISA and layout */
    char name[128];        /* of its files, without suffix */
    char title[128];
    char description[320]; /* in a sentence or two: how to read it */
} picture;

typedef struct picture_list {
    picture *items;
    size_t count;
} picture_list;

/* Picture by picture, one thread before more. False if memory is short. */
bool picture_list_make(picture_list *list, const results *r);
void picture_list_free(picture_list *list);

/* Whether the result is a point of this sweep; *at is then the size or the number of channels. */
bool picture_sweep_point(const picture *p, const result *r, double *at);

/* Name, title and description, by the other members. */
void picture_describe(picture *p);

#endif
