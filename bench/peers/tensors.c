#include "peers/tensors.h"

#include <stdlib.h>
#include <string.h>

/* Aligned and with readable bytes behind it, as a problem's data are. */
static float *allocate(size_t count) {
    return aligned_alloc(64, (count * sizeof(float) + 64 + 63) / 64 * 64);
}

/* [image][row][column] to [image][column][row]. */
static void transpose(const float *from, float *to, int64_t images, int64_t rows, int64_t columns) {
    for (int64_t i = 0; i < images * rows * columns; i++) {
        int64_t column = i % columns, row = i / columns % rows, image = i / columns / rows;
        to[(image * columns + column) * rows + row] = from[i];
    }
}

static void convert(const float *from, ninetap_layout layout, float *to, int64_t images,
                    int64_t channels, int64_t pixels) {
    if (layout == NINETAP_NCHW) {
        transpose(from, to, images, channels, pixels);
    } else {
        transpose(from, to, images, pixels, channels);
    }
}

static bool copy(tensors *t, const problem *p) {
    const shape *s = &p->shape;
    for (size_t i = 0; i < p->sets; i++) {
        t->src[i] = allocate(p->src_count);
        t->dst[i] = allocate(p->dst_count);
        if (t->src[i] == NULL || t->dst[i] == NULL) {
            return false;
        }
        convert(p->src[i], p->layout, t->src[i], s->n, s->c, s->h * s->w);
        memset(t->dst[i], 0xFF, p->dst_count * sizeof(float)); /* NaN until written */
    }
    return true;
}

bool tensors_make(tensors *t, const problem *p, ninetap_layout layout) {
    *t = (tensors){.problem = p, .copied = layout != p->layout, .src = p->src, .dst = p->dst};
    if (!t->copied) {
        return true;
    }
    t->src = calloc(p->sets, sizeof *t->src);
    t->dst = calloc(p->sets, sizeof *t->dst);
    return t->src != NULL && t->dst != NULL && copy(t, p);
}

void tensors_fetch(const tensors *t) {
    const problem *p = t->problem;
    if (t->copied) {
        ninetap_layout layout = p->layout == NINETAP_NCHW ? NINETAP_NHWC : NINETAP_NCHW;
        convert(t->dst[0], layout, p->dst[0], p->shape.n, p->shape.oc, p->oh * p->ow);
    }
}

void tensors_free(tensors *t) {
    if (!t->copied) {
        return;
    }
    for (size_t i = 0; i < t->problem->sets; i++) {
        if (t->src != NULL) {
            free(t->src[i]);
        }
        if (t->dst != NULL) {
            free(t->dst[i]);
        }
    }
    free(t->src);
    free(t->dst);
    *t = (tensors){0};
}

float *tensors_ohwi(const problem *p) {
    float *weights = allocate(p->weights_count);
    if (weights != NULL) {
        transpose(p->weights, weights, p->shape.oc, p->shape.c / p->shape.groups, 9);
    }
    return weights;
}
