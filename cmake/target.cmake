# What the compiler compiles for, asked of the compiler: the machine that runs CMake need not be of
# that kind (-m32, a 32-bit userland on a 64-bit kernel, a cross compiler). Sets
#   NINETAP_TARGET_ISAS    its instruction sets, best first; kernels/targets/target.h has the same list
#   NINETAP_FLAGS_<isa>    what the file of one is compiled with
#   NINETAP_TARGET_FLAGS   what all files are compiled with
include(CheckCSourceCompiles)

# ninetap_target_is(RESULT CONDITION): whether the preprocessor finds it true.
function(ninetap_target_is result condition)
  set(CMAKE_REQUIRED_QUIET ON)
  check_c_source_compiles("
    #if !(${condition})
    #error
    #endif
    int main(void) { return 0; }" ${result})
endfunction()

set(NINETAP_FLAGS_avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma)
set(NINETAP_FLAGS_avx2 -mavx2 -mfma)
set(NINETAP_FLAGS_neon $<$<C_COMPILER_ID:GNU>:-fno-schedule-insns>)
set(NINETAP_FLAGS_wasm128 -msimd128)
set(NINETAP_TARGET_FLAGS)
set(NINETAP_TARGET_ISAS scalar)
if(CMAKE_OSX_ARCHITECTURES MATCHES ";")
  # A universal build compiles each file for every architecture; those of another one are empty.
  set(NINETAP_TARGET_ISAS avx512 avx2 sse2 neon scalar)
  foreach(isa avx512 avx2)
    list(TRANSFORM NINETAP_FLAGS_${isa} REPLACE "(.+)" "SHELL:-Xarch_x86_64 \\1")
  endforeach()
else()
  ninetap_target_is(NINETAP_TARGET_X86_64 "defined(__x86_64__)")
  ninetap_target_is(NINETAP_TARGET_I386 "defined(__i386__)")
  ninetap_target_is(NINETAP_TARGET_AARCH64 "defined(__aarch64__) && !defined(__AARCH64EB__)")
  ninetap_target_is(NINETAP_TARGET_WASM "defined(__wasm__)")
  if(NINETAP_TARGET_X86_64)
    set(NINETAP_TARGET_ISAS avx512 avx2 sse2 scalar)
  elseif(NINETAP_TARGET_I386)
    set(NINETAP_TARGET_ISAS sse2 scalar)
    set(NINETAP_TARGET_FLAGS -msse2 -mfpmath=sse) # x87 does not round to float
  elseif(NINETAP_TARGET_AARCH64)
    set(NINETAP_TARGET_ISAS neon scalar)
  elseif(NINETAP_TARGET_WASM)
    set(NINETAP_TARGET_ISAS wasm128 scalar)
  endif()
endif()
