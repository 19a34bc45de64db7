#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "selftest/conv3x3.h"

/* A tensor with elements before and after it that its digest covers, so a write there changes the
 * digest. */
enum { AROUND = 21 };

typedef struct trial {
    nt_operand o[NT_OPERANDS];
    void *base[NT_OPERANDS];
    size_t count[NT_OPERANDS]; /* elements with those around */
    void *workspace;
} trial;

/* All bytes 0x5A, the gaps that pitches leave included, the last one too. */
static bool make_tensor(trial *t, int i) {
    nt_operand *o = &t->o[i];
    const size_t size = nt_bytes_of(o->element);
    const int64_t span = nt_view_span(&o->view);
    const int64_t whole = o->view.n * o->view.image;
    t->count[i] = (size_t)(whole > span ? whole : span) + 2 * AROUND;
    t->base[i] = malloc(t->count[i] * size);
    if (t->base[i] != NULL) {
        memset(t->base[i], 0x5A, t->count[i] * size);
        o->data = (uint8_t *)t->base[i] + AROUND * size;
    }
    return t->base[i] != NULL;
}

static bool begin(trial *t, const check_case *c, const void *problem) {
    *t = (trial){.workspace = NULL};
    const int seed = c->op->operands(problem, t->o);
    bool good = true;
    for (int i = 0; i < NT_OPERANDS; i++) {
        good = good && (t->o[i].role == NT_ABSENT || make_tensor(t, i));
    }
    return good && nt_operands_fill(c->op, problem, t->o, seed);
}

static void end(trial *t) {
    for (int i = 0; i < NT_OPERANDS; i++) {
        free(t->base[i]);
    }
    free(t->workspace);
}

static void *make_workspace(void *user, size_t bytes, size_t slack) {
    trial *t = user;
    t->workspace = malloc(bytes + slack + 1);
    return t->workspace != NULL ? (uint8_t *)t->workspace + slack : NULL;
}

/* A plan that is not the one asked for would have the digest of another. EXACT may be handed to the
 * scalar kernels. */
static void check_plan(const conv_problem *p, nt_call *call) {
    static const char *const algorithms[] = {NULL, "direct", "winograd2", "winograd4", "winograd6"};
    const char *asked = algorithms[p->desc.algo];
    const bool elsewhere = strcmp(call->info.isa, p->desc.isa) != 0;
    if (asked != NULL && strcmp(call->info.algorithm, asked) != 0) {
        nt_wrong(call, "asked for %s, got %s", asked, call->info.algorithm);
    } else if (elsewhere && (p->desc.precision != NINETAP_PRECISION_EXACT ||
                             strcmp(call->info.isa, "scalar") != 0)) {
        nt_wrong(call, "it ran on %s", call->info.isa);
    }
}

static void run_library(trial *t, const check_case *c, const void *problem, nt_call *call) {
    const ninetap_status status = nt_run(c->op, problem, t->o, call);
    if (status != NINETAP_OK) {
        nt_wrong(call, "%s", ninetap_strerror(status));
        return;
    }
    if (c->op == &nt_operation_conv3x3) {
        check_plan(problem, call);
    }
    if (c->agreement == WITHIN_BOUND) {
        (void)c->op->right(problem, t->o, call);
    }
}

static uint64_t digest_of(const trial *t) {
    uint64_t digest = DIGEST_START;
    for (int i = 0; i < NT_OPERANDS; i++) {
        const int64_t count = (int64_t)t->count[i];
        if (t->o[i].role == NT_OUTPUT && t->o[i].element == NT_FLOATS) {
            digest = digest_floats(digest, t->base[i], count, t->o[i].nan != NT_NAN_BITS);
        } else if (t->o[i].role == NT_OUTPUT && t->o[i].element == NT_BYTES) {
            digest = digest_bytes(digest, t->base[i], count);
        } else if (t->o[i].role == NT_OUTPUT && t->o[i].element == NT_SHORTS) {
            digest = digest_shorts(digest, t->base[i], count);
        } else if (t->o[i].role == NT_OUTPUT && t->o[i].element == NT_INTEGERS) {
            digest = digest_words(digest, t->base[i], count);
        } else if (t->o[i].role == NT_OUTPUT && t->o[i].element == NT_DOUBLES) {
            digest = digest_doubles(digest, t->base[i], count);
        } else if (t->o[i].role == NT_OUTPUT) {
            digest = digest_integers(digest, t->base[i], count);
        }
    }
    return digest;
}

void run_case(const check_case *c, const executor *by, outcome *result) {
    trial t;
    nt_problem problem = c->problem;
    nt_call call = {.workspace = make_workspace, .user = &t};
    *result = (outcome){.skipped = by->reference && c->indefinite};
    if (result->skipped) {
        return;
    }
    nt_problem_set_isa(c->op, &problem, by->reference ? NULL : by->name);
    bool room = begin(&t, c, &problem);
    if (room && by->reference) {
        room = c->op->define(&problem, by->usual, t.o);
    } else if (room) {
        run_library(&t, c, &problem, &call);
    }
    if (!room) {
        nt_wrong(&call, "out of memory");
    }
    if (call.why[0] == '\0') {
        result->digest = digest_of(&t);
    }
    memcpy(result->trouble, call.why, sizeof result->trouble);
    end(&t);
}
