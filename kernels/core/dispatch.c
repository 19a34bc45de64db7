#include "core/build.h"
#include "core/dispatch.h"

#include <stdatomic.h>
#include <string.h>

#include "core/environment.h"
#include "core/target.h"
#include "ninetap.h"

/* One usable() for each ISA: exactly the features its file is compiled for. The compiler's builtin
 * asks the operating system too (XGETBV). It knows nothing before libgcc's constructor has run, or
 * __builtin_cpu_init: a caller's own constructor may come first. */
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

static const struct {
    const nt_isa *isa;
    bool (*usable)(void);
} compiled[] = {
#ifdef NINETAP_HAVE_AVX512
    {&nt_isa_avx512, has_avx512},
#endif
#ifdef NINETAP_HAVE_AVX2
    {&nt_isa_avx2, has_avx2},
#endif
#ifdef NINETAP_HAVE_SSE2
    {&nt_isa_sse2, always},
#endif
#ifdef NINETAP_HAVE_NEON
    {&nt_isa_neon, always},
#endif
    {&nt_isa_scalar, always},
};
enum { COMPILED = sizeof compiled / sizeof compiled[0] };

/* What ninetap_set_isa chose; NULL means automatic. */
static _Atomic(const nt_isa *) forced;

const nt_isa *nt_compiled_isa(int i) {
    return i >= 0 && i < COMPILED ? compiled[i].isa : NULL;
}

const nt_isa *nt_usable_isa(int i) {
    for (int k = 0; k < COMPILED; k++) {
        if (compiled[k].usable() && i-- == 0) {
            return compiled[k].isa;
        }
    }
    return NULL;
}

const nt_isa *nt_find_isa(const char *name) {
    if (name == NULL) {
        const nt_isa *isa = atomic_load_explicit(&forced, memory_order_relaxed);
        isa = isa != NULL ? isa : nt_environment_get().isa;
        return isa != NULL ? isa : nt_usable_isa(0);
    }
    for (int k = 0; k < COMPILED; k++) {
        if (strcmp(compiled[k].isa->name, name) == 0) {
            return compiled[k].usable() ? compiled[k].isa : NULL;
        }
    }
    return NULL;
}

int ninetap_isa_count(void) {
    int n = 0;
    while (nt_usable_isa(n) != NULL) {
        n++;
    }
    return n;
}

const char *ninetap_isa_name(int i) {
    const nt_isa *isa = i < 0 ? NULL : nt_usable_isa(i);
    return isa != NULL ? isa->name : NULL;
}

const char *ninetap_isa(void) {
    return nt_find_isa(NULL)->name;
}

ninetap_status ninetap_set_isa(const char *name) {
    const nt_isa *isa = name == NULL ? NULL : nt_find_isa(name);
    if (name != NULL && isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    atomic_store_explicit(&forced, isa, memory_order_relaxed);
    return NINETAP_OK;
}
