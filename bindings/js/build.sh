#!/usr/bin/env bash
# build.sh [CMAKE-OPTION...]: makes the npm package, build/js/package, as `npm pack` takes it. Debian: clang
# lld llvm wasi-libc libclang-rt-14-dev-wasm32.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=build/js
cmake -S . -B "$build" --toolchain "$PWD/cmake/wasm32-wasi.cmake" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DNINETAP_BUILD_JS=ON -DNINETAP_BUILD_CHECK=OFF "$@"
cmake --build "$build" --target ninetap-module
mkdir -p "$build/package"
cp bindings/js/{index.js,index.d.ts,package.json,README.md} LICENSE "$build/bindings/js/ninetap.wasm" \
  "$build/package"
