/* What the doodle example reads as a model: safetensors. */
#include "fuzz.h"

#include <string.h>

#include "model.h"
#include "program.h"
#include "support/buffer.h"

const char program[] = "fuzz";

/* What was taken for good has weights that can be read: a byte outside the file would be seen. */
static void read_weights(const model *m) {
    network_shape shape = m->shape;
    char why[PICTURE_WHY];
    network net;
    shape.n = shape.threads = 1;
    if (network_create(&net, &shape) == NINETAP_OK) {
        const char *wrong = model_weights(m, &net, why);
        fuzz_require(wrong == NULL || *wrong != '\0');
    }
    network_free(&net);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
    static model m;
    char why[PICTURE_WHY];
    buffer b = buffer_new(size, AT_END, 0);
    if (size > 0)
        memcpy(b.data, input, size);
    buffer_read_only(&b);
    memset(&m, 0, sizeof m);
    m.f = (file){b.data, size};
    const char *wrong = model_decode(&m, why);
    if (wrong == NULL)
        read_weights(&m);
    else
        fuzz_require(*wrong != '\0' && (wrong != why || memchr(why, '\0', PICTURE_WHY) != NULL));
    safetensors_free(&m.tensors);
    buffer_free(&b);
    return 0;
}
