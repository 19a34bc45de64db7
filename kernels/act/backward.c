/* Gradients of activations, element by element. */
#include "core/build.h"

#include <inttypes.h>
#include <string.h>

#include "act/act.h"
#include "core/dispatch.h"
#include "core/log.h"
#include "core/machine.h"
#include "core/parallel.h"
#include "core/size.h"
#include "core/tensor.h"

typedef struct act_job {
    const nt_act_backward_kernel *kernel;
    nt_epilogue epilogue;
    bool linear;
    const float *x, *diff_dst;
    float *diff_src;
} act_job;

static ninetap_status check_act(const nt_act *a, int64_t n) {
    const bool known = a->act == NINETAP_LINEAR || a->act == NINETAP_RELU ||
                       a->act == NINETAP_CLAMP || a->act == NINETAP_LEAKY_RELU ||
                       a->act == NINETAP_HARD_SWISH;
    if (n < 0 || !known || (a->act == NINETAP_CLAMP && !(a->lo <= a->hi)) ||
        (a->act == NINETAP_LEAKY_RELU && !(a->slope >= 0.0F))) {
        return NINETAP_ERR_ARG;
    }
    return nt_size_fits(nt_size_of(n), sizeof(float)) ? NINETAP_OK : NINETAP_ERR_OVERFLOW;
}

/* Each element is read before it is written, so the same place is no overlap. */
static ninetap_status check_apart(nt_range src, nt_range dst) {
    const ninetap_status status = nt_check_ranges(src, dst);
    return status == NINETAP_ERR_ALIAS && src.at == dst.at ? NINETAP_OK : status;
}

static void walk_act(void *argument, int thread, int64_t begin, int64_t end) {
    (void)thread;
    const act_job *j = argument;
    if (!j->linear) {
        j->kernel->run(j->diff_src + begin, j->x + begin, j->diff_dst + begin, end - begin,
                       &j->epilogue);
    } else if (j->diff_src != j->diff_dst) {
        memcpy(j->diff_src + begin, j->diff_dst + begin, (size_t)(end - begin) * sizeof(float));
    }
}

/* The time it takes to read twice and write so much, if the last cache has it. */
static int choose_act_threads(const nt_isa *isa, int64_t n, int asked) {
    enum { NEVER_SHARED = 32 * 1024 };
    if (asked == 1 || n <= NEVER_SHARED) {
        return 1;
    }
    const nt_machine machine = nt_machine_of(isa->name);
    const nt_level level = machine.cache[NT_IN_L3] > 0 ? NT_IN_L3 : NT_IN_L2;
    const double cycles = nt_read_cycles(&machine, level, 3.0 * (double)n * sizeof(float));
    return nt_threads_worth(cycles, NT_WAKE_WARM_CYCLES, INT64_MAX, asked);
}

ninetap_status nt_act_backward(const nt_isa *isa, int asked, const nt_act *act, int64_t n,
                               const float *x, const float *diff_dst, float *diff_src) {
    enum { TOGETHER = 64 };
    ninetap_status status = check_act(act, n);
    if (status != NINETAP_OK || n == 0) {
        return status;
    }
    const nt_range to = {diff_src, n, sizeof *diff_src};
    act_job j = {.kernel = &isa->act_backward,
                 .epilogue = nt_epilogue_of(act->act, act->lo, act->hi, act->slope),
                 .linear = act->act == NINETAP_LINEAR,
                 .x = x,
                 .diff_dst = diff_dst,
                 .diff_src = diff_src};
    j.epilogue.bounded = act->act == NINETAP_CLAMP;
    status = check_apart((nt_range){diff_dst, n, sizeof *diff_dst}, to);
    if (status == NINETAP_OK && !j.linear) {
        status = check_apart((nt_range){x, n, sizeof *x}, to);
    }
    if (status != NINETAP_OK) {
        return status;
    }
    const double start = nt_log_start();
    const int threads = choose_act_threads(isa, n, asked);
    nt_parallel(threads, n, TOGETHER, walk_act, &j);
    if (start >= 0.0) {
        nt_log_line(start, "act_backward,n%" PRId64 ",%s,direct,%s,%d", n, isa->name,
                    isa->act_backward.name, threads);
    }
    return NINETAP_OK;
}

ninetap_status ninetap_act_backward_f32(ninetap_act act, float lo, float hi, float slope, int64_t n,
                                        const float *x, const float *diff_dst, float *diff_src) {
    const nt_act a = {act, lo, hi, slope};
    return nt_act_backward(nt_find_isa(NULL), 0, &a, n, x, diff_dst, diff_src);
}
