#include "problems.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "support/allocations.h"
#include "support/suite.h"
#include "targets/isa.h"

enum { MOST_FAILURES = 5 }; /* more would only fill the screen */

typedef struct trial {
    const nt_operation *op;
    const void *problem;
    placement where;
    nt_operand o[NT_OPERANDS];
    buffer buffers[NT_OPERANDS], workspace;
    nt_call call;
    bool refused; /* for want of memory, as the problem has it */
} trial;

/* Full of canaries: whatever was there before must not matter. */
static void *guarded_workspace(void *user, size_t bytes, size_t slack) {
    trial *t = user;
    t->workspace = buffer_new(bytes, t->where, slack);
    return t->workspace.data;
}

static void begin(trial *t, const nt_operation *op, const void *problem) {
    *t = (trial){.op = op, .problem = problem};
    t->where = (placement)problem_int(op, problem, "placement");
    t->call.workspace = guarded_workspace;
    t->call.user = t;
    const int seed = op->operands(problem, t->o);
    for (int i = 0; i < NT_OPERANDS; i++)
        if (t->o[i].role != NT_ABSENT) {
            t->buffers[i] = buffer_new(nt_operand_bytes(&t->o[i]), t->where, 0);
            t->o[i].data = t->buffers[i].data;
        }
    if (!nt_operands_fill(op, problem, t->o, seed))
        abort();
    for (int i = 0; i < NT_OPERANDS; i++)
        if (t->o[i].role == NT_INPUT)
            buffer_read_only(&t->buffers[i]);
}

static void end(trial *t) {
    for (int i = 0; i < NT_OPERANDS; i++)
        buffer_free(&t->buffers[i]);
    buffer_free(&t->workspace);
}

/* What has a field for the allocation that fails makes a plan, or works in place. All else
 * allocates nothing: there every allocation fails. */
static bool allocates(const nt_operation *op, const void *problem) {
    bool may = false;
    for (const nt_field *f = op->fields; f->key[0] != '\0'; f++) {
        may = may || strcmp(f->key, "fail") == 0;
        if (strcmp(f->key, "in_place") == 0 && problem_int(op, problem, "in_place") == 0)
            return false;
    }
    return may;
}

static bool run(trial *t) {
    const int fail = problem_int(t->op, t->problem, "fail");
    const bool may = allocates(t->op, t->problem);
    errno = 0;
    allocations_fail(may ? fail : 1, !may);
    const ninetap_status status = nt_run(t->op, t->problem, t->o, &t->call);
    const int tried = allocations_tried(), error = errno;
    t->refused = fail != 0 && tried >= fail && status == NINETAP_ERR_NOMEM;
    if (!may && tried > 0)
        return suite_wrong("it allocates");
    return ((status == NINETAP_OK || t->refused) && error == 0) ||
           suite_wrong("%s, errno %d", ninetap_strerror(status), error);
}

/* ---- What else holds of a convolution ---- */

/* Whether the description allows the plan's algorithm, and what is said of its error. */
static bool check_algorithm(const conv_problem *p, const ninetap_plan_info *info) {
    static const int asked[] = {0, 0, 2, 4, 6};
    const ninetap_conv3x3_desc *d = &p->desc;
    const double channels = (double)d->ic / (double)conv_groups(p);
    const int m = nt_tile_of_algorithm(info->algorithm);
    if (m < 0 || (d->algo != NINETAP_ALGO_AUTO && m != asked[d->algo]))
        return suite_wrong("'%s' was not asked for", info->algorithm);
    if (m != 0 && (!conv_allows_winograd(p) || (m == 6 && d->algo == NINETAP_ALGO_AUTO &&
                                                d->precision != NINETAP_PRECISION_FAST)))
        return suite_wrong("'%s' is not allowed here", info->algorithm);
    const bool ok =
        m == 0 ? info->error_bound >= nt_rounding_error(9 * channels) &&
                     info->error_bound <= nt_rounding_error(18 * channels + 1) &&
                     info->error_floor >= 9 * channels * 0x1p-150 && info->headroom >= 1 &&
                     info->headroom <= 1 + 2 * info->error_bound
               : info->error_bound > nt_rounding_error(channels) && isfinite(info->error_bound) &&
                     info->error_floor >= channels * 0x1p-150 && isfinite(info->error_floor) &&
                     info->headroom > 1 && isfinite(info->headroom);
    return ok || suite_wrong("error bound %g, floor %g, headroom %g", info->error_bound,
                             info->error_floor, info->headroom);
}

static bool check_description(const conv_problem *p, const ninetap_plan_info *info) {
    const nt_isa *isa = nt_find_isa(p->desc.isa);
    const bool borrowed = p->desc.precision == NINETAP_PRECISION_EXACT && !isa->fast_fma;
    const int64_t group_ic = p->desc.ic / conv_groups(p);
    const double weights = (double)p->desc.oc * (double)group_ic * 9;
    if (strcmp(info->isa, borrowed ? "scalar" : isa->name) != 0)
        return suite_wrong("isa '%s' runs on '%s'", isa->name, info->isa);
    const bool naive = strcmp(info->kernel, "direct_naive") == 0;
    if (!naive && strstr(info->kernel, info->isa) == NULL)
        return suite_wrong("kernel '%s' of %s", info->kernel, info->isa);
    if ((double)info->macs != conv_macs(p))
        return suite_wrong("macs %lld", (long long)info->macs);
    if ((double)info->packed_bytes < weights * sizeof(float))
        return suite_wrong("packed %zu", info->packed_bytes);
    return check_algorithm(p, info);
}

/* Data that makes mostly zeros would let a kernel pass that does nothing. (Without a bias, outputs
 * that see only padding are 0.) */
static bool check_trustworthy(const conv_problem *p, const nt_operand *dst) {
    const ninetap_act act = p->desc.act;
    const int64_t count = dst->view.n * dst->view.c * dst->view.h * dst->view.w;
    const float *at = dst->data;
    int64_t zeros = 0;
    if (p->data != DATA_INTEGER || !p->bias || (act != NINETAP_LINEAR && act != NINETAP_LEAKY_RELU))
        return true;
    for (int64_t i = 0; i < nt_view_span(&dst->view); i++)
        zeros += at[i] == 0;
    return count < 100 || zeros * 10 <= count * 3 ||
           suite_wrong("mistrusted: %lld of %lld outputs are 0", (long long)zeros,
                       (long long)count);
}

static bool check_int8_description(const conv_problem *p, const ninetap_plan_info *info) {
    const int64_t weights = 9 * p->desc.oc * p->desc.ic / conv_groups(p);
    return (strcmp(info->isa, p->desc.isa) == 0 && strstr(info->kernel, info->isa) != NULL &&
            strcmp(info->algorithm, "direct") == 0 && (double)info->macs == conv_macs(p) &&
            info->packed_bytes >= (size_t)weights && info->error_bound == 0 &&
            info->error_floor == 0 && info->headroom == 0) ||
           suite_wrong("%s of %s, macs %lld, packed %zu", info->kernel, info->isa,
                       (long long)info->macs, info->packed_bytes);
}

static bool check_more(const trial *t) {
    const ninetap_plan_info *info = &t->call.info;
    if (t->op == &nt_operation_conv3x3_int8 && info->algorithm != NULL)
        return check_int8_description(&((const int8_problem *)t->problem)->conv, info);
    if (t->op != &nt_operation_conv3x3)
        return true;
    return (info->algorithm == NULL || check_description(t->problem, info)) &&
           (t->refused || check_trustworthy(t->problem, &t->o[CONV_DST]));
}

/* ---- What was written ---- */

/* Byte i of what an untouched buffer holds. */
static unsigned char canary_byte(const buffer *b, size_t i) {
    const uint32_t canary = CANARY;
    unsigned char pattern[sizeof canary];
    memcpy(pattern, &canary, sizeof canary);
    return pattern[((size_t)((unsigned char *)b->data - b->pages) + i) % sizeof canary];
}

static bool forget(void *user, const nt_operand *o, size_t offset) {
    const buffer *b = user;
    for (size_t i = 0; i < nt_bytes_of(o->element); i++)
        ((unsigned char *)b->data)[offset + i] = canary_byte(b, offset + i);
    return true;
}

/* With the outputs forgotten, or never written, everything must be canaries. Parts may have been
 * written before the one that found no memory; what is done in place, or added to what is there,
 * has its source there. */
static bool check_gaps(trial *t) {
    const bool written = !t->refused || problem_int(t->op, t->problem, "parts") != 0 ||
                         problem_int(t->op, t->problem, "in_place") != 0 ||
                         problem_int(t->op, t->problem, "accumulate") != 0 ||
                         problem_int(t->op, t->problem, "over") != 0;
    for (int i = 0; i < NT_OPERANDS; i++) {
        buffer *b = &t->buffers[i];
        if (t->o[i].role != NT_OUTPUT)
            continue;
        if (written)
            nt_operand_each(&t->o[i], forget, b);
        for (size_t k = 0; k < b->bytes; k++)
            if (((const unsigned char *)b->data)[k] != canary_byte(b, k))
                return suite_wrong("byte %zu of output %d was written", k, i);
        if (!buffer_margins_whole(b))
            return suite_wrong("written beside output %d", i);
    }
    return buffer_margins_whole(&t->workspace) || suite_wrong("written beside the workspace");
}

bool check_problem(const nt_operation *op, const void *problem) {
    char text[NT_PROBLEM_TEXT];
    trial t;
    nt_problem_print(text, sizeof text, op, problem);
    suite_case("test_operations", text);
    begin(&t, op, problem);
    bool ok = run(&t);
    if (ok && !t.refused)
        (void)op->right(problem, t.o, &t.call);
    ok = ok && (t.call.why[0] == '\0' || suite_wrong("%s", t.call.why)) && check_more(&t) &&
         check_gaps(&t);
    end(&t);
    return ok;
}

/* ---- Walking ---- */

void check_drawn(const nt_operation *op, const char *isa, int64_t cases, double most) {
    rng r = suite_rng(isa);
    int failures = 0;
    for (int64_t i = suite_cases(cases); i > 0 && failures < MOST_FAILURES; i--) {
        nt_problem problem;
        op->draw(&r, most, &problem);
        nt_problem_set_isa(op, &problem, isa);
        failures += !check_problem(op, &problem);
    }
    suite_require(failures == 0);
}

static int one_case(const char *text) {
    const nt_operation *op = parse_operation(text);
    nt_problem problem = {{0}};
    if (op == NULL) {
        fprintf(stderr, "no operation: %s\n", text);
        return EXIT_FAILURE;
    }
    if (!parse_fields(text + strlen(op->name), op->fields, &problem))
        return EXIT_FAILURE;
    const bool ok = check_problem(op, &problem);
    puts(ok ? "right" : "WRONG");
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool problems_differ(void) {
    bool quads = false;
    for (int i = 0; nt_usable_isa(i) != NULL; i++)
        quads = quads || nt_cpu_has_quads(nt_usable_isa(i));
    return quads || getenv("NINETAP_PAIRS") == NULL;
}

int problems_main(const char *group, const suite_test *tests, int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--case") == 0)
        return one_case(argv[2]);
    return suite_main(group, tests, argc, argv);
}
