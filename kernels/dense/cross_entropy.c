/* Softmax with cross entropy, row by row: what softmax.c does, with the loss and the gradient. */
#include "core/build.h"

#include <inttypes.h>
#include <string.h>

#include "core/dispatch.h"
#include "core/log.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/tensor.h"
#include "core/workspace.h"
#include "dense/dense.h"

typedef struct entropy_job {
    const nt_softmax_kernel *kernel;
    nt_cross_entropy call;
    double *losses; /* of the rows; NULL: not wanted */
    float *scratch; /* a row for each thread; NULL where there is an output to work in */
} entropy_job;

/* x = 2^k f, f between sqrt(1/2) and sqrt(2). With z = (f - 1) / (f + 1), log f is
 * 2 (z + z^3/3 + z^5/5 + ...), of which eleven terms are enough for |z| < 0.172: what follows is
 * below 2^-57 of the value. k ln 2 is added in two pieces, of which the first is exact. Measured:
 * off by less than 2^-52 of the value. (libm's differs from machine to machine.) */
double nt_log_of_sum(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (!(x >= 1.0)) { /* NaN */
        return x - x;
    }
    int k = (int)(bits >> 52) - 1023;
    bits = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1023) << 52;
    double f;
    memcpy(&f, &bits, sizeof f);
    if (f > 0x1.6a09e667f3bcdp0) {
        f *= 0.5;
        k++;
    }
    const double z = (f - 1.0) / (f + 1.0);
    const double square = z * z;
    double series = 0.0;
    for (int n = 21; n >= 3; n -= 2) {
        series = (series + 1.0 / n) * square;
    }
    const double low = 2.0 * (z * series) + k * 0x1.ef35793c7673p-45;
    return k * 0x1.62e42fefa38p-1 + (2.0 * z + low);
}

/* ---- Rows ---- */

static void do_row(const entropy_job *j, int64_t row, float *scratch) {
    const nt_cross_entropy *c = &j->call;
    const nt_softmax_kernel *k = j->kernel;
    const int64_t n = c->columns;
    const float *logits = c->logits + row * n;
    float *probabilities = c->probabilities == NULL ? NULL : c->probabilities + row * n;
    float *diff = c->diff == NULL ? NULL : c->diff + row * n;
    float *to = probabilities != NULL ? probabilities : diff != NULL ? diff : scratch;
    const double of_label = (double)logits[c->label[row]];
    const float largest = k->largest(logits, n);
    const float sum = k->exponentials(to, logits, n, largest);
    if (j->losses != NULL) {
        j->losses[row] = nt_log_of_sum((double)sum) - (of_label - (double)largest);
    }
    if (to != scratch) {
        k->divide(to, n, sum);
    }
    if (diff != NULL) {
        if (to != diff) {
            memcpy(diff, to, (size_t)n * sizeof *diff);
        }
        diff[c->label[row]] -= 1.0F;
        k->divide(diff, n, (float)c->rows);
    }
}

static void walk_entropy(void *argument, int thread, int64_t begin, int64_t end) {
    const entropy_job *j = argument;
    for (int64_t row = begin; row < end; row++) {
        do_row(j, row, j->scratch == NULL ? NULL : j->scratch + thread * j->call.columns);
    }
}

/* ---- What is refused ---- */

static ninetap_status check_entropy_sizes(const nt_cross_entropy *c) {
    if (c->rows < 0 || c->columns < 0) {
        return NINETAP_ERR_ARG;
    }
    if (c->columns == 0) {
        return NINETAP_ERR_SHAPE;
    }
    const bool fits =
        nt_size_fits(nt_size_mul(nt_size_of(c->rows), c->columns), sizeof *c->logits) &&
        nt_size_fits(nt_size_of(c->rows), sizeof *c->label);
    return fits ? NINETAP_OK : NINETAP_ERR_OVERFLOW;
}

static ninetap_status check_entropy_tensors(const nt_cross_entropy *c) {
    const int64_t elements = c->rows * c->columns;
    enum { LOGITS, LABEL, PROBABILITIES, DIFF, LOSS, TENSORS };
    const nt_range range[TENSORS] = {
        [LOGITS] = {c->logits, elements, sizeof *c->logits},
        [LABEL] = {c->label, c->rows, sizeof *c->label},
        [PROBABILITIES] = {c->probabilities, elements, sizeof *c->probabilities},
        [DIFF] = {c->diff, elements, sizeof *c->diff},
        [LOSS] = {c->loss, 1, sizeof *c->loss}};
    for (int i = 0; i < TENSORS; i++) {
        const bool absent = i >= PROBABILITIES && range[i].at == NULL;
        if (!absent && !nt_range_is_usable(range[i])) {
            return NINETAP_ERR_ARG;
        }
    }
    for (int i = PROBABILITIES; i < TENSORS; i++) {
        for (int k = 0; k < i && range[i].at != NULL; k++) {
            const bool in_place = k == LOGITS && i != LOSS && range[i].at == range[k].at;
            if (range[k].at != NULL && !in_place && nt_ranges_overlap(range[i], range[k])) {
                return NINETAP_ERR_ALIAS;
            }
        }
    }
    return NINETAP_OK;
}

static bool labels_exist(const nt_cross_entropy *c) {
    bool ok = true;
    for (int64_t row = 0; row < c->rows; row++) {
        ok = ok && c->label[row] >= 0 && c->label[row] < c->columns;
    }
    return ok;
}

/* ---- The call ---- */

static void run_entropy(entropy_job *j, int threads) {
    const nt_cross_entropy *c = &j->call;
    double loss = 0.0;
    nt_parallel(threads, c->rows, 1, walk_entropy, j);
    for (int64_t row = 0; j->losses != NULL && row < c->rows; row++) {
        loss += j->losses[row];
    }
    if (c->loss != NULL) {
        *c->loss = loss / (double)c->rows;
    }
}

ninetap_status nt_softmax_cross_entropy(const nt_isa *isa, int asked, const nt_cross_entropy *c) {
    ninetap_status status = check_entropy_sizes(c);
    if (status != NINETAP_OK || c->rows == 0) {
        return status;
    }
    status = check_entropy_tensors(c);
    if (status != NINETAP_OK || !labels_exist(c)) {
        return status != NINETAP_OK ? status : NINETAP_ERR_ARG;
    }
    const double start = nt_log_start();
    const int threads = nt_softmax_threads(isa, c->rows, c->columns, asked);
    const bool scratch = c->probabilities == NULL && c->diff == NULL;
    const size_t losses = c->loss == NULL ? 0 : (size_t)c->rows * sizeof(double);
    const size_t rows = scratch ? (size_t)threads * (size_t)c->columns * sizeof(float) : 0;
    void *memory = losses + rows == 0 ? NULL : nt_workspace_take(losses + rows);
    if (losses + rows != 0 && memory == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    entropy_job j = {.kernel = &isa->softmax, .call = *c};
    j.losses = losses == 0 ? NULL : memory;
    j.scratch = scratch ? (float *)nt_out(memory, (int64_t)losses, 1) : NULL;
    run_entropy(&j, threads);
    nt_workspace_give(memory);
    if (start >= 0.0) {
        nt_log_line(start, "softmax_cross_entropy,n%" PRId64 "c%" PRId64 ",%s,direct,%s,%d",
                    c->rows, c->columns, isa->name, isa->softmax.name, threads);
    }
    return NINETAP_OK;
}

ninetap_status ninetap_softmax_cross_entropy_f32(int64_t rows, int64_t columns, const float *logits,
                                                 const int64_t *label, float *probabilities,
                                                 float *diff, double *loss) {
    const nt_cross_entropy c = {rows, columns, logits, label, probabilities, diff, loss};
    return nt_softmax_cross_entropy(nt_find_isa(NULL), 0, &c);
}
