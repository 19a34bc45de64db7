/* Compiled once for each instruction set, with its flags and
 *   VOCABULARY_HEADER  "simd/avx2.h"
 *   VOCABULARY_TEST    vocabulary_avx2
 * Each word against its sentence in simd/words.h, lane by lane, in plain C. */
#include VOCABULARY_HEADER

#include <math.h>

#include "support/bits.h"
#include "support/fmaf.h"
#include "selftest/rng.h"

enum { L = NT_LANES, ROUNDS = 2000 };

/* Any bit pattern now and then, numbers of all sizes otherwise. */
static float draw(rng *r) {
    static const float special[] = {0.0F, -0.0F, INFINITY, -INFINITY, NAN, 1.0F, -1.0F, 0x1p-149F};
    if (rng_one_in(r, 3))
        return special[rng_int(r, 0, 7)];
    return ldexpf(rng_float(r), rng_int(r, -60, 60));
}

static void draw_all(rng *r, float *p, int n) {
    for (int i = 0; i < n; i++)
        p[i] = draw(r);
}

static bool same(vf v, const float *wanted) {
    float got[L];
    vf_store(got, v);
    for (int i = 0; i < L; i++)
        if (!same_but_for_nan_payload(got[i], wanted[i]))
            return false;
    return true;
}

/* Where a value is moved and not computed with, every bit counts. */
static bool same_bits(vf v, const float *wanted) {
    float got[L];
    vf_store(got, v);
    return memcmp(got, wanted, sizeof got) == 0;
}

#define WORD(name, condition) \
    if (!(condition))         \
    return name

static const char *memory(const float *a, const float *b) {
    float line[L + 2], wanted[L] = {0};
    for (int n = 0; n <= L; n++) {
        for (int i = 0; i < L; i++)
            wanted[i] = i < n ? a[i] : b[i];
        WORD("vf_load_or", same_bits(vf_load_or(a, n, vf_load(b)), wanted));
    }
    WORD("vf_load, vf_store", same_bits(vf_load(a), a));
    for (int n = 1; n <= L; n++) {
        for (int i = 0; i < L; i++)
            wanted[i] = i < n ? a[i] : 0.0F;
        WORD("vf_load_n", same_bits(vf_load_n(a, n), wanted));
        for (int i = 0; i < L + 2; i++)
            line[i] = 77.0F;
        vf_store_n(line + 1, vf_load(a), n);
        WORD("vf_store_n", memcmp(line + 1, a, (size_t)n * sizeof *a) == 0 && line[0] == 77.0F);
        for (int i = n + 1; i < L + 2; i++)
            WORD("vf_store_n", line[i] == 77.0F);
    }
    for (int i = 0; i < L; i++)
        wanted[i] = 0.0F;
    WORD("vf_zero", same_bits(vf_zero(), wanted));
    for (int i = 0; i < L; i++)
        wanted[i] = a[0];
    WORD("vf_set1", same_bits(vf_set1(a[0]), wanted));
    return NULL;
}

static const char *arithmetic(const float *a, const float *b, const float *c) {
    const vf va = vf_load(a), vb = vf_load(b), vc = vf_load(c);
    float add[L] = {0}, mul[L] = {0}, mul1[L] = {0}, divide[L] = {0};
    float sub[L] = {0}, fma[L] = {0}, fma1[L] = {0}, max[L] = {0}, min[L] = {0};
    for (int i = 0; i < L; i++) {
        add[i] = a[i] + b[i];
        sub[i] = a[i] - b[i];
        mul[i] = a[i] * b[i];
        mul1[i] = a[i] * b[0];
        divide[i] = a[i] / b[i];
        fma[i] = fmaf(a[i], b[i], c[i]);
        fma1[i] = fmaf(a[i], b[0], c[i]);
        max[i] = a[i] > b[i] ? a[i] : b[i];
        min[i] = a[i] < b[i] ? a[i] : b[i];
    }
    WORD("vf_add", same(vf_add(va, vb), add));
    WORD("vf_sub", same(vf_sub(va, vb), sub));
    WORD("vf_mul", same(vf_mul(va, vb), mul));
    WORD("vf_mul1, vs_load", same(vf_mul1(va, vs_load(b)), mul1));
    for (int at = 0; at < NT_GROUP; at++) {
        float mul_at[L] = {0}, fma_at[L] = {0};
        for (int i = 0; i < L; i++) {
            mul_at[i] = a[i] * b[at];
            fma_at[i] = fmaf(a[i], b[at], c[i]);
        }
        WORD("vf_mul_at, vg_load", same(vf_mul_at(va, vg_load(b), at), mul_at));
#if NT_HAS_FMA
        WORD("vf_fma_at", same(vf_fma_at(va, vg_load(b), at, vc), fma_at));
#else
        (void)fma_at;
#endif
    }
    WORD("vf_div", same(vf_div(va, vb), divide));
    WORD("vf_max", same_bits(vf_max(va, vb), max));
    WORD("vf_min", same_bits(vf_min(va, vb), min));
#if NT_HAS_FMA
    WORD("vf_fma", same(vf_fma(va, vb, vc), fma));
    WORD("vf_fma1", same(vf_fma1(va, vs_load(b), vc), fma1));
#else
    (void)vc;
    (void)fma;
    (void)fma1;
#endif
    return NULL;
}

/* Every exponent, each lane another one. */
static const char *powers_of_two(void) {
    for (int k = -126; k < 128; k++) {
        float t[L], wanted[L] = {0};
        for (int i = 0; i < L; i++) {
            const int exponent = (k + 126 + i * 7) % 254 - 126;
            t[i] = 0x1.8p23F + (float)exponent;
            wanted[i] = ldexpf(1.0F, exponent);
        }
        WORD("vf_two_to", same_bits(vf_two_to(vf_load(t)), wanted));
    }
    return NULL;
}

static const char *indices(const float *a, const float *b) {
    const int64_t first = ((int64_t)1 << 40) + 3, step = -7, right_index = 5, lower_index = 1 << 20;
    for (int n = 1; n <= L; n++) {
        int64_t line[L + 2];
        for (int i = 0; i < L + 2; i++)
            line[i] = 77;
        const vm right = vm_gt(vf_load(a), vf_load(b)), lower = vm_gt(vf_load(b), vf_load(a));
        vm_store_index(line + 1, n, first, step, right, right_index, lower, lower_index);
        for (int i = 0; i < L + 2; i++) {
            const int lane = i - 1;
            int64_t wanted = 77;
            if (lane >= 0 && lane < n)
                wanted = first + lane * step + (a[lane] > b[lane] ? right_index : 0) +
                         (b[lane] > a[lane] ? lower_index : 0);
            WORD("vm_store_index", line[i] == wanted);
        }
    }
    return NULL;
}

static const char *masks(const float *a, const float *b, const float *c, const float *d) {
    const vf va = vf_load(a), vb = vf_load(b), vc = vf_load(c), vd = vf_load(d);
    const vm gt = vm_gt(va, vb), nan = vm_nan(va, vb), either = vm_or(gt, nan);
    const vm positive = vm_gt(va, vf_zero()), but_not = vm_and_not(positive, gt);
    float by_gt[L] = {0}, by_nan[L] = {0}, by_either[L] = {0}, by_but_not[L] = {0};
    bool any_gt = false, any_nan = false;
    for (int i = 0; i < L; i++) {
        const bool is_nan = isnan(a[i]) || isnan(b[i]);
        by_gt[i] = a[i] > b[i] ? c[i] : d[i];
        by_nan[i] = is_nan ? c[i] : d[i];
        by_either[i] = a[i] > b[i] || is_nan ? c[i] : d[i];
        by_but_not[i] = a[i] > 0 && !(a[i] > b[i]) ? c[i] : d[i];
        any_gt |= a[i] > b[i];
        any_nan |= is_nan;
    }
    WORD("vm_gt, vf_select", same_bits(vf_select(gt, vc, vd), by_gt));
    WORD("vm_nan", same_bits(vf_select(nan, vc, vd), by_nan));
    WORD("vm_and_not", same_bits(vf_select(but_not, vc, vd), by_but_not));
    WORD("vm_or", same_bits(vf_select(either, vc, vd), by_either));
    WORD("vm_any", vm_any(gt) == any_gt && vm_any(nan) == any_nan);
    return NULL;
}

/* One lane is enough for vm_any; random masks seldom have just one. */
static const char *single_lanes(void) {
    float ones[L] = {0};
    const vf zero = vf_zero();
    WORD("vm_any", !vm_any(vm_gt(vf_load(ones), zero)));
    for (int i = 0; i < L; i++) {
        ones[i] = 1.0F;
        WORD("vm_any", vm_any(vm_gt(vf_load(ones), zero)));
        ones[i] = 0.0F;
    }
    return NULL;
}

static const char *order(const float *a, const float *b) {
    float both[2 * L], even[L] = {0}, odd[L] = {0}, prepended[L] = {0}, appended[L] = {0};
    memcpy(both, a, L * sizeof *a);
    memcpy(both + L, b, L * sizeof *b);
    for (int i = 0; i < L; i++) {
        even[i] = both[2 * i];
        odd[i] = both[2 * i + 1];
        prepended[i] = i == 0 ? b[L - 1] : a[i - 1];
        appended[i] = i == L - 1 ? b[0] : a[i + 1];
    }
    WORD("vf_even", same_bits(vf_even(vf_load(a), vf_load(b)), even));
    WORD("vf_odd", same_bits(vf_odd(vf_load(a), vf_load(b)), odd));
    WORD("vf_even_unordered, vf_in_order",
         same_bits(vf_in_order(vf_even_unordered(vf_load(a), vf_load(b))), even));
    WORD("vf_odd_unordered, vf_in_order",
         same_bits(vf_in_order(vf_odd_unordered(vf_load(a), vf_load(b))), odd));
    WORD("vf_prepend", same_bits(vf_prepend(vf_load(a), vf_load(b)), prepended));
    WORD("vf_append", same_bits(vf_append(vf_load(a), vf_load(b)), appended));
    return NULL;
}

/* Two places that may overlap, as the ends of a short row do: the same bytes, or apart. */
static const char *halves(const float *a) {
    enum { FIRST = (L + 1) / 2 };
    float line[2 * L + 2];
    for (int i = 0; i < 2 * L + 2; i++)
        line[i] = 77.0F;
    vf_store_halves(line + 1, line + L + 1, vf_load(a));
    WORD("vf_store_halves", memcmp(line + 1, a, FIRST * sizeof *a) == 0);
    WORD("vf_store_halves", memcmp(line + L + 1, a + FIRST, (L - FIRST) * sizeof *a) == 0);
    for (int i = 0; i < 2 * L + 2; i++) {
        const bool first = i >= 1 && i<1 + FIRST, second = i> L && i < 1 + 2 * L - FIRST;
        WORD("vf_store_halves", first || second || line[i] == 77.0F);
    }
    return NULL;
}

static const char *transposition(rng *r) {
    float matrix[L * L], column[L] = {0};
    vf rows[L];
    draw_all(r, matrix, L * L);
    for (int i = 0; i < L; i++)
        rows[i] = vf_load(matrix + i * L);
    vf_transpose(rows);
    for (int i = 0; i < L; i++) {
        for (int k = 0; k < L; k++)
            column[k] = matrix[k * L + i];
        WORD("vf_transpose", same_bits(rows[i], column));
    }
    return NULL;
}

const char *VOCABULARY_TEST(void); /* a vocabulary_test of vocabulary.h */
const char *VOCABULARY_TEST(void) {
    rng r = {1};
    const char *wrong = single_lanes();
    wrong = wrong != NULL ? wrong : powers_of_two();
    for (int i = 0; i < ROUNDS && wrong == NULL; i++) {
        float a[L], b[L], c[L], d[L];
        draw_all(&r, a, L);
        draw_all(&r, b, L);
        draw_all(&r, c, L);
        draw_all(&r, d, L);
        wrong = memory(a, b);
        wrong = wrong != NULL ? wrong : arithmetic(a, b, c);
        wrong = wrong != NULL ? wrong : masks(a, b, c, d);
        wrong = wrong != NULL ? wrong : indices(a, b);
        wrong = wrong != NULL ? wrong : order(a, b);
        wrong = wrong != NULL ? wrong : halves(a);
        wrong = wrong != NULL ? wrong : transposition(&r);
    }
    return wrong;
}
