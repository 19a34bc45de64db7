# The project's programs write and read the same bytes on Windows as elsewhere.
add_library(ninetap_streams OBJECT cmake/windows_streams.c)
target_link_libraries(ninetap_streams PRIVATE ninetap_warnings)
foreach(program ninetap-check ninetap-bench feature_maps lenet)
  if(TARGET ${program})
    target_sources(${program} PRIVATE $<TARGET_OBJECTS:ninetap_streams>)
  endif()
endforeach()
