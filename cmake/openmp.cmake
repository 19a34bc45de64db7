# ninetap::openmp: what both libraries link. Users of an installed static library get theirs from
# ninetapConfig.cmake.
find_package(OpenMP COMPONENTS C)
if(NOT OpenMP_C_FOUND)
  message(FATAL_ERROR "ninetap: ${CMAKE_C_COMPILER} has no OpenMP. Install its OpenMP library "
    "(Debian: libomp-dev for clang), or build without threads: -DNINETAP_OPENMP=OFF")
endif()
add_library(ninetap::openmp INTERFACE IMPORTED GLOBAL)
target_link_libraries(ninetap::openmp INTERFACE OpenMP::OpenMP_C)
