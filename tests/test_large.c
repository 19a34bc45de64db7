/* Tensors of more than 2^31 elements, where memory allows. Hardly a page of the inputs exists. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/problems.h"
#include "support/reserve.h"
#include "support/suite.h"

static bool memory_allows(void) {
    char line[256];
    int64_t kib = 0;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "MemAvailable: %" SCNd64, &kib) == 1)
            break;
    if (file != NULL)
        fclose(file);
    const bool enough = kib > 3 * 1024 * 1024;
    if (!enough)
        suite_not_tried("less than 3 GiB of memory are available");
    return enough;
}

/* Sixteen planes, the last of which begins past 2^31: zeros but for a few elements, the last one
 * among them. */
enum { SIDE = 12000, HALF = SIDE / 2, PLANES = 16, MARKS = 9 };
#define BYTES ((int64_t)PLANES * SIDE * SIDE)

static int64_t mark_at(int64_t i) {
    return BYTES / MARKS * (i + 1) + BYTES % MARKS - 1;
}

/* Where in dst the element of src at `at` counts. */
static int64_t pooled_at(ninetap_layout layout, int64_t at) {
    if (layout == NINETAP_NHWC) {
        const int64_t pixel = at / PLANES;
        return (pixel / SIDE / 2 * HALF + pixel % SIDE / 2) * PLANES + at % PLANES;
    }
    return (at / SIDE / 2) * HALF + at % SIDE / 2; /* an even number of rows in each plane */
}

static void bytes(void) {
    const int64_t dst_bytes = BYTES / 4;
    if (!memory_allows())
        return;
    uint8_t *src = reserve_zeros(BYTES, LARGE_PAGES);
    uint8_t *dst = reserve_zeros(dst_bytes, LARGE_PAGES);
    if (src == NULL || dst == NULL) {
        suite_not_tried("gigabytes of addresses cannot be reserved here");
        return;
    }
    for (int i = 0; i < MARKS; i++)
        src[mark_at(i)] = (uint8_t)(255 - i);
    for (int layout = 0; layout < 2; layout++) {
        /* as many threads as planes: the last one begins past 2^31 */
        const ninetap_pool2x2_desc d = {.n = 1,
                                        .c = PLANES,
                                        .ih = SIDE,
                                        .iw = SIDE,
                                        .layout = (ninetap_layout)layout,
                                        .threads = PLANES};
        memset(dst, 77, (size_t)dst_bytes);
        REQUIRE(ninetap_maxpool2x2_u8(&d, src, dst, NULL) == NINETAP_OK);
        int64_t marks = 0;
        for (int64_t i = 0; i < dst_bytes; i++)
            marks += dst[i] != 0;
        REQUIRE(marks == MARKS);
        for (int i = 0; i < MARKS; i++)
            REQUIRE(dst[pooled_at(d.layout, mark_at(i))] == 255 - i);
    }
    reserve_end(src, BYTES);
    reserve_end(dst, dst_bytes);
}

/* Of the last input plane, the last rows: copied out and convolved apart, they are the last rows of
 * the output. The rest is the bias alone. */
static bool check_conv(const char *text) {
    conv_problem p = {.seed = 1};
    suite_require(conv_parse(text, &p));
    enum { TAIL = 40, MOST_OC = 4 };
    const ninetap_conv3x3_desc *d = &p.desc;
    const int64_t oh = conv_out_h(&p), ow = conv_out_w(&p), pool = d->pool != 0 ? 2 : 1;
    const int64_t step = conv_stride(&p) * pool, stride = conv_stride(&p);
    const int64_t src_count = d->ic * d->ih * d->iw, dst_count = d->oc * oh * ow;
    float *src = reserve_zeros(src_count * 4, LARGE_PAGES),
          *dst = reserve_zeros(dst_count * 4, LARGE_PAGES);
    if (src == NULL || dst == NULL) {
        suite_not_tried("gigabytes of addresses cannot be reserved here");
        return true;
    }
    /* The last TAIL output rows start at input row `first`, and read to the end. */
    const int64_t first = (oh - TAIL) * step, rows = TAIL * step + 3 - stride;
    float weights[MOST_OC * 16 * 9], bias[MOST_OC];
    rng r = {3};
    for (int64_t i = 0; i < d->oc * d->ic * 9; i++)
        weights[i] = rng_float(&r);
    for (int64_t i = 0; i < d->oc; i++)
        bias[i] = 1.0F + (float)i;
    conv_problem tail = p;
    tail.desc.ih = rows;
    const int64_t inputs = d->ic * rows * d->iw, outputs = d->oc * TAIL * ow;
    if (inputs < 1 || outputs < 1)
        abort();
    float *part = calloc((size_t)inputs, sizeof *part);
    float *want = calloc((size_t)outputs, sizeof *want);
    if (part == NULL || want == NULL)
        abort();
    for (int64_t c = 0; c < d->ic; c++)
        for (int64_t y = 2; y < rows; y++)
            for (int64_t x = 0; x < d->iw; x += 97)
                src[(c * d->ih + first + y) * d->iw + x] = part[(c * rows + y) * d->iw + x] =
                    rng_float(&r);
    bool ok = ninetap_conv3x3_f32(&tail.desc, part, weights, bias, want) == NINETAP_OK &&
              ninetap_conv3x3_f32(d, src, weights, bias, dst) == NINETAP_OK;
    for (int64_t o = 0; o < d->oc && ok; o++) {
        const float *plane = dst + o * oh * ow;
        int64_t other = 0;
        for (int64_t i = 0; i < (oh - TAIL) * ow; i++)
            other += plane[i] != bias[o];
        ok = other == 0 && memcmp(plane + (oh - TAIL) * ow, want + o * TAIL * ow,
                                  (size_t)(TAIL * ow) * sizeof *want) == 0;
    }
    free(part);
    free(want);
    reserve_end(src, src_count * 4);
    reserve_end(dst, dst_count * 4);
    return ok || suite_wrong("%s", text);
}

static void floats(void) {
    if (!memory_allows())
        return;
    suite_require(check_conv("n=1 ic=1 ih=46401 iw=46401 oc=1 stride=3 algo=direct"));
    suite_require(check_conv("n=1 ic=8 ih=16402 iw=16402 oc=2 algo=winograd4 pool=max"));
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "bytes", .once = bytes},
        {.name = "floats", .once = floats},
        {0},
    };
    return suite_main("large", tests, argc, argv);
}
