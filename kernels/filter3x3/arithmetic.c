/* In which arithmetic a filter is computed. That is part of the result, so nothing decides here but
 * the description and the kernel. */
#include "core/build.h"

#include "filter3x3/filter3x3.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The integers x * 2^s of one kernel, and what their sums with bytes can be. */
typedef struct whole_kernel {
    int integer[9];
    double most; /* of the magnitude */
} whole_kernel;

/* False: x * 2^s is no integer of 31 bits. */
static bool as_integer(double x, int s, int *integer) {
    const double y = x * (double)(1 << s);
    if (!(fabs(y) < 2147483648.0)) {
        return false;
    }
    *integer = (int)y;
    return (double)*integer == y;
}

static bool as_integers(const float kernel[9], float scale, int s, whole_kernel *w) {
    w->most = 0.0;
    for (int i = 0; i < 9; i++) {
        if (!as_integer((double)scale * (double)kernel[i], s, &w->integer[i])) {
            return false;
        }
        w->most += 255.0 * fabs((double)w->integer[i]);
    }
    return w->most < 0x1p31;
}

/* How narrow the sums may be, `more` being added to them. */
static nt_filter_sums width_of(const int integer[9], double more) {
    double above = more;
    double below = more;
    int largest = 0;
    for (int i = 0; i < 9; i++) {
        const int c = integer[i];
        above += c > 0 ? 255.0 * (double)c : 0.0;
        below += c < 0 ? -255.0 * (double)c : 0.0;
        largest = abs(c) > largest ? abs(c) : largest;
    }
    if (largest <= 127 && above <= 32767.0 && below <= 32767.0) {
        return NT_SUMS_16;
    }
    return largest <= INT16_MAX ? NT_SUMS_32 : NT_SUMS_LARGE;
}

static void set_integers(nt_filter *f, int kernel, const int integer[9]) {
    for (int i = 0; i < 9; i++) {
        const bool large = f->sums == NT_SUMS_LARGE;
        f->integer[kernel][i] = large ? integer[i] & 0xFFF : integer[i];
        f->high[kernel][i] = large ? (integer[i] - f->integer[kernel][i]) / 4096 : 0;
    }
}

/* Rounded once, delta and all. */
static bool choose_exact(const nt_filter_shape *s, const float kernel[9], nt_filter *f) {
    for (int shift = 0; shift <= 30; shift++) {
        whole_kernel w;
        int addend;
        if (!as_integers(kernel, s->scale, shift, &w) ||
            !as_integer((double)s->delta, shift, &addend) ||
            w.most + fabs((double)addend) + (double)(1 << shift) >= 0x1p31) {
            continue;
        }
        f->exact = f->to != NT_TO_F32;
        f->shift = shift;
        f->addend = addend;
        f->scale = 1.0F / (float)(1 << shift);
        f->delta = 0.0F;
        f->sums = width_of(w.integer, fabs((double)addend) + (double)(1 << shift));
        if (f->sums == NT_SUMS_16 && !f->exact) {
            f->sums = NT_SUMS_32;
        }
        set_integers(f, 0, w.integer);
        return true;
    }
    return false;
}

/* Exact sums, floats from there on. */
static bool choose_sum(const nt_filter_shape *s, const float *kx, const float *ky, nt_filter *f) {
    for (int shift = 0; shift <= 30; shift++) {
        whole_kernel w[2];
        if (!as_integers(kx, 1.0F, shift, &w[0]) ||
            (ky != NULL && !as_integers(ky, 1.0F, shift, &w[1]))) {
            continue;
        }
        f->sums = width_of(w[0].integer, 0.0);
        f->unit = 1.0F / (float)(1 << shift);
        f->scale = ky != NULL ? s->scale : s->scale * f->unit;
        if (ky != NULL) {
            const nt_filter_sums other = width_of(w[1].integer, 0.0);
            f->sums = other > f->sums ? other : f->sums;
            /* of 16 bits: each sum, and that of both magnitudes */
            f->exact = f->sums == NT_SUMS_16 && f->norm == NT_NORM_L1 && shift == 0 &&
                       f->to != NT_TO_F32 && w[0].most + w[1].most <= 32767.0 && s->scale == 1.0F &&
                       s->delta == 0.0F;
        }
        f->sums = f->sums == NT_SUMS_16 && !f->exact ? NT_SUMS_32 : f->sums;
        set_integers(f, 0, w[0].integer);
        if (ky != NULL) {
            set_integers(f, 1, w[1].integer);
        }
        return true;
    }
    return false;
}

void nt_filter_choose(const nt_filter_shape *s, const float *kx, const float *ky,
                      nt_filter_norm norm, nt_filter *f) {
    *f = (nt_filter){.sums = NT_SUMS_FLOAT,
                     .norm = norm,
                     .to = s->dst_type == NINETAP_U8    ? NT_TO_U8
                           : s->dst_type == NINETAP_S16 ? NT_TO_S16
                                                        : NT_TO_F32,
                     .absolute = s->absolute,
                     .scale = s->scale,
                     .delta = s->delta};
    const bool bytes = s->src_type == NINETAP_U8;
    if (bytes && ((ky == NULL && choose_exact(s, kx, f)) || choose_sum(s, kx, ky, f))) {
        return;
    }
    memcpy(f->factor[0], kx, sizeof f->factor[0]);
    memcpy(f->factor[1], ky != NULL ? ky : kx, sizeof f->factor[1]);
}
