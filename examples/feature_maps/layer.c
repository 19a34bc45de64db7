#include "layer.h"

#include <string.h>

ninetap_status layer_create(layer *l, const filter *f, int64_t width, int64_t height,
                            int64_t channels) {
    /* Depthwise: each colour channel is filtered on its own, so colour stays colour. REPLICATE:
     * with zeros around it, a picture's frame would be its strongest edge. PORTABLE: the same bits,
     * and so the same contact sheet, on every machine. */
    const ninetap_conv3x3_desc conv = {.n = 1,
                                       .ic = channels,
                                       .ih = height,
                                       .iw = width,
                                       .oc = channels,
                                       .groups = channels,
                                       .pad = {1, 1, 1, 1},
                                       .border = NINETAP_BORDER_REPLICATE,
                                       .precision = NINETAP_PRECISION_PORTABLE};
    float weights[3][9];
    for (int64_t c = 0; c < channels; c++)
        memcpy(weights[c], f->weights, sizeof weights[c]);

    *l = (layer){.pool = {.n = 1, .c = channels, .ih = height, .iw = width}};
    ninetap_status status = ninetap_pool2x2_output(&l->pool, &l->pooled_height, &l->pooled_width);
    if (status == NINETAP_ERR_SHAPE) /* less than one window */
        l->pooled_height = l->pooled_width = 0;
    else if (status != NINETAP_OK)
        return status;
    return ninetap_conv3x3_create(&l->conv, &conv, weights[0], NULL);
}

void layer_free(layer *l) {
    ninetap_conv3x3_free(l->conv);
    *l = (layer){0};
}

static void relu(const image *in, image *out) {
    const size_t count = image_samples(in);
    for (size_t i = 0; i < count; i++)
        out->samples[i] = in->samples[i] > 0 ? in->samples[i] : 0;
}

ninetap_status layer_run(const layer *l, const image *input, response *out) {
    *out = (response){0};
    if (!image_alloc(&out->filtered, input->width, input->height, input->channels) ||
        !image_alloc(&out->relu, input->width, input->height, input->channels) ||
        (l->pooled_width > 0 &&
         !image_alloc(&out->pooled, l->pooled_width, l->pooled_height, input->channels))) {
        response_free(out);
        return NINETAP_ERR_NOMEM;
    }
    ninetap_status status =
        ninetap_conv3x3_run(l->conv, input->samples, out->filtered.samples, NULL);
    if (status == NINETAP_OK) {
        relu(&out->filtered, &out->relu);
        if (l->pooled_width > 0)
            status = ninetap_maxpool2x2_f32(&l->pool, out->relu.samples, out->pooled.samples, NULL);
    }
    if (status != NINETAP_OK)
        response_free(out);
    return status;
}

void response_free(response *r) {
    image_free(&r->filtered);
    image_free(&r->relu);
    image_free(&r->pooled);
}
