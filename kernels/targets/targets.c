/* The instruction sets of this build, and which of them this machine can run. */
#include "core/build.h"
#include "core/dispatch.h"
#include "targets/isa.h"
#include "targets/target.h"

/* One usable() for each ISA, which tests exactly the features that its file is compiled for. The
 * compiler's builtin asks the operating system, too (XGETBV). It works only after libgcc's
 * constructor or __builtin_cpu_init; a constructor of the caller's may run before that. */
static bool always(void) {
    return true;
}
#ifdef NINETAP_HAVE_AVX2
static bool has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif
#ifdef NINETAP_EMULATE_AVX512 /* tests/emulate/avx512.h */
static bool has_avx512(void) {
    return has_avx2();
}
#elif defined(NINETAP_HAVE_AVX512)
static bool has_avx512(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("fma");
}
#endif

const nt_target nt_targets[] = {
#ifdef NINETAP_HAVE_AVX512
    {"avx512", has_avx512, &nt_isa_avx512},
#endif
#ifdef NINETAP_HAVE_AVX2
    {"avx2", has_avx2, &nt_isa_avx2},
#endif
#ifdef NINETAP_HAVE_SSE2
    {"sse2", always, &nt_isa_sse2},
#endif
#ifdef NINETAP_HAVE_NEON
    {"neon", always, &nt_isa_neon},
#endif
#ifdef NINETAP_HAVE_WASM128
    {"wasm128", always, &nt_isa_wasm128}, /* an engine without it loads no module that has it */
#endif
    {"scalar", always, &nt_isa_scalar}, /* wherever the others are not */
    {NULL, NULL, NULL},
};
