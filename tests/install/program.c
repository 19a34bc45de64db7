/* What somebody else's program looks like, in C and in C++: on every instruction set that is usable
 * here, a convolution of ones with ones, which counts the taps inside the image, and a pooling. */
#include <ninetap.h>

#include <stdio.h>

enum { SIDE = 30 };

static float src[SIDE * SIDE], weights[9], dst[SIDE * SIDE], pooled[SIDE * SIDE / 4];

static int edges(int at) {
    return at == 0 || at == SIDE - 1;
}

static int run(const char *isa) {
    static ninetap_conv3x3_desc conv;
    static ninetap_pool2x2_desc pool;
    ninetap_conv3x3 *plan;
    int i, wrong = 0;
    conv.n = conv.ic = conv.oc = pool.n = pool.c = 1;
    conv.ih = conv.iw = pool.ih = pool.iw = SIDE;
    for (i = 0; i < 4; i++)
        conv.pad[i] = 1;
    conv.precision = NINETAP_PRECISION_EXACT;
    conv.isa = pool.isa = isa;
    if (ninetap_conv3x3_create(&plan, &conv, weights, NULL) != NINETAP_OK)
        return 1;
    if (ninetap_conv3x3_run(plan, src, dst, NULL) != NINETAP_OK ||
        ninetap_maxpool2x2_f32(&pool, dst, pooled, NULL) != NINETAP_OK)
        wrong = 1;
    ninetap_conv3x3_free(plan);
    for (i = 0; i < SIDE * SIDE; i++)
        wrong += dst[i] != (float)((3 - edges(i / SIDE)) * (3 - edges(i % SIDE)));
    for (i = 0; i < SIDE * SIDE / 4; i++)
        wrong += pooled[i] != 9.0F;
    return wrong;
}

int main(void) {
    int i, wrong = 0;
    for (i = 0; i < SIDE * SIDE; i++)
        src[i] = 1.0F;
    for (i = 0; i < 9; i++)
        weights[i] = 1.0F;
    printf("ninetap %s:", ninetap_version());
    for (i = 0; i < ninetap_isa_count(); i++) {
        printf(" %s", ninetap_isa_name(i));
        wrong += run(ninetap_isa_name(i));
    }
    printf(", %d values are wrong\n", wrong);
    return wrong != 0;
}
