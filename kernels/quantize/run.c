/* Rows of numbers to integers and back, and their range. */
#include "core/build.h"

#include <inttypes.h>

#include "core/dispatch.h"
#include "core/log.h"
#include "core/machine.h"
#include "core/parallel.h"
#include "core/quantize.h"
#include "core/size.h"
#include "core/tensor.h"
#include "quantize/quantize.h"

typedef struct quantize_job {
    nt_quantized_rows rows;
    const nt_rows_kernel *kernel;
    bool back;
    const void *src;
    void *dst;
} quantize_job;

/* ---- What is refused ---- */

/* What does not depend on the pointers. */
static ninetap_status check_quantization(const nt_quantized_rows *r, bool back) {
    if (r->rows < 0 || r->columns < 0 || r->scales < 1 || nt_element_size(r->type) == 0) {
        return NINETAP_ERR_ARG;
    }
    if (r->columns == 0) {
        return NINETAP_ERR_SHAPE;
    }
    const nt_size elements = nt_size_mul(nt_size_of(r->rows), r->columns);
    if (!nt_size_fits(elements, sizeof(float)) ||
        !nt_size_fits(nt_size_of(r->scales), sizeof(float))) {
        return NINETAP_ERR_OVERFLOW;
    }
    const bool offered =
        r->type == NINETAP_U8 || r->type == NINETAP_S8 || (back && r->type == NINETAP_S32);
    return offered ? NINETAP_OK : NINETAP_ERR_UNSUPPORTED;
}

static bool scales_are_valid(const nt_quantized_rows *r) {
    bool ok = true;
    for (int64_t i = 0; ok && i < r->scales; i++) {
        const int32_t zero = r->zero != NULL ? r->zero[i] : 0;
        ok = nt_is_scale(r->scale[i]) &&
             (r->type == NINETAP_S32
                  ? zero == 0
                  : zero >= nt_least_of(r->type) && zero <= nt_greatest_of(r->type));
    }
    return ok;
}

static ninetap_status check_quantized_tensors(const nt_quantized_rows *r, nt_range src,
                                              nt_range dst) {
    const nt_range scale = {r->scale, r->scales, sizeof *r->scale};
    const nt_range zero = {r->zero, r->scales, sizeof *r->zero};
    if (!nt_range_is_usable(src) || !nt_range_is_usable(dst) || !nt_range_is_usable(scale) ||
        (r->zero != NULL && !nt_range_is_usable(zero)) || !scales_are_valid(r)) {
        return NINETAP_ERR_ARG;
    }
    const bool overlap = nt_ranges_overlap(src, dst) || nt_ranges_overlap(scale, dst) ||
                         (r->zero != NULL && nt_ranges_overlap(zero, dst));
    return overlap ? NINETAP_ERR_ALIAS : NINETAP_OK;
}

/* ---- Rows ---- */

static nt_quantizer quantizer_of(const nt_quantized_rows *r, int64_t row) {
    const int64_t i = r->scales == 1 ? 0 : row % r->scales;
    const int zero = r->zero != NULL ? r->zero[i] : 0;
    return r->type == NINETAP_S8 ? (nt_quantizer){r->scale[i], zero + 128, 0x80}
                                 : (nt_quantizer){r->scale[i], zero, 0};
}

/* n elements from element `at` on, all of one row. */
static void convert_elements(const quantize_job *j, const nt_quantizer *q, int64_t at, int64_t n) {
    if (!j->back) {
        j->kernel->quantize((uint8_t *)j->dst + at, (const float *)j->src + at, n, q);
    } else if (j->rows.type == NINETAP_S32) {
        j->kernel->scale((float *)j->dst + at, (const int32_t *)j->src + at, n, q->scale);
    } else {
        j->kernel->dequantize((float *)j->dst + at, (const uint8_t *)j->src + at, n, q);
    }
}

static void walk_quantize(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    const quantize_job *j = argument;
    const int64_t columns = j->rows.columns;
    for (int64_t at = begin; at < end;) {
        const int64_t row = at / columns;
        const int64_t n = nt_min64((row + 1) * columns, end) - at;
        const nt_quantizer q = quantizer_of(&j->rows, row);
        convert_elements(j, &q, at, n);
        at += n;
    }
}

/* Of a vector: what it takes to divide it, or to fetch it from memory. */
static int choose_quantize_threads(const nt_isa *isa, int64_t elements, int asked) {
    const double operations = 16.0;
    if (asked == 1) {
        return 1;
    }
    const nt_machine machine = nt_machine_of(isa->name);
    const double cycles =
        operations * (double)elements / isa->lanes / nt_multiply_add_rate(&machine, isa->fast_fma);
    return nt_threads_worth(cycles, NT_WAKE_CYCLES, elements, asked);
}

static void run_rows(const nt_isa *isa, int asked, quantize_job *j) {
    enum { TOGETHER = 64 };
    const int64_t rows = j->rows.rows;
    const int64_t columns = j->rows.columns;
    const double start = nt_log_start();
    const int threads = choose_quantize_threads(isa, rows * columns, asked);
    if (j->rows.scales == 1) { /* then they are one row */
        j->rows.columns *= rows;
    }
    j->kernel = &isa->rows;
    nt_parallel(threads, rows * columns, TOGETHER, walk_quantize, j);
    if (start >= 0.0) {
        nt_log_line(start, "%s,n%" PRId64 "c%" PRId64 ",%s,direct,%s,%d",
                    j->back ? "dequantize" : "quantize", rows, columns, isa->name, isa->rows.name,
                    threads);
    }
}

ninetap_status nt_quantize_rows(const nt_isa *isa, int threads, const nt_quantized_rows *rows,
                                const float *src, void *dst) {
    ninetap_status status = check_quantization(rows, false);
    if (status != NINETAP_OK || rows->rows == 0) {
        return status;
    }
    const int64_t elements = rows->rows * rows->columns;
    status = check_quantized_tensors(rows, (nt_range){src, elements, sizeof *src},
                                     (nt_range){dst, elements, 1});
    if (status == NINETAP_OK) {
        run_rows(isa, threads, &(quantize_job){.rows = *rows, .src = src, .dst = dst});
    }
    return status;
}

ninetap_status nt_dequantize_rows(const nt_isa *isa, int threads, const nt_quantized_rows *rows,
                                  const void *src, float *dst) {
    ninetap_status status = check_quantization(rows, true);
    if (status != NINETAP_OK || rows->rows == 0) {
        return status;
    }
    const int64_t elements = rows->rows * rows->columns;
    status = check_quantized_tensors(rows, (nt_range){src, elements, nt_element_size(rows->type)},
                                     (nt_range){dst, elements, sizeof *dst});
    if (status == NINETAP_OK) {
        run_rows(isa, threads,
                 &(quantize_job){.rows = *rows, .back = true, .src = src, .dst = dst});
    }
    return status;
}

ninetap_status nt_range_of(const nt_isa *isa, int64_t n, const float *src, float *lo, float *hi) {
    const nt_range results[] = {{lo, 1, sizeof *lo}, {hi, 1, sizeof *hi}};
    const nt_range from = {src, n, sizeof *src};
    if (n < 0 || !nt_range_is_usable(results[0]) || !nt_range_is_usable(results[1])) {
        return NINETAP_ERR_ARG;
    }
    if (!nt_size_fits(nt_size_of(n), sizeof *src)) {
        return NINETAP_ERR_OVERFLOW;
    }
    if (n > 0 && !nt_range_is_usable(from)) {
        return NINETAP_ERR_ARG;
    }
    if (nt_ranges_overlap(results[0], results[1]) ||
        (n > 0 && (nt_ranges_overlap(from, results[0]) || nt_ranges_overlap(from, results[1])))) {
        return NINETAP_ERR_ALIAS;
    }
    *lo = *hi = 0.0F;
    if (n > 0) {
        isa->rows.range(src, n, lo, hi);
    }
    return NINETAP_OK;
}

/* ---- The calls ---- */

ninetap_status ninetap_quantize(int64_t rows, int64_t columns, const float *src,
                                ninetap_dtype dst_type, const float *scale, const int32_t *zero,
                                int64_t scales, void *dst) {
    const nt_quantized_rows r = {rows, columns, dst_type, scale, zero, scales};
    return nt_quantize_rows(nt_find_isa(NULL), 0, &r, src, dst);
}

ninetap_status ninetap_dequantize(int64_t rows, int64_t columns, ninetap_dtype src_type,
                                  const void *src, const float *scale, const int32_t *zero,
                                  int64_t scales, float *dst) {
    const nt_quantized_rows r = {rows, columns, src_type, scale, zero, scales};
    return nt_dequantize_rows(nt_find_isa(NULL), 0, &r, src, dst);
}

ninetap_status ninetap_range(int64_t n, const float *src, float *lo, float *hi) {
    return nt_range_of(nt_find_isa(NULL), n, src, lo, hi);
}
