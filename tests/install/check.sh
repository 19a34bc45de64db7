#!/usr/bin/env bash
# check.sh BUILD SOURCE CC CXX: installs BUILD into a fresh prefix and builds an outside program
# every way: find_package (either kind, C and C++), pkg-config (shared and static), add_subdirectory.
set -euo pipefail
build=$1 source=$2
export CC=$3 CXX=$4
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/prefix
cmake --install "$build" --prefix "$prefix" >"$scratch/log"
if [[ -x $prefix/bin/ninetap-check ]]; then
  echo "== ninetap-check"
  "$prefix/bin/ninetap-check" --quiet
fi

with_cmake() { # with_cmake NAME OPTION...
  echo "== $1"
  { cmake -S "$here" -B "$scratch/$1" "${@:2}" && cmake --build "$scratch/$1" --parallel 2; } \
    >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
  local program
  for program in "$scratch/$1"/program-*; do
    "$program"
  done
}
for language in C CXX; do
  with_cmake "find_package-$language" -DCMAKE_PREFIX_PATH="$prefix" -DLANGUAGE=$language \
    '-DKINDS=ninetap;ninetap_static;ninetap_shared'
done
with_cmake find_package-shared-libs -DCMAKE_PREFIX_PATH="$prefix" -DLANGUAGE=C -DKINDS=ninetap \
  -DBUILD_SHARED_LIBS=ON
# How it is built is the question here, not what: the vector kernels take minutes to compile, and
# kernels without optimisation longer than with it.
with_cmake add_subdirectory -DCMAKE_BUILD_TYPE=Release -DNINETAP_SOURCE="$source" \
  -DNINETAP_ISAS=scalar -DLANGUAGE=CXX -DKINDS=ninetap

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name ninetap.pc)")
export PKG_CONFIG_PATH
library=$(pkg-config --variable=libdir ninetap)
read -ra shared < <(pkg-config --cflags --libs ninetap)
read -ra static < <(pkg-config --static --cflags --libs ninetap)
echo "== pkg-config, shared"
"$CC" "$here/program.c" "${shared[@]}" -Wl,-rpath,"$library" -o "$scratch/shared"
"$scratch/shared"
echo "== pkg-config, static"
# The archive by name instead of a wholly static program: clang's libomp has no archive on Debian.
"$CC" "$here/program.c" "${static[@]/#-lninetap/$library/libninetap.a}" -o "$scratch/static"
"$scratch/static"
echo "== pkg-config, C++"
"$CXX" -x c++ "$here/program.c" -x none "${shared[@]}" -Wl,-rpath,"$library" -o "$scratch/cxx"
"$scratch/cxx"
