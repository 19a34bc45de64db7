#include "view.h"

static int64_t either(int64_t pitch, int64_t dense) {
    return pitch != 0 ? pitch : dense;
}

view view_of(ninetap_layout layout, int64_t n, int64_t c, int64_t h, int64_t w,
             const int64_t pitch[3]) {
    view v = {.n = n, .c = c, .h = h, .w = w};
    if (layout == NINETAP_NCHW) {
        v.column = 1;
        v.row = either(pitch[2], w);
        v.channel = either(pitch[1], h * v.row);
        v.image = either(pitch[0], c * v.channel);
    } else {
        v.channel = 1;
        v.column = either(pitch[2], c);
        v.row = either(pitch[1], w * v.column);
        v.image = either(pitch[0], h * v.row);
    }
    return v;
}

view view_of_weights(ninetap_weights_layout layout, int64_t oc, int64_t group_channels) {
    view v = {.n = oc, .c = group_channels, .h = 3, .w = 3};
    const int64_t i = group_channels;
    switch (layout) {
    case NINETAP_OIHW:
        v.image = i * 9, v.channel = 9, v.row = 3, v.column = 1;
        break;
    case NINETAP_OHWI:
        v.image = 9 * i, v.row = 3 * i, v.column = i, v.channel = 1;
        break;
    case NINETAP_HWIO:
        v.row = 3 * i * oc, v.column = i * oc, v.channel = oc, v.image = 1;
        break;
    }
    return v;
}

int64_t view_at(const view *v, int64_t n, int64_t c, int64_t y, int64_t x) {
    return n * v->image + c * v->channel + y * v->row + x * v->column;
}

int64_t view_span(const view *v) {
    if (v->n == 0)
        return 0;
    return view_at(v, v->n - 1, v->c - 1, v->h - 1, v->w - 1) + 1;
}

void view_draw_pitch(rng *r, ninetap_layout layout, int64_t c, int64_t h, int64_t w,
                     int64_t pitch[3]) {
    if (rng_one_in(r, 2))
        return;
    /* What each pitch spans, innermost last. */
    const int64_t count[3] = {layout == NINETAP_NCHW ? c : h, layout == NINETAP_NCHW ? h : w,
                              layout == NINETAP_NCHW ? w : c};
    int64_t within = 1;
    for (int i = 2; i >= 0; i--) {
        const int64_t dense = count[i] * within;
        pitch[i] = rng_one_in(r, 3) ? 0 : dense + rng_int(r, 0, 9);
        within = either(pitch[i], dense);
    }
}
