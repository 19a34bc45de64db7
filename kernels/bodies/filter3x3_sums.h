/* Body: the sums of a vector of values, and what becomes of them, for filter3x3.h. */

/* ---- From sums to values ---- */

ALWAYS_INLINE void store_16(const nt_filter *f, void *dst, v16 v[NT_V16S]) {
    if (f->to == NT_TO_U8) {
        v8_store(dst, v8_of_v16(v));
    } else {
        v16_store_all(dst, v);
    }
}

ALWAYS_INLINE void finish_16(const nt_filter *f, void *dst, v16 v[NT_V16S]) {
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        v[i] = f->shift > 0 ? v16_rounded(v[i], f->shift) : v[i];
        v[i] = f->absolute ? v16_abs(v[i]) : v[i];
    }
    store_16(f, dst, v);
}

ALWAYS_INLINE void finish_32(const nt_filter *f, void *dst, v32 v[NT_V32S]) {
    v16 halves[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        v[i] = f->shift > 0 ? v32_rounded(v[i], f->shift) : v[i];
        v[i] = f->absolute ? v32_abs(v[i]) : v[i];
    }
    v16_of_v32(halves, v);
    store_16(f, dst, halves);
}

/* v: in the order of memory, or not. */
ALWAYS_INLINE void finish_floats(const nt_filter *f, void *dst, vf v[NT_V32S], bool in_order) {
    const bool bytes = f->to == NT_TO_U8;
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        v[i] = f->scale != 1.0F ? vf_mul(v[i], vf_set1(f->scale)) : v[i];
        v[i] = vf_add(v[i], vf_set1(f->delta));
        v[i] = f->absolute ? vf_abs(v[i]) : v[i];
    }
    if (f->to == NT_TO_F32) {
        if (!in_order) {
            vf_all_in_order(v);
        }
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            vf_store((float *)dst + i * NT_LANES, v[i]);
        }
        return;
    }
    if (in_order) {
        vf_all_unordered(v);
    }
    v32 whole[NT_V32S];
    v16 halves[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V32S; i++) { /* a NaN becomes the lowest */
        v[i] = vf_max(v[i], vf_set1(bytes ? 0.0F : -32768.0F));
        whole[i] = v32_of_vf(vf_min(v[i], vf_set1(bytes ? 255.0F : 32767.0F)));
    }
    v16_of_v32(halves, whole);
    store_16(f, dst, halves);
}

/* Of two sums in each lane. */
ALWAYS_INLINE void norm_of(const nt_filter *f, vf x[NT_V32S], const vf y[NT_V32S]) {
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        const vf squares = vf_add(vf_mul(x[i], x[i]), vf_mul(y[i], y[i]));
        x[i] = f->norm == NT_NORM_L1 ? vf_add(vf_abs(x[i]), vf_abs(y[i])) : vf_sqrt(squares);
    }
}

/* ---- Sums of 16 bits ---- */

/* Taps 2*i and 2*i + 1 of the window at x; the last one is alone. */
ALWAYS_INLINE void load_pair(const filter_line *r, int64_t x, int i, v8 pair[2]) {
    for (int k = 0; k < 2; k++) {
        const int tap = 2 * i + k < 9 ? 2 * i + k : 8;
        pair[k] = v8_load((const uint8_t *)r->row[tap / 3] + x + (tap % 3 - 1) * r->step);
    }
}

ALWAYS_INLINE void set_pairs_8(const int integer[9], t8 pairs[5]) {
    UNROLL
    for (int i = 0; i < 5; i++) {
        pairs[i] = t8_set(integer[2 * i], i < 4 ? integer[2 * i + 1] : 0);
    }
}

ALWAYS_INLINE void sum_16(const filter_line *r, int64_t x, const t8 pairs[5], int addend,
                          v16 sum[NT_V16S]) {
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        sum[i] = v16_set1(addend);
    }
    UNROLL
    for (int i = 0; i < 5; i++) {
        v8 pair[2];
        load_pair(r, x, i, pair);
        v16_add_products(sum, pair[0], pair[1], pairs[i]);
    }
}

/* At most six taps other than 0, in their order; fewer: the middle, times 0. */
typedef struct few_taps {
    int row[6], column[6];
    t8 pairs[3];
} few_taps;

ALWAYS_INLINE bool find_few_taps(const int integer[9], few_taps *few) {
    int by[6] = {0};
    int count = 0;
    for (int i = 0; i < 6; i++) {
        few->row[i] = 1;
        few->column[i] = 0;
    }
    for (int tap = 0; tap < 9; tap++) {
        if (integer[tap] != 0) {
            if (count == 6) {
                return false;
            }
            few->row[count] = tap / 3;
            few->column[count] = tap % 3 - 1;
            by[count++] = integer[tap];
        }
    }
    for (int i = 0; i < 3; i++) {
        few->pairs[i] = t8_set(by[2 * i], by[2 * i + 1]);
    }
    return true;
}

ALWAYS_INLINE void few_16_at(const nt_filter *f, const uint8_t *const at[6], const t8 pairs[3],
                             int64_t x, void *dst) {
    v16 sum[NT_V16S];
    UNROLL
    for (int i = 0; i < NT_V16S; i++) {
        sum[i] = v16_set1(f->addend);
    }
    UNROLL
    for (int i = 0; i < 3; i++) {
        v16_add_products(sum, v8_load(at[2 * i] + x), v8_load(at[2 * i + 1] + x), pairs[i]);
    }
    finish_16(f, dst, sum);
}

/* ---- Sums of 32 bits ---- */

ALWAYS_INLINE void sum_32(const filter_line *r, int64_t x, const int by[9], v32 sum[NT_V32S]) {
    UNROLL
    for (int i = 0; i < 5; i++) {
        v8 pair[2];
        load_pair(r, x, i, pair);
        v32_add_products(sum, pair[0], pair[1], t16_set(by[2 * i], i < 4 ? by[2 * i + 1] : 0));
    }
}

ALWAYS_INLINE void integers_at(const nt_filter *f, const filter_line *r, int64_t x, int kernel,
                               bool large, v32 sum[NT_V32S]) {
    UNROLL
    for (int i = 0; i < NT_V32S; i++) {
        sum[i] = v32_set1(0);
    }
    if (large) {
        sum_32(r, x, f->high[kernel], sum);
        for (int doubled = 0; doubled < 12; doubled++) {
            UNROLL
            for (int i = 0; i < NT_V32S; i++) {
                sum[i] = v32_add(sum[i], sum[i]);
            }
        }
    }
    sum_32(r, x, f->integer[kernel], sum);
}

/* ---- Sums of floats ---- */

ALWAYS_INLINE void set_factors(const float factor[9], vf by[9]) {
    UNROLL
    for (int tap = 0; tap < 9; tap++) {
        by[tap] = vf_set1(factor[tap]);
    }
}

ALWAYS_INLINE void floats_at(const filter_line *r, int64_t x, const vf by[9], vf sum[NT_V32S]) {
    UNROLL
    for (int tap = 0; tap < 9; tap++) {
        const float *at = (const float *)r->row[tap / 3] + x + (tap % 3 - 1) * r->step;
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            /* a sum that starts at +0 differs in the sign of zero alone, which delta decides */
            const vf product = vf_mul(vf_load(at + i * NT_LANES), by[tap]);
            sum[i] = tap == 0 ? product : vf_add(sum[i], product);
        }
    }
}
