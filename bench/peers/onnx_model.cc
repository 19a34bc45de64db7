// A model is a tree of protobuf messages. A message is a row of fields; a field is its number and
// wire type (0: a varint, 2: a length and as many bytes), then its value. The field numbers are
// those of onnx.proto.
#include "peers/onnx_model.h"

#include <initializer_list>
#include <stdexcept>
#include <vector>

#include "cases/shape.h"

namespace {

using Bytes = std::string;
using Sizes = std::vector<int64_t>;

Bytes varint(uint64_t value) {
    Bytes made;
    for (; value > 127; value >>= 7) {
        made += static_cast<char>((value & 127) | 128);
    }
    return made + static_cast<char>(value);
}

Bytes number(unsigned field, int64_t value) {
    return varint(field << 3) + varint(static_cast<uint64_t>(value));
}

// A text, bytes, or a message.
Bytes bytes(unsigned field, const Bytes &value) {
    return varint(field << 3 | 2) + varint(value.size()) + value;
}

Bytes numbers(unsigned field, const Sizes &values) {
    Bytes made;
    for (const int64_t value : values) {
        made += number(field, value);
    }
    return made;
}

enum { NODE_ATTRIBUTE = 5, ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7, ELEMENT_FLOAT = 1 };

Bytes attribute(const char *name, int64_t value) {
    return bytes(NODE_ATTRIBUTE, bytes(1, name) + number(3, value) + number(20, ATTRIBUTE_INT));
}

Bytes attribute(const char *name, const Sizes &values) {
    return bytes(NODE_ATTRIBUTE, bytes(1, name) + numbers(8, values) + number(20, ATTRIBUTE_INTS));
}

Bytes node(const char *operation, std::initializer_list<Bytes> inputs, const Bytes &output,
           const Bytes &attributes) {
    Bytes made;
    for (const Bytes &input : inputs) {
        made += bytes(1, input);
    }
    return bytes(1, made + bytes(2, output) + bytes(4, operation) + attributes);
}

Bytes window(const shape &s, int64_t size) {
    return attribute("kernel_shape", Sizes(2, size)) + attribute("strides", Sizes(2, s.stride)) +
           attribute("pads", Sizes(4, s.pad)) + attribute("dilations", Sizes(2, s.dilation));
}

Bytes constant(const Bytes &name, const Sizes &sizes, const float *values) {
    size_t count = 1;
    for (const int64_t size : sizes) {
        count *= static_cast<size_t>(size);
    }
    const Bytes data(reinterpret_cast<const char *>(values), count * sizeof *values);
    return bytes(5, numbers(1, sizes) + number(2, ELEMENT_FLOAT) + bytes(8, name) +
                        bytes(9, data)); // little-endian
}

// An input or output of the graph: name, { { element type, { { size }... } } }.
Bytes value(unsigned field, const char *name, const Sizes &sizes) {
    Bytes dimensions;
    for (const int64_t size : sizes) {
        dimensions += bytes(1, number(1, size));
    }
    const Bytes tensor = number(1, ELEMENT_FLOAT) + bytes(2, dimensions);
    return bytes(field, bytes(1, name) + bytes(2, bytes(1, tensor)));
}

Bytes pooling(const shape &s, const Bytes &from, const Bytes &to) {
    return node("MaxPool", {from}, to, window(s, 2));
}

Bytes convolution(const problem &p, const chain_layer &l, const Bytes &which, const Bytes &from,
                  const Bytes &to) {
    const shape &s = l.shape;
    const Bytes w = "w" + which, b = "b" + which, sum = "sum" + which;
    return node("Conv", {from, w, b}, sum, window(s, 3) + attribute("group", s.groups)) +
           node("Relu", {sum}, to, "") +
           constant(w, {s.oc, s.c / s.groups, 3, 3}, p.weights + l.weights) +
           constant(b, {s.oc}, p.bias + l.bias);
}

Bytes layer(const problem &p, const chain_layer &l, const Bytes &which, const Bytes &from,
            const Bytes &to) {
    if (l.shape.pooling) {
        return pooling(l.shape, from, to);
    }
    if (!l.shape.pooled) {
        return convolution(p, l, which, from, to);
    }
    shape behind = {}; // a pooled layer's second half
    behind.stride = 2;
    behind.dilation = 1;
    return convolution(p, l, which, from, "relu" + which) + pooling(behind, "relu" + which, to);
}

} // namespace

std::string onnx_model(const problem &p) {
    chain c;
    if (chain_make(&c, &p.shape) != NINETAP_OK) {
        throw std::runtime_error("no chain of layers");
    }
    Bytes graph, from = "x";
    for (size_t i = 0; i < c.count; i++) {
        const Bytes which = std::to_string(i), to = i + 1 < c.count ? "y" + which : "y";
        graph += layer(p, c.layers[i], which, from, to);
        from = to;
    }
    const shape &s = p.shape;
    graph += bytes(2, "problem") + value(11, "x", {s.n, s.c, s.h, s.w}) +
             value(12, "y", {s.n, s.oc, p.oh, p.ow});
    const Bytes operators = bytes(1, "") + number(2, 13);        // ONNX's own, of ONNX 1.8
    return number(1, 7) + bytes(8, operators) + bytes(7, graph); // its file format
}
