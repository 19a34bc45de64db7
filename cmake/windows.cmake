# What the compiler is told for Windows.

# Windows on x86-64 aligns the stack to 16 bytes, and gcc keeps registers of 32 and 64 bytes there with
# instructions that fault where the address is not a multiple of 32 or 64 (GCC PR54412). The assembler
# can make unaligned moves of them, which are as fast on aligned addresses. Every file of the project
# gets the flag, since a user's -mavx or -march=native puts wide registers into each. An object for
# link-time optimisation is assembled later, without it. clang aligns the stack.
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  include(CheckCSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS -Wa,-muse-unaligned-vector-move)
  check_c_source_compiles("int main(void) { return 0; }" NINETAP_ASSEMBLER_UNALIGNS)
  unset(CMAKE_REQUIRED_FLAGS)
  if(NINETAP_ASSEMBLER_UNALIGNS)
    target_compile_options(ninetap_warnings INTERFACE -Wa,-muse-unaligned-vector-move -fno-lto)
    target_compile_definitions(ninetap_warnings INTERFACE NINETAP_UNALIGNED_SPILLS)
  else()
    list(REMOVE_ITEM NINETAP_TARGET_ISAS avx512 avx2)
    message(STATUS "ninetap: no AVX2 and no AVX-512: this assembler (before binutils 2.38) has no "
      "-muse-unaligned-vector-move, without which they crash on Windows (GCC PR54412)")
  endif()
endif()

# MinGW-w64's isnan, isinf and isfinite of a double name the float's function, too.
target_compile_options(ninetap_warnings INTERFACE $<$<C_COMPILER_ID:GNU>:-Wno-float-conversion>)
