/* FEATURES_BEGIN("avx2,fma") ... FEATURES_END: the functions between them may use these features of
 * CPUs, whatever the file is compiled for. */
#ifndef NINETAP_FEATURES_H
#define NINETAP_FEATURES_H

#define FEATURES_PRAGMA(x) _Pragma(#x)
#ifdef __clang__
#define FEATURES_BEGIN(features) \
    FEATURES_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define FEATURES_END _Pragma("clang attribute pop")
#else
#define FEATURES_BEGIN(features) _Pragma("GCC push_options") FEATURES_PRAGMA(GCC target(features))
#define FEATURES_END _Pragma("GCC pop_options")
#endif

#endif
