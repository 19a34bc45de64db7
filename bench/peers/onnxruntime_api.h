// As much of ONNX Runtime's C interface as the adapter calls: the npm package onnxruntime-node has
// no header. The library hands out one table of functions, to which every release only appends, so
// an entry's index is its identity. The indices here are of interface version 5 (release 1.5, 2020)
// or earlier.
#ifndef NINETAP_BENCH_PEERS_ONNXRUNTIME_API_H
#define NINETAP_BENCH_PEERS_ONNXRUNTIME_API_H

#include <cstddef>
#include <cstdint>

namespace ort {

enum {
    API_VERSION = 5,
    LOGGING_FATAL = 4,
    OPTIMIZE_ALL = 99,
    ALLOCATOR_DEVICE = 0, // plain memory, not from an arena
    MEMORY_DEFAULT = 0,
    UINT8 = 2,
    FLOAT = 1
};

struct Env;
struct Session;
struct Options;
struct Memory;
struct Value;
struct Binding;
struct RunOptions;
struct Failure;
using Status = Failure *; // nullptr: success

using Table = void (*const *)();
inline Table table = nullptr; // to be set before anything is called

template <int index, class Function> struct Entry;
template <int index, class Result, class... Arguments> struct Entry<index, Result(Arguments...)> {
    Result operator()(Arguments... arguments) const {
        return reinterpret_cast<Result (*)(Arguments...)>(table[index])(arguments...);
    }
};

constexpr Entry<2, const char *(const Failure *)> get_error_message{};
constexpr Entry<3, Status(int logging, const char *id, Env **)> create_env{};
constexpr Entry<6, Status(const Env *)> disable_telemetry_events{};
constexpr Entry<8, Status(const Env *, const void *model, size_t, const Options *, Session **)>
    create_session_from_array{};
constexpr Entry<10, Status(Options **)> create_session_options{};
constexpr Entry<23, Status(Options *, int level)> set_graph_optimization_level{};
constexpr Entry<24, Status(Options *, int threads)> set_intra_op_num_threads{};
constexpr Entry<49, Status(const Memory *, void *data, size_t bytes, const int64_t *sizes,
                           size_t dimensions, int type, Value **)>
    create_tensor_with_data{};
constexpr Entry<69, Status(int allocator, int memory, Memory **)> create_cpu_memory_info{};
constexpr Entry<93, void(Failure *)> release_status{};
constexpr Entry<94, void(Memory *)> release_memory_info{};
constexpr Entry<95, void(Session *)> release_session{};
constexpr Entry<96, void(Value *)> release_value{};
constexpr Entry<100, void(Options *)> release_session_options{};
constexpr Entry<130, Status(Options *, const char *key, const char *value)>
    add_session_config_entry{};
constexpr Entry<133, Status(Session *, const RunOptions *, const Binding *)> run_with_binding{};
constexpr Entry<134, Status(Session *, Binding **)> create_io_binding{};
constexpr Entry<135, void(Binding *)> release_io_binding{};
constexpr Entry<136, Status(Binding *, const char *name, const Value *)> bind_input{};
constexpr Entry<137, Status(Binding *, const char *name, const Value *)> bind_output{};

struct Base {
    Table (*get_api)(uint32_t version); // nullptr: older than that
    const char *(*get_version_string)();
};
using GetApiBase = const Base *(); // the one symbol of the library: OrtGetApiBase

} // namespace ort

#endif
