/* Results whose algorithm is not known beforehand, against exact ones. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"
#include "run.h"

/* The m of Winograd's F(m x m, 3x3); 0: direct. */
static int tile_of(const char *algorithm) {
    static const char name[] = "winograd";
    const size_t length = sizeof name - 1;
    return strncmp(algorithm, name, length) == 0 ? algorithm[length] - '0' : 0;
}

void bound_check(const ninetap_conv3x3_desc *d, const ninetap_plan_info *info, const float *src,
                 const float *weights, const float *bias, const float *got, outcome *result) {
    int64_t oh = 0;
    int64_t ow = 0;
    (void)ninetap_conv3x3_output(d, &oh, &ow);
    const int64_t count = d->n * d->oc * oh * ow;
    const int m = tile_of(info->algorithm);
    double *exact = malloc((size_t)count * sizeof *exact);
    double *scale = malloc((size_t)count * sizeof *scale);
    if (exact == NULL || scale == NULL) {
        outcome_trouble(result, "out of memory");
    } else {
        nt_reference_conv3x3_f64(d, src, weights, bias, exact, scale);
        if (m != 0) {
            nt_reference_winograd_scale(d, m, src, weights, bias, scale);
        }
        for (int64_t i = count - 1; i >= 0; i--) {
            const double allowed = info->error_bound * scale[i] + info->error_floor;
            if (!(fabs((double)got[i] - exact[i]) <= allowed)) {
                outcome_trouble(result, "%s: element %" PRId64 " is %a, not %a", info->kernel, i,
                                (double)got[i], exact[i]);
            }
        }
    }
    free(exact);
    free(scale);
}
