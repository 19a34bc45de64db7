#include "layer.h"

#include <stdlib.h>
#include <string.h>

/* REPLICATE: with zeros around it, a picture's frame would be its strongest edge. */
static const ninetap_border border = NINETAP_BORDER_REPLICATE;

static ninetap_status set_pool(layer *l, int64_t width, int64_t height, int64_t channels) {
    *l = (layer){.pool = {.n = 1, .c = channels, .ih = height, .iw = width}};
    const ninetap_status status =
        ninetap_pool2x2_output(&l->pool, &l->pooled_height, &l->pooled_width);
    if (status != NINETAP_ERR_SHAPE)
        return status;
    l->pooled_height = l->pooled_width = 0; /* less than one window */
    return NINETAP_OK;
}

ninetap_status layer_create(layer *l, const filter *f, int64_t width, int64_t height,
                            int64_t channels) {
    /* Depthwise: each colour channel is filtered on its own, so colour stays colour. PORTABLE: the
     * same bits, and so the same contact sheet, on every machine. */
    const ninetap_conv3x3_desc conv = {.n = 1,
                                       .ic = channels,
                                       .ih = height,
                                       .iw = width,
                                       .oc = channels,
                                       .groups = channels,
                                       .pad = {1, 1, 1, 1},
                                       .border = border,
                                       .precision = NINETAP_PRECISION_PORTABLE};
    float weights[3][9];
    for (int64_t c = 0; c < channels; c++)
        memcpy(weights[c], f->weights, sizeof weights[c]);
    const ninetap_status status = set_pool(l, width, height, channels);
    return status == NINETAP_OK ? ninetap_conv3x3_create(&l->conv, &conv, weights[0], NULL)
                                : status;
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

/* The status so far; on failure frees it all. */
static ninetap_status finish(const layer *l, ninetap_status status, response *out) {
    const image *in = &out->filtered;
    if (status == NINETAP_OK &&
        (!image_alloc(&out->relu, in->width, in->height, in->channels) ||
         (l->pooled_width > 0 &&
          !image_alloc(&out->pooled, l->pooled_width, l->pooled_height, in->channels))))
        status = NINETAP_ERR_NOMEM;
    if (status == NINETAP_OK) {
        relu(in, &out->relu);
        if (l->pooled_width > 0)
            status = ninetap_maxpool2x2_f32(&l->pool, out->relu.samples, out->pooled.samples, NULL);
    }
    if (status != NINETAP_OK)
        response_free(out);
    return status;
}

ninetap_status layer_run(const layer *l, const image *input, response *out) {
    *out = (response){0};
    ninetap_status status = NINETAP_ERR_NOMEM;
    if (image_alloc(&out->filtered, input->width, input->height, input->channels))
        status = ninetap_conv3x3_run(l->conv, input->samples, out->filtered.samples, NULL);
    return finish(l, status, out);
}

/* [row][column][channel] becomes [channel][row][column]. */
static void split(const float *pixels, image *planes) {
    const size_t count = image_samples(planes), channels = (size_t)planes->channels;
    for (size_t i = 0; i < count; i++)
        planes->samples[i % channels * (count / channels) + i / channels] = pixels[i];
}

ninetap_status layer_run_picture(const filter *f, const picture *input, response *out) {
    const ninetap_filter3x3_desc d = {.n = 1,
                                      .ih = input->height,
                                      .iw = input->width,
                                      .channels = input->channels,
                                      .src_type = NINETAP_U8,
                                      .dst_type = NINETAP_F32,
                                      .border = border,
                                      .scale = 1.0F / 255};
    layer l;
    *out = (response){0};
    ninetap_status status = set_pool(&l, input->width, input->height, input->channels);
    if (status != NINETAP_OK)
        return status;
    float *pixels = calloc(picture_bytes(input), sizeof *pixels);
    if (!pixels || !image_alloc(&out->filtered, input->width, input->height, input->channels))
        status = NINETAP_ERR_NOMEM;
    if (status == NINETAP_OK)
        status = ninetap_filter3x3(&d, f->weights, input->bytes, pixels);
    if (status == NINETAP_OK)
        split(pixels, &out->filtered);
    free(pixels);
    return finish(&l, status, out);
}

void response_free(response *r) {
    image_free(&r->filtered);
    image_free(&r->relu);
    image_free(&r->pooled);
}
