/* Where the elements of an N x C x H x W tensor lie. Written apart from the library's own. */
#ifndef TESTS_VIEW_H
#define TESTS_VIEW_H

#include "ninetap.h"
#include "support/rng.h"

typedef struct view {
    int64_t n, c, h, w;
    int64_t image, channel, row, column; /* from one to the next, in elements */
} view;

view view_of(ninetap_layout layout, int64_t n, int64_t c, int64_t h, int64_t w,
             const int64_t pitch[3]);
view view_of_weights(ninetap_weights_layout layout, int64_t oc, int64_t group_channels);
int64_t view_at(const view *v, int64_t n, int64_t c, int64_t y, int64_t x);
/* Elements from the first to the last, both included; 0 for an empty tensor. */
int64_t view_span(const view *v);

/* Dense, or a region of interest: rows, planes or images with something between them, some of the
 * pitches left to follow from the others. */
void view_draw_pitch(rng *r, ninetap_layout layout, int64_t c, int64_t h, int64_t w,
                     int64_t pitch[3]);

#endif
