#include "cases/operation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "measure/host.h"

/* ---- making ------------------------------------------------------------------------------- */

static void *lent_workspace(void *user, size_t bytes, size_t slack) {
    (void)bytes;
    (void)slack;
    return user;
}

static ninetap_status add_step(plan *made, const problem *whole, const chain_layer *l,
                               const choice *c) {
    step *s = &made->steps[made->count];
    ninetap_status status = problem_layer(&s->problem, whole, l);
    if (status == NINETAP_OK) {
        status = problem_ask(&s->problem, c);
    }
    if (status == NINETAP_OK) {
        s->call = (nt_call){.workspace = lent_workspace};
        status =
            s->problem.operation->calls->prepare(&s->problem.asked, s->problem.operands, &s->call);
    }
    made->count += status == NINETAP_OK;
    return status;
}

/* The convolution by itself, then the pooling. */
static ninetap_status add_apart(plan *made, const problem *whole, const chain_layer *l,
                                const choice *c) {
    chain_layer convolution = *l, pooling = *l;
    convolution.shape.pooled = false;
    const ninetap_status status = add_step(made, whole, &convolution, c);
    if (status != NINETAP_OK) {
        return status;
    }
    const problem *one = &made->steps[made->count - 1].problem;
    pooling.shape = (shape){.pooling = true,
                            .n = one->shape.n,
                            .c = one->shape.oc,
                            .h = one->oh,
                            .w = one->ow,
                            .oc = one->shape.oc,
                            .groups = 1,
                            .stride = 2,
                            .dilation = 1};
    memcpy(pooling.shape.text, l->shape.text, sizeof pooling.shape.text);
    made->apart++;
    return add_step(made, whole, &pooling, c);
}

/* In a network what cannot be fused is done apart. */
static ninetap_status add_layer(plan *made, const problem *whole, const chain_layer *l,
                                const choice *c) {
    const bool apart = l->shape.pooled && c->unfused;
    const ninetap_status status = apart ? NINETAP_ERR_UNSUPPORTED : add_step(made, whole, l, c);
    return status == NINETAP_ERR_UNSUPPORTED && (apart || (l->shape.pooled && whole->shape.network))
               ? add_apart(made, whole, l, c)
               : status;
}

/* What lies between the steps and, where it is the caller's, the workspace. */
static bool allocate(plan *made, bool with_workspace) {
    size_t floats[2] = {0}, workspace = 0;
    for (size_t i = 0; i < made->count; i++) {
        const step *s = &made->steps[i];
        const size_t here = s->call.info.workspace_bytes;
        workspace = here > workspace ? here : workspace;
        if (i + 1 < made->count && s->problem.dst_count > floats[i % 2]) {
            floats[i % 2] = s->problem.dst_count;
        }
    }
    made->room[0] = host_alloc(floats[0] * sizeof(float) + 64);
    made->room[1] = host_alloc(floats[1] * sizeof(float) + 64);
    made->workspace = with_workspace ? host_alloc(workspace + 64) : NULL;
    for (size_t i = 0; i < made->count; i++) {
        made->steps[i].call.user = made->workspace;
    }
    return made->room[0] != NULL && made->room[1] != NULL &&
           (!with_workspace || made->workspace != NULL);
}

/* ---- telling ------------------------------------------------------------------------------ */

/* A direct plan's bound is of the output's own sum, and tight. A Winograd plan's is of the largest
 * sum in a tile with every weight as large as its filter's largest, and of the worst signs: a wrong
 * output could pass. So those are held against the root mean square of the sums. */
static tolerance promised_by(const step *s, bool chained) {
    const char *algorithm = s->call.info.algorithm;
    tolerance t = {0};
    if (algorithm != NULL && strcmp(algorithm, "direct") == 0 && !chained) {
        t.of_magnitude = s->call.info.error_bound;
    } else if (algorithm != NULL) {
        t.of_rms = problem_rms_error(&s->problem, algorithm);
    }
    return t;
}

/* How many convolutions run by which algorithm: "9 winograd4, 4 direct, 5 of 5 pools fused". */
static void describe_network(plan *made) {
    static const char *const algorithms[] = {"winograd6", "winograd4", "winograd2", "direct"};
    size_t used = 0, pools = 0;
    for (size_t a = 0; a < sizeof algorithms / sizeof *algorithms; a++) {
        size_t count = 0;
        for (size_t i = 0; i < made->count; i++) {
            const char *algorithm = made->steps[i].call.info.algorithm;
            count += algorithm != NULL && strcmp(algorithm, algorithms[a]) == 0;
        }
        if (count > 0) {
            made->algorithm = used == 0 ? algorithms[a] : "mixed";
            used += (size_t)snprintf(made->kernels + used, sizeof made->kernels - used, "%s%zu %s",
                                     used > 0 ? ", " : "", count, algorithms[a]);
        }
    }
    for (size_t i = 0; i < made->count; i++) {
        const shape *s = &made->steps[i].problem.shape;
        pools += s->pooling || s->pooled;
        made->promised.of_rms += promised_by(&made->steps[i], true).of_rms;
    }
    if (pools > 0) {
        snprintf(made->kernels + used, sizeof made->kernels - used, ", %zu of %zu pools fused",
                 pools - made->apart, pools);
    }
}

static void describe(plan *made, const problem *p, const choice *c) {
    const ninetap_plan_info *first = &made->steps[0].call.info;
    made->isa = c->isa->name;
    for (size_t i = 0; i < made->count; i++) {
        const char *isa = made->steps[i].call.info.isa;
        made->isa = strcmp(isa, c->isa->name) != 0 ? isa : made->isa;
    }
    made->algorithm = first->algorithm != NULL ? first->algorithm : "";
    made->kernel = made->count > 1 ? made->kernels : first->kernel;
    if (p->shape.network) {
        describe_network(made);
        made->kernel = made->kernels;
        return;
    }
    made->promised = promised_by(&made->steps[0], false);
    if (made->count > 1) {
        snprintf(made->kernels, sizeof made->kernels, "%s, %s", first->kernel,
                 made->steps[1].call.info.kernel);
    }
    if (p->operation == &conv3x3 && c->algo != NINETAP_ALGO_AUTO) {
        made->candidate = conv3x3_chosen_in(made->steps[0].call.plan);
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

ninetap_status plan_create(plan *made, const problem *p, const choice *c) {
    choice how = *c;
    chain layers;
    how.workspace = p->shape.network;
    *made = (plan){.count = 0};
    ninetap_status status = chain_make(&layers, &p->shape);
    made->steps = status == NINETAP_OK ? calloc(2 * layers.count, sizeof *made->steps) : NULL;
    if (made->steps == NULL) {
        return status != NINETAP_OK ? status : NINETAP_ERR_NOMEM;
    }
    for (size_t i = 0; status == NINETAP_OK && i < layers.count; i++) {
        status = add_layer(made, p, &layers.layers[i], &how);
    }
    if (status == NINETAP_OK && !allocate(made, how.workspace)) {
        status = NINETAP_ERR_NOMEM;
    }
    if (status == NINETAP_OK) {
        describe(made, p, &how);
    } else {
        plan_free(made);
    }
    return status;
}

void plan_free(plan *made) {
    for (size_t i = 0; i < made->count; i++) {
        const nt_operation *calls = made->steps[i].problem.operation->calls;
        if (calls->release != NULL) {
            calls->release(&made->steps[i].call);
        }
    }
    host_free(made->room[0]);
    host_free(made->room[1]);
    host_free(made->workspace);
    free(made->steps);
    *made = (plan){.count = 0};
}

static ninetap_status run_step(step *s, float *src, float *dst) {
    const operation *o = s->problem.operation;
    s->problem.operands[0].data = src;
    s->problem.operands[o->dst].data = dst;
    return o->calls->run(&s->problem.asked, s->problem.operands, &s->call);
}

/* Where step i puts its output, in a run that ends in dst. */
static float *step_dst(const plan *made, size_t i, float *dst) {
    return i + 1 < made->count ? made->room[i % 2] : dst;
}

ninetap_status plan_run(const plan *made, float *src, float *dst) {
    ninetap_status status = NINETAP_OK;
    for (size_t i = 0; status == NINETAP_OK && i < made->count; i++) {
        float *to = step_dst(made, i, dst);
        status = run_step(&made->steps[i], src, to);
        src = to;
    }
    return status;
}

/* ---- whether a network's output is right -------------------------------------------------- */

/* Each step as the operation's own benchmark is verified, on what the step before really gave. */
static bool run_checked(plan *made, float *src, float *dst, char *why, size_t size) {
    for (size_t i = 0; i < made->count; i++) {
        step *s = &made->steps[i];
        float *to = step_dst(made, i, dst);
        char what[200] = "it failed";
        s->problem.src = &src;
        s->problem.dst = &to;
        problem_bind(&s->problem);
        problem_poison(&s->problem);
        if (run_step(s, src, to) != NINETAP_OK ||
            !problem_verify(&s->problem, promised_by(s, false), what, sizeof what)) {
            snprintf(why, size, "run exactly, %s %.40s: %.90s", s->problem.operation->name,
                     s->problem.shape.text, what);
            return false;
        }
        src = to;
    }
    return true;
}

static bool compare(const problem *p, const float *exact, double of_rms, char *why, size_t size) {
    double sum = 0;
    for (size_t i = 0; i < p->dst_count; i++) {
        sum += (double)exact[i] * (double)exact[i];
    }
    const double allowed = of_rms * sqrt(sum / (double)p->dst_count);
    for (size_t i = 0; i < p->dst_count; i++) {
        if (!(fabs((double)p->dst[0][i] - (double)exact[i]) <= allowed)) {
            snprintf(why, size, "element %zu of the output is %g, not %g", i, (double)p->dst[0][i],
                     (double)exact[i]);
            return false;
        }
    }
    if (sum <= 0) {
        snprintf(why, size, "nothing can be told from an output of zeros");
    }
    return sum > 0;
}

/* The naive loops would take minutes for a big network. So ours is run once more, by the direct
 * method in the contract's order and with poolings apart, each of its calls is verified, and every
 * output is compared with that chain's. */
bool plan_verify_network(const problem *p, tolerance allowed, char *why, size_t size) {
    const nt_isa *best = nt_usable_isa(0);
    const choice c = {.isa = best,
                      .threads = 1,
                      .algo = NINETAP_ALGO_DIRECT,
                      .precision =
                          best->fast_fma ? NINETAP_PRECISION_EXACT : NINETAP_PRECISION_PORTABLE,
                      .unfused = true};
    plan made;
    float *exact = host_alloc(p->dst_count * sizeof *exact + 64);
    if (exact == NULL || plan_create(&made, p, &c) != NINETAP_OK) {
        host_free(exact);
        snprintf(why, size, "no memory to verify the output");
        return false;
    }
    const bool good = run_checked(&made, p->src[0], exact, why, size) &&
                      compare(p, exact, allowed.of_rms, why, size);
    plan_free(&made);
    host_free(exact);
    return good;
}
