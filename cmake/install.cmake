# The header, both libraries, ninetap.pc and a CMake package.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ninetap)
install(FILES include/ninetap.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
list(TRANSFORM kinds PREPEND ninetap_ OUTPUT_VARIABLE libraries)
install(TARGETS ${libraries} EXPORT ninetap_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT ninetap_targets FILE ninetapTargets.cmake NAMESPACE ninetap::
  DESTINATION ${package_dir})
# The build directory is a package, too: -Dninetap_DIR=build.
export(EXPORT ninetap_targets FILE ${PROJECT_BINARY_DIR}/ninetapTargets.cmake NAMESPACE ninetap::)

# What users of the static library link with it. OpenMP code of gcc runs on libgomp and on libomp:
# each compiler's own -fopenmp will do. Code of clang runs on libomp alone, which gcc does not know.
set(private_libs -lm)
set(NINETAP_OPENMP_RUNTIME gomp)
if(NINETAP_OPENMP AND NOT "gomp" IN_LIST OpenMP_C_LIB_NAMES)
  list(GET OpenMP_C_LIB_NAMES 0 NINETAP_OPENMP_RUNTIME)
  list(GET OpenMP_C_LIBRARIES 0 library)
  cmake_path(GET library PARENT_PATH NINETAP_OPENMP_DIRECTORY)
  string(REPLACE " " "\\ " directory "${NINETAP_OPENMP_DIRECTORY}")
  list(PREPEND private_libs -L${directory} -l${NINETAP_OPENMP_RUNTIME} -lpthread)
elseif(NINETAP_OPENMP)
  list(PREPEND private_libs -fopenmp)
endif()
list(JOIN private_libs " " NINETAP_PRIVATE_LIBS)

configure_package_config_file(cmake/ninetapConfig.cmake.in
  ${PROJECT_BINARY_DIR}/ninetapConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ninetapConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ninetapConfig.cmake
  ${PROJECT_BINARY_DIR}/ninetapConfigVersion.cmake DESTINATION ${package_dir})

foreach(kind LIBDIR INCLUDEDIR)
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_${kind} BASE_DIRECTORY "\${prefix}"
    OUTPUT_VARIABLE directory)
  string(REPLACE " " "\\ " NINETAP_PC_${kind} "${directory}")
endforeach()
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(NINETAP_PC_PREFIX "@NINETAP_PC_PREFIX@") # of the next script
configure_file(cmake/ninetap.pc.in ${PROJECT_BINARY_DIR}/ninetap.pc.in @ONLY)
configure_file(cmake/install_pc.cmake.in ${PROJECT_BINARY_DIR}/install_pc.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/install_pc.cmake)
install(FILES ${PROJECT_BINARY_DIR}/ninetap.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
