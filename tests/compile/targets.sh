#!/usr/bin/env bash
# targets.sh SOURCE: what the library has, by the macros of each compiler that is here
# (kernels/targets/target.h), and what CMake makes of compilers that do not compile for the machine they
# run on.
set -euo pipefail
source=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 tried=0

cat >"$scratch/has.c" <<'END'
#include "core/build.h"
#include "targets/target.h"
has
#ifdef NINETAP_HAVE_AVX512
avx512
#endif
#ifdef NINETAP_HAVE_AVX2
avx2
#endif
#ifdef NINETAP_HAVE_SSE2
sse2
#endif
#ifdef NINETAP_HAVE_NEON
neon
#endif
#ifdef NINETAP_HAVE_WASM128
wasm128
#endif
scalar
END

wrong() {
  echo "$*"
  failures=$((failures + 1))
}

# has "ISA..." COMPILER FLAG...
has() {
  local wanted="has $1" found
  shift
  command -v "$1" >/dev/null || return 0
  found=$("$@" -E -P -I "$source/kernels" "$scratch/has.c" 2>"$scratch/messages" | sed -n '/^has/,$p' | xargs) ||
    { cat "$scratch/messages"; found=; }
  [[ $found == "$wanted" ]] || wrong "$*: $found, not $wanted"
  tried=$((tried + 1))
}

# refused COMPILER FLAG...: with a sentence.
refused() {
  command -v "$1" >/dev/null || return 0
  if "$@" -E -P -I "$source/kernels" "$scratch/has.c" >/dev/null 2>"$scratch/messages" ||
    ! grep -q 'error.*ninetap: float must be rounded to float' "$scratch/messages"; then
    wrong "$*: not refused"
  fi
  tried=$((tried + 1))
}

for compiler in gcc clang clang-19; do
  [[ $(uname -m) == x86_64 ]] || break
  has 'avx512 avx2 sse2 scalar' "$compiler"
  has 'avx512 avx2 sse2 scalar' "$compiler" -mx32 -ffreestanding
  has 'avx2 scalar' "$compiler" -DNINETAP_WITHOUT_AVX512 -DNINETAP_WITHOUT_SSE2
  has 'sse2 scalar' "$compiler" -m32 -msse2 -mfpmath=sse -ffreestanding
  refused "$compiler" -m32 -mno-sse -ffreestanding
done
has 'sse2 scalar' i686-linux-gnu-gcc -msse2 -mfpmath=sse
refused i686-linux-gnu-gcc
refused i686-linux-gnu-gcc -msse2
has 'neon scalar' aarch64-linux-gnu-gcc
has scalar aarch64-linux-gnu-gcc -mbig-endian -ffreestanding
has scalar arm-linux-gnueabihf-gcc
has scalar arm-linux-gnueabihf-gcc -mfpu=neon
for machine in riscv64 s390x powerpc64le; do
  has scalar "$machine-linux-gnu-gcc"
done
has 'avx512 avx2 sse2 scalar' x86_64-w64-mingw32-gcc
# The two halves of a universal build, and what only clang is here for.
for compiler in clang clang-19; do
  has 'neon scalar' "$compiler" --target=arm64-apple-macos11 -ffreestanding
  has 'avx512 avx2 sse2 scalar' "$compiler" --target=x86_64-apple-macos11 -ffreestanding
  has scalar "$compiler" --target=aarch64_be-linux-gnu -ffreestanding
  has scalar "$compiler" --target=armv7-linux-gnueabihf -mfpu=neon -ffreestanding
  has 'wasm128 scalar' "$compiler" --target=wasm32 -ffreestanding
done
has scalar clang-19 --target=loongarch64-linux-gnu -ffreestanding

# isas "ISA;..." CMAKE-OPTION...: what CMake would build.
isas() {
  local wanted=$1 found
  shift
  rm -rf "$scratch/build"
  if ! cmake -S "$source" -B "$scratch/build" -DCMAKE_BUILD_TYPE=Release -DNINETAP_OPENMP=OFF "$@" \
    >"$scratch/messages" 2>&1; then
    found="an error: $(grep -o 'NINETAP_ISAS: .*' "$scratch/messages" || true)"
  else
    found=$(cd "$scratch/build/CMakeFiles" && printf '%s\n' ninetap_isa_*.dir | sed 's/ninetap_isa_//; s/.dir//' | xargs)
  fi
  [[ $found == "$wanted"* ]] || { wrong "cmake $*: $found, not $wanted"; cat "$scratch/messages"; }
  tried=$((tried + 1))
}
isas scalar '-DNINETAP_ISAS='
isas 'an error: NINETAP_ISAS:' '-DNINETAP_ISAS=avx9000'
if [[ $(uname -m) == x86_64 ]]; then
  isas 'avx2 scalar' '-DNINETAP_ISAS=avx2'
  command -v i686-linux-gnu-gcc >/dev/null && isas 'scalar sse2' -DCMAKE_C_COMPILER=i686-linux-gnu-gcc
fi
[[ ! -e /usr/include/wasm32-wasi ]] ||
  isas 'scalar wasm128' --toolchain "$source/cmake/wasm32-wasi.cmake"
# A 32-bit userland on a 64-bit kernel.
command -v arm-linux-gnueabihf-gcc >/dev/null &&
  isas scalar -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_C_COMPILER=arm-linux-gnueabihf-gcc

echo "$tried tried, $failures wrong"
((failures == 0))
