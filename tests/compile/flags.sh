#!/usr/bin/env bash
# flags.sh KERNELS "IEEE-FLAGS" EMULATOR COMPILER...: under each flag that changes what arithmetic
# means, and that a parent project, CFLAGS or a build without CMake may bring, arithmetic.c is
#   right           with IEEE-FLAGS behind it, as CMake compiles the library
#   right, or refused with a sentence of core/build.h      with the header alone
#   wrong           with neither, under the worst: or nothing would be seen here
set -euo pipefail
kernels=$1 emulator=$3
read -ra ieee <<<"$2"
shift 3
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 refused=0 seen=0

hostile=(-ffast-math -Ofast '-O2 -Ofast' '-Ofast -O3' -funsafe-math-optimizations -ffinite-math-only
  '-fassociative-math -fno-signed-zeros -fno-trapping-math' -freciprocal-math -fno-signed-zeros
  -fno-trapping-math -fno-rounding-math -frounding-math -fsingle-precision-constant
  -ffp-contract=fast -fcx-limited-range -fno-math-errno -fexcess-precision=fast
  -ffp-model=fast -fapprox-func -fdenormal-fp-math=preserve-sign -std=gnu11)
[[ $emulator ]] || hostile+=('-std=gnu17 -march=native') # this machine's

# compile COMPILER FLAG...: messages go to $scratch/messages. Windows wants the ending, others take it.
compile() {
  "$1" -O2 "${@:2}" -I "$kernels" "$here/arithmetic.c" -lm -o "$scratch/program.exe" 2>"$scratch/messages"
}

# is_right WHAT: the program that was compiled runs and finds nothing wrong.
is_right() {
  # shellcheck disable=SC2086 # an emulator may have arguments
  $emulator "$scratch/program.exe" verbose >"$scratch/out" && return
  echo "$1:"
  sed 's/^/  /' "$scratch/out"
  return 1
}

fault() {
  cat "$scratch/messages"
  failures=$((failures + 1))
}

for compiler in "$@"; do
  command -v "$compiler" >/dev/null || continue
  for flag in '' "${hostile[@]}"; do
    read -ra flags <<<"$flag"
    "$compiler" "${flags[@]}" -fsyntax-only -x c /dev/null 2>/dev/null || continue
    if ! compile "$compiler" "${flags[@]}" "${ieee[@]}" -DNINETAP_IEEE_FLAGS -std=c11 ||
      ! is_right "$compiler $flag, with CMake's flags"; then
      fault
    fi
    if compile "$compiler" "${flags[@]}"; then
      is_right "$compiler $flag, without CMake" || fault
    elif grep -q 'error.*ninetap: ' "$scratch/messages"; then
      refused=$((refused + 1))
    else
      fault
    fi
  done
  for flag in -ffast-math -ffp-contract=fast; do
    compile "$compiler" "$flag" -DUNGUARDED
    is_right '' >/dev/null || seen=$((seen + 1))
  done
done
echo "$refused refused, $seen wrong without a guard, $failures faults"
((failures == 0 && seen > 0))
