/* Image filters as their definition: each output apart. */
#include "core/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/tensor.h"
#include "reference/reference.h"

/* The sums of a call: of one kernel, or of a gradient's two. */
typedef struct filter_sums {
    const ninetap_filter3x3_desc *desc;
    const float *kernel[2];
    int kernels;
    ninetap_norm norm;
    enum { EXACT, SUM, FLOAT } way;
    int s;
    float scale, delta;
} filter_sums;

static bool is_integer(double x) {
    return x == floor(x);
}

/* Whether with this s the kernels, times `scale`, are integers; adds up their largest sum. */
static bool integers(const filter_sums *f, double scale, int s, double *most) {
    bool ok = true;
    *most = 0.0;
    for (int k = 0; k < f->kernels; k++) {
        double sum = 0.0;
        for (int i = 0; i < 9; i++) {
            const double c = ldexp(scale * (double)f->kernel[k][i], s);
            ok = ok && is_integer(c);
            sum += 255.0 * fabs(c);
        }
        *most = sum > *most ? sum : *most;
    }
    return ok;
}

static void choose_way(filter_sums *f) {
    double most;
    f->way = FLOAT;
    if (f->desc->src_type != NINETAP_U8) {
        return;
    }
    for (int s = 30; s >= 0; s--) {
        if (integers(f, 1.0, s, &most) && most < 0x1p31) {
            f->way = SUM;
            f->s = s;
        }
    }
    for (int s = 30; s >= 0 && f->kernels == 1; s--) {
        const double delta = ldexp((double)f->delta, s);
        if (integers(f, (double)f->scale, s, &most) && is_integer(delta) &&
            most + fabs(delta) + ldexp(1.0, s) < 0x1p31) {
            f->way = EXACT;
            f->s = s;
        }
    }
}

/* ---- The source ---- */

static int64_t src_offset(const ninetap_filter3x3_desc *d, int64_t image, int64_t y, int64_t x) {
    const int64_t element = (int64_t)nt_element_size(d->src_type);
    const int64_t row = d->src_pitch[1] != 0
                            ? d->src_pitch[1]
                            : (d->margin[1] + d->iw + d->margin[3]) * d->channels * element;
    const int64_t whole =
        d->src_pitch[0] != 0 ? d->src_pitch[0] : (d->margin[0] + d->ih + d->margin[2]) * row;
    return image * whole + y * row + x * d->channels * element;
}

/* The place of an axis that is read for place i; false: none is. */
static bool inside(const ninetap_filter3x3_desc *d, int64_t *i, int64_t size, int64_t before,
                   int64_t after) {
    const int64_t least = -before;
    const int64_t greatest = size - 1 + after;
    if (*i >= least && *i <= greatest) {
        return true;
    }
    if (d->border == NINETAP_BORDER_REPLICATE) {
        *i = *i < least ? least : greatest;
        return true;
    }
    if (d->border == NINETAP_BORDER_REFLECT101) {
        *i = least == greatest ? least : *i < least ? 2 * least - *i : 2 * greatest - *i;
        return true;
    }
    return false;
}

static float source_at(const ninetap_filter3x3_desc *d, const void *src, int64_t image, int64_t y,
                       int64_t x, int c) {
    if (!inside(d, &y, d->ih, d->margin[0], d->margin[2]) ||
        !inside(d, &x, d->iw, d->margin[1], d->margin[3])) {
        return d->border == NINETAP_BORDER_CONSTANT ? d->border_value[c] : 0.0F;
    }
    const char *at = (const char *)src + src_offset(d, image, y, x);
    return d->src_type == NINETAP_U8 ? (float)((const uint8_t *)at)[c]
                                     : ((const float *)(const void *)at)[c];
}

/* ---- One output ---- */

/* The sum in units of 2^-s, with delta: an integer below 2^31. */
static double exact_sum(const filter_sums *f, const float window[9]) {
    double sum = ldexp((double)f->delta, f->s);
    for (int i = 0; i < 9; i++) {
        sum += ldexp((double)f->scale * (double)f->kernel[0][i], f->s) * (double)window[i];
    }
    return sum;
}

static float sum_of(const filter_sums *f, int kernel, const float window[9]) {
    float rounded = 0.0F;
    double integer = 0.0;
    for (int i = 0; i < 9; i++) {
        const float product = f->kernel[kernel][i] * window[i];
        rounded = rounded + product;
        integer += ldexp((double)f->kernel[kernel][i], f->s) * (double)window[i];
    }
    return f->way == FLOAT ? rounded : (float)integer;
}

static float scaled(const filter_sums *f, float scale, float x) {
    const float product = scale == 1.0F ? x : x * scale;
    return product + f->delta;
}

static float float_result(const filter_sums *f, const float window[9]) {
    float x = sum_of(f, 0, window);
    if (f->kernels == 1) {
        return scaled(f, f->way == SUM ? f->scale * ldexpf(1.0F, -f->s) : f->scale, x);
    }
    float y = sum_of(f, 1, window);
    if (f->way == SUM) {
        x *= ldexpf(1.0F, -f->s);
        y *= ldexpf(1.0F, -f->s);
    }
    const float xx = x * x;
    const float yy = y * y;
    const float squares = xx + yy;
    return scaled(f, f->scale, f->norm == NINETAP_NORM_L1 ? fabsf(x) + fabsf(y) : sqrtf(squares));
}

/* To the nearest integer, halves to even, within [least, greatest]. */
static double rounded_to_even(double x, double least, double greatest) {
    const double down = floor(x);
    const double rest = x - down;
    const bool up = rest > 0.5 || (rest == 0.5 && fmod(down, 2.0) != 0.0);
    const double y = up ? down + 1.0 : down;
    return y > greatest ? greatest : y >= least ? y : least;
}

static void write_output(const filter_sums *f, double x, void *dst) {
    if (f->desc->dst_type == NINETAP_F32) {
        const float y = (float)x;
        memcpy(dst, &y, sizeof y);
    } else if (f->desc->dst_type == NINETAP_U8) {
        *(uint8_t *)dst = (uint8_t)rounded_to_even(x, 0.0, 255.0);
    } else {
        const int16_t y = (int16_t)rounded_to_even(x, -32768.0, 32767.0);
        memcpy(dst, &y, sizeof y);
    }
}

/* dst: one element. */
static void filter_at(const filter_sums *f, const void *src, const int64_t at[4], void *dst) {
    const ninetap_filter3x3_desc *d = f->desc;
    const int c = (int)at[3];
    float window[9];
    for (int i = 0; i < 9; i++) {
        window[i] = source_at(d, src, at[0], at[1] + i / 3 - 1, at[2] + i % 3 - 1, c);
    }
    if (d->keep_alpha != 0 && c == d->channels - 1) {
        if (d->src_type == NINETAP_F32) { /* bit for bit */
            memcpy(dst, (const char *)src + src_offset(d, at[0], at[1], at[2]) + 4 * (int64_t)c, 4);
        } else {
            write_output(f, (double)window[4], dst);
        }
        return;
    }
    const double x =
        f->way == EXACT ? ldexp(exact_sum(f, window), -f->s) : (double)float_result(f, window);
    write_output(f, d->absolute != 0 ? fabs(x) : x, dst);
}

/* ---- The image ---- */

static double as_number(const ninetap_filter3x3_desc *d, const void *value) {
    float f;
    int16_t h;
    if (d->dst_type == NINETAP_F32) {
        memcpy(&f, value, sizeof f);
        return (double)f;
    }
    memcpy(&h, value, sizeof h);
    return d->dst_type == NINETAP_S16 ? (double)h : (double)*(const uint8_t *)value;
}

/* The maximum of four outputs; the first of equal ones, and the first NaN. */
static void pooled_at(const filter_sums *f, const void *src, const int64_t at[4], void *dst) {
    const size_t element = nt_element_size(f->desc->dst_type);
    double best = 0.0;
    for (int i = 0; i < 4; i++) {
        const int64_t one[4] = {at[0], 2 * at[1] + i / 2, 2 * at[2] + i % 2, at[3]};
        char value[4];
        filter_at(f, src, one, value);
        const double number = as_number(f->desc, value);
        if (i == 0 || (!isnan(best) && (isnan(number) || number > best))) {
            best = number;
            memcpy(dst, value, element);
        }
    }
}

static void filter_image(filter_sums *f, const void *src, void *dst) {
    const ninetap_filter3x3_desc *d = f->desc;
    const bool pool = d->pool == NINETAP_POOL_MAX;
    const int64_t oh = pool ? d->ih / 2 : d->ih;
    const int64_t ow = pool ? d->iw / 2 : d->iw;
    const int64_t element = (int64_t)nt_element_size(d->dst_type);
    const int64_t row = d->dst_pitch[1] != 0 ? d->dst_pitch[1] : ow * d->channels * element;
    const int64_t image = d->dst_pitch[0] != 0 ? d->dst_pitch[0] : oh * row;
    f->scale = d->scale == 0.0F ? 1.0F : d->scale;
    f->delta = d->delta + 0.0F;
    choose_way(f);
    for (int64_t o = 0; o < d->n * oh * ow * d->channels; o++) {
        const int64_t c = o % d->channels;
        const int64_t x = o / d->channels % ow;
        const int64_t y = o / d->channels / ow % oh;
        const int64_t at[4] = {o / d->channels / ow / oh, y, x, c};
        void *to = (char *)dst + at[0] * image + y * row + (x * d->channels + c) * element;
        if (pool) {
            pooled_at(f, src, at, to);
        } else {
            filter_at(f, src, at, to);
        }
    }
}

void nt_reference_filter3x3(const ninetap_filter3x3_desc *d, const float kernel[9], const void *src,
                            void *dst) {
    filter_sums f = {.desc = d, .kernel = {kernel, NULL}, .kernels = 1};
    filter_image(&f, src, dst);
}

void nt_reference_gradient3x3(const ninetap_filter3x3_desc *d, const float kx[9], const float ky[9],
                              ninetap_norm norm, const void *src, void *dst) {
    filter_sums f = {.desc = d, .kernel = {kx, ky}, .kernels = 2, .norm = norm};
    filter_image(&f, src, dst);
}
