/* A model is a tree of protobuf messages. A message is a row of fields; a field is its number and
 * wire type (0: a varint, 2: a length and as many bytes), then its value. The field numbers are
 * those of onnx.proto. */
#include "peers/onnx_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/chain.h"

typedef struct message {
    unsigned char *bytes;
    size_t size, room;
    bool failed;
} message;

static bool make_room(message *m, size_t size) {
    if (m->room - m->size >= size) {
        return !m->failed;
    }
    size_t room = 2 * (m->size + size);
    unsigned char *bigger = realloc(m->bytes, room);
    if (bigger == NULL) {
        m->failed = true;
        return false;
    }
    m->bytes = bigger;
    m->room = room;
    return !m->failed;
}

static void put(message *m, const void *bytes, size_t size) {
    if (make_room(m, size)) {
        memcpy(m->bytes + m->size, bytes, size);
        m->size += size;
    }
}

static void put_varint(message *m, uint64_t value) {
    do {
        unsigned char byte = (unsigned char)((value & 127) | (value > 127 ? 128 : 0));
        put(m, &byte, 1);
        value >>= 7;
    } while (value != 0);
}

static void put_number(message *m, unsigned field, int64_t value) {
    put_varint(m, field << 3);
    put_varint(m, (uint64_t)value);
}

static void put_bytes(message *m, unsigned field, const void *bytes, size_t size) {
    put_varint(m, field << 3 | 2);
    put_varint(m, size);
    put(m, bytes, size);
}

static void put_text(message *m, unsigned field, const char *text) {
    put_bytes(m, field, text, strlen(text));
}

/* Frees `part`. */
static void put_message(message *m, unsigned field, message *part) {
    m->failed = m->failed || part->failed;
    if (!m->failed) {
        put_bytes(m, field, part->bytes, part->size);
    }
    free(part->bytes);
    *part = (message){0};
}

enum { NODE_ATTRIBUTE = 5, ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7, ELEMENT_FLOAT = 1 };

static void put_attribute(message *node, const char *name, int64_t value) {
    message a = {0};
    put_text(&a, 1, name);
    put_number(&a, 3, value);
    put_number(&a, 20, ATTRIBUTE_INT);
    put_message(node, NODE_ATTRIBUTE, &a);
}

/* A list, of `count` times the same. */
static void put_attributes(message *node, const char *name, int64_t value, int count) {
    message a = {0};
    put_text(&a, 1, name);
    for (int i = 0; i < count; i++) {
        put_number(&a, 8, value);
    }
    put_number(&a, 20, ATTRIBUTE_INTS);
    put_message(node, NODE_ATTRIBUTE, &a);
}

static message node(const char *operation, const char *const *inputs, const char *output) {
    message n = {0};
    for (; *inputs != NULL; inputs++) {
        put_text(&n, 1, *inputs);
    }
    put_text(&n, 2, output);
    put_text(&n, 4, operation);
    return n;
}

static void put_window(message *node, const shape *s, int size) {
    put_attributes(node, "kernel_shape", size, 2);
    put_attributes(node, "strides", s->stride, 2);
    put_attributes(node, "pads", s->pad, 4);
    put_attributes(node, "dilations", s->dilation, 2);
}

static void put_constant(message *graph, const char *name, const int64_t *sizes, int dimensions,
                         const float *values, size_t count) {
    message t = {0};
    for (int i = 0; i < dimensions; i++) {
        put_number(&t, 1, sizes[i]);
    }
    put_number(&t, 2, ELEMENT_FLOAT);
    put_text(&t, 8, name);
    put_bytes(&t, 9, values, count * sizeof *values); /* little-endian */
    put_message(graph, 5, &t);
}

/* An input or output of the graph: name, { { element type, { { size }... } } }. */
static void put_value(message *graph, unsigned field, const char *name, const int64_t sizes[4]) {
    message value = {0}, type = {0}, tensor = {0}, all = {0};
    for (int i = 0; i < 4; i++) {
        message dimension = {0};
        put_number(&dimension, 1, sizes[i]);
        put_message(&all, 1, &dimension);
    }
    put_number(&tensor, 1, ELEMENT_FLOAT);
    put_message(&tensor, 2, &all);
    put_message(&type, 1, &tensor);
    put_text(&value, 1, name);
    put_message(&value, 2, &type);
    put_message(graph, field, &value);
}

/* Names of values: "x" goes in, "y" comes out, in between they are numbered. */
typedef struct name {
    char text[24];
} name;

static name numbered(const char *what, size_t number) {
    name made;
    snprintf(made.text, sizeof made.text, "%s%zu", what, number);
    return made;
}

static void put_convolution(message *graph, const problem *p, const chain_layer *l, size_t number,
                            const char *from, const char *to) {
    const shape *s = &l->shape;
    const name w = numbered("w", number), b = numbered("b", number), sum = numbered("sum", number);
    message convolution = node("Conv", (const char *const[]){from, w.text, b.text, NULL}, sum.text);
    put_window(&convolution, s, 3);
    put_attribute(&convolution, "group", s->groups);
    put_message(graph, 1, &convolution);
    message relu = node("Relu", (const char *const[]){sum.text, NULL}, to);
    put_message(graph, 1, &relu);
    const int64_t sizes[] = {s->oc, s->c / s->groups, 3, 3};
    put_constant(graph, w.text, sizes, 4, p->weights + l->weights,
                 (size_t)(sizes[0] * sizes[1] * 9));
    put_constant(graph, b.text, sizes, 1, p->bias + l->bias, (size_t)s->oc);
}

static void put_pooling(message *graph, const shape *s, const char *from, const char *to) {
    message pooling = node("MaxPool", (const char *const[]){from, NULL}, to);
    put_window(&pooling, s, 2);
    put_message(graph, 1, &pooling);
}

static void put_layer(message *graph, const problem *p, const chain_layer *l, size_t number,
                      const char *from, const char *to) {
    const shape behind = {.stride = 2, .dilation = 1}; /* a pooled layer's second half */
    const name between = numbered("relu", number);
    if (l->shape.pooling) {
        put_pooling(graph, &l->shape, from, to);
        return;
    }
    put_convolution(graph, p, l, number, from, l->shape.pooled ? between.text : to);
    if (l->shape.pooled) {
        put_pooling(graph, &behind, between.text, to);
    }
}

static bool put_layers(message *graph, const problem *p) {
    chain c;
    if (chain_make(&c, &p->shape) != NINETAP_OK) {
        return false;
    }
    name from = {"x"};
    for (size_t i = 0; i < c.count; i++) {
        const name to = i + 1 < c.count ? numbered("y", i) : (name){"y"};
        put_layer(graph, p, &c.layers[i], i, from.text, to.text);
        from = to;
    }
    return true;
}

onnx_model onnx_model_make(const problem *p) {
    const shape *s = &p->shape;
    message model = {0}, graph = {0}, operators = {0};
    model.failed = !put_layers(&graph, p);
    put_text(&graph, 2, "problem");
    put_value(&graph, 11, "x", (const int64_t[]){s->n, s->c, s->h, s->w});
    put_value(&graph, 12, "y", (const int64_t[]){s->n, s->oc, p->oh, p->ow});
    put_text(&operators, 1, "");   /* ONNX's own */
    put_number(&operators, 2, 13); /* of ONNX 1.8 */
    put_number(&model, 1, 7);      /* its file format */
    put_message(&model, 8, &operators);
    put_message(&model, 7, &graph);
    if (model.failed) {
        free(model.bytes);
        model.bytes = NULL;
    }
    return (onnx_model){model.bytes, model.size};
}
