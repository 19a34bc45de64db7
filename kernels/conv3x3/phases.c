#include "core/build.h"
#include "conv3x3/phases.h"

/* ceil(a / b) for b > 0 and any a. */
static int64_t ceil_of(int64_t a, int64_t b) {
    return a > 0 ? (a - 1) / b + 1 : -(-a / b);
}

nt_phase_axis nt_phase_axis_of(int64_t spread, int64_t dilation, int64_t pad) {
    nt_phase_axis axis = {.before = pad / spread};
    axis.span = ceil_of(2 * dilation - pad, spread) + axis.before + 1;
    for (int k = 0; k < 3; k++) {
        const int64_t place = k * dilation - pad; /* of the input of output 0 */
        const int64_t shift = ceil_of(place, spread);
        const int64_t residue = shift * spread - place;
        int f = 0;
        while (f < axis.count && axis.residue[f] != residue) {
            f++;
        }
        axis.count = f == axis.count ? f + 1 : axis.count;
        axis.residue[f] = residue;
        axis.tap[f][axis.taps[f]] = k;
        axis.shift[f][axis.taps[f]++] = shift;
    }
    return axis;
}

int64_t nt_phase_outputs(int64_t size, int64_t residue, int64_t spread, int64_t end) {
    return size <= residue ? 0 : nt_min64(end, nt_div_up(size - residue, spread));
}

nt_conv nt_coarse_of(const nt_conv *c, const nt_phase_axis *down, const nt_phase_axis *across) {
    nt_conv coarse = *c;
    nt_conv_shape *s = &coarse.shape;
    s->dilation = nt_max64(1, nt_max64(down->span, across->span) / 2);
    s->top = down->before;
    s->left = across->before;
    s->oh = nt_div_up(s->oh, s->spread);
    s->ow = nt_div_up(s->ow, s->spread);
    return coarse;
}
