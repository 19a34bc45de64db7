/* XNNPACK: NHWC. (Its NCHW operators are for sparse networks and cover some first layers and
 * depthwise convolutions only; they are left out.)
 *
 * An operator is created with the weights, which it packs, and bound to sizes and addresses by
 * setup; since 2023 the sizes have a step of their own, reshape. ReLU is the output's range. Inputs
 * may be read up to 16 bytes beyond their end. A pthreadpool of n threads has the caller as one of
 * them, no pool means the caller alone. XNNPACK_API is the year of the first release with the
 * interface found: the later ones have not been run here. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <pthreadpool.h>
#include <xnnpack.h>

#include "peers/peer.h"
#include "peers/tensors.h"

typedef struct instance {
    const problem *problem;
    tensors data;
    xnn_operator_t operator;
    pthreadpool_t pool; /* NULL: one thread */
    void *workspace;
    size_t bound; /* the set that the operator is set up for */
} instance;

#if XNNPACK_API >= 2024
#define CACHES NULL,
#elif XNNPACK_API >= 2023
#define CACHES NULL, NULL,
#else
#define CACHES
#endif

static enum xnn_status create_convolution(instance *x, const float *weights) {
    const problem *p = x->problem;
    const shape *s = &p->shape;
    const uint32_t pad = (uint32_t)s->pad, stride = (uint32_t)s->stride,
                   dilation = (uint32_t)s->dilation;
    return xnn_create_convolution2d_nhwc_f32(
        pad, pad, pad, pad, 3, 3, stride, stride, dilation, dilation, (uint32_t)s->groups,
        (size_t)(s->c / s->groups), (size_t)(s->oc / s->groups), (size_t)s->c, (size_t)s->oc,
        weights, p->bias, 0, INFINITY, 0, CACHES & x->operator);
}

static enum xnn_status create_pooling(instance *x) {
    const shape *s = &x->problem->shape;
    const uint32_t pad = (uint32_t)s->pad, stride = (uint32_t)s->stride,
                   dilation = (uint32_t)s->dilation;
    return xnn_create_max_pooling2d_nhwc_f32(pad, pad, pad, pad, 2, 2, stride, stride, dilation,
                                             dilation,
#if XNNPACK_API < 2023
                                             (size_t)s->c, (size_t)s->c, (size_t)s->c,
#endif
                                             -INFINITY, INFINITY, 0, &x->operator);
}

#if XNNPACK_API >= 2023
static enum xnn_status reshape(instance *x) {
    const shape *s = &x->problem->shape;
    const size_t n = (size_t)s->n, h = (size_t)s->h, w = (size_t)s->w, c = (size_t)s->c;
    size_t oh, ow;
    if (s->pooling) {
        return xnn_reshape_max_pooling2d_nhwc_f32(x->operator, n, h, w, c, c, c, &oh, &ow, x->pool);
    }
    size_t workspace = 0;
#if XNNPACK_API >= 2024
    enum xnn_status status =
        xnn_reshape_convolution2d_nhwc_f32(x->operator, n, h, w, &workspace, &oh, &ow, x->pool);
#else
    size_t alignment;
    enum xnn_status status = xnn_reshape_convolution2d_nhwc_f32(x->operator, n, h, w, &workspace,
                                                                &alignment, &oh, &ow, x->pool);
#endif
    if (status == xnn_status_success && workspace > 0) {
        x->workspace = aligned_alloc(64, (workspace + 63) / 64 * 64);
        return x->workspace != NULL ? status : xnn_status_out_of_memory;
    }
    return status;
}

static enum xnn_status bind(instance *x, size_t set) {
    const float *src = x->data.src[set];
    float *dst = x->data.dst[set];
    x->bound = set;
    return x->problem->shape.pooling
               ? xnn_setup_max_pooling2d_nhwc_f32(x->operator, src, dst)
               : xnn_setup_convolution2d_nhwc_f32(x->operator, x->workspace, src, dst);
}
#else
static enum xnn_status reshape(instance *x) {
    (void)x;
    return xnn_status_success;
}

static enum xnn_status bind(instance *x, size_t set) {
    const shape *s = &x->problem->shape;
    const size_t n = (size_t)s->n, h = (size_t)s->h, w = (size_t)s->w;
    const float *src = x->data.src[set];
    float *dst = x->data.dst[set];
    x->bound = set;
    return s->pooling ? xnn_setup_max_pooling2d_nhwc_f32(x->operator, n, h, w, src, dst, x->pool)
                      : xnn_setup_convolution2d_nhwc_f32(x->operator, n, h, w, src, dst, x->pool);
}
#endif

static void version(char *text, size_t size) {
    snprintf(text, size, "XNNPACK (interface of %d)", XNNPACK_API); /* it has no version number */
}

static bool run(void *user, size_t set) {
    instance *x = user;
    return (set == x->bound || bind(x, set) == xnn_status_success) &&
           xnn_run_operator(x->operator, x->pool) == xnn_status_success;
}

static bool fetch(void *user) {
    const instance *x = user;
    tensors_fetch(&x->data);
    return true;
}

static const char *kernel(const void *user) {
    (void)user;
    return "nhwc";
}

static void destroy(void *user) {
    instance *x = user;
    if (x->operator!= NULL) {
        xnn_delete_operator(x->operator);
    }
    if (x->pool != NULL) {
        pthreadpool_destroy(x->pool);
    }
    free(x->workspace);
    tensors_free(&x->data);
    free(x);
}

static enum xnn_status prepare(instance *x, int threads) {
    const problem *p = x->problem;
    if (!tensors_make(&x->data, p, NINETAP_NHWC)) {
        return xnn_status_out_of_memory;
    }
    enum xnn_status status = xnn_initialize(NULL);
    if (status == xnn_status_success && threads > 1) {
        x->pool = pthreadpool_create((size_t)threads);
        status = x->pool != NULL ? status : xnn_status_out_of_memory;
    }
    if (status == xnn_status_success && p->shape.pooling) {
        status = create_pooling(x);
    } else if (status == xnn_status_success) {
        float *weights = tensors_ohwi(p); /* copied into the operator */
        status = weights != NULL ? create_convolution(x, weights) : xnn_status_out_of_memory;
        free(weights);
    }
    if (status == xnn_status_success) {
        status = reshape(x);
    }
    if (status == xnn_status_success) {
        status = bind(x, 0);
    }
    return status == xnn_status_success ? xnn_run_operator(x->operator, x->pool) : status;
}

static void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    if (!own && p->layout != NINETAP_NHWC) {
        snprintf(why, size, "XNNPACK's layout is nhwc");
        return NULL;
    }
    instance *x = calloc(1, sizeof *x);
    if (x == NULL) {
        snprintf(why, size, "no memory");
        return NULL;
    }
    x->problem = p;
    enum xnn_status status = prepare(x, threads);
    if (status == xnn_status_success) {
        return x;
    }
    snprintf(why, size,
             status == xnn_status_unsupported_parameter ? "not offered by XNNPACK"
                                                        : "XNNPACK's status %d",
             (int)status);
    destroy(x);
    return NULL;
}

const peer peer_xnnpack = {.name = "xnnpack",
                           .version = version,
                           .create = create,
                           .run = run,
                           .fetch = fetch,
                           .kernel = kernel,
                           .destroy = destroy};
