// ONNX Runtime: NCHW. The library is opened at run time, NINETAP_ORT_LIBRARY says where it is.
//
// A session compiles the model. At the highest optimisation level it fuses Conv with Relu and may
// keep tensors blocked by channels inside, reorders from and to NCHW counted. A session of n
// threads has n - 1 of its own, which spin for a moment after their work. Inputs and outputs bound
// beforehand are used in place. Between the layers of a network it has its own arena.
#include <cstdlib>
#include <dlfcn.h>

#include "peers/adapter.h"
#include "peers/onnxruntime_api.h"

namespace {

// ---- the problem as a model -------------------------------------------------------------------

// A model is a tree of protobuf messages. A message is a row of fields; a field is its number and
// wire type (0: a varint, 2: a length and as many bytes), then its value. The field numbers are
// those of onnx.proto.

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

enum { NODE_ATTRIBUTE = 5, ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7 };
enum { ELEMENT_FLOAT = 1, ELEMENT_U8 = 2, ELEMENT_S8 = 3, ELEMENT_S32 = 6 };

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

// Little-endian.
Bytes constant(const Bytes &name, const Sizes &sizes, const void *values, size_t size,
               int element = ELEMENT_FLOAT) {
    const Bytes data(static_cast<const char *>(values), size);
    return bytes(5, numbers(1, sizes) + number(2, element) + bytes(8, name) + bytes(9, data));
}
Bytes constant(const Bytes &name, const Sizes &sizes, const nt_operand &values,
               int element = ELEMENT_FLOAT) {
    return constant(name, sizes, values.data, nt_operand_bytes(&values), element);
}

// An input or output of the graph: name, { { element type, { { size }... } } }.
Bytes value(unsigned field, const char *name, const Sizes &sizes, bool int8) {
    Bytes dimensions;
    for (const int64_t size : sizes) {
        dimensions += bytes(1, number(1, size));
    }
    const Bytes tensor = number(1, int8 ? ELEMENT_U8 : ELEMENT_FLOAT) + bytes(2, dimensions);
    return bytes(field, bytes(1, name) + bytes(2, bytes(1, tensor)));
}

Bytes pooling(const shape &s, const Bytes &from, const Bytes &to) {
    return node("MaxPool", {from}, to, window(s, 2));
}

Bytes convolution(const layer &l, const Bytes &which, const Bytes &from, const Bytes &to) {
    const shape &s = l.shape;
    const Bytes w = "w" + which, b = "b" + which, sum = "sum" + which;
    return node("Conv", {from, w, b}, sum, window(s, 3) + attribute("group", s.groups)) +
           node("Relu", {sum}, to, "") +
           constant(w, {s.oc, s.c / s.groups, 3, 3}, l.operands[l.operation->weights]) +
           constant(b, {s.oc}, l.operands[l.operation->bias]);
}

// Of u8 by s8 to u8, whose saturation at 0 is ReLU.
Bytes quantized(const problem &p) {
    const shape &s = p.shape;
    const Quantized q(p);
    const Sizes one, each(q.quantization.weights_scales == 1 ? 0 : 1, s.oc);
    const std::vector<char> zeros(static_cast<size_t>(s.oc));
    const auto real = [&](const char *name, const float &x) {
        return constant(name, one, &x, sizeof x);
    };
    return node("QLinearConv", {"x", "xs", "z", "w", "ws", "wz", "ys", "z", "b"}, "y",
                window(s, 3) + attribute("group", s.groups)) +
           real("xs", q.quantization.src_scale) + real("ys", q.quantization.dst_scale) +
           constant("z", one, zeros.data(), 1, ELEMENT_U8) +
           constant("w", {s.oc, s.c / s.groups, 3, 3}, p.operands[CONV_WEIGHTS], ELEMENT_S8) +
           constant("ws", each, q.scale, sizeof(float) * q.factors.size()) +
           constant("wz", each, zeros.data(), q.factors.size(), ELEMENT_S8) +
           constant("b", {s.oc}, p.operands[CONV_BIAS], ELEMENT_S32);
}

Bytes nodes_of(const layer &l, const Bytes &which, const Bytes &from, const Bytes &to) {
    if (l.shape.pooling) {
        return pooling(l.shape, from, to);
    }
    if (!l.shape.pooled) {
        return convolution(l, which, from, to);
    }
    shape behind = {}; // a pooled layer's second half
    behind.stride = 2;
    behind.dilation = 1;
    return convolution(l, which, from, "relu" + which) + pooling(behind, "relu" + which, to);
}

// Of Conv and Relu, MaxPool, or a chain of them, from "x" to "y", NCHW.
Bytes onnx_model(const problem &p) {
    Bytes graph, from = "x";
    if (p.shape.int8) {
        graph = quantized(p);
    }
    for (size_t i = 0; i < p.layers.size() && !p.shape.int8; i++) {
        const Bytes which = std::to_string(i), to = i + 1 < p.layers.size() ? "y" + which : "y";
        graph += nodes_of(p.layers[i], which, from, to);
        from = to;
    }
    const shape &s = p.shape;
    graph += bytes(2, "problem") + value(11, "x", {s.n, s.c, s.h, s.w}, s.int8) +
             value(12, "y", {s.n, s.oc, p.oh, p.ow}, s.int8);
    const Bytes operators = bytes(1, "") + number(2, 13);        // ONNX's own, of ONNX 1.8
    return number(1, 7) + bytes(8, operators) + bytes(7, graph); // its file format
}

// ---- the library ------------------------------------------------------------------------------

void check(ort::Status status) {
    if (status != nullptr) {
        const std::string text = ort::get_error_message(status);
        ort::release_status(status);
        throw std::runtime_error(text);
    }
}

// Of the process: opened once, never closed, since threads of it may live on.
struct Library {
    ort::Env *env = nullptr;
    std::string version;

    Library() {
        const char *path = std::getenv("NINETAP_ORT_LIBRARY");
        void *handle =
            dlopen(path != nullptr && *path != '\0' ? path : ORT_LIBRARY, RTLD_NOW | RTLD_LOCAL);
        void *symbol = handle != nullptr ? dlsym(handle, "OrtGetApiBase") : nullptr;
        if (symbol == nullptr) {
            const char *error = dlerror();
            throw std::runtime_error(std::string("ONNX Runtime: ") +
                                     (error != nullptr ? error : "not found"));
        }
        const ort::Base *base = reinterpret_cast<ort::GetApiBase *>(symbol)();
        version = std::string("ONNX Runtime ") + base->get_version_string();
        ort::table = base->get_api(ort::API_VERSION);
        if (ort::table == nullptr) {
            throw std::runtime_error(version + " is too old");
        }
        check(ort::create_env(ort::LOGGING_FATAL, "ninetap-bench", &env));
        check(ort::disable_telemetry_events(env));
    }
};

const Library &library() {
    static const Library opened;
    return opened;
}

// What its functions make, through a pointer as the last argument.
template <class Thing, const auto &release> struct Owned {
    template <class Create, class... Arguments>
    explicit Owned(const Create &create, Arguments... arguments) {
        Thing *made = nullptr;
        check(create(arguments..., &made));
        thing.reset(made, [](Thing *one) { release(one); });
    }
    Thing *get() const {
        return thing.get();
    }
    std::shared_ptr<Thing> thing;
};
using Options = Owned<ort::Options, ort::release_session_options>;
using Session = Owned<ort::Session, ort::release_session>;
using Memory = Owned<ort::Memory, ort::release_memory_info>;
using Value = Owned<ort::Value, ort::release_value>;
using Binding = Owned<ort::Binding, ort::release_io_binding>;

Session make_session(const problem &p, int threads) {
    const ort::Env *env = library().env;
    const Options options(ort::create_session_options);
    check(ort::set_graph_optimization_level(options.get(), ort::OPTIMIZE_ALL));
    check(ort::set_intra_op_num_threads(options.get(), threads));
    check(ort::add_session_config_entry(options.get(), "session.intra_op.allow_spinning", "1"));
    const std::string model = onnx_model(p);
    return Session(ort::create_session_from_array, env, model.data(), model.size(), options.get());
}

class Instance : public OneLayout {
  public:
    Instance(const problem &p, bool own, int threads)
        : OneLayout(p, own, NINETAP_NCHW), session_(make_session(p, threads)) {
        const Memory memory(ort::create_cpu_memory_info, ort::ALLOCATOR_DEVICE,
                            ort::MEMORY_DEFAULT);
        const bool int8 = p.shape.int8;
        const auto value = [&memory, int8](float *data, size_t count, const int64_t(&sizes)[4]) {
            return Value(ort::create_tensor_with_data, memory.get(), data, count * sizeof(float),
                         sizes, 4, int8 ? ort::UINT8 : ort::FLOAT);
        };
        const auto &s = p.shape;
        const int64_t from[] = {s.n, s.c, s.h, s.w}, to[] = {s.n, s.oc, p.oh, p.ow};
        for (size_t i = 0; i < p.sets; i++) {
            values_.push_back(value(src(i), p.src_count, from));
            values_.push_back(value(dst(i), p.dst_count, to));
            bindings_.emplace_back(ort::create_io_binding, session_.get());
            check(ort::bind_input(bindings_[i].get(), "x", values_[2 * i].get()));
            check(ort::bind_output(bindings_[i].get(), "y", values_[2 * i + 1].get()));
        }
        run(0);
    }

    bool run(size_t set) final {
        check(ort::run_with_binding(session_.get(), nullptr, bindings_[set].get()));
        return true;
    }

    static std::string version() {
        return library().version;
    }

  private:
    Session session_;
    std::vector<Value> values_; // of each set, src and dst
    std::vector<Binding> bindings_;
};

} // namespace

extern const peer peer_onnxruntime =
    make_peer<Instance>("onnxruntime", PEER_POOLED | PEER_NETWORK | PEER_INT8);
