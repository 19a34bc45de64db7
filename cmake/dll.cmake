# The DLL: its exports are the header's functions (the objects are those of the static library, where
# dllexport would make every program that links to it export them); its name says which ABI it has, as
# a soname does.
file(STRINGS include/ninetap.h declarations REGEX "^NINETAP_API ")
string(REGEX MATCHALL "ninetap_[a-z0-9_]+\\(" functions "${declarations}")
list(TRANSFORM functions REPLACE "\\(" "")
list(JOIN functions "\n" functions)
file(CONFIGURE OUTPUT ninetap.def CONTENT "EXPORTS\n@functions@\n" @ONLY)
target_sources(ninetap_shared PRIVATE ${PROJECT_BINARY_DIR}/ninetap.def)
set_target_properties(ninetap_shared PROPERTIES
  RUNTIME_OUTPUT_NAME ninetap-${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
