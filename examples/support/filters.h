/* 3x3 filters with names. */
#ifndef FILTERS_H
#define FILTERS_H

enum { NAMED_FILTERS = 8 };

typedef struct filter {
    char name[24];
    float weights[9]; /* [row][column], a cross-correlation: not flipped */
} filter;

extern const filter named_filters[NAMED_FILTERS];

/* Case does not matter, nor whether words are joined by '-'. NULL: none has that name. */
const filter *filter_find(const char *name);

#endif
