/* Fuzz targets: each makes of bytes what it tries. `operations` holds the library against the
 * reference. Linked with libFuzzer they search (scripts/fuzz.sh); linked with replay.c they run
 * files, those of corpus/ in the ordinary tests. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "selftest/scales.h"

/* libFuzzer's interface. Aborts where something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, with the message of suite_wrong, unless it is true. */
void fuzz_require(bool ok);

/* ---- What is legal, written apart from the library's own ---- */

/* Doubles do not overflow. Where they may be too coarse to decide, *sure becomes false. */

/* How many elements a tensor spans; negative: its pitches are not legal. */
double fuzz_span(int layout, int64_t n, int64_t c, int64_t h, int64_t w, const int64_t pitch[3],
                 bool *sure);

/* Whether an object may have so many elements. */
bool fuzz_fits(double elements, size_t element, bool *sure);

/* Whether the fields that stay zero in this version are. */
bool fuzz_unused(const int64_t reserved[8]);

/* What a description asks for; in doubles nothing overflows. */
typedef struct amounts {
    double elements, macs; /* of the largest tensor; of a run */
    bool offered;          /* what is legal may not be */
} amounts;

typedef struct legality {
    const nt_operation *op;
    /* Makes fit for a run what is not part of the description. */
    void (*settle)(void *problem);
    bool (*legal)(const void *problem, amounts *a, bool *sure);
    /* Whether the library takes the description. If it does not: that it touches nothing then. */
    bool (*taken)(const void *problem);
} legality;

/* The quantization of bytes, of so many output channels. */
bool fuzz_quantization_is_legal(const nt_scales *scales, ninetap_dtype src, ninetap_dtype dst,
                                int64_t channels);

/* Of a convolution and of a dense layer: whether everything is legal but the quantization; and
 * whether its types are those of one that needs a quantization. */
struct conv_problem;
struct dense_problem;
bool fuzz_conv_is_legal(const struct conv_problem *p, amounts *a, bool *sure);
bool fuzz_conv_is_of_integers(const struct conv_problem *p);
bool fuzz_dense_is_legal(const struct dense_problem *p, amounts *a, bool *sure);
bool fuzz_dense_is_of_integers(const struct dense_problem *p);

#define OPERATION(name) extern const legality legality_##name;
#include "selftest/list.h"

#endif
