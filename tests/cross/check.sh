#!/usr/bin/env bash
# check.sh NAME [CMAKE-OPTION...]: builds the library and ninetap-check for another target or C library, and
# runs it. NAME: musl, i686, armv7-neon, riscv64, ppc64le, s390x, wasm or windows. Its build is build/NAME;
# CMAKE_BUILD_PARALLEL_LEVEL says how many jobs there are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD name=$1
shift
fewer='-DNINETAP_ISAS=avx2;sse2;scalar' # AVX-512 takes the longest to compile

# build_and_run "EMULATOR..." CMAKE-OPTION...
build_and_run() {
  cmake -S "$root" -B "build/$name" -DCMAKE_BUILD_TYPE=Release -DCMAKE_COMPILE_WARNING_AS_ERROR=ON "${@:2}"
  cmake --build "build/$name" --target ninetap-check
  $1 "build/$name/check/ninetap-check"
}

# emulated PROCESSOR TRIPLET CMAKE-OPTION...
emulated() {
  build_and_run "qemu-$1 -L /usr/$2" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$1" \
    -DCMAKE_C_COMPILER="$2-gcc" "${@:3}"
}

case $name in
  musl) # what depends on the C library: the environment of set-user-ID programs
    build_and_run '' -DCMAKE_C_COMPILER=musl-gcc -DNINETAP_OPENMP=OFF -DCMAKE_EXE_LINKER_FLAGS=-static \
      "$fewer" "$@"
    musl-gcc -static -Iinclude tests/compile/isa.c build/musl/libninetap.a -lm -o build/musl/isa
    status=0
    tests/compile/privileged.sh build/musl/isa || status=$?
    ((status == 0 || status == 77)) # 77: not tried
    ;;
  i686) # CMake is not told that the machine differs: the compiler does. Natively where that can be
    libraries=/usr/i686-linux-gnu/lib
    run="$libraries/ld-linux.so.2 --library-path $libraries"
    "$libraries/ld-linux.so.2" --version >/dev/null || run="qemu-i386 -L ${libraries%/lib}"
    build_and_run "$run" -DCMAKE_C_COMPILER=i686-linux-gnu-gcc -DNINETAP_OPENMP=OFF "$@"
    ;;
  armv7-neon) emulated arm arm-linux-gnueabihf -DCMAKE_C_FLAGS=-mfpu=neon "$@" ;;
  riscv64 | s390x) emulated "$name" "$name-linux-gnu" "$@" ;;
  ppc64le) emulated ppc64le powerpc64le-linux-gnu "$@" ;;
  wasm) # cmocka needs setjmp: of the tests, the words of the vocabulary, and what tests itself
    run="node --no-warnings $root/cmake/wasi.mjs" compile=(clang --target=wasm32-wasi -O1)
    build_and_run "$run" --toolchain "$root/cmake/wasm32-wasi.cmake" "$@"
    "${compile[@]}" -msimd128 -ffp-contract=off -Iinclude -Ikernels -Itests \
      '-DVOCABULARY_HEADER="simd/wasm128.h"' -DVOCABULARY_TEST=floats -DVOCABULARY_INTEGERS=integers \
      tests/cross/vocabulary.c tests/vocabulary.c tests/vocabulary_integers.c build/wasm/libninetap.a -lm \
      -o build/wasm/vocabulary
    $run build/wasm/vocabulary
    "${compile[@]}" -Iinclude tests/header.c build/wasm/libninetap.a -lm -o build/wasm/selftest
    $run build/wasm/selftest
    ;;
  windows) tests/cross/windows.sh check "$fewer" "$@" ;;
  *)
    sed -n '2,4s/^# //p' "$0"
    exit 2
    ;;
esac
echo "$name: ninetap-check is right"
