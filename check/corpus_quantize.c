/* Quantization: a row for each shape, in each type. To add one, write a row, and its lines of
 * `ninetap-check --write` into golden.txt. */
#include <inttypes.h>

#include "corpus.h"
#include "selftest/quantize.h"

static const quantize_problem rows[] = {
    {.rows = 1, .columns = 10, .scales = 1, .scale = 0x1p-6F},
    {.rows = 1, .columns = 331, .scales = 1, .scale = 0.0173F, .zeros = 1},
    {.rows = 7, .columns = 45, .scales = 7, .scale = 0.25F, .zeros = 1},
    {.rows = 12, .columns = 64, .scales = 4, .scale = 1e-3F},
    {.rows = 5, .columns = 67, .scales = 2, .scale = 3e36F, .zeros = 1, .data = DATA_OFTEN},
    {.rows = 1, .columns = 150, .scales = 1, .scale = 1e-38F, .zeros = 1, .data = DATA_EXTREME},
    {.rows = 9, .columns = 99, .scales = 9, .scale = 0.5F, .data = DATA_WIDE},
    {.rows = 120, .columns = 1001, .scales = 30, .scale = 0.1F, .zeros = 1, .threads = 3},
};

static const struct conversion {
    const char *name;
    int op, type;
} conversions[] = {
    {"quantize-u8", QUANTIZE_TO, NINETAP_U8},       {"quantize-s8", QUANTIZE_TO, NINETAP_S8},
    {"dequantize-u8", QUANTIZE_BACK, NINETAP_U8},   {"dequantize-s8", QUANTIZE_BACK, NINETAP_S8},
    {"dequantize-s32", QUANTIZE_BACK, NINETAP_S32}, {"range", QUANTIZE_RANGE, NINETAP_U8},
};

static bool add_conversion(corpus *list, const quantize_problem *row, const struct conversion *to) {
    quantize_problem p = *row;
    p.op = to->op;
    p.type = to->type;
    p.zeros = p.type == NINETAP_S32 ? 0 : p.zeros;
    p.data = p.data == 0 ? DATA_RANDOM : p.data;
    p.seed = 1;
    check_case *c = corpus_add(list, &nt_operation_quantize, &p);
    if (c != NULL) {
        c->agreement = SAME_EVERYWHERE;
        corpus_name(c, "%s/%" PRId64 "x%" PRId64, to->name, p.rows, p.columns);
        if (p.threads != 0) {
            corpus_name(c, "/threads%d", p.threads);
        }
    }
    return c != NULL;
}

bool corpus_quantize(corpus *list) {
    bool good = true;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
            good = good && add_conversion(list, &rows[r], &conversions[i]);
        }
    }
    return good;
}
