# The gates on what other compilers make of the kernels: gcc and clang 14 and 19 as far as they are
# installed, for this machine and for AArch64. Once, in gcc's build with everything that is usual: the
# other builds look at their own objects. A compilation is a test of its own, as it takes half a minute.
if(CMAKE_CROSSCOMPILING OR CMAKE_C_FLAGS OR NOT CMAKE_BUILD_TYPE STREQUAL Release
   OR NOT CMAKE_C_COMPILER_ID STREQUAL GNU OR NOT NINETAP_OPENMP OR NINETAP_EMULATE_AVX512)
  return()
endif()

separate_arguments(release_flags UNIX_COMMAND "${CMAKE_C_FLAGS_RELEASE}")
set(gate_warnings -Wall -Wextra -Wpedantic -Wshadow)
set(gate_flags ${release_flags} -ffp-contract=off -fno-math-errno -std=c11 -fPIC -fvisibility=hidden
  -DNINETAP_BUILDING -DNINETAP_IEEE_FLAGS -DNINETAP_ISA_FLAGS)

# add_loops(compiler isa objdump command...): a test named after the compiler and its ISA.
function(add_loops compiler isa objdump)
  string(FIND ${compiler} gcc is_gnu)
  if(is_gnu EQUAL 0)
    set(is_gnu 1)
  else()
    set(is_gnu 0)
  endif()
  string(REPLACE "$<C_COMPILER_ID:GNU>" ${is_gnu} isa_flags "${NINETAP_FLAGS_${isa}}")
  set(test inner_loops_${isa}_${compiler})
  add_gate(${test} ${gates}/compiled_loops.sh ${compiler} ${isa} ${objdump}
    ${CMAKE_CURRENT_BINARY_DIR}/${compiler}_${isa}.o ${ARGN} ${gate_flags} ${isa_flags})
  set_tests_properties(gate_${test} PROPERTIES COST 1000 TIMEOUT 900)
endfunction()

find_program(GATE_CLANG_14 clang-14)
find_program(GATE_CLANG_19 clang-19)
find_program(GATE_AARCH64_GCC aarch64-linux-gnu-gcc)
find_program(GATE_AARCH64_OBJDUMP aarch64-linux-gnu-objdump)
mark_as_advanced(GATE_CLANG_14 GATE_CLANG_19 GATE_AARCH64_GCC GATE_AARCH64_OBJDUMP)
foreach(version 14 19)
  if(NOT GATE_CLANG_${version})
    continue()
  endif()
  foreach(isa IN LISTS NINETAP_ISAS)
    if(NOT isa STREQUAL scalar)
      add_loops(clang-${version} ${isa} ${CMAKE_OBJDUMP} ${GATE_CLANG_${version}})
    endif()
  endforeach()
  if(GATE_AARCH64_GCC AND GATE_AARCH64_OBJDUMP AND NOT "neon" IN_LIST NINETAP_ISAS) # C headers
    add_loops(clang-${version} neon ${GATE_AARCH64_OBJDUMP} ${GATE_CLANG_${version}}
      --target=aarch64-linux-gnu)
  endif()
endforeach()
if(GATE_AARCH64_GCC AND GATE_AARCH64_OBJDUMP AND NOT "neon" IN_LIST NINETAP_ISAS)
  execute_process(COMMAND ${GATE_AARCH64_GCC} -dumpversion OUTPUT_VARIABLE version
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX MATCH "^[0-9]+" version "${version}")
  add_loops(gcc-${version} neon ${GATE_AARCH64_OBJDUMP} ${GATE_AARCH64_GCC})
endif()

# Of the newest clang, which builds nothing else here.
if(GATE_CLANG_19 AND NINETAP_TARGET_X86_64)
  add_gate(warnings_clang-19 ${gates}/warnings.sh ${CMAKE_CURRENT_BINARY_DIR}/warnings.o
    ${GATE_CLANG_19} ${gate_flags} ${gate_warnings} -Wconversion -Wframe-larger-than=8192)
  set_tests_properties(gate_warnings_clang-19 PROPERTIES COST 900 TIMEOUT 900)
endif()
