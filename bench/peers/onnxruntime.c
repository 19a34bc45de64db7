/* ONNX Runtime: NCHW. The library is opened at run time, NINETAP_ORT_LIBRARY says where it is: it
 * comes without a C header in the npm package onnxruntime-node.
 *
 * A session compiles the model. At the highest optimisation level it fuses Conv with Relu and may
 * keep tensors blocked by channels inside, reorders from and to NCHW counted. A session of n
 * threads has n - 1 of its own, which spin for a moment after their work. Inputs and outputs bound
 * beforehand are used in place. Between the layers of a network it has its own arena. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peers/peer.h"
#include "peers/onnx_model.h"
#include "peers/onnxruntime_api.h"
#include "peers/tensors.h"

/* Of the process: opened once, never closed, since threads of it may live on. */
static struct {
    const ort_api *api;
    ort_env *env;
    char version[32];
    char error[160];
} library;

typedef struct bound_set {
    ort_value *src, *dst;
    ort_io_binding *binding;
} bound_set;

typedef struct instance {
    tensors data;
    ort_session *session;
    ort_memory_info *memory;
    bound_set *sets; /* of the problem's */
} instance;

static bool good(ort_status *status, char *why, size_t size) {
    if (status == NULL) {
        return true;
    }
    snprintf(why, size, "%s", library.api->get_error_message(status));
    library.api->release_status(status);
    return false;
}

static const ort_api_base *find_library(void) {
    const char *path = getenv("NINETAP_ORT_LIBRARY");
    void *handle =
        dlopen(path != NULL && *path != '\0' ? path : ORT_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    void *symbol = handle != NULL ? dlsym(handle, "OrtGetApiBase") : NULL;
    if (symbol == NULL) {
        const char *error = dlerror();
        snprintf(library.error, sizeof library.error, "%s", error != NULL ? error : "not found");
        return NULL;
    }
    ort_get_api_base *get_api_base; /* ISO C has no cast from data to function, POSIX needs one */
    memcpy(&get_api_base, &symbol, sizeof get_api_base);
    return get_api_base();
}

static bool open_library(void) {
    if (library.api != NULL || library.error[0] != '\0') {
        return library.error[0] == '\0';
    }
    const ort_api_base *base = find_library();
    if (base == NULL) {
        return false;
    }
    snprintf(library.version, sizeof library.version, "%s", base->get_version_string());
    library.api = base->get_api(ORT_API_VERSION);
    if (library.api == NULL) {
        snprintf(library.error, sizeof library.error, "ONNX Runtime %s is too old",
                 library.version);
        return false;
    }
    const ort_api *api = library.api;
    return good(api->create_env(ORT_LOGGING_FATAL, "ninetap-bench", &library.env), library.error,
                sizeof library.error) &&
           good(api->disable_telemetry_events(library.env), library.error, sizeof library.error);
}

static void version(char *text, size_t size) {
    if (open_library()) {
        snprintf(text, size, "ONNX Runtime %s", library.version);
    } else {
        snprintf(text, size, "ONNX Runtime: %s", library.error);
    }
}

static bool create_session(instance *x, int threads, char *why, size_t size) {
    const ort_api *api = library.api;
    ort_session_options *options = NULL;
    onnx_model model = onnx_model_make(x->data.problem);
    if (model.bytes == NULL) {
        snprintf(why, size, "no memory");
        return false;
    }
    bool made = good(api->create_session_options(&options), why, size) &&
                good(api->set_graph_optimization_level(options, ORT_OPTIMIZE_ALL), why, size) &&
                good(api->set_intra_op_num_threads(options, threads), why, size) &&
                good(api->add_session_config_entry(options, "session.intra_op.allow_spinning", "1"),
                     why, size) &&
                good(api->create_session_from_array(library.env, model.bytes, model.size, options,
                                                    &x->session),
                     why, size);
    if (options != NULL) {
        api->release_session_options(options);
    }
    free(model.bytes);
    return made;
}

static bool bind(instance *x, size_t set, char *why, size_t size) {
    const ort_api *api = library.api;
    const problem *p = x->data.problem;
    const shape *s = &p->shape;
    const int64_t src[] = {s->n, s->c, s->h, s->w}, dst[] = {s->n, s->oc, p->oh, p->ow};
    bound_set *b = &x->sets[set];
    return good(api->create_tensor_with_data(x->memory, x->data.src[set],
                                             p->src_count * sizeof(float), src, 4, ORT_FLOAT,
                                             &b->src),
                why, size) &&
           good(api->create_tensor_with_data(x->memory, x->data.dst[set],
                                             p->dst_count * sizeof(float), dst, 4, ORT_FLOAT,
                                             &b->dst),
                why, size) &&
           good(api->create_io_binding(x->session, &b->binding), why, size) &&
           good(api->bind_input(b->binding, "x", b->src), why, size) &&
           good(api->bind_output(b->binding, "y", b->dst), why, size);
}

static bool prepare(instance *x, const problem *p, int threads, char *why, size_t size) {
    const ort_api *api = library.api;
    x->sets = calloc(p->sets, sizeof *x->sets);
    if (!tensors_make(&x->data, p, NINETAP_NCHW) || x->sets == NULL) {
        snprintf(why, size, "no memory");
        return false;
    }
    bool ready =
        create_session(x, threads, why, size) &&
        good(api->create_cpu_memory_info(ORT_ALLOCATOR_DEVICE, ORT_MEMORY_DEFAULT, &x->memory), why,
             size);
    for (size_t i = 0; ready && i < p->sets; i++) {
        ready = bind(x, i, why, size);
    }
    return ready && good(api->run_with_binding(x->session, NULL, x->sets[0].binding), why, size);
}

static void release(const bound_set *b) {
    const ort_api *api = library.api;
    if (b->binding != NULL) {
        api->release_io_binding(b->binding);
    }
    if (b->src != NULL) {
        api->release_value(b->src);
    }
    if (b->dst != NULL) {
        api->release_value(b->dst);
    }
}

static void destroy(void *user) {
    instance *x = user;
    const ort_api *api = library.api;
    for (size_t i = 0; x->sets != NULL && i < x->data.problem->sets; i++) {
        release(&x->sets[i]);
    }
    if (x->memory != NULL) {
        api->release_memory_info(x->memory);
    }
    if (x->session != NULL) {
        api->release_session(x->session);
    }
    free(x->sets);
    tensors_free(&x->data);
    free(x);
}

static void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    if (!own && p->layout != NINETAP_NCHW) {
        snprintf(why, size, "ONNX Runtime's layout is nchw");
        return NULL;
    }
    if (!open_library()) {
        snprintf(why, size, "%s", library.error);
        return NULL;
    }
    instance *x = calloc(1, sizeof *x);
    if (x == NULL) {
        snprintf(why, size, "no memory");
        return NULL;
    }
    x->data.problem = p;
    if (prepare(x, p, threads, why, size)) {
        return x;
    }
    destroy(x);
    return NULL;
}

static bool run(void *user, size_t set) {
    const instance *x = user;
    ort_status *status = library.api->run_with_binding(x->session, NULL, x->sets[set].binding);
    if (status != NULL) {
        library.api->release_status(status);
    }
    return status == NULL;
}

static bool fetch(void *user) {
    const instance *x = user;
    tensors_fetch(&x->data);
    return true;
}

static const char *kernel(const void *user) {
    (void)user;
    return "nchw";
}

const peer peer_onnxruntime = {.name = "onnxruntime",
                               .version = version,
                               .create = create,
                               .run = run,
                               .fetch = fetch,
                               .kernel = kernel,
                               .destroy = destroy,
                               .also = PEER_POOLED | PEER_NETWORK};
