// ONNX Runtime: NCHW. The library is opened at run time, NINETAP_ORT_LIBRARY says where it is: it
// comes without a C header in the npm package onnxruntime-node.
//
// A session compiles the model. At the highest optimisation level it fuses Conv with Relu and may
// keep tensors blocked by channels inside, reorders from and to NCHW counted. A session of n
// threads has n - 1 of its own, which spin for a moment after their work. Inputs and outputs bound
// beforehand are used in place. Between the layers of a network it has its own arena.
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "peers/adapter.h"
#include "peers/onnx_model.h"

extern "C" {
#include "peers/onnxruntime_api.h"
}

namespace {

template <class Thing> using Owned = std::unique_ptr<Thing, void (*)(Thing *)>;

// Of the process: opened once, never closed, since threads of it may live on.
struct Library {
    const ort_api *api = nullptr;
    ort_env *env = nullptr;
    std::string version;

    Library();
    void check(ort_status *status) const {
        if (status != nullptr) {
            const std::string text = api->get_error_message(status);
            api->release_status(status);
            throw std::runtime_error(text);
        }
    }
};

Library::Library() {
    const char *path = std::getenv("NINETAP_ORT_LIBRARY");
    void *handle =
        dlopen(path != nullptr && *path != '\0' ? path : ORT_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    void *symbol = handle != nullptr ? dlsym(handle, "OrtGetApiBase") : nullptr;
    if (symbol == nullptr) {
        const char *error = dlerror();
        throw std::runtime_error(error != nullptr ? error : "not found");
    }
    const ort_api_base *base = reinterpret_cast<ort_get_api_base *>(symbol)();
    version = base->get_version_string();
    api = base->get_api(ORT_API_VERSION);
    if (api == nullptr) {
        throw std::runtime_error("ONNX Runtime " + version + " is too old");
    }
    check(api->create_env(ORT_LOGGING_FATAL, "ninetap-bench", &env));
    check(api->disable_telemetry_events(env));
}

const Library &library() {
    static const Library opened;
    return opened;
}

// What `make` gives out through its last argument, a pointer to a pointer.
template <class Thing, class Make> Owned<Thing> own(void (*release)(Thing *), Make make) {
    Thing *made = nullptr;
    library().check(make(&made));
    return Owned<Thing>(made, release);
}

class Instance {
  public:
    Instance(const problem &p, int threads)
        : data_(p, NINETAP_NCHW), session_(make_session(p, threads)) {
        const ort_api *api = library().api;
        const auto memory =
            own<ort_memory_info>(api->release_memory_info, [api](ort_memory_info **made) {
                return api->create_cpu_memory_info(ORT_ALLOCATOR_DEVICE, ORT_MEMORY_DEFAULT, made);
            });
        const auto &s = p.shape;
        const int64_t src[] = {s.n, s.c, s.h, s.w}, dst[] = {s.n, s.oc, p.oh, p.ow};
        for (size_t i = 0; i < p.sets; i++) {
            values_.push_back(value(memory.get(), data_.src(i), p.src_count, src));
            values_.push_back(value(memory.get(), data_.dst(i), p.dst_count, dst));
            bindings_.push_back(
                own<ort_io_binding>(api->release_io_binding, [&](ort_io_binding **made) {
                    return api->create_io_binding(session_.get(), made);
                }));
            ort_io_binding *binding = bindings_.back().get();
            library().check(api->bind_input(binding, "x", values_[2 * i].get()));
            library().check(api->bind_output(binding, "y", values_[2 * i + 1].get()));
        }
        run(0);
    }

    bool run(size_t set) const {
        library().check(
            library().api->run_with_binding(session_.get(), nullptr, bindings_[set].get()));
        return true;
    }
    bool fetch() const {
        data_.fetch();
        return true;
    }
    static const char *kernel() {
        return "nchw";
    }

  private:
    static Owned<ort_session> make_session(const problem &p, int threads) {
        const ort_api *api = library().api;
        const auto options =
            own<ort_session_options>(api->release_session_options, api->create_session_options);
        const auto check = [](ort_status *status) { library().check(status); };
        check(api->set_graph_optimization_level(options.get(), ORT_OPTIMIZE_ALL));
        check(api->set_intra_op_num_threads(options.get(), threads));
        check(api->add_session_config_entry(options.get(), "session.intra_op.allow_spinning", "1"));
        const std::string model = onnx_model(p);
        return own<ort_session>(api->release_session, [&](ort_session **made) {
            return api->create_session_from_array(library().env, model.data(), model.size(),
                                                  options.get(), made);
        });
    }

    static Owned<ort_value> value(const ort_memory_info *memory, float *data, size_t count,
                                  const int64_t (&sizes)[4]) {
        const ort_api *api = library().api;
        return own<ort_value>(api->release_value, [&](ort_value **made) {
            return api->create_tensor_with_data(memory, data, count * sizeof(float), sizes, 4,
                                                ORT_FLOAT, made);
        });
    }

    Tensors data_;
    Owned<ort_session> session_;
    std::vector<Owned<ort_value>> values_; // of each set, src and dst
    std::vector<Owned<ort_io_binding>> bindings_;
};

void version(char *text, size_t size) {
    try {
        snprintf(text, size, "ONNX Runtime %s", library().version.c_str());
    } catch (const std::exception &e) {
        snprintf(text, size, "ONNX Runtime: %s", e.what());
    }
}

void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    if (!own && p->layout != NINETAP_NCHW) {
        snprintf(why, size, "ONNX Runtime's layout is nchw");
        return nullptr;
    }
    return Adapter<Instance>::create(why, size, *p, threads);
}

} // namespace

extern "C" const peer peer_onnxruntime =
    Adapter<Instance>::make("onnxruntime", version, create, PEER_POOLED | PEER_NETWORK);
