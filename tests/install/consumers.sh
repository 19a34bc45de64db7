#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: consumers.sh [--few | CASE...]

Builds ninetap the ways that other projects do, and runs a small program against each: all of these
cases, those named, or with --few what takes seconds. CC and CXX are the compilers, gcc and g++ unless
set. Most build the scalar kernels alone: how is the question here, not what.

END
  sed -n 's/^case_\(.*\)() { # /  \1\t/p' "$0" | expand -t 20
}

export CC=${CC-gcc} CXX=${CXX-g++}
# shellcheck source=tests/install/outside.sh
source "$(dirname "$0")/outside.sh"
source=$(cd "$here/../.." && pwd)
strict='-Werror;-Wall;-Wextra;-Wconversion'

# within NAME CMAKE-OPTION...: ninetap as a part of the outside project.
within() {
  outside "$1" -DNINETAP_SOURCE="$source" -DNINETAP_ISAS=scalar -DKINDS=ninetap "${@:2}"
}

# alone DIRECTORY CMAKE-OPTION...: ninetap by itself.
alone() {
  quietly cmake -S "$source" -B "$1" -DNINETAP_ISAS=scalar -DNINETAP_BUILD_CHECK=OFF "${@:2}"
  quietly cmake --build "$1" --parallel 2
}

case_fetch_content() { # FetchContent in a strict C99 project with a shared library and no build type
  within fetch -DFETCH=ON -DBUILD_SHARED_LIBS=ON -DCMAKE_C_STANDARD=99 -DCMAKE_C_EXTENSIONS=OFF \
    -DOPTIONS="$strict" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    '-DDEFINITIONS=-D_GNU_SOURCE;-D_DEFAULT_SOURCE;-D_POSIX_C_SOURCE=199309L;-D_XOPEN_SOURCE=500'
  linked shared "$scratch/fetch/program-ninetap"
  # Optimised are ninetap's files, and no other.
  local commands kernels
  commands=$(grep '"command"' "$scratch/fetch/compile_commands.json")
  kernels=$(grep -c 'kernels/.*\.c"' <<<"$commands")
  ((kernels > 30 && kernels == $(grep -c ' -O[23] .*kernels/.*\.c"' <<<"$commands")))
  ((0 == $(grep -c ' -O.*program\.c"' <<<"$commands")))
}

case_debug() { # who asks for Debug is told that it is slow
  quietly cmake -S "$source" -B "$scratch/debug" -DCMAKE_BUILD_TYPE=Debug -DNINETAP_ISAS=scalar
  grep 'without optimisation' "$scratch/log"
}

case_no_openmp() { # a compiler without OpenMP is told of NINETAP_OPENMP=OFF
  local compiler=$scratch/no-openmp-cc
  printf '#!/bin/sh\ncase "$*" in *-fopenmp*) exit 1 ;; esac\nexec %s "$@"\n' "$CC" >"$compiler"
  chmod +x "$compiler"
  export CC=$compiler
  ! cmake -S "$source" -B "$scratch/refused" >"$scratch/log" 2>&1 || return 1
  grep NINETAP_OPENMP=OFF "$scratch/log"
  quietly cmake -S "$source" -B "$scratch/serial" -DNINETAP_OPENMP=OFF
}

case_multi_config() { # Ninja Multi-Config; the benchmark knows the flags of each configuration
  local build=$scratch/multi config object
  quietly cmake -G 'Ninja Multi-Config' -S "$here" -B "$build" -DLANGUAGE=C \
    -DNINETAP_SOURCE="$source" -DNINETAP_ISAS=scalar -DKINDS=ninetap -DNINETAP_BUILD_BENCH=ON \
    -DBUILD_SHARED_LIBS=ON
  quietly cmake --build "$build" --config Release --target program-ninetap
  run_programs "$build/Release"
  # Not all of Debug: unoptimised kernels take minutes to compile.
  for config in Release Debug; do
    object=ninetap/bench/CMakeFiles/ninetap_bench_core.dir/$config/measure/info.c.o
    quietly cmake --build "$build" --config $config --target "$object"
    strings -n 2 "$build/$object" >"$scratch/$config"
  done
  grep -x -e '-O3 -DNDEBUG' "$scratch/Release"
  grep -x -e -g "$scratch/Debug"
}

case_add_subdirectory() { # add_subdirectory in a C++ project with gnu99 for C
  within subdirectory -DLANGUAGE=CXX -DCMAKE_C_STANDARD=99 -DCMAKE_C_EXTENSIONS=ON \
    -DCMAKE_BUILD_TYPE=Release '-DKINDS=ninetap;ninetap_shared'
  linked static "$scratch/subdirectory/program-ninetap"
}

case_clang() { # a strict project with clang
  CC=clang CXX=clang++ within clang -DOPTIONS="$strict" '-DKINDS=ninetap;ninetap_shared'
}

case_lto() { # interprocedural optimisation leaves AVX2 where it belongs
  local isas='' check=$scratch/lto/ninetap/check/ninetap-check
  [[ $(uname -m) != x86_64 ]] || isas='-DNINETAP_ISAS=avx2;sse2;scalar'
  within lto -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON -DCMAKE_BUILD_TYPE=Release \
    -DNINETAP_BUILD_CHECK=ON '-DKINDS=ninetap;ninetap_shared' $isas
  "$check" --quiet
  [[ $isas ]] || return 0
  run_programs "$scratch/lto" qemu-x86_64 -cpu Nehalem
  qemu-x86_64 -cpu Nehalem "$check" --quiet --isa sse2
}

case_unity() { # CMAKE_UNITY_BUILD, all files of a library in one
  within unity -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0
}

case_sanitizers() { # AddressSanitizer and UndefinedBehaviorSanitizer of a strict project
  within sanitizers -DCMAKE_BUILD_TYPE=Release \
    -DOPTIONS="$strict;-O1;-fsanitize=address,undefined;-fno-sanitize-recover=undefined" \
    '-DLINK_OPTIONS=-fsanitize=address,undefined'
}

case_blanks() { # blanks and accents in every path
  local place="$scratch/Größe zählt"
  mkdir "$place"
  cp -r "$source"/{CMakeLists.txt,include,kernels,cmake} "$place"
  source=$place alone "$place/a build" -DCMAKE_INSTALL_PREFIX="$place/the prefix"
  "$here/check.sh" "$place/a build" "$CC" "$CXX" "$place/the prefix"
}

case_absolute() { # an absolute CMAKE_INSTALL_LIBDIR
  local place=$scratch/absolute
  alone "$place/build" -DCMAKE_INSTALL_PREFIX="$place/prefix" -DCMAKE_INSTALL_LIBDIR="$place/lib"
  "$here/check.sh" "$place/build" "$CC" "$CXX" "$place/prefix"
}

case_two_compilers() { # gcc's library in clang's programs, and the other way round
  CC=gcc alone "$scratch/gcc"
  "$here/check.sh" "$scratch/gcc" clang clang++
  CC=clang alone "$scratch/clang"
  "$here/check.sh" "$scratch/clang" gcc g++
}

all=$(sed -n 's/^case_\(.*\)() {.*/\1/p' "$0")
case ${1-} in
  --few) set -- fetch_content debug no_openmp ;;
  '') mapfile -t all <<<"$all" && set -- "${all[@]}" ;;
  -*) usage; [[ $1 == -h || $1 == --help ]] && exit || exit 2 ;;
esac
for name; do
  start=$SECONDS
  echo "==== $name"
  ("case_$name")
  echo "---- $((SECONDS - start)) s"
done
