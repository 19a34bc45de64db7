/* The matrices of Winograd's F(m,3), from its interpolation points, and what its error is bounded
 * by.
 *
 * Y = A [ (G g G^T) * (B d B^T) ] A^T for a filter g and m + 2 x m + 2 inputs d; A, G and B follow
 * from Lagrange's interpolation (Blahut, Fast Algorithms for Signal Processing, ch. 5). */
#include "core/build.h"

#include <math.h>
#include <string.h>

#include "conv3x3/error.h"
#include "conv3x3/winograd.h"

/* Returns how many there are; infinity is not among them. The rest are 0. */
static int points_of(int m, double point[NT_WINOGRAD_MOST]) {
    static const double pairs[][3] = {
        {1.0}, {(double)WINOGRAD4_P, (double)WINOGRAD4_Q}, {1.0, 2.0, 0.5}};
    for (int i = 0; i < NT_WINOGRAD_MOST; i++) {
        point[i] = 0.0;
    }
    for (int i = 0; i < m / 2; i++) {
        point[1 + 2 * i] = pairs[m / 2 - 1][i];
        point[2 + 2 * i] = -pairs[m / 2 - 1][i];
    }
    return m + 1;
}

/* The coefficients, from x^0 up, of the product of (x - point) over all points but one. */
static void multiply_out(const double *point, int count, int but, double *coefficient) {
    int degree = 0;
    coefficient[0] = 1.0;
    for (int i = 0; i < count; i++) {
        if (i == but) {
            continue;
        }
        coefficient[degree + 1] = coefficient[degree];
        for (int k = degree; k > 0; k--) {
            coefficient[k] = coefficient[k - 1] - point[i] * coefficient[k];
        }
        coefficient[0] *= -point[i];
        degree++;
    }
}

void nt_winograd_matrices_of(int m, nt_winograd_matrices *matrices) {
    double point[NT_WINOGRAD_MOST];
    const int count = points_of(m, point);
    memset(matrices, 0, sizeof *matrices);
    for (int f = 0; f < count; f++) {
        double others = 1.0;
        for (int i = 0; i < count; i++) {
            others *= i == f ? 1.0 : point[f] - point[i];
        }
        double power = 1.0;
        for (int k = 0; k < m || k < 3; k++) {
            if (k < 3) {
                matrices->g[f][k] = power / others;
            }
            if (k < m) {
                matrices->a[k][f] = power;
            }
            power *= point[f];
        }
        multiply_out(point, count, f, matrices->b[f]);
    }
    matrices->g[count][2] = 1.0;
    matrices->a[m - 1][count] = 1.0;
    multiply_out(point, count, -1, matrices->b[count]);
}

static double row_sum(const double *row, int count) {
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
        sum += fabs(row[i]);
    }
    return sum;
}

/* Input q of a tile reaches output j with |weights| of at most
 *   reach(j, q) = sum over frequencies f of |A[j][f]| * sum |G[f]| * |B[f][q]|
 * per unit of the largest weight of the filter, if nothing cancels. */
static double reach_of(const nt_winograd_matrices *t, int m, int j, int q) {
    double reach = 0.0;
    for (int f = 0; f < m + 2; f++) {
        reach += fabs(t->a[j][f]) * fabs(t->b[f][q]) * row_sum(t->g[f], 3);
    }
    return reach;
}

/* By how much the two-dimensional transforms can amplify magnitudes. */
typedef struct growth {
    double windows; /* of an output, by the sums of |x| of windows: the m + 2 inputs are covered by
                       windows of three, each of which an output's sum contains */
    double inputs;  /* of an output, by the largest |x| */
    double outputs; /* of an output, by the largest product */
} growth;

static growth growth_of(int m) {
    nt_winograd_matrices t;
    growth g = {0.0, 0.0, 0.0};
    nt_winograd_matrices_of(m, &t);
    for (int j = 0; j < m; j++) {
        double cover = 0.0;
        double window = 0.0;
        double inputs = 0.0;
        for (int q = 0; q < m + 2; q++) {
            const double reach = reach_of(&t, m, j, q);
            inputs += reach;
            window = q % 3 == 0 ? reach : fmax(window, reach);
            cover += q % 3 == 2 || q == m + 1 ? window : 0.0;
        }
        g.windows = fmax(g.windows, cover);
        g.inputs = fmax(g.inputs, inputs);
        g.outputs = fmax(g.outputs, row_sum(t.a[j], m + 2));
    }
    return (growth){g.windows * g.windows, g.inputs * g.inputs, g.outputs * g.outputs};
}

/* Every product passes at most `roundings` roundings, each of which adds at most u = 2^-24 of what
 * it may have grown to. bodies/winograd_1d.h: 1, 2, 3 a transform on the way in, 2, 3, 4 on the
 * way out, each twice, and twice as many where a multiply-add is two operations.
 *
 * A multiplication that underflows adds 2^-150 besides; additions never do.
 *   filters  2^-150 each, and |G| no longer makes it small: up to 37 times `windows` (m = 6). Of
 *            weights of 2^-120, as which the bound counts smaller ones, that is below one rounding
 *   inputs   a transform adds no more than 2^-150 at each of its inputs would; two of them, no more
 *            than twice that. (Each output's multiplications, weighted by what follows them, are at
 *            most the sum of its row of |B|.)
 *   outputs  2^-150 a channel and product, and no more than two channels' worth in both transforms
 *
 * Every frequency has an output that takes it with a factor of 1 or more. So no product, sum or
 * transform is larger than some output's growth; transformed inputs are below that of their own. */
nt_conv_error nt_winograd_error_of(int m, int64_t channels, bool fused, double largest_weight) {
    const int in = m / 2;
    const int out = in + 1;
    const growth g = growth_of(m);
    const double transforms = 2.0 * (double)(in + out);
    const double sum = (double)channels + (fused ? 0.0 : 1.0);
    const double roundings = transforms * (fused ? 1.0 : 2.0) + sum + 3.0; /* filter: 2, bias */
    const double gamma = nt_gamma(roundings);
    const double weights = (double)channels * fmax(largest_weight, 0x1p-120);
    const double underflow = 2.0 * g.inputs * weights + g.outputs * ((double)channels + 2.0);
    return (nt_conv_error){.bound = g.windows * gamma,
                           .floor = 0x1p-150 * (1.0 + gamma) * underflow,
                           .headroom = g.windows * (1.0 + gamma)};
}
