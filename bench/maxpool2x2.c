/* maxpool2x2: what to run, what is right, what the plain C loops take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operation.h"
#include "reference/reference.h"

static ninetap_pool2x2_desc description(const problem *p) {
    const shape *s = &p->shape;
    return (ninetap_pool2x2_desc){.n = s->n,
                                  .c = s->c,
                                  .ih = s->h,
                                  .iw = s->w,
                                  .stride = s->stride,
                                  .pad = {s->pad, s->pad, s->pad, s->pad},
                                  .dilation = s->dilation,
                                  .layout = p->layout};
}

static ninetap_status measure(problem *p) {
    const shape *s = &p->shape;
    ninetap_pool2x2_desc d = description(p);
    ninetap_status status = ninetap_pool2x2_output(&d, &p->oh, &p->ow);
    if (status != NINETAP_OK) {
        return status;
    }
    p->src_count = (size_t)(s->n * s->c * s->h * s->w);
    p->dst_count = (size_t)(s->n * s->c * p->oh * p->ow);
    p->flops = 3.0 * (double)p->dst_count;
    p->bytes = (double)sizeof(float) * ((double)p->src_count + (double)p->dst_count);
    if (s->indices) {
        p->bytes += (double)sizeof(int64_t) * (double)p->dst_count;
    }
    return NINETAP_OK;
}

static double run_reference(const problem *p) {
    ninetap_pool2x2_desc d = description(p);
    nt_reference_maxpool2x2_f32(&d, p->src[0], p->dst[0], NULL);
    return 1;
}

static uint32_t bits(float value) {
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

/* The first output that is not the same bit for bit, or has another index; dst_count: none. */
static size_t first_wrong(const problem *p, const float *expected, const int64_t *places) {
    size_t i = 0;
    while (i < p->dst_count && bits(expected[i]) == bits(p->dst[0][i]) &&
           (places == NULL || places[i] == p->indices[i])) {
        i++;
    }
    return i;
}

static bool verify(const problem *p, tolerance allowed, char *why, size_t size) {
    (void)allowed;
    ninetap_pool2x2_desc d = description(p);
    float *expected = malloc(p->dst_count * sizeof *expected);
    int64_t *places = p->indices == NULL ? NULL : malloc(p->dst_count * sizeof *places);
    size_t wrong = 0;
    const bool room = expected != NULL && (p->indices == NULL || places != NULL);
    if (room) {
        nt_reference_maxpool2x2_f32(&d, p->src[0], expected, places);
        wrong = first_wrong(p, expected, places);
    }
    free(expected);
    free(places);
    if (!room) {
        snprintf(why, size, "no memory to verify the output");
    } else if (wrong < p->dst_count) {
        snprintf(why, size, "element %zu of the output is wrong", wrong);
    }
    return room && wrong == p->dst_count;
}

static tolerance usual_error(const problem *p) {
    (void)p;
    return (tolerance){0};
}

static ninetap_status create(plan *made, const problem *p, const choice *c) {
    *made = (plan){.kernel = c->isa->pool[NT_MAX].name,
                   .isa = c->isa->name,
                   .algorithm = "",
                   .pool = description(p)};
    made->pool.isa = c->isa->name;
    made->pool.threads = c->threads;
    made->indices = p->indices;
    return NINETAP_OK;
}

static ninetap_status run(const plan *made, const float *src, float *dst) {
    return ninetap_maxpool2x2_f32(&made->pool, src, dst, made->indices);
}

static void destroy(plan *made) {
    (void)made;
}

const operation maxpool2x2 = {.name = "maxpool2x2",
                              .measure = measure,
                              .run_reference = run_reference,
                              .verify = verify,
                              .usual_error = usual_error,
                              .create = create,
                              .run = run,
                              .free = destroy};
