#!/usr/bin/env bash
# windows.sh check|all: builds for Windows on x86-64 with MinGW-w64 and runs it under wine.
#   check  the libraries and ninetap-check
#   all    with the tests, ninetap-bench (without peers) and the examples, and runs all tests
# Below build/: windows, windows-packages, wine. Any further arguments are CMake's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD mode=${1-}
[[ $mode == check || $mode == all ]] || { sed -n '2,5s/^# //p' "$0"; exit 2; }
shift
build=$root/build/windows packages=$root/build/windows-packages
triplet=x86_64-w64-mingw32
toolchain=(--toolchain "$root/tests/cross/mingw.cmake" -DCMAKE_FIND_ROOT_PATH="$packages")

# No display, no sound, no offers to install .NET or a browser.
unset DISPLAY
export WINEDEBUG=-all WINEPREFIX=$root/build/wine
export WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe,explorer.exe='
# Where Windows would look for DLLs beside the program: gcc's, MinGW-w64's, ours, the packages'.
dll=$("$triplet-gcc-posix" -print-file-name=libgomp-1.dll)
WINEPATH="Z:${dll%/*};Z:/usr/$triplet/lib;Z:$build;Z:$packages/bin"
export WINEPATH

# Starting wine takes seconds; while its server stays, each program takes a third of one.
mkdir -p "$WINEPREFIX"
start=$SECONDS
wineserver -p || true # one is there already
trap 'wineserver -k' EXIT
wineboot --init >/dev/null 2>&1
echo "wine: ready in $((SECONDS - start)) s"

configure() {
  cmake -S "$root" -B "$build" "${toolchain[@]}" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON "$@"
}

if [[ $mode == check ]]; then
  configure -DNINETAP_BUILD_TESTS=OFF -DNINETAP_BUILD_BENCH=OFF -DNINETAP_BUILD_EXAMPLES=OFF "$@"
  cmake --build "$build" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL-$(nproc)}"
  wine "$build/check/ninetap-check.exe"
  # The DLL is another link of the same objects: that it loads and runs, tests/dlopen.c tries.
  echo "windows: ninetap-check is right"
  exit
fi

"$root/tests/cross/package.sh" "$packages" cmocka libpng1.6 libjpeg-turbo libzip jansson benchmark -- \
  "${toolchain[@]}" -DPNG_SHARED=OFF -DPNG_TESTS=OFF -DENABLE_SHARED=OFF -DWITH_SIMD=OFF \
  -DBENCHMARK_ENABLE_TESTING=OFF -DBUILD_SHARED_LIBS=OFF -DWITH_EXAMPLES=OFF \
  -DENABLE_OPENSSL=OFF -DENABLE_GNUTLS=OFF -DENABLE_MBEDTLS=OFF -DENABLE_BZIP2=OFF \
  -DENABLE_LZMA=OFF -DENABLE_ZSTD=OFF -DENABLE_WINDOWS_CRYPTO=OFF -DBUILD_TOOLS=OFF \
  -DBUILD_REGRESS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_DOC=OFF \
  -DJANSSON_WITHOUT_TESTS=ON -DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF
# cmocka's own CMake file looks for it under this name.
ln -sf libcmocka.dll.a "$packages/lib/cmocka.dll.a"
echo "windows: packages are built"
export PKG_CONFIG_LIBDIR=$packages/lib/pkgconfig
configure -DNINETAP_BUILD_TESTS=ON -DNINETAP_BUILD_BENCH=ON -DNINETAP_BUILD_EXAMPLES=ON "$@"
cmake --build "$build" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL-$(nproc)}"
echo "windows: everything is built"
OMP_WAIT_POLICY=passive NINETAP_TEST_CASES=${NINETAP_TEST_CASES:-30} ctest --test-dir "$build" \
  --output-on-failure
echo "windows: tests have passed"
