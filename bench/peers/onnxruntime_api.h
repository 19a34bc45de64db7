/* As much of ONNX Runtime's C interface as the adapter calls. The library hands out one table of
 * function pointers, to which every release only appends, so an entry's index is its identity. The
 * indices here are of interface version 5 (release 1.5, 2020) or earlier. */
#ifndef NINETAP_BENCH_PEERS_ONNXRUNTIME_API_H
#define NINETAP_BENCH_PEERS_ONNXRUNTIME_API_H

#include <stddef.h>
#include <stdint.h>

enum {
    ORT_API_VERSION = 5,
    ORT_LOGGING_FATAL = 4,
    ORT_OPTIMIZE_ALL = 99,
    ORT_ALLOCATOR_DEVICE = 0, /* plain memory, not from an arena */
    ORT_MEMORY_DEFAULT = 0,
    ORT_FLOAT = 1
};

typedef struct ort_status ort_status; /* of a failure; NULL: success */
typedef struct ort_env ort_env;
typedef struct ort_session ort_session;
typedef struct ort_session_options ort_session_options;
typedef struct ort_run_options ort_run_options;
typedef struct ort_memory_info ort_memory_info;
typedef struct ort_value ort_value;
typedef struct ort_io_binding ort_io_binding;
typedef void ort_other(void);

typedef struct ort_api {
    ort_other *other_0[2];
    const char *(*get_error_message)(const ort_status *status);
    ort_status *(*create_env)(int logging, const char *id, ort_env **env);
    ort_other *other_4[2];
    ort_status *(*disable_telemetry_events)(const ort_env *env);
    ort_other *other_7[1];
    ort_status *(*create_session_from_array)(const ort_env *env, const void *model, size_t size,
                                             const ort_session_options *options,
                                             ort_session **session);
    ort_other *other_9[1];
    ort_status *(*create_session_options)(ort_session_options **options);
    ort_other *other_11[12];
    ort_status *(*set_graph_optimization_level)(ort_session_options *options, int level);
    ort_status *(*set_intra_op_num_threads)(ort_session_options *options, int threads);
    ort_other *other_25[24];
    ort_status *(*create_tensor_with_data)(const ort_memory_info *info, void *data, size_t bytes,
                                           const int64_t *sizes, size_t dimensions, int type,
                                           ort_value **value);
    ort_other *other_50[19];
    ort_status *(*create_cpu_memory_info)(int allocator, int memory, ort_memory_info **info);
    ort_other *other_70[23];
    void (*release_status)(ort_status *status);
    void (*release_memory_info)(ort_memory_info *info);
    void (*release_session)(ort_session *session);
    void (*release_value)(ort_value *value);
    ort_other *other_97[3];
    void (*release_session_options)(ort_session_options *options);
    ort_other *other_101[29];
    ort_status *(*add_session_config_entry)(ort_session_options *options, const char *key,
                                            const char *value);
    ort_other *other_131[2];
    ort_status *(*run_with_binding)(ort_session *session, const ort_run_options *options,
                                    const ort_io_binding *binding);
    ort_status *(*create_io_binding)(ort_session *session, ort_io_binding **binding);
    void (*release_io_binding)(ort_io_binding *binding);
    ort_status *(*bind_input)(ort_io_binding *binding, const char *name, const ort_value *value);
    ort_status *(*bind_output)(ort_io_binding *binding, const char *name, const ort_value *value);
} ort_api;

#define ORT_INDEX(entry, index) \
    static_assert(offsetof(ort_api, entry) == (index) * sizeof(ort_other *), #entry)
ORT_INDEX(get_error_message, 2);
ORT_INDEX(create_env, 3);
ORT_INDEX(disable_telemetry_events, 6);
ORT_INDEX(create_session_from_array, 8);
ORT_INDEX(create_session_options, 10);
ORT_INDEX(set_graph_optimization_level, 23);
ORT_INDEX(set_intra_op_num_threads, 24);
ORT_INDEX(create_tensor_with_data, 49);
ORT_INDEX(create_cpu_memory_info, 69);
ORT_INDEX(release_status, 93);
ORT_INDEX(release_session_options, 100);
ORT_INDEX(add_session_config_entry, 130);
ORT_INDEX(run_with_binding, 133);
ORT_INDEX(bind_output, 137);
#undef ORT_INDEX

typedef struct ort_api_base {
    const ort_api *(*get_api)(uint32_t version); /* NULL: older than that */
    const char *(*get_version_string)(void);
} ort_api_base;

/* The one symbol of the library: OrtGetApiBase. */
typedef const ort_api_base *ort_get_api_base(void);

#endif
