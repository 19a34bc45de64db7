/* One case on one instruction set, or as the definition has it. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "core/format.h"
#include "corpus.h"

typedef struct executor {
    const char *name;
    bool reference; /* the naive loops of kernels/reference; they know no Winograd */
    bool fused;     /* multiply-adds of DEFAULT and FAST precision are one operation */
} executor;

typedef struct outcome {
    bool skipped;
    uint64_t digest;
    char trouble[160]; /* why there is no digest, or what is wrong with the result; "": nothing */
} outcome;

/* Tells from what the library says of its plans whether the instruction set fuses. */
bool executor_fuses(const char *isa);

void run_case(const check_case *c, const executor *by, outcome *result);

/* What run_case calls. */
void run_conv3x3(const conv_case *c, const executor *by, outcome *result);
void run_pool2x2(const pool_case *c, const executor *by, outcome *result);
void outcome_trouble(outcome *result, const char *format, ...) NT_PRINTF(2, 3);

/* Whether the result of a dense convolution without activation is as near to the exact one as the
 * plan promises; otherwise says where it is not. */
void bound_check(const ninetap_conv3x3_desc *d, const ninetap_plan_info *info, const float *src,
                 const float *weights, const float *bias, const float *got, outcome *result);

/* ---- Memory ---- */

/* A tensor with room before and after it that its digest covers: who writes there is seen. */
enum { AROUND = 21 };
typedef struct room {
    void *base, *at; /* at: the tensor; NULL: out of memory */
    int64_t count;   /* elements with those around */
} room;

/* How many elements a tensor spans, the gaps its pitches leave included. */
int64_t room_elements(int64_t n, int64_t c, int64_t h, int64_t w, const int64_t pitch[3]);
/* All bytes 0x5A. */
room room_make(int64_t elements, size_t element);
void room_free(room *r);

#endif
