/* An ONNX model is a message of Protocol Buffers: fields, each a number with how it is coded, then
 * a varint, or a length and so many bytes. Field numbers are those of onnx.proto. */
#include "onnx.h"

#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "output.h"
#include "program.h"

/* ---- Fields ------------------------------------------------------------------------------- */

static void put_varint(bytes *b, uint64_t value) {
    for (; value >= 128; value >>= 7)
        bytes_put_big(b, (value & 127) | 128, 1);
    bytes_put_big(b, value, 1);
}

static void put_integer(bytes *b, unsigned field, int64_t value) {
    put_varint(b, field << 3);
    put_varint(b, (uint64_t)value);
}

static void put_bytes(bytes *b, unsigned field, const void *from, size_t count) {
    put_varint(b, field << 3 | 2);
    put_varint(b, count);
    bytes_put(b, from, count);
}

static void put_text(bytes *b, unsigned field, const char *text) {
    put_bytes(b, field, text, strlen(text));
}

/* And ends it. */
static void put_message(bytes *b, unsigned field, bytes *message) {
    put_bytes(b, field, message->at, message->size);
    b->lost |= message->lost;
    bytes_free(message);
}

/* ---- Nodes -------------------------------------------------------------------------------- */

enum { ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7 };

static void put_attribute(bytes *node, const char *name, const int64_t *values, int count) {
    bytes attribute = {0};
    put_text(&attribute, 1, name);
    for (int i = 0; i < count; i++)
        put_integer(&attribute, count == 1 ? 3 : 8, values[i]);
    put_integer(&attribute, 20, count == 1 ? ATTRIBUTE_INT : ATTRIBUTE_INTS);
    put_message(node, 5, &attribute);
}

/* A node of one to three inputs, named after what it gives. */
static bytes begin_node(const char *type, const char *gives, const char *const inputs[3]) {
    bytes node = {0};
    for (int i = 0; i < 3 && inputs[i]; i++)
        put_text(&node, 1, inputs[i]);
    put_text(&node, 2, gives);
    put_text(&node, 3, gives);
    put_text(&node, 4, type);
    return node;
}

static void put_node(bytes *graph, const char *type, const char *gives, const char *input) {
    bytes node = begin_node(type, gives, (const char *const[3]){input});
    if (strcmp(type, "MaxPool") == 0) {
        put_attribute(&node, "kernel_shape", (const int64_t[]){2, 2}, 2);
        put_attribute(&node, "strides", (const int64_t[]){2, 2}, 2);
    } else if (strcmp(type, "Relu") != 0) {
        put_attribute(&node, "axis", (const int64_t[]){1}, 1);
    }
    put_message(graph, 1, &node);
}

static void put_nodes(bytes *graph, const tensor t[TENSORS]) {
    bytes node = begin_node("Conv", "conv1", (const char *const[]){"image", t[0].name, t[1].name});
    put_attribute(&node, "pads", (const int64_t[]){1, 1, 1, 1}, 4);
    put_message(graph, 1, &node);
    put_node(graph, "Relu", "relu1", "conv1");
    put_node(graph, "MaxPool", "pool1", "relu1");
    node = begin_node("Conv", "conv2", (const char *const[]){"pool1", t[2].name, t[3].name});
    put_attribute(&node, "pads", (const int64_t[]){1, 1, 1, 1}, 4);
    put_message(graph, 1, &node);
    put_node(graph, "Relu", "relu2", "conv2");
    put_node(graph, "MaxPool", "pool2", "relu2");
    put_node(graph, "Flatten", "features", "pool2");
    node = begin_node("Gemm", "score", (const char *const[]){"features", t[4].name, t[5].name});
    put_attribute(&node, "transB", (const int64_t[]){1}, 1);
    put_message(graph, 1, &node);
    put_node(graph, "Softmax", "probability", "score");
}

/* ---- Tensors ------------------------------------------------------------------------------ */

enum { FLOAT = 1 };

static void put_tensor(bytes *graph, const tensor *t) {
    bytes message = {0}, values = {0};
    for (int i = 0; i < t->dimensions; i++)
        put_integer(&message, 1, t->size[i]);
    put_integer(&message, 2, FLOAT);
    put_text(&message, 8, t->name);
    for (int64_t i = 0; i < t->count; i++) {
        uint32_t bits;
        memcpy(&bits, &t->values[i], sizeof bits);
        for (int k = 0; k < 4; k++, bits >>= 8)
            bytes_put_big(&values, bits & 255, 1);
    }
    put_message(&message, 9, &values);
    put_message(graph, 5, &message);
}

/* sizes: the first is any number of images. */
static void put_value(bytes *graph, unsigned field, const char *name, const int64_t *sizes,
                      int count) {
    bytes value = {0}, type = {0}, of_tensor = {0}, shape = {0};
    for (int i = 0; i < count; i++) {
        bytes dimension = {0};
        if (i == 0)
            put_text(&dimension, 2, "N");
        else
            put_integer(&dimension, 1, sizes[i]);
        put_message(&shape, 1, &dimension);
    }
    put_integer(&of_tensor, 1, FLOAT);
    put_message(&of_tensor, 2, &shape);
    put_message(&type, 1, &of_tensor);
    put_text(&value, 1, name);
    put_message(&value, 2, &type);
    put_message(graph, field, &value);
}

/* ---- The whole ---------------------------------------------------------------------------- */

static void put_classes(bytes *model, const classes *c) {
    bytes entry = {0}, names = {0};
    for (int i = 0; i < c->count; i++) {
        bytes_put(&names, ",", i > 0);
        bytes_put(&names, c->name[i], strlen(c->name[i]));
    }
    put_text(&entry, 1, "classes");
    put_message(&entry, 2, &names);
    put_message(model, 14, &entry);
}

static bytes encode(const network *net, const classes *c) {
    bytes model = {0}, graph = {0}, operators = {0};
    put_nodes(&graph, net->tensor);
    put_text(&graph, 2, "doodle");
    for (int i = 0; i < TENSORS; i++)
        put_tensor(&graph, &net->tensor[i]);
    put_value(&graph, 11, "image", (const int64_t[]){0, 1, DIGIT_SIDE, DIGIT_SIDE}, 4);
    put_value(&graph, 12, "probability", (const int64_t[]){0, net->shape.classes}, 2);
    put_integer(&model, 1, 8); /* the version of the format, and that of its operators */
    put_text(&model, 2, "ninetap doodle");
    put_message(&model, 7, &graph);
    put_text(&operators, 1, "");
    put_integer(&operators, 2, 13);
    put_message(&model, 8, &operators);
    put_classes(&model, c);
    return model;
}

bool onnx_write(const char *path, const network *net, const classes *c) {
    output o;
    bytes model = encode(net, c);
    const char *wrong = model.lost ? "not enough memory for the model" : NULL;
    bool done = output_open(&o, path);
    if (done) {
        errno = 0;
        if (!wrong)
            fwrite(model.at, 1, model.size, o.stream);
        done = output_close(&o, wrong);
    }
    bytes_free(&model);
    return done;
}
