# NINETAP_IEEE_FLAGS: flags that ask for the arithmetic of the contract (kernels/core/build.h). They
# stand behind the flags of whoever builds, one for each that would change what arithmetic means:
# -fno-fast-math does not take back what was asked for by name. In clang -ftrapping-math, which
# -fno-unsafe-math-optimizations turns on there, would slow all down: without it, it leaves out
# floating-point exceptions, which no kernel looks at; the other flags take back the rest.
include(CheckCCompilerFlag)

set(flags -fno-fast-math -fno-associative-math -fno-reciprocal-math
  -fno-finite-math-only -fhonor-infinities -fhonor-nans -fsigned-zeros -fno-approx-func
  -fno-single-precision-constant -fexcess-precision=standard -fdenormal-fp-math=ieee
  -ffp-contract=off -fno-math-errno)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  list(APPEND flags -fno-unsafe-math-optimizations -ftrapping-math)
endif()
set(NINETAP_IEEE_FLAGS)
set(CMAKE_REQUIRED_QUIET ON)
foreach(flag IN LISTS flags)
  string(MAKE_C_IDENTIFIER "NINETAP_HAS${flag}" known)
  check_c_compiler_flag("${flag}" ${known})
  if(${known})
    list(APPEND NINETAP_IEEE_FLAGS ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_QUIET)

# NINETAP_IEEE_LINK_FLAGS: the same for linking, where -ffast-math and -Ofast add code that sets
# flush-to-zero when a program starts or a library is loaded. Of several -O the last one counts.
set(NINETAP_IEEE_LINK_FLAGS -fno-fast-math -fno-unsafe-math-optimizations)
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
if("${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${build_type}}" MATCHES "-Ofast")
  list(APPEND NINETAP_IEEE_LINK_FLAGS -O3)
endif()
