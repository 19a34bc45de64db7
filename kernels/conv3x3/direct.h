/* What both direct methods do alike: the walk over (image, group, strip, panel), panel innermost.
 */
#ifndef NINETAP_CONV3X3_DIRECT_H
#define NINETAP_CONV3X3_DIRECT_H

#include "conv3x3/panel.h"
#include "conv3x3/strip.h"

typedef struct nt_direct_plan nt_direct_plan;
typedef struct nt_direct_job nt_direct_job;

struct nt_direct_plan {
    ninetap_conv3x3 head;
    void (*run)(const nt_direct_plan *plan, const nt_direct_job *job);
    bool pools_itself;   /* the kernels leave maxima */
    const nt_conv *conv; /* whose strips these are: the plan's own problem, or of phases the coarse
                            one */
    bool clears;         /* lanes beyond the last column must read numbers, not NaN */
    nt_strips strips;
    nt_panels panels;
    nt_conv_map map;
    size_t scratch_at, sums_at; /* in the slice */
};

/* A panel of a strip. */
struct nt_direct_job {
    const nt_conv_call *call;
    const void *src;            /* the strip's input: what tap offsets count from */
    void *home;                 /* in dst: the panel's first output of the strip */
    void *out;                  /* where kernels write it */
    void *sums;                 /* in the slice */
    const void *weights, *bias; /* of the panel */
    const float *multiplier;
    int64_t y;              /* the strip's first row */
    int64_t rows, channels; /* of the strip, of the panel */
    bool last;              /* the group's last panel */
};

/* max(a, b) + bias, clamped, has the bits of the maximum of both finished sums, with two
 * exceptions: a limit of 0, whose sign is that of the first of two equals, and Inf - Inf. With
 * other activations the sums are finished before they are pooled. */
bool nt_direct_may_pool(const nt_conv *c);

/* The most rows of a strip whose unpooled outputs stay in the cache until they are pooled. */
int64_t nt_direct_most_rows(const nt_direct_plan *plan);

/* The plan's slice, map and units, once its strips, panels and sums are known. conv: whose strips
 * they are. */
ninetap_status nt_direct_lay_out(nt_direct_plan *plan, const nt_conv *conv, size_t sum_bytes);

ninetap_status nt_direct_pack(ninetap_conv3x3 *plan, const void *weights, const void *bias);

void nt_direct_walk(const ninetap_conv3x3 *plan, const nt_conv_call *call, void *slice,
                    int64_t begin, int64_t end);

#endif
