# shellcheck shell=bash
# To be sourced: what check.sh and builds.sh have in common. CC and CXX are the outside project's.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
command -v ccache >/dev/null && export CMAKE_C_COMPILER_LAUNCHER=ccache

# quietly COMMAND...: shows what it printed when it fails.
quietly() {
  "$@" >"$scratch/log" 2>&1 || { tail -n 60 "$scratch/log"; echo "FAILED: $*"; return 1; }
}

# outside NAME CMAKE-OPTION...: the outside project, configured, built and run; C is its language
# unless another is named.
outside() {
  echo "== $1"
  quietly cmake -S "$here" -B "$scratch/$1" -DLANGUAGE=C "${@:2}"
  quietly cmake --build "$scratch/$1" --parallel 2
  run_programs "$scratch/$1"
}

# run_programs DIRECTORY [EMULATOR...]
run_programs() {
  local program
  for program in "$1"/program-*; do
    "${@:2}" "$program"
  done
}

# linked static|shared PROGRAM: it is.
linked() {
  local kind=static
  ! readelf --dynamic "$2" | grep -q 'NEEDED.*libninetap' || kind=shared
  [[ $kind == "$1" ]] || { echo "$2 is linked with the $kind library"; return 1; }
}
