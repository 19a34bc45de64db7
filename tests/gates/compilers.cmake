# What gcc, clang 14 and clang 19 make of the NEON kernels, where they are installed: no whole build is made
# for them, as is for x86-64 and for gcc's NEON. Once, in gcc's build with everything that is usual. A
# compilation is a test of its own, as it takes half a minute; the other ones read its object.
if(CMAKE_CROSSCOMPILING OR CMAKE_C_FLAGS OR NOT CMAKE_BUILD_TYPE STREQUAL Release
   OR NOT CMAKE_C_COMPILER_ID STREQUAL GNU OR NOT NINETAP_OPENMP OR NINETAP_EMULATE_AVX512)
  return()
endif()

separate_arguments(release_flags UNIX_COMMAND "${CMAKE_C_FLAGS_RELEASE}")
set(gate_warnings -Wall -Wextra -Wpedantic -Wshadow)
set(gate_flags ${release_flags} -ffp-contract=off -fno-math-errno -std=c11 -fPIC -fvisibility=hidden
  -DNINETAP_BUILDING -DNINETAP_IEEE_FLAGS -DNINETAP_ISA_FLAGS)

find_program(GATE_CLANG_14 clang-14)
find_program(GATE_CLANG_19 clang-19)
find_program(GATE_AARCH64_GCC aarch64-linux-gnu-gcc) # its package brings C headers
find_program(GATE_AARCH64_OBJDUMP aarch64-linux-gnu-objdump)
find_program(GATE_LLVM_MCA llvm-mca-19)
find_program(GATE_PYTHON python3)
mark_as_advanced(GATE_CLANG_14 GATE_CLANG_19 GATE_AARCH64_GCC GATE_AARCH64_OBJDUMP GATE_LLVM_MCA GATE_PYTHON)

# neon_gates(compiler limits command...): its loops; and if limits, whose neon_cycles.py has, their cycles.
function(neon_gates compiler limits)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/neon_${compiler}.o)
  add_gate(inner_loops_neon_${compiler} ${gates}/compiled_loops.sh ${compiler} neon ${GATE_AARCH64_OBJDUMP}
    ${object} ${ARGN} ${gate_flags})
  set_tests_properties(gate_inner_loops_neon_${compiler} PROPERTIES COST 1000 TIMEOUT 900
    FIXTURES_SETUP neon_${compiler})
  if(limits AND GATE_LLVM_MCA AND GATE_PYTHON)
    add_gate(neon_cycles_${compiler} ${GATE_PYTHON} ${gates}/neon_cycles.py ${GATE_LLVM_MCA}
      ${GATE_AARCH64_OBJDUMP} ${limits} ${object})
    set_tests_properties(gate_neon_cycles_${compiler} PROPERTIES FIXTURES_REQUIRED neon_${compiler})
  endif()
endfunction()
if(GATE_AARCH64_GCC AND GATE_AARCH64_OBJDUMP AND NOT "neon" IN_LIST NINETAP_ISAS)
  execute_process(COMMAND ${GATE_AARCH64_GCC} -dumpversion OUTPUT_VARIABLE version)
  string(REGEX MATCH "^[0-9]+" version "${version}")
  neon_gates(gcc-${version} gcc ${GATE_AARCH64_GCC} -fno-schedule-insns) # cmake/target.cmake
  if(GATE_CLANG_14)
    neon_gates(clang-14 "" ${GATE_CLANG_14} --target=aarch64-linux-gnu)
  endif()
  if(GATE_CLANG_19)
    neon_gates(clang-19 clang ${GATE_CLANG_19} --target=aarch64-linux-gnu)
  endif()
endif()

# Of the newest clang, which builds nothing else here.
if(GATE_CLANG_19 AND NINETAP_TARGET_X86_64)
  add_gate(warnings_clang-19 ${gates}/warnings.sh ${CMAKE_CURRENT_BINARY_DIR}/warnings.o
    ${GATE_CLANG_19} ${gate_flags} ${gate_warnings} -Wconversion -Wframe-larger-than=8192)
  set_tests_properties(gate_warnings_clang-19 PROPERTIES COST 900 TIMEOUT 900)
endif()
