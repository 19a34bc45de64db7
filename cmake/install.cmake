# The header, both libraries, ninetap.pc and a CMake package.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ninetap)
set(private_libs -lm)
if(NINETAP_OPENMP)
  list(APPEND private_libs ${OpenMP_C_FLAGS})
endif()
list(JOIN private_libs " " NINETAP_PRIVATE_LIBS)

install(FILES include/ninetap.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ninetap_static ninetap_shared EXPORT ninetap_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT ninetap_targets FILE ninetapTargets.cmake NAMESPACE ninetap::
  DESTINATION ${package_dir})

configure_package_config_file(cmake/ninetapConfig.cmake.in
  ${PROJECT_BINARY_DIR}/ninetapConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ninetapConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ninetapConfig.cmake
  ${PROJECT_BINARY_DIR}/ninetapConfigVersion.cmake DESTINATION ${package_dir})

# ninetap.pc finds its prefix from where it lies, so that `cmake --install --prefix` may choose it.
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(NINETAP_PC_PREFIX "\${pcfiledir}/${up}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(NINETAP_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
endif()
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY "\${prefix}"
  OUTPUT_VARIABLE NINETAP_PC_LIBDIR)
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_INCLUDEDIR BASE_DIRECTORY "\${prefix}"
  OUTPUT_VARIABLE NINETAP_PC_INCLUDEDIR)
configure_file(cmake/ninetap.pc.in ${PROJECT_BINARY_DIR}/ninetap.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ninetap.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
