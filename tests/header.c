/* The public header alone, as C99 and as C++17, with every warning an error: it must need no other
 * header and survive being included twice. */
#include "ninetap.h"
#include "ninetap.h"

#include <string.h>

int main(void) {
    ninetap_conv3x3_desc conv;
    ninetap_pool2x2_desc pool;
    ninetap_selftest_report report;
    int64_t oh, ow;
    memset(&conv, 0, sizeof conv);
    memset(&pool, 0, sizeof pool);
    ninetap_conv3x3_free(NULL);
    conv.n = conv.ic = conv.oc = pool.n = pool.c = 1;
    conv.ih = conv.iw = pool.ih = pool.iw = 4;
    conv.border = NINETAP_BORDER_REFLECT101;
    pool.nan = NINETAP_NAN_IGNORE;
    if (ninetap_conv3x3_output(&conv, &oh, &ow) != NINETAP_OK || oh != 2 || ow != 2)
        return 1;
    if (ninetap_pool2x2_output(&pool, &oh, &ow) != NINETAP_OK || oh != 2 || ow != 2)
        return 1;
    if (ninetap_selftest(&report) != NINETAP_OK || report.failures != 0)
        return 1;
    return ninetap_version()[0] == '\0' || ninetap_isa()[0] == '\0';
}
