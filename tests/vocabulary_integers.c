/* The words for bytes and for the bits of floats, as vocabulary.c has the others; also with
 *   VOCABULARY_INTEGERS  vocabulary_integers_avx2 */
#include "core/dispatch.h"
#include "targets/isa.h"

#include VOCABULARY_HEADER

#include <math.h>
#include <string.h>

#include "selftest/rng.h"

enum { L = NT_LANES, B = NT_BYTES, ROUNDS = 1000 };

#define WORD(name, condition) \
    if (!(condition))         \
    return name

static bool same_bytes(v8 v, const uint8_t *wanted) {
    uint8_t got[B] = {0};
    v8_store(got, v);
    return memcmp(got, wanted, B) == 0;
}

static const char *memory(const uint8_t *a, const uint8_t *b) {
    uint8_t line[B + 2] = {0}, wanted[B] = {0};
    WORD("v8_load, v8_store", same_bytes(v8_load(a), a));
    memset(wanted, a[0], B);
    WORD("v8_set1", same_bytes(v8_set1(a[0]), wanted));
    for (int n = 0; n <= B; n++) {
        for (int i = 0; i < B; i++)
            wanted[i] = i < n ? a[i] : b[i];
        WORD("v8_load_or", same_bytes(v8_load_or(a, n, v8_load(b)), wanted));
        for (int i = n; i < B; i++)
            wanted[i] = 0;
        if (n == 0)
            continue;
        WORD("v8_load_n", same_bytes(v8_load_n(a, n), wanted));
        memset(line, 77, sizeof line);
        v8_store_n(line + 1, v8_load(a), n);
        WORD("v8_store_n", memcmp(line + 1, a, (size_t)n) == 0 && line[0] == 77);
        for (int i = n + 1; i < B + 2; i++)
            WORD("v8_store_n", line[i] == 77);
    }
    return NULL;
}

static const char *streaming(const uint8_t *a) {
    static _Alignas(64) uint8_t line[B];
    v8_stream(line, v8_load(a));
    vf_stream_end();
    WORD("v8_stream", memcmp(line, a, B) == 0);
    return NULL;
}

static const char *arithmetic(const uint8_t *a, const uint8_t *b) {
    const v8 x = v8_load(a), y = v8_load(b);
    uint8_t max[B] = {0}, max_signed[B] = {0}, gt[B] = {0}, gt_signed[B] = {0}, either[B] = {0},
            but_not[B] = {0}, both[B] = {0}, one[B] = {0}, less[B] = {0}, mean[B] = {0};
    for (int i = 0; i < B; i++) {
        const int8_t s = (int8_t)a[i], t = (int8_t)b[i];
        max[i] = a[i] > b[i] ? a[i] : b[i];
        max_signed[i] = s > t ? a[i] : b[i];
        gt[i] = a[i] > b[i] ? 0xFF : 0;
        gt_signed[i] = s > t ? 0xFF : 0;
        either[i] = gt[i] | gt_signed[i];
        but_not[i] = gt[i] & (uint8_t)~gt_signed[i];
        both[i] = a[i] & b[i];
        one[i] = a[i] ^ b[i];
        less[i] = (uint8_t)(a[i] - b[i]);
        mean[i] = (uint8_t)((a[i] + b[i] + 1) / 2);
    }
    WORD("v8_max_u8", same_bytes(v8_max_u8(x, y), max));
    WORD("v8_max_s8", same_bytes(v8_max_s8(x, y), max_signed));
    WORD("v8_gt_u8", same_bytes(v8_gt_u8(x, y), gt));
    WORD("v8_gt_s8", same_bytes(v8_gt_s8(x, y), gt_signed));
    WORD("v8_or", same_bytes(v8_or(v8_load(gt), v8_load(gt_signed)), either));
    WORD("v8_and_not", same_bytes(v8_and_not(v8_load(gt), v8_load(gt_signed)), but_not));
    WORD("v8_and", same_bytes(v8_and(x, y), both));
    WORD("v8_xor", same_bytes(v8_xor(x, y), one));
    WORD("v8_sub", same_bytes(v8_sub(x, y), less));
    WORD("v8_average", same_bytes(v8_average(x, y), mean));
    return NULL;
}

static const char *order(const uint8_t *a, const uint8_t *b) {
    const v8 x = v8_load(a), y = v8_load(b);
    uint8_t both[2 * B] = {0}, even[B] = {0}, odd[B] = {0}, prepended[B] = {0};
    memcpy(both, a, B);
    memcpy(both + B, b, B);
    for (int i = 0; i < B; i++) {
        even[i] = both[2 * i];
        odd[i] = both[2 * i + 1];
        prepended[i] = i == 0 ? b[B - 1] : a[i - 1];
    }
    WORD("v8_even", same_bytes(v8_even(x, y), even));
    WORD("v8_odd", same_bytes(v8_odd(x, y), odd));
    WORD("v8_even_unordered, v8_in_order", same_bytes(v8_in_order(v8_even_unordered(x, y)), even));
    WORD("v8_odd_unordered, v8_in_order", same_bytes(v8_in_order(v8_odd_unordered(x, y)), odd));
    WORD("v8_prepend", same_bytes(v8_prepend(x, y), prepended));
    return NULL;
}

static const char *indices(const uint8_t *a, const uint8_t *b) {
    const int64_t first = ((int64_t)1 << 40) + 3, step = -7, right_index = 5, lower_index = 1 << 20;
    const v8 right = v8_gt_u8(v8_load(a), v8_load(b)), lower = v8_gt_u8(v8_load(b), v8_load(a));
    for (int n = 1; n <= B; n++) {
        int64_t line[B + 2] = {0};
        for (int i = 0; i < B + 2; i++)
            line[i] = 77;
        v8_store_index(line + 1, n, first, step, right, right_index, lower, lower_index);
        for (int i = -1; i <= B; i++) {
            int64_t wanted = 77;
            if (i >= 0 && i < n)
                wanted = first + i * step + (a[i] > b[i] ? right_index : 0) +
                         (b[i] > a[i] ? lower_index : 0);
            WORD("v8_store_index", line[i + 1] == wanted);
        }
    }
    return NULL;
}

/* ---- The bits of floats ---- */

static bool same_words(vf v, const uint32_t *wanted) {
    float got[L] = {0};
    vf_store(got, v);
    return memcmp(got, wanted, sizeof got) == 0;
}

static vf load_words(const uint32_t *words) {
    float values[L] = {0};
    memcpy(values, words, sizeof values);
    return vf_load(values);
}

static const char *words(rng *r) {
    int64_t wide[L] = {0};
    uint32_t low[L] = {0}, high[L] = {0}, ramp[L] = {0};
    const uint32_t first = (uint32_t)rng_next(r), step = (uint32_t)rng_next(r);
    for (int i = 0; i < L; i++) {
        wide[i] = (int64_t)rng_next(r);
        ramp[i] = first + (uint32_t)i * step;
    }
    WORD("vf_ramp", same_words(vf_ramp(first, step), ramp));
    for (int n = 1; n <= L; n++) {
        for (int i = 0; i < L; i++) {
            low[i] = i < n ? (uint32_t)wide[i] : 0;
            high[i] = i < n ? (uint32_t)((uint64_t)wide[i] >> 32) : 0;
        }
        WORD("vf_low_words", same_words(vf_low_words(wide, n), low));
        WORD("vf_high_words", same_words(vf_high_words(wide, n), high));
    }
    return NULL;
}

/* Also of bits that are NaNs and zeros, which equal each other, or themselves, in another way. */
static const char *sameness(rng *r) {
    static const uint32_t special[] = {0, 0x80000000U, 0x7FC00000U, 0x7F800001U, 1};
    uint32_t a[L] = {0}, b[L] = {0}, chosen[L] = {0}, zipped[2 * L] = {0};
    for (int i = 0; i < L; i++) {
        a[i] = special[rng_int(r, 0, 4)];
        b[i] = special[rng_int(r, 0, 4)];
        chosen[i] = a[i] == b[i] ? 7 : 9;
        zipped[2 * i] = a[i];
        zipped[2 * i + 1] = b[i];
    }
    const vf x = load_words(a), y = load_words(b);
    WORD("vm_same", same_words(vf_select(vm_same(x, y), vf_ramp(7, 0), vf_ramp(9, 0)), chosen));
    WORD("vf_zip_low", same_words(vf_zip_low(x, y), zipped));
    WORD("vf_zip_high", same_words(vf_zip_high(x, y), zipped + L));
    return NULL;
}

/* ---- Sums of bytes ---- */

static int nearest(double x) {
    const double down = floor(x), rest = x - down;
    return (int)(rest > 0.5 || (rest == 0.5 && fmod(down, 2) != 0) ? down + 1 : down);
}

static int within(int x, int lowest, int highest) {
    return x < lowest ? lowest : x > highest ? highest : x;
}

static void store_32(int *p, const v32 v[NT_V32S]) {
    memcpy(p, v, B * sizeof *p);
}

/* Unordered sums in order. */
static void ordered_32(int *p, const v32 v[NT_V32S]) {
    vf bits[NT_V32S];
    memcpy(bits, v, B * sizeof *p);
    vf_all_in_order(bits);
    memcpy(p, bits, B * sizeof *p);
}

static const char *sums_of_16(const uint8_t *a, const uint8_t *b, rng *r) {
    const int by_a = rng_int(r, -30, 30), by_b = rng_int(r, -30, 30), s = rng_int(r, 1, 14);
    const int start = rng_int(r, -500, 500);
    v16 sum[NT_V16S], other[NT_V16S];
    int16_t got[B] = {0}, all[B] = {0}, one[B] = {0};
    uint8_t bytes[B] = {0};
    for (int i = 0; i < NT_V16S; i++)
        sum[i] = v16_set1(start);
    v16_add_products(sum, v8_load(a), v8_load(b), t8_set(by_a, by_b));
    v16_store_all(all, sum);
    for (int i = 0; i < B; i++) {
        const int x = start + by_a * a[i] + by_b * b[i];
        WORD("v16_add_products, v16_store_all", all[i] == x);
        bytes[i] = (uint8_t)within(x, 0, 255);
    }
    WORD("v8_of_v16", same_bytes(v8_of_v16(sum), bytes));
    for (int i = 0; i < NT_V16S; i++)
        v16_store(one + i * (B / NT_V16S), sum[i]);
    for (int i = 0; i < NT_V16S; i++)
        other[i] = v16_load(one + i * (B / NT_V16S));
    v16_store_all(got, other);
    WORD("v16_load, v16_store", memcmp(got, all, sizeof got) == 0);
#define EACH_16(name, word, wanted)              \
    for (int i = 0; i < NT_V16S; i++)            \
        other[i] = word;                         \
    v16_store_all(got, other);                   \
    for (int i = 0; i < B; i++) {                \
        const int x = all[i];                    \
        WORD(name, got[i] == (int16_t)(wanted)); \
    }
    EACH_16("v16_abs", v16_abs(sum[i]), x < 0 ? -x : x)
    EACH_16("v16_add", v16_add(sum[i], sum[i]), x + x)
    EACH_16("v16_max", v16_max(sum[i], v16_set1(77)), x > 77 ? x : 77)
    EACH_16("v16_rounded", v16_rounded(sum[i], s), nearest(ldexp(x, -s)))
    return NULL;
}

static const char *sums_of_32(const uint8_t *a, const uint8_t *b, rng *r) {
    const int by_a = rng_int(r, -32768, 32767), by_b = rng_int(r, -32768, 32767);
    const int start = rng_int(r, -500, 500), s = rng_int(r, 1, 24);
    v32 sum[NT_V32S], other[NT_V32S];
    v16 halves[NT_V16S];
    int all[B] = {0}, got[B] = {0};
    int16_t short_ones[B] = {0};
    for (int i = 0; i < NT_V32S; i++)
        sum[i] = v32_set1(start);
    v32_add_products(sum, v8_load(a), v8_load(b), t16_set(by_a, by_b));
    ordered_32(all, sum);
    v16_of_v32(halves, sum);
    v16_store_all(short_ones, halves);
    for (int i = 0; i < B; i++) {
        WORD("v32_add_products", all[i] == start + by_a * a[i] + by_b * b[i]);
        WORD("v16_of_v32", short_ones[i] == within(all[i], -32768, 32767));
    }
    store_32(all, sum);
#define EACH_32(name, word, wanted)     \
    for (int i = 0; i < NT_V32S; i++)   \
        other[i] = word;                \
    store_32(got, other);               \
    for (int i = 0; i < B; i++) {       \
        const int x = all[i];           \
        WORD(name, got[i] == (wanted)); \
    }
    EACH_32("v32_abs", v32_abs(sum[i]), x < 0 ? -x : x)
    EACH_32("v32_add", v32_add(sum[i], sum[i]), x + x)
    EACH_32("v32_rounded", v32_rounded(sum[i], s), nearest(ldexp(x, -s)))
    return NULL;
}

static const char *sums_as_floats(const uint8_t *a, rng *r) {
    vf v[NT_V32S];
    v32 whole[NT_V32S];
    float in_order[B] = {0}, again[B] = {0};
    int got[B] = {0};
    vf_of_v8(v, v8_load(a));
    vf_all_in_order(v);
    memcpy(in_order, v, sizeof in_order);
    for (int i = 0; i < B; i++) {
        WORD("vf_of_v8, vf_all_in_order", in_order[i] == (float)a[i]);
        in_order[i] = ldexpf(rng_float(r), rng_int(r, 0, 21));
        in_order[i] = rng_one_in(r, 4) ? floorf(in_order[i]) + 0.5F : in_order[i];
    }
    memcpy(v, in_order, sizeof in_order);
    vf_all_unordered(v);
    for (int i = 0; i < NT_V32S; i++)
        whole[i] = v32_of_vf(v[i]);
    ordered_32(got, whole);
    for (int i = 0; i < B; i++)
        WORD("v32_of_vf, vf_all_unordered", got[i] == nearest((double)in_order[i]));
    vf_all_in_order(v);
    memcpy(again, v, sizeof again);
    WORD("vf_all_in_order, vf_all_unordered", memcmp(again, in_order, sizeof again) == 0);
    for (int i = 0; i < NT_V32S; i++)
        v[i] = vf_abs(vf_of_v32(whole[i]));
    vf_all_in_order(v);
    memcpy(again, v, sizeof again);
    for (int i = 0; i < B; i++)
        WORD("vf_of_v32, vf_abs", again[i] == fabsf((float)got[i]));
    for (int i = 0; i < NT_V32S; i++)
        v[i] = vf_sqrt(v[i]);
    memcpy(in_order, v, sizeof again);
    for (int i = 0; i < B; i++)
        WORD("vf_sqrt", in_order[i] == sqrtf(again[i]));
    return NULL;
}

/* ---- Sums of products of 16 bits ---- */

static const char *sums_in_memory(rng *r) {
    int32_t a[L] = {0}, line[L + 2] = {0}, square[L * L] = {0}, turned[L] = {0};
    v32 rows[L];
    for (int i = 0; i < L * L; i++)
        square[i] = (int32_t)rng_next(r);
    memcpy(a, square, sizeof a);
    v32_store(line + 1, v32_load(a));
    WORD("v32_load, v32_store", memcmp(line + 1, a, sizeof a) == 0);
    v32_store(line, v32_load1(a));
    for (int i = 0; i < L; i++)
        WORD("v32_load1", line[i] == a[0]);
    for (int n = 1; n <= L; n++) {
        memset(line, 77, sizeof line);
        v32_store_n(line + 1, v32_load(a), n);
        WORD("v32_store_n", memcmp(line + 1, a, (size_t)n * sizeof *a) == 0);
        for (int i = 0; i < L + 2; i++)
            WORD("v32_store_n", (i >= 1 && i <= n) || line[i] == 0x4D4D4D4D);
    }
    for (int i = 0; i < L; i++)
        rows[i] = v32_load(square + i * L);
    v32_transpose(rows);
    for (int i = 0; i < L; i++) {
        v32_store(turned, rows[i]);
        for (int k = 0; k < L; k++)
            WORD("v32_transpose", turned[k] == square[k * L + i]);
    }
    return NULL;
}

static const char *parts_of_sums(const uint8_t *bytes, rng *r) {
    enum { MOST = 4 }; /* what v32_of_bytes takes */
    _Static_assert((int)NT_V32S <= (int)MOST, "MOST");
    int32_t a[MOST][L], got[L] = {0};
    uint8_t all[B] = {0}, four[L][4];
    int16_t halves[L][2];
    v32 v[MOST];
    for (int i = 0; i < MOST; i++) {
        for (int k = 0; k < L; k++)
            a[i][k] = (int32_t)rng_next(r);
        v[i] = v32_load(a[i]);
    }
    v32_store(got, v32_load_bytes(bytes));
    for (int i = 0; i < L; i++)
        WORD("v32_load_bytes", got[i] == bytes[i]);
    v32_store(got, v32_xor(v[0], v[1]));
    for (int i = 0; i < L; i++)
        WORD("v32_xor", got[i] == (a[0][i] ^ a[1][i]));
    v32 small[NT_V32S];
    v16 sixteen[NT_V16S];
    for (int i = 0; i < NT_V32S; i++)
        small[i] = v32_load_bytes(bytes + i * L);
    v16_of_v32(sixteen, small);
    v8_store(all, v8_parts_in_order(v8_of_v16(sixteen)));
    WORD("v8_parts_in_order", memcmp(all, bytes, sizeof all) == 0);
    v32_store(got, v32_of_bytes(v));
    memcpy(four, got, sizeof four);
    for (int i = 0; i < 4 * L; i++)
        WORD("v32_of_bytes", four[i / 4][i % 4] == (uint8_t)a[i % 4][i / 4]);
    v32_store(got, v32_of_halves(v[0], v[1]));
    memcpy(halves, got, sizeof halves);
    for (int i = 0; i < 2 * L; i++)
        WORD("v32_of_halves", halves[i / 2][i % 2] == (int16_t)a[i % 2][i / 2]);
    return NULL;
}

static const char *sums_of_pairs(const uint8_t *a, rng *r) {
    int16_t x[2 * L] = {0}, y[2] = {0}, got_bytes[B / NT_V16S] = {0};
    int32_t sums[L] = {0}, got[L] = {0}, vector[L] = {0}, single = 0;
    for (int i = 0; i < 2 * L; i++)
        x[i] = (int16_t)rng_int(r, -32768, 32767);
    y[0] = (int16_t)rng_int(r, -32767, 32767);
    y[1] = (int16_t)rng_int(r, -32767, 32767);
    for (int i = 0; i < L; i++)
        sums[i] = (int32_t)rng_next(r);
    memcpy(vector, x, sizeof vector);
    memcpy(&single, y, sizeof single);
    v32_store(got, v32_add_pairs(v32_load(vector), v32_load1(&single), v32_load(sums)));
    for (int i = 0; i < L; i++) {
        const int first = x[NT_PAIRS_APART ? i : 2 * i] * y[0];
        const int second = x[NT_PAIRS_APART ? L + i : 2 * i + 1] * y[1];
        const uint32_t sum = (uint32_t)sums[i] + (uint32_t)first + (uint32_t)second;
        WORD("v32_add_pairs", (uint32_t)got[i] == sum);
    }
    v16 pair[2], weights[2];
    int16_t z[2 * L];
    int32_t taps[2 * L] = {0};
    enum { TAPS = B / NT_V16S };
    for (int i = 0; i < 2 * L; i++)
        z[i] = (int16_t)rng_int(r, -32767, 32767);
    v32 sum[NT_V32S / NT_V16S];
    for (int i = 0; i < NT_V32S / NT_V16S; i++)
        sum[i] = v32_set1(7);
    v16_pair(pair, v16_load(x), v16_load(z));
    v16_pair(weights, v16_load(z), v16_load(x));
    v32_add_taps(sum, pair, weights);
    v16_pair(weights, v16_load(x), v16_load(x));
    v32_add_taps(sum, pair, weights);
    v32_store_taps(taps, sum);
    for (int i = 0; i < TAPS; i++)
        WORD("v16_pair, v32_add_taps, v32_store_taps",
             (uint32_t)taps[i] == 7U + 2U * (uint32_t)(x[i] * z[i]) + (uint32_t)(x[i] * x[i]) +
                                      (uint32_t)(z[i] * x[i]));
    v16_store(got_bytes, v16_xor(v16_load_bytes(a), v16_set1(0x80)));
    for (int i = 0; i < B / NT_V16S; i++)
        WORD("v16_load_bytes, v16_xor", got_bytes[i] == (a[i] ^ 0x80));
    return NULL;
}

#ifdef NT_QUADS
FEATURES_BEGIN(NT_QUADS)
static const char *sums_of_quads(const uint8_t *a, const uint8_t *b, rng *r) {
    int32_t vector[L] = {0}, sums[L] = {0}, got[L] = {0};
    memcpy(vector, a, sizeof vector);
    for (int i = 0; i < L; i++)
        sums[i] = (int32_t)rng_next(r);
    v32_store(got, v32_add_quads(v32_load(vector), vq_load(b), v32_load(sums)));
    for (int i = 0; i < L; i++) {
        uint32_t sum = (uint32_t)sums[i];
        for (int k = 0; k < 4; k++)
            sum += (uint32_t)((int8_t)a[4 * i + k] * (NT_QUADS_SIGNED ? (int8_t)b[k] : b[k]));
        WORD("vq_load, v32_add_quads", (uint32_t)got[i] == sum);
    }
    return NULL;
}
FEATURES_END
#else
static const char *sums_of_quads(const uint8_t *a, const uint8_t *b, rng *r) {
    return a != NULL && b != NULL && r != NULL ? NULL : "";
}
#endif

const char *VOCABULARY_INTEGERS(void); /* a vocabulary_test of vocabulary.h */
const char *VOCABULARY_INTEGERS(void) {
    rng r = {2};
    const char *wrong = NULL;
    const bool has_quads = nt_cpu_has_quads(nt_find_isa(NT_ISA_NAME));
    for (int i = 0; i < ROUNDS && wrong == NULL; i++) {
        uint8_t a[B] = {0}, b[B] = {0};
        for (int k = 0; k < B; k++) {
            a[k] = (uint8_t)rng_int(&r, 0, 255);
            b[k] = rng_one_in(&r, 4) ? a[k] : (uint8_t)rng_int(&r, 0, 255);
        }
        wrong = memory(a, b);
        wrong = wrong != NULL ? wrong : streaming(a);
        wrong = wrong != NULL ? wrong : arithmetic(a, b);
        wrong = wrong != NULL ? wrong : order(a, b);
        wrong = wrong != NULL ? wrong : indices(a, b);
        wrong = wrong != NULL ? wrong : words(&r);
        wrong = wrong != NULL ? wrong : sameness(&r);
        wrong = wrong != NULL ? wrong : sums_of_16(a, b, &r);
        wrong = wrong != NULL ? wrong : sums_of_32(a, b, &r);
        wrong = wrong != NULL ? wrong : sums_as_floats(a, &r);
        wrong = wrong != NULL ? wrong : sums_in_memory(&r);
        wrong = wrong != NULL ? wrong : parts_of_sums(a, &r);
        wrong = wrong != NULL ? wrong : sums_of_pairs(a, &r);
        wrong = wrong != NULL || !has_quads ? wrong : sums_of_quads(a, b, &r);
    }
    return wrong;
}
