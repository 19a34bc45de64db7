/* Problems of every operation on every instruction set, as lines of text: a failing input is the
 * line that test_operations runs again. libFuzzer's changes are made to fields, not to bytes. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST_WAYS = 64 };
static const double most_elements = 10000.0, most_macs = 100000.0;

static const legality *const legalities[] = {
#define OPERATION(name) &legality_##name,
#include "selftest/list.h"
};

static bool read_line(const uint8_t *data, size_t size, const nt_operation **op,
                      nt_problem *problem) {
    char line[NT_PROBLEM_TEXT];
    *problem = (nt_problem){{0}};
    if (size >= sizeof line || memchr(data, 0, size) != NULL)
        return false;
    memcpy(line, data, size);
    line[size] = '\0';
    *op = parse_operation(line);
    return *op != NULL && parse_fields(line + strlen((*op)->name), (*op)->fields, problem);
}

/* What is not part of the description: known values and small ones. */
static bool is_way(const nt_field *f) {
    static const char *const ways[] = {
        "data", "plain",      "bias",      "residual",  "call", "parts",     "one_shot", "indices",
        "op",   "accumulate", "workspace", "placement", "fail", "candidate", "in_place", "set"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(f->key, ways[i]) == 0)
            return true;
    return false;
}

static int names_of(const nt_field *f) {
    int count = 0, length;
    while ((nt_field_name(f, count, &length), length) != 0)
        count++;
    return count;
}

static void settle(const nt_operation *op, void *problem) {
    problem_set_int(op, problem, "seed", problem_int(op, problem, "seed") & INT_MAX);
    for (const nt_field *f = op->fields; f->key[0] != '\0'; f++)
        if (is_way(f)) {
            const int most = names_of(f) != 0 ? names_of(f) : MOST_WAYS + 1;
            const int value = problem_int(op, problem, f->key);
            problem_set_int(op, problem, f->key, (int)((unsigned)value % (unsigned)most));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const nt_operation *op = NULL;
    nt_problem problem;
    char text[NT_PROBLEM_TEXT];
    if (!read_line(data, size, &op, &problem))
        return 0;
    const legality *l = legalities[0];
    for (size_t i = 0; l->op != op; i++)
        l = legalities[i];
    amounts a = {.offered = true};
    bool sure = true;
    settle(op, &problem);
    l->settle(&problem);
    nt_problem_print(text, sizeof text, op, &problem);
    suite_case("test_operations", text);
    const bool legal = l->legal(&problem, &a, &sure), taken = l->taken(&problem);
    fuzz_require(!sure || taken == legal || suite_wrong("taken: %d, legal: %d", taken, legal));
    if (!legal || !taken || !a.offered || a.elements > most_elements || a.macs > most_macs)
        return 0;
    for (int i = 0; i < ninetap_isa_count(); i++) {
        nt_problem_set_isa(op, &problem, ninetap_isa_name(i));
        fuzz_require(check_problem(op, &problem));
    }
    return 0;
}

/* ---- Changes ---- */

static int64_t odd_size(rng *r) {
    static const int64_t odd[] = {0,
                                  -1,
                                  INT64_MIN,
                                  INT64_MAX,
                                  INT64_MAX / 4,
                                  INT64_MAX / 4 + 1,
                                  INT64_C(1) << 62,
                                  INT64_C(1) << 32,
                                  (INT64_C(1) << 32) - 1,
                                  INT64_C(1) << 31,
                                  (INT64_C(1) << 31) - 1,
                                  INT64_C(3037000500)}; /* whose square is past 2^63 */
    enum { COUNT = sizeof odd / sizeof *odd };
    return odd[rng_int(r, 0, COUNT - 1)];
}

static int odd_number(rng *r) {
    static const int odd[] = {-1, INT_MIN, INT_MAX, INT_MAX / 2 + 1, -2, 19};
    enum { COUNT = sizeof odd / sizeof *odd };
    return odd[rng_int(r, 0, COUNT - 1)];
}

/* Most values stay usual ones. */
static void change_value(rng *r, const nt_field *f, void *value) {
    const bool odd = rng_one_in(r, 12);
    int64_t size;
    int number;
    float x;
    switch (f->type) {
    case FIELD_INT64:
        memcpy(&size, value, sizeof size);
        if (odd)
            size = odd_size(r);
        else if (rng_one_in(r, 2) && size > -1000 && size < 100000)
            size += rng_int(r, -2, 2);
        else
            size = rng_int(r, 0, rng_one_in(r, 4) ? 150 : 24);
        memcpy(value, &size, sizeof size);
        break;
    case FIELD_INT:
        number = odd                      ? odd_number(r)
                 : names_of(f) != 0       ? rng_int(r, 0, names_of(f) - 1)
                 : strcmp(f->key, "seed") ? rng_int(r, 0, rng_one_in(r, 4) ? MOST_WAYS : 4)
                                          : rng_int(r, 0, INT_MAX - 1);
        memcpy(value, &number, sizeof number);
        break;
    case FIELD_FLOAT:
        x = (float)rng_int(r, -32, 64) / 32.0F;
        memcpy(value, &x, sizeof x);
        break;
    default: /* each ISA has its turn */
        break;
    }
}

static void change_field(rng *r, const nt_operation *op, nt_problem *problem) {
    int count = 0;
    while (op->fields[count].key[0] != '\0')
        count++;
    const nt_field *f = &op->fields[rng_int(r, 0, count - 1)];
    const size_t which = (size_t)rng_int(r, 0, f->count - 1);
    change_value(r, f, problem->bytes + f->offset + which * nt_field_size(f));
}

/* libFuzzer's interface. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    rng r = {seed};
    const nt_operation *op = NULL;
    nt_problem problem;
    char text[NT_PROBLEM_TEXT];
    if (!read_line(data, size, &op, &problem) || rng_one_in(&r, 50)) {
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        op = legalities[rng_int(&r, 0, sizeof legalities / sizeof *legalities - 1)]->op;
        op->draw(&r, most_macs, &problem);
    }
    for (int i = rng_int(&r, 1, 3); i > 0; i--)
        change_field(&r, op, &problem);
    nt_problem_print(text, sizeof text, op, &problem);
    const size_t length = strlen(text) < most ? strlen(text) : most;
    memcpy(data, text, length); /* NOLINT(bugprone-not-null-terminated-result): a line, no string */
    return length;
}
