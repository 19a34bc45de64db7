/* The instruction sets of this build, and which of them this machine can run. */
#include "core/build.h"
#include "core/dispatch.h"
#include "targets/isa.h"
#include "targets/target.h"

#ifdef NINETAP_HAVE_AVX2
#include <cpuid.h>
#endif
#ifdef NINETAP_HAVE_NEON
#if defined(__linux__)
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif
#endif

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
#ifdef NINETAP_HAVE_AVX512
static bool has_avx512(void) {
#ifdef NINETAP_EMULATE_AVX512 /* tests/emulate/ */
    return has_avx2();
#else
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("fma");
#endif
}
#endif

/* What the kernels of four bytes are compiled for beyond that: NT_QUADS. */
#ifdef NINETAP_EMULATE_AVX512
bool nt_cpu_has_quads(const nt_isa *isa) {
    return isa->quads != NULL && has_avx2();
}
#else
#ifdef NINETAP_HAVE_AVX512
static bool has_avx512_vnni(void) {
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
}
#endif
#ifdef NINETAP_HAVE_AVX2
static bool has_avx_vnni(void) {
    enum { LEAF = 7, SUBLEAF = 1, AVX_VNNI = 1 << 4 }; /* clang 14's builtin does not know it */
    unsigned a;
    unsigned b;
    unsigned c;
    unsigned d;
    return has_avx2() && __get_cpuid_count(LEAF, 0, &a, &b, &c, &d) != 0 && a >= SUBLEAF &&
           __get_cpuid_count(LEAF, SUBLEAF, &a, &b, &c, &d) != 0 && (a & AVX_VNNI) != 0;
}
#endif
#ifdef NINETAP_HAVE_NEON
static bool has_dotprod(void) {
#if defined(__ARM_FEATURE_DOTPROD)
    return true;
#elif defined(__linux__)
    enum { ASIMDDP = 1 << 20 };
    return (getauxval(AT_HWCAP) & ASIMDDP) != 0;
#elif defined(__APPLE__)
    int has = 0;
    size_t size = sizeof has;
    return sysctlbyname("hw.optional.arm.FEAT_DotProd", &has, &size, NULL, 0) == 0 && has != 0;
#else
    return false;
#endif
}
#endif

bool nt_cpu_has_quads(const nt_isa *isa) {
    (void)isa;
#ifdef NINETAP_HAVE_AVX512
    if (isa == &nt_isa_avx512) {
        return has_avx512_vnni();
    }
#endif
#ifdef NINETAP_HAVE_AVX2
    if (isa == &nt_isa_avx2) {
        return has_avx_vnni();
    }
#endif
#ifdef NINETAP_HAVE_NEON
    if (isa == &nt_isa_neon) {
        return has_dotprod();
    }
#endif
    return false;
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
