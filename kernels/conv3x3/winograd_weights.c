/* The filters' transforms, in double and rounded once: [panel][frequency][channel][lane]. */
#include "core/build.h"
#include "conv3x3/winograd.h"

enum { LANES = 16 }; /* filters at a time: a cache line of a row */

/* half[frequency] = G g, of the columns. */
static void transform_columns(const nt_winograd_matrices *t, int a, double g[9][LANES],
                              double half[NT_WINOGRAD_MOST][3][LANES]) {
    for (int f = 0; f < a; f++) {
        for (int x = 0; x < 3; x++) {
            for (int lane = 0; lane < LANES; lane++) {
                half[f][x][lane] = t->g[f][0] * g[x][lane] + t->g[f][1] * g[3 + x][lane] +
                                   t->g[f][2] * g[6 + x][lane];
            }
        }
    }
}

/* One frequency of (G g) G^T. All of them at once would fill half of the 8 KiB that a frame may
 * have. */
static void filter_row(double half[3][LANES], const double row[3], double out[LANES]) {
    for (int lane = 0; lane < LANES; lane++) {
        out[lane] = half[0][lane] * row[0] + half[1][lane] * row[1] + half[2][lane] * row[2];
    }
}

/* Lanes [first, first + LANES) of a panel, of which those past the last channel repeat it. */
static void pack_lanes(const nt_winograd_plan *p, const nt_winograd_matrices *t,
                       const float *weights, int64_t panel, int64_t first, int64_t width,
                       float *out) {
    const nt_conv *c = &p->head.conv;
    const nt_conv_shape *s = &c->shape;
    const int a = p->m + 2;
    const int64_t lanes = nt_min64(LANES, width - first);
    for (int64_t i = 0; i < s->ic; i++) {
        double g[9][LANES] = {{0}};
        double half[NT_WINOGRAD_MOST][3][LANES] = {{{0.0}}};
        for (int64_t lane = 0; lane < lanes; lane++) {
            const int64_t o = nt_min64(panel * p->panels.channels + first + lane, s->oc - 1);
            for (int tap = 0; tap < 9; tap++) {
                g[tap][lane] = (double)weights[nt_conv_weight_index(c, o, i, tap)];
            }
        }
        transform_columns(t, a, g, half);
        for (int f = 0; f < a * a; f++) {
            double u[LANES];
            filter_row(half[f / a], t->g[f % a], u);
            float *row = out + (f * s->ic + i) * width + first;
            for (int64_t lane = 0; lane < lanes; lane++) {
                row[lane] = (float)u[lane];
            }
        }
    }
}

void nt_winograd_pack(nt_winograd_plan *p, const float *weights) {
    nt_winograd_matrices t;
    const nt_conv *c = &p->head.conv;
    const int64_t lanes = p->panels.lanes;
    nt_winograd_matrices_of(p->m, &t);
    for (int64_t panel = 0; panel < p->panels.count; panel++) {
        const int64_t channels = nt_panel_channels(c, &p->panels, panel);
        const int64_t width = nt_div_up(channels, lanes) * lanes;
        float *out = (float *)p->head.packed + panel * p->panels.panel_weights;
        for (int64_t first = 0; first < width; first += LANES) {
            pack_lanes(p, &t, weights, panel, first, width, out);
        }
    }
}
