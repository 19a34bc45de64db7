#include "core/build.h"

#include "selftest/view.h"

static int64_t given_or(int64_t pitch, int64_t dense) {
    return pitch != 0 ? pitch : dense;
}

view nt_view_of(ninetap_layout layout, int64_t n, int64_t c, int64_t h, int64_t w,
                const int64_t pitch[3]) {
    view v = {.n = n, .c = c, .h = h, .w = w};
    if (layout == NINETAP_NCHW) {
        v.column = 1;
        v.row = given_or(pitch[2], w);
        v.channel = given_or(pitch[1], h * v.row);
        v.image = given_or(pitch[0], c * v.channel);
    } else {
        v.channel = 1;
        v.column = given_or(pitch[2], c);
        v.row = given_or(pitch[1], w * v.column);
        v.image = given_or(pitch[0], h * v.row);
    }
    return v;
}

view nt_view_of_rows(int64_t rows, int64_t columns, int64_t pitch) {
    const int64_t pitches[3] = {0, 0, pitch};
    return nt_view_of(NINETAP_NCHW, 1, 1, rows, columns, pitches);
}

view nt_view_of_weights(ninetap_weights_layout layout, int64_t oc, int64_t group_channels) {
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

int64_t nt_view_span(const view *v) {
    if (v->n == 0 || v->h == 0) {
        return 0;
    }
    return view_at(v, v->n - 1, v->c - 1, v->h - 1, v->w - 1) + 1;
}

void nt_view_draw_pitch(rng *r, ninetap_layout layout, int64_t c, int64_t h, int64_t w,
                        int64_t pitch[3]) {
    if (rng_one_in(r, 2)) {
        return;
    }
    /* What each pitch spans, innermost last. */
    const int64_t count[3] = {layout == NINETAP_NCHW ? c : h, layout == NINETAP_NCHW ? h : w,
                              layout == NINETAP_NCHW ? w : c};
    int64_t within = 1;
    for (int i = 2; i >= 0; i--) {
        const int64_t dense = count[i] * within;
        pitch[i] = rng_one_in(r, 3) ? 0 : dense + rng_int(r, 0, 9);
        within = given_or(pitch[i], dense);
    }
}
