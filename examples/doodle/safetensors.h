/* Safetensors files (github.com/huggingface/safetensors): the length of a header in eight bytes,
 * the header, which says in JSON where each tensor is, and the tensors, the least significant byte
 * first. */
#ifndef SAFETENSORS_H
#define SAFETENSORS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "picture.h"
#include "tensor.h"

typedef struct safetensors {
    json_t *header;
    const unsigned char *data; /* in the file */
    size_t size;
} safetensors;

/* Checks all of the file, which must stay while *s is used. Returns NULL, or what is wrong with it,
 * which `why` may hold. *s is to be freed in any case. */
const char *safetensors_decode(safetensors *s, const file *f, char why[PICTURE_WHY]);
void safetensors_free(safetensors *s);

/* The sizes of a tensor of floats; -1: there is none of this name, or of more than 4 dimensions. */
int safetensors_shape(const safetensors *s, const char *name, int64_t size[4]);

/* Fills t->values, if there is a tensor of floats with that name and shape. Else as above. */
const char *safetensors_read(const safetensors *s, const tensor *t, char why[PICTURE_WHY]);

/* What the file says of itself; NULL: nothing under this key. */
const char *safetensors_text(const safetensors *s, const char *key);

/* texts: an object of strings, which stays the caller's. Returns NULL, or what is wrong. */
const char *safetensors_write(FILE *stream, json_t *texts, const tensor *tensors, int count);

#endif
