/* What somebody else's program looks like, in C and in C++: a convolution and a pooling. */
#include <ninetap.h>

#include <stdio.h>
#include <string.h>

int main(void) {
    static float src[30 * 30], weights[9], dst[30 * 30], pooled[15 * 15];
    ninetap_conv3x3_desc conv;
    ninetap_pool2x2_desc pool;
    int i;
    for (i = 0; i < 30 * 30; i++)
        src[i] = 1.0F;
    for (i = 0; i < 9; i++)
        weights[i] = 1.0F;
    memset(&conv, 0, sizeof conv);
    conv.n = conv.ic = conv.oc = 1;
    conv.ih = conv.iw = 30;
    conv.precision = NINETAP_PRECISION_EXACT;
    for (i = 0; i < 4; i++)
        conv.pad[i] = 1;
    memset(&pool, 0, sizeof pool);
    pool.n = pool.c = 1;
    pool.ih = pool.iw = 30;
    if (ninetap_conv3x3_f32(&conv, src, weights, NULL, dst) != NINETAP_OK ||
        ninetap_maxpool2x2_f32(&pool, dst, pooled, NULL) != NINETAP_OK)
        return 1;
    printf("ninetap %s on %s: %g inside, %g in a corner\n", ninetap_version(), ninetap_isa(),
           (double)pooled[16], (double)dst[0]);
    return pooled[16] == 9.0F && dst[0] == 4.0F ? 0 : 1;
}
