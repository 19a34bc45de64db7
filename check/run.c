#include "run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void outcome_trouble(outcome *result, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->trouble, sizeof result->trouble, format, arguments);
    va_end(arguments);
}

/* The error bound counts roundings, and a fused multiply-add has one less. */
static double bound_of(const char *isa, ninetap_precision precision) {
    static const float weights[9];
    const ninetap_conv3x3_desc d = {.n = 1,
                                    .ic = 1,
                                    .ih = 3,
                                    .iw = 3,
                                    .oc = 1,
                                    .algo = NINETAP_ALGO_DIRECT,
                                    .precision = precision,
                                    .isa = isa};
    ninetap_conv3x3 *plan = NULL;
    ninetap_plan_info info = {0};
    if (ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK) {
        ninetap_conv3x3_describe(plan, &info);
    }
    ninetap_conv3x3_free(plan);
    return info.error_bound;
}

bool executor_fuses(const char *isa) {
    return bound_of(isa, NINETAP_PRECISION_DEFAULT) < bound_of(isa, NINETAP_PRECISION_PORTABLE);
}

int64_t room_elements(int64_t n, int64_t c, int64_t h, int64_t w, const int64_t pitch[3]) {
    return n * (pitch[0] != 0 ? pitch[0] : c * h * w);
}

room room_make(int64_t elements, size_t element) {
    room r = {.count = elements + 2 * AROUND};
    r.base = malloc((size_t)r.count * element);
    if (r.base != NULL) {
        memset(r.base, 0x5A, (size_t)r.count * element);
        r.at = (uint8_t *)r.base + AROUND * element;
    }
    return r;
}

void room_free(room *r) {
    free(r->base);
    *r = (room){0};
}

void run_case(const check_case *c, const executor *by, outcome *result) {
    *result = (outcome){0};
    if (c->pooling) {
        run_pool2x2(&c->pool, by, result);
    } else {
        run_conv3x3(&c->conv, by, result);
    }
}
