# The project's programs write and read the same bytes on Windows as elsewhere, and are of one file:
# gcc's run-time libraries are linked in.
add_library(ninetap_streams OBJECT cmake/windows_streams.c)
target_link_libraries(ninetap_streams PRIVATE ninetap_warnings)
foreach(program ninetap-check ninetap-bench feature_maps doodle)
  if(TARGET ${program})
    target_sources(${program} PRIVATE $<TARGET_OBJECTS:ninetap_streams>)
    target_link_options(${program} PRIVATE -static)
  endif()
endforeach()
