#include "report/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- gathering ---------------------------------------------------------------------------- */

static bool same_row(const verdict_row *row, const result *r) {
    return row->threads == r->threads && row->cold == r->cold &&
           strcmp(row->operation, r->operation) == 0 && strcmp(row->shape, r->shape) == 0;
}

static verdict_row *row_of(verdict *v, const result *r) {
    /* Results of one shape stand together, so the search is short. */
    for (size_t i = v->row_count; i-- > 0;) {
        if (same_row(&v->rows[i], r)) {
            return &v->rows[i];
        }
    }
    verdict_row *row = &v->rows[v->row_count++];
    *row = (verdict_row){
        .operation = r->operation, .shape = r->shape, .threads = r->threads, .cold = r->cold};
    return row;
}

static void keep_faster(const result **best, const result *r) {
    if (*best == NULL || r->min < (*best)->min) {
        *best = r;
    }
}

static void enter(verdict_row *row, const result *r) {
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        verdict_pair *pair = &row->pair[sense];
        if (sense == VERDICT_ANY || strcmp(r->layout, verdict_sense_name(sense)) == 0) {
            keep_faster(r->ours ? &pair->ours : &pair->theirs, r);
        }
    }
}

static void drop_rows_without_peers(verdict *v) {
    size_t kept = 0;
    for (size_t i = 0; i < v->row_count; i++) {
        if (v->rows[i].pair[VERDICT_ANY].theirs != NULL) {
            v->rows[kept++] = v->rows[i];
        }
    }
    v->row_count = kept;
}

bool verdict_make(verdict *v, const results *r) {
    *v = (verdict){.rows = calloc(r->count + 1, sizeof(verdict_row))};
    if (v->rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (r->items[i].min > 0) {
            enter(row_of(v, &r->items[i]), &r->items[i]);
        }
    }
    drop_rows_without_peers(v);
    for (size_t i = 0; i < v->row_count; i++) {
        for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
            verdict_pair *pair = &v->rows[i].pair[sense];
            if (pair->ours != NULL && pair->theirs != NULL) {
                pair->ratio = pair->theirs->min / pair->ours->min;
            }
        }
    }
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        v->summary[sense] = verdict_sum_up(v, sense, 0);
    }
    return true;
}

void verdict_free(verdict *v) {
    free(v->rows);
    *v = (verdict){0};
}

const char *verdict_sense_name(verdict_sense sense) {
    static const char *const names[] = {"nchw", "nhwc", "any layout"};
    return names[sense];
}

/* ---- summing up --------------------------------------------------------------------------- */

int verdict_compare(double ratio) {
    return (ratio >= 1.005) - (ratio < 0.995);
}

verdict_summary verdict_sum_up(const verdict *v, verdict_sense sense, int threads) {
    verdict_summary s = {0};
    double log_sum = 0;
    for (size_t i = 0; i < v->row_count; i++) {
        const verdict_row *row = &v->rows[i];
        const double ratio = row->pair[sense].ratio;
        if (ratio <= 0 || (threads != 0 && row->threads != threads)) {
            continue;
        }
        log_sum += log(ratio);
        s.count++;
        s.faster += verdict_compare(ratio) > 0;
        s.slower += verdict_compare(ratio) < 0;
        if (s.worst == NULL || ratio < s.worst->pair[sense].ratio) {
            s.worst = row;
        }
    }
    s.mean = s.count > 0 ? exp(log_sum / (double)s.count) : 0;
    return s;
}
