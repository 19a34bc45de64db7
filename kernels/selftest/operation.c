#include "core/build.h"

#include "selftest/operation.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "targets/choice.h"

const nt_operation *const nt_operations[] = {
#define OPERATION(name) &nt_operation_##name,
#include "selftest/list.h"
    NULL};

void nt_problem_print(char *text, size_t size, const nt_operation *op, const void *problem) {
    const size_t used = (size_t)snprintf(text, size, "%s ", op->name);
    nt_fields_print(text + used, size - used, op->fields, problem);
}

void nt_problem_set_isa(const nt_operation *op, void *problem, const char *isa) {
    memcpy((char *)problem + op->isa, &isa, sizeof isa);
}

/* ---- Tensors ---- */

size_t nt_bytes_of(nt_element element) {
    static const unsigned char bytes[] = {[NT_FLOATS] = sizeof(float),
                                          [NT_BYTES] = 1,
                                          [NT_SHORTS] = 2,
                                          [NT_INTEGERS] = 4,
                                          [NT_INDICES] = sizeof(int64_t),
                                          [NT_DOUBLES] = sizeof(double)};
    return bytes[element];
}

bool nt_operand_each(const nt_operand *o,
                     bool (*visit)(void *user, const nt_operand *o, size_t offset), void *user) {
    const view *v = &o->view;
    const size_t size = nt_bytes_of(o->element);
    for (int64_t n = 0; n < v->n; n++) {
        for (int64_t c = 0; c < v->c; c++) {
            for (int64_t y = 0; y < v->h; y++) {
                for (int64_t x = 0; x < v->w; x++) {
                    if (!visit(user, o, (size_t)view_at(v, n, c, y, x) * size)) {
                        return false;
                    }
                }
            }
        }
    }
    return true;
}

static bool fill_element(void *user, const nt_operand *o, size_t offset) {
    const uint64_t seed = *(const uint64_t *)user;
    const uint64_t number = rng_at(seed, (int64_t)(offset / nt_bytes_of(o->element)));
    char *to = (char *)o->data + offset;
    if (o->element == NT_BYTES) {
        *(uint8_t *)to = nt_data_byte(o->kind, number);
    } else if (o->element == NT_FLOATS) {
        const uint32_t bits = nt_data_bits(o->kind, o->largest, number);
        memcpy(to, &bits, sizeof bits);
    } else if (o->element == NT_INTEGERS) {
        const int32_t integer = nt_data_integer(o->largest, number);
        memcpy(to, &integer, sizeof integer);
    }
    return true;
}

bool nt_operands_fill(const nt_operation *op, const void *problem, const nt_operand *operands,
                      int seed) {
    for (int i = 0; i < NT_OPERANDS; i++) {
        if (operands[i].role == NT_INPUT) {
            uint64_t sequence = (uint64_t)seed + (uint64_t)operands[i].seed;
            (void)nt_operand_each(&operands[i], fill_element, &sequence);
        }
    }
    return op->fill == NULL || op->fill(problem, operands);
}

float *nt_other_floats(const nt_operand *o) {
    const size_t count = o->role == NT_ABSENT ? 0 : (size_t)nt_view_span(&o->view);
    float *moved = count == 0 ? NULL : malloc(count * sizeof *moved);
    for (size_t i = 0; i < count && moved != NULL; i++) {
        moved[i] = ((const float *)o->data)[(i + 1) % count];
    }
    return moved;
}

ninetap_status nt_run(const nt_operation *op, const void *problem, const nt_operand *operands,
                      nt_call *call) {
    ninetap_status status = op->prepare(problem, operands, call);
    if (status == NINETAP_OK) {
        status = op->run(problem, operands, call);
    }
    if (op->release != NULL) {
        op->release(call);
    }
    return status;
}

/* ---- What is right ---- */

bool nt_wrong(nt_call *call, const char *format, ...) {
    if (call->why[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(call->why, sizeof call->why, format, arguments);
        va_end(arguments);
    }
    return false;
}

static double number_at(const nt_operand *o, size_t offset) {
    const char *at = (const char *)o->data + offset;
    float x;
    double wide;
    int64_t index;
    int16_t half;
    int32_t integer;
    switch (o->element) {
    case NT_FLOATS:
        memcpy(&x, at, sizeof x);
        return (double)x;
    case NT_BYTES:
        return (double)*(const uint8_t *)at;
    case NT_SHORTS:
        memcpy(&half, at, sizeof half);
        return (double)half;
    case NT_DOUBLES:
        memcpy(&wide, at, sizeof wide);
        return wide;
    case NT_INTEGERS:
        memcpy(&integer, at, sizeof integer);
        return (double)integer;
    default:
        memcpy(&index, at, sizeof index);
        return (double)index;
    }
}

bool nt_wrong_at(nt_call *call, const nt_operand *o, size_t offset, double wanted,
                 const char *rule) {
    const char *what = o->element == NT_INDICES ? "index" : "output";
    return nt_wrong(call, "%s %zu: %.9g (%a) instead of %.17g (%a)%s", what,
                    offset / nt_bytes_of(o->element), number_at(o, offset), number_at(o, offset),
                    wanted, wanted, rule);
}

typedef struct nt_comparison {
    nt_call *call;
    const char *wanted;
} nt_comparison;

static bool same_element(void *user, const nt_operand *o, size_t offset) {
    const nt_comparison *c = user;
    const size_t size = nt_bytes_of(o->element);
    const bool same = memcmp((const char *)o->data + offset, c->wanted + offset, size) == 0;
    if (same && (o->element != NT_FLOATS || o->nan != NT_NAN_NONE)) {
        return true;
    }
    const nt_operand other = {.element = o->element, .data = (void *)(uintptr_t)c->wanted};
    const double got = number_at(o, offset);
    const double wanted = number_at(&other, offset);
    if (isnan(got) && o->nan == NT_NAN_NONE) {
        return nt_wrong_at(c->call, o, offset, wanted, ": there is no NaN");
    }
    return same || (isnan(got) && isnan(wanted) && o->nan == NT_NAN_ANY) ||
           (got == 0.0 && wanted == 0.0 && o->zeros) || nt_wrong_at(c->call, o, offset, wanted, "");
}

bool nt_same(nt_call *call, const nt_operand *got, const void *wanted) {
    nt_comparison c = {call, wanted};
    return nt_operand_each(got, same_element, &c);
}

bool nt_as_defined(const nt_operation *op, const void *problem, nt_arithmetic usual,
                   const nt_operand *operands, nt_call *call) {
    nt_operand defined[NT_OPERANDS];
    bool ok = true;
    memcpy(defined, operands, sizeof defined);
    for (int i = 0; i < NT_OPERANDS; i++) {
        if (operands[i].role == NT_OUTPUT) {
            defined[i].data = malloc(nt_operand_bytes(&operands[i]) + 1);
            ok = ok && defined[i].data != NULL;
        }
    }
    ok = ok && op->define(problem, usual, defined);
    if (!ok) {
        nt_wrong(call, "out of memory");
    }
    for (int i = 0; i < NT_OPERANDS; i++) {
        if (operands[i].role == NT_OUTPUT) {
            ok = ok && nt_same(call, &operands[i], defined[i].data);
            free(defined[i].data);
        }
    }
    return ok;
}

nt_arithmetic nt_usual_arithmetic(const char *isa) {
    return nt_choose_kernels(isa, NINETAP_PRECISION_DEFAULT).fused ? NT_FUSED : NT_SEPARATE;
}

nt_arithmetic nt_arithmetic_of(ninetap_precision precision, nt_arithmetic usual) {
    return precision == NINETAP_PRECISION_EXACT      ? NT_FUSED
           : precision == NINETAP_PRECISION_PORTABLE ? NT_SEPARATE
                                                     : usual;
}

double nt_rounding_error(double k) {
    const double u = 0x1p-24;
    return k * u / (1 - k * u);
}
