# A CMake toolchain file: WebAssembly for WASI, by clang and Debian's wasi-libc, and Node.js to run what
# it builds. Debian: clang lld llvm wasi-libc libclang-rt-14-dev-wasm32, nodejs 18 or newer.
set(CMAKE_SYSTEM_NAME Generic) # CMake knows no WASI
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR node --no-warnings ${CMAKE_CURRENT_LIST_DIR}/wasi.mjs)
set(NINETAP_OPENMP OFF CACHE BOOL "There are no threads" FORCE)
