/* Which cross entropies are legal. */
#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

static bool entropy_legal(const void *problem, amounts *a, bool *sure) {
    const entropy_problem *p = problem;
    *sure = true;
    if (p->rows < 0 || p->columns <= 0 || p->threads < 0)
        return false;
    a->elements = a->macs = (double)p->rows * (double)p->columns;
    return fuzz_fits(a->elements, sizeof(float), sure) &&
           fuzz_fits((double)p->rows, sizeof(int64_t), sure);
}

static void entropy_settle(void *problem) {
    entropy_problem *p = problem;
    p->want = p->want > 0 && p->want <= WANT_ALL ? p->want : WANT_ALL;
    if ((p->over != WANT_PROBABILITIES && p->over != WANT_DIFF) || (p->over & p->want) == 0)
        p->over = 0;
    if (!(p->spread >= 0.0F && p->spread <= 3e38F))
        p->spread = 1.0F;
    p->fail = p->fail == 1;
}

static bool entropy_taken(const void *problem) {
    const entropy_problem *p = problem;
    buffer nothing = buffer_new(0, AT_END, 0);
    amounts a;
    bool sure;
    const bool legal = entropy_legal(problem, &a, &sure);
    float *x = nothing.data;
    if (!legal && sure && p->threads >= 0)
        fuzz_require(ninetap_softmax_cross_entropy_f32(p->rows, p->columns, x,
                                                       (const int64_t *)(const void *)(x + 64),
                                                       x + 128, NULL, NULL) != NINETAP_OK ||
                     suite_wrong("called although it is not legal"));
    buffer_free(&nothing);
    return legal;
}

const legality legality_cross_entropy = {&nt_operation_cross_entropy, entropy_settle, entropy_legal,
                                         entropy_taken};
