/* Every usable path against the reference, on this machine: seeded problems of each operation on
 * each instruction set, bit for bit where the contract gives the bits, within the stated error
 * bound where it does not (Winograd). */
#include "core/build.h"

#include <fenv.h>
#include <stdlib.h>
#include <string.h>

#include "selftest/operation.h"

enum { PROBLEMS = 96, MOST_WORK = 100 * 1000 };

static void free_tensors(const nt_operand *o) {
    for (int i = 0; i < NT_OPERANDS; i++) {
        free(o[i].data);
    }
}

static bool new_tensors(const nt_operation *op, const void *problem, nt_operand *o) {
    const int seed = op->operands(problem, o);
    bool ok = true;
    for (int i = 0; i < NT_OPERANDS; i++) {
        o[i].data = o[i].role != NT_ABSENT && ok ? malloc(nt_operand_bytes(&o[i]) + 1) : NULL;
        ok = ok && (o[i].role == NT_ABSENT || o[i].data != NULL);
    }
    ok = ok && nt_operands_fill(op, problem, o, seed);
    if (!ok) {
        free_tensors(o);
    }
    return ok;
}

/* "conv3x3 on avx2, n=1 ...: output 0, element 3: ..." */
static void note_failure(ninetap_selftest_report *report, const nt_operation *op,
                         const void *problem, const char *isa, const char *why) {
    char *line = report->first_failure;
    const size_t size = sizeof report->first_failure;
    if (report->failures++ == 0) {
        snprintf(line, size, "%s on %s, ", op->name, isa);
        size_t used = strlen(line);
        nt_fields_print(line + used, size - used, op->fields, problem);
        used = strlen(line);
        snprintf(line + used, size - used, ": %s", why);
    }
}

/* False: out of memory. */
static bool try_problem(ninetap_selftest_report *report, const nt_operation *op,
                        const void *problem, const char *isa) {
    nt_operand o[NT_OPERANDS];
    nt_call call = {.user = NULL};
    if (!new_tensors(op, problem, o)) {
        return false;
    }
    const ninetap_status status = nt_run(op, problem, o, &call);
    if (status != NINETAP_OK) {
        nt_wrong(&call, "%s", ninetap_strerror(status));
    } else {
        (void)op->right(problem, o, &call);
    }
    report->cases++;
    if (call.why[0] != '\0') {
        note_failure(report, op, problem, isa, call.why);
    }
    free_tensors(o);
    return true;
}

ninetap_status ninetap_selftest(ninetap_selftest_report *report) {
    ninetap_selftest_report result = {0};
    fenv_t callers;
    const bool kept = fegetenv(&callers) == 0 && fesetenv(FE_DFL_ENV) == 0;
    bool ok = true;
    for (int k = 0; nt_operations[k] != NULL; k++) {
        const nt_operation *op = nt_operations[k];
        for (int i = 0; i < ninetap_isa_count(); i++) {
            rng r = {1};
            for (int n = 0; n < PROBLEMS && ok; n++) {
                nt_problem problem;
                op->draw(&r, MOST_WORK, &problem);
                nt_problem_set_isa(op, &problem, ninetap_isa_name(i));
                ok = try_problem(&result, op, &problem, ninetap_isa_name(i));
            }
        }
    }
    if (kept) {
        fesetenv(&callers);
    }
    if (ok && report != NULL) {
        *report = result;
    }
    return ok ? NINETAP_OK : NINETAP_ERR_NOMEM;
}
