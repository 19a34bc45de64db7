#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/bench.sh [OPTION...]

Builds ninetap-bench (after installing the Debian packages that takes) and runs it: what can this
CPU do? Prints the machine and one table; leaves every single measurement in
build/bench/ninetap-bench.json. OPTIONs go to the program, for example

  --suite=all                        every shape on every instruction set; takes long
  --shape=64x56x56-64s2              this shape; [Nx]ICxIHxIW-OC[s..][p..][d..][g..] or -dw is a
                                     convolution, [Nx]CxIHxIW[s..][p..][d..] max pooling
  --benchmark_filter=avx2/nchw       what matches this regular expression, out of every benchmark
  --benchmark_list_tests             only names them

build/bench/bench/ninetap-bench --help tells the rest.
END
}

if [[ ${1-} == -h || ${1-} == --help ]]; then
  usage
  exit
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/bench
json=$build/ninetap-bench.json
# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"

ensure_packages cmake make gcc g++ libc6-dev libbenchmark-dev

quietly() {
  "$@" >"$build/build.log" 2>&1 || {
    cat "$build/build.log" >&2
    exit 1
  }
}
mkdir -p "$build"
quietly cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DNINETAP_BUILD_BENCH=ON \
  -DNINETAP_BUILD_TESTS=OFF -DNINETAP_BUILD_EXAMPLES=OFF
quietly cmake --build "$build" --target ninetap-bench --parallel "$(nproc)"

status=0
"$build/bench/ninetap-bench" --benchmark_out="$json" "$@" || status=$?
[[ ! -s $json || $json -ot $build/build.log ]] || echo "every measurement: $json" >&2
exit "$status"
