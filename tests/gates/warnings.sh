#!/usr/bin/env bash
# warnings.sh OBJECT CC FLAG...: a compiler that does not build the rest of the tests has nothing to say
# about any C file. Generic files are compiled, since the size of a frame is seen late; the kernels and
# what is beside the library are only read. Left out: what needs headers of OpenMP or of other programs,
# definitions that the build makes, or Windows.
set -euo pipefail
object=$1
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
files=$(find kernels check tests bench examples -name '*.c' ! -path 'bench/peers/*' \
  ! -regex 'kernels/targets/\(avx.*\|sse.*\|neon.*\|scalar\)\.c' ! -name '*_windows.c' ! -name '*vocabulary*.c' ! -name other_runtime.c ! -name info.c \
  ! -name peak.c | sort)
include=(-Iinclude -Ikernels -Itests -Ibench -Icheck -Iexamples/support -Iexamples/doodle)
bad=0
for file in $files; do
  ! grep -qE '^#include <(omp|pthreadpool)\.h>' "$file" || [[ $file == kernels/* ]] || continue
  how=(-fsyntax-only -D_GNU_SOURCE)
  [[ $file != kernels/* ]] || how=(-c -o "$object")
  "$@" -Werror "${include[@]}" "${how[@]}" "$file" || { echo "$file"; bad=1; }
done
for isa in scalar sse2 avx2; do
  how=(-fsyntax-only)
  [[ $isa != avx2 ]] || how+=(-mavx2 -mfma)
  "$@" -Werror "${include[@]}" "${how[@]}" "kernels/targets/$isa.c" || bad=1
  "$@" -Werror "${include[@]}" "${how[@]}" -DVOCABULARY_HEADER="\"simd/$isa.h\"" \
    -DMULTIPLY_ADD=multiply_add -DREAD=read_all bench/measure/peak.c || bad=1
done
exit $bad
