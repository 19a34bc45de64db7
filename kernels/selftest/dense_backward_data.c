/* The gradient of a dense layer's input. A problem is the forward layer's; src of the call is
 * diff_dst, and dst is diff_src. */
#include "core/build.h"

#include <math.h>
#include <string.h>

#include "dense/dense.h"
#include "selftest/dense.h"

static void dense_backward_draw(rng *r, double most, void *problem) {
    dense_problem *p = problem;
    nt_operation_dense.draw(r, most, p);
    p->desc.act = NINETAP_LINEAR;
    p->desc.act_lo = p->desc.act_hi = p->desc.act_slope = 0.0F;
    p->bias = p->one_shot = p->set = 0;
}

static int dense_backward_operands(const void *problem, nt_operand o[NT_OPERANDS]) {
    const int seed = nt_operation_dense.operands(problem, o);
    const view src = o[DENSE_SRC].view;
    o[DENSE_SRC].view = o[DENSE_DST].view;
    o[DENSE_DST].view = src;
    return seed;
}

static ninetap_status dense_backward_prepare(const void *problem, const nt_operand *o,
                                             nt_call *call) {
    const dense_problem *p = problem;
    ninetap_dense made = {.shape.n = 0};
    nt_dense_shape s;
    (void)o;
    ninetap_status status = nt_dense_shape_of(&p->desc, &s);
    made.shape = s;
    if (status == NINETAP_OK) {
        status = nt_dense_choose(&made, &p->desc);
    }
    if (status == NINETAP_OK) {
        call->info.kernel = "dense";
        call->info.isa = made.isa->name;
    }
    return status;
}

static ninetap_status dense_backward_run(const void *problem, const nt_operand *o, nt_call *call) {
    (void)call;
    return ninetap_dense_backward_data(&((const dense_problem *)problem)->desc,
                                       o[DENSE_WEIGHTS].data, o[DENSE_SRC].data, o[DENSE_DST].data);
}

static bool dense_backward_define(const void *problem, nt_arithmetic usual, const nt_operand *o) {
    const dense_problem *p = problem;
    nt_reference_dense_backward_data_f32(&p->desc, nt_arithmetic_of(p->desc.precision, usual),
                                         o[DENSE_WEIGHTS].data, o[DENSE_SRC].data,
                                         o[DENSE_DST].data);
    return true;
}

static void dense_backward_exact(const void *problem, const nt_operand *o, const int64_t at[4],
                                 double *value, double *magnitude) {
    const dense_problem *p = problem;
    const float *weights = o[DENSE_WEIGHTS].data;
    const float *gradient = o[DENSE_SRC].data;
    *value = *magnitude = 0.0;
    for (int64_t k = 0; k < p->desc.out; k++) {
        const double product = (double)weights[k * p->desc.in + at[3]] *
                               (double)gradient[view_at(&o[DENSE_SRC].view, 0, 0, at[2], k)];
        *value += product;
        *magnitude += fabs(product);
    }
}

static bool dense_backward_right(const void *problem, const nt_operand *o, nt_call *call) {
    const dense_problem *p = problem;
    return nt_as_defined(&nt_operation_dense_backward_data, p, nt_usual_arithmetic(p->desc.isa), o,
                         call);
}

const nt_operation nt_operation_dense_backward_data = {
    .name = "dense_backward_data",
    .fields = nt_dense_fields,
    .size = sizeof(dense_problem),
    .isa = offsetof(dense_problem, desc.isa),
    .draw = dense_backward_draw,
    .operands = dense_backward_operands,
    .prepare = dense_backward_prepare,
    .run = dense_backward_run,
    .define = dense_backward_define,
    .right = dense_backward_right,
    .exact = dense_backward_exact,
};
