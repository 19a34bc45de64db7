#include "check_softmax.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "dense/dense.h"
#include "reference/reference.h"
#include "support/allocations.h"
#include "support/bits.h"
#include "support/rng.h"
#include "support/suite.h"
#include "support/text.h"

static const char *const placements[] = {"end", "start", NULL};

#define AT(member) offsetof(softmax_problem, member)
static const text_field fields[] = {
    {"rows", TEXT_INT64, 1, AT(rows), NULL},
    {"columns", TEXT_INT64, 1, AT(columns), NULL},
    {"src_pitch", TEXT_INT64, 1, AT(src_pitch), NULL},
    {"dst_pitch", TEXT_INT64, 1, AT(dst_pitch), NULL},
    {"spread", TEXT_FLOAT, 1, AT(spread), NULL},
    {"in_place", TEXT_INT, 1, AT(in_place), NULL},
    {"isa", TEXT_ISA, 1, AT(isa), NULL},
    {"threads", TEXT_INT, 1, AT(threads), NULL},
    {"placement", TEXT_INT, 1, AT(placement), placements},
    {"seed", TEXT_INT, 1, AT(seed), NULL},
    {NULL, TEXT_INT, 0, 0, NULL},
};

void softmax_print(char text[SOFTMAX_TEXT], const softmax_problem *p) {
    text_print(text, SOFTMAX_TEXT, fields, p);
}

bool softmax_parse(const char *text, softmax_problem *p) {
    return text_parse(text, fields, p);
}

static int64_t pitch_or(int64_t pitch, int64_t columns) {
    return pitch != 0 ? pitch : columns;
}

static buffer new_rows(const softmax_problem *p, int64_t pitch) {
    const int64_t count = p->rows == 0 ? 0 : (p->rows - 1) * pitch + p->columns;
    return buffer_new((size_t)count * sizeof(float), (placement)p->placement, 0);
}

/* The difference to the largest is rounded once, which the exponential multiplies; then there are
 * the exponential's own error, the sum's and the quotient's. */
static bool close_enough(float got, double wanted, double difference) {
    const double relative = (fabs(difference) + 8.0) * 0x1p-24;
    return fabs((double)got - wanted) <= relative * wanted + 0x1p-149;
}

static bool check_values(const softmax_problem *p, const float *src, const float *got) {
    const int64_t sp = pitch_or(p->src_pitch, p->columns), dp = pitch_or(p->dst_pitch, p->columns);
    double *wanted = malloc((size_t)(p->rows * p->columns + 1) * sizeof *wanted);
    if (wanted == NULL)
        abort();
    nt_reference_softmax_f64(p->rows, p->columns, src, p->src_pitch, wanted);
    bool ok = true;
    for (int64_t r = 0; r < p->rows && ok; r++) {
        float largest = -INFINITY;
        for (int64_t i = 0; i < p->columns; i++)
            largest = fmaxf(largest, src[r * sp + i]);
        for (int64_t i = 0; i < p->columns && ok; i++) {
            const float g = got[r * dp + i];
            const double w = wanted[r * p->columns + i];
            ok = close_enough(g, w, (double)src[r * sp + i] - (double)largest) ||
                 suite_wrong("(%lld, %lld): %.9g instead of %.9g", (long long)r, (long long)i,
                             (double)g, w);
        }
    }
    free(wanted);
    return ok;
}

/* With the outputs forgotten, everything must be canaries. */
static bool check_gaps(const softmax_problem *p, const buffer *dst) {
    const int64_t pitch = pitch_or(p->dst_pitch, p->columns);
    float *at = dst->data;
    for (int64_t r = 0; r < p->rows; r++)
        for (int64_t i = 0; i < p->columns; i++)
            at[r * pitch + i] = from_bits(CANARY);
    for (size_t i = 0; i < dst->bytes / sizeof *at; i++)
        if (bits_of(at[i]) != CANARY)
            return suite_wrong("dst[%zu] is not an output, but was written", i);
    return buffer_margins_whole(dst) || suite_wrong("written beside dst");
}

static bool run(const softmax_problem *p, const char *isa, const float *src, float *dst) {
    errno = 0;
    allocations_fail(1, true); /* it makes none */
    const ninetap_status status = nt_softmax(nt_find_isa(isa), p->threads, p->rows, p->columns, src,
                                             p->src_pitch, dst, p->dst_pitch);
    const int error = allocations_tried() == 0 ? errno : ENOMEM;
    return (status == NINETAP_OK && error == 0) ||
           suite_wrong("%s: %s, errno %d", isa, ninetap_strerror(status), error);
}

static bool same_rows(const softmax_problem *p, const float *got, const float *wanted) {
    const int64_t pitch = pitch_or(p->dst_pitch, p->columns);
    for (int64_t r = 0; r < p->rows; r++)
        if (memcmp(got + r * pitch, wanted + r * pitch, (size_t)p->columns * sizeof(float)) != 0)
            return suite_wrong("row %lld differs from scalar's", (long long)r);
    return true;
}

bool check_softmax(const softmax_problem *p) {
    char text[SOFTMAX_TEXT];
    softmax_print(text, p);
    suite_case("test_softmax", text);
    const int64_t sp = pitch_or(p->src_pitch, p->columns), dp = pitch_or(p->dst_pitch, p->columns);
    buffer src = new_rows(p, sp), scalar = new_rows(p, dp), dst = new_rows(p, dp);
    rng random = {(uint64_t)p->seed};
    for (int64_t i = 0; i < p->rows * p->columns; i++)
        ((float *)src.data)[i / p->columns * sp + i % p->columns] = rng_float(&random) * p->spread;
    buffer_read_only(&src);
    if (p->in_place)
        memcpy(dst.data, src.data, src.bytes);
    const bool ok = run(p, p->isa, p->in_place ? dst.data : src.data, dst.data) &&
                    run(p, "scalar", src.data, scalar.data) &&
                    same_rows(p, dst.data, scalar.data) && check_values(p, src.data, dst.data) &&
                    check_gaps(p, &dst);
    buffer_free(&src);
    buffer_free(&scalar);
    buffer_free(&dst);
    return ok;
}
