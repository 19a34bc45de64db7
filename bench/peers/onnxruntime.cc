// ONNX Runtime: NCHW. The library is opened at run time, NINETAP_ORT_LIBRARY says where it is.
//
// A session compiles the model. At the highest optimisation level it fuses Conv with Relu and may
// keep tensors blocked by channels inside, reorders from and to NCHW counted. A session of n
// threads has n - 1 of its own, which spin for a moment after their work. Inputs and outputs bound
// beforehand are used in place. Between the layers of a network it has its own arena.
#include <cstdlib>
#include <dlfcn.h>

#include "peers/adapter.h"
#include "peers/onnx_model.h"
#include "peers/onnxruntime_api.h"

namespace {

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
        const auto value = [&memory](float *data, size_t count, const int64_t(&sizes)[4]) {
            return Value(ort::create_tensor_with_data, memory.get(), data, count * sizeof(float),
                         sizes, 4, ort::FLOAT);
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

    bool run(size_t set) const {
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

extern "C" const peer peer_onnxruntime =
    Adapter<Instance>::make("onnxruntime", PEER_POOLED | PEER_NETWORK);
