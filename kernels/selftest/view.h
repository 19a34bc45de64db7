/* Where the elements of an N x C x H x W tensor lie. Written apart from the library's own. */
#ifndef NINETAP_VIEW_H
#define NINETAP_VIEW_H

#include "ninetap.h"
#include "selftest/rng.h"

typedef struct view {
    int64_t n, c, h, w;
    int64_t image, channel, row, column; /* from one to the next, in elements */
} view;

view nt_view_of(ninetap_layout layout, int64_t n, int64_t c, int64_t h, int64_t w,
                const int64_t pitch[3]);
/* A matrix, as one plane; a pitch of 0 is dense. */
view nt_view_of_rows(int64_t rows, int64_t columns, int64_t pitch);
view nt_view_of_weights(ninetap_weights_layout layout, int64_t oc, int64_t group_channels);
static inline int64_t view_at(const view *v, int64_t n, int64_t c, int64_t y, int64_t x) {
    return n * v->image + c * v->channel + y * v->row + x * v->column;
}
/* Elements from the first to the last, both included; 0 for an empty tensor. */
int64_t nt_view_span(const view *v);

/* Dense, or a region of interest: rows, planes or images with something between them, some of the
 * pitches left to follow from the others. */
void nt_view_draw_pitch(rng *r, ninetap_layout layout, int64_t c, int64_t h, int64_t w,
                        int64_t pitch[3]);

#endif
