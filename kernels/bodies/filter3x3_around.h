/* Body: what surrounds the sums of filter3x3.h: bytes as floats, and the 2x2 pool. */

/* Whole vectors, behind n too. */
static void filter_floats(float *dst, const uint8_t *src, int64_t n) {
    for (int64_t x = 0; x < n; x += NT_BYTES) {
        vf v[NT_V32S];
        vf_of_v8(v, v8_load(src + x));
        vf_all_in_order(v);
        UNROLL
        for (int i = 0; i < NT_V32S; i++) {
            vf_store(dst + x + i * NT_LANES, v[i]);
        }
    }
}

ALWAYS_INLINE void maxima_of_floats(float *dst, const float *upper, const float *lower, int64_t n,
                                    int64_t step) {
    for (int64_t x = 0; x < n; x += NT_LANES) {
        const vf taps[4] = {vf_load(upper + x), vf_load(upper + x + step), vf_load(lower + x),
                            vf_load(lower + x + step)};
        vf_store(dst + x, largest_or_nan(taps));
    }
}

static void filter_maxima(nt_filter_to type, void *dst, const void *upper, const void *lower,
                          int64_t n, int64_t step) {
    if (type == NT_TO_F32) {
        maxima_of_floats(dst, upper, lower, n, step);
    } else if (type == NT_TO_U8) {
        const uint8_t *a = upper;
        const uint8_t *b = lower;
        for (int64_t x = 0; x < n; x += NT_BYTES) {
            const v8 left = v8_max_u8(v8_load(a + x), v8_load(b + x));
            const v8 right = v8_max_u8(v8_load(a + x + step), v8_load(b + x + step));
            v8_store((uint8_t *)dst + x, v8_max_u8(left, right));
        }
    } else {
        const int16_t *a = upper;
        const int16_t *b = lower;
        const int lanes = NT_BYTES / NT_V16S;
        for (int64_t x = 0; x < n; x += lanes) {
            const v16 left = v16_max(v16_load(a + x), v16_load(b + x));
            const v16 right = v16_max(v16_load(a + x + step), v16_load(b + x + step));
            v16_store((int16_t *)dst + x, v16_max(left, right));
        }
    }
}

static void filter_evens(void *dst, const void *src, int64_t n, int bytes) {
    if (bytes == 4) {
        const float *a = src;
        float *b = dst;
        int64_t x = 0;
        for (; x <= n - NT_LANES; x += NT_LANES) {
            vf_store(b + x, vf_even(vf_load(a + 2 * x), vf_load(a + 2 * x + NT_LANES)));
        }
        for (; x < n; x++) {
            memcpy(b + x, a + 2 * x, sizeof *b);
        }
        return;
    }
    const uint8_t *a = src;
    uint8_t *b = dst;
    int64_t x = 0;
    for (; x <= n - NT_BYTES; x += NT_BYTES) {
        v8_store(b + x, v8_even(v8_load(a + 2 * x), v8_load(a + 2 * x + NT_BYTES)));
    }
    for (; x < n; x++) {
        b[x] = a[2 * x];
    }
}
