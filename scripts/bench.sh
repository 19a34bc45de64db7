#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/bench.sh [OPTION...]

Builds ninetap-bench (after installing the Debian packages that takes) and runs it: what can this
CPU do, and who is fastest on it? Every single measurement is left in build/bench/ninetap-bench.json.

  --peers[=LIST]    beside other libraries: installs oneDNN, XNNPACK and OpenCV from Debian, fetches
                    ONNX Runtime by npm into build/; also finds libtorch and ncnn
  --plot DIR        pictures, and DIR/index.html with all there is to see (installs gnuplot);
                    with --suite=quick --suite=sweep also the rate against map size, with
                    --suite=crossover which algorithm is fastest where
  --baseline        the first time, keeps this run outside the repository, for this CPU and host;
                    from then on, says what has changed since that one
  --baseline=new    keeps this run in its place

All other OPTIONs are the program's own, for example

  --suite=all                  every instruction set; takes long
  --shape=64x56x56-64s2        this shape; [Nx]ICxIHxIW-OC[s..][p..][d..][g..] or -dw is a
                               convolution, [Nx]CxIHxIW[s..][p..][d..] max pooling; +pool behind a
                               convolution pools its output; lenet, vgg16: a whole network
  --list                       only names the benchmarks; a name as an OPTION runs that one again

build/bench/bench/ninetap-bench --help tells the rest.
END
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/bench
json='' usual_json=$build/ninetap-bench.json
# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"
# shellcheck source=scripts/onnxruntime.sh
source "$root/scripts/onnxruntime.sh"

packages=(cmake make gcc g++ libc6-dev pkg-config libbenchmark-dev libjansson-dev)
peers=OFF baseline='' arguments=()
while (($#)); do
  case $1 in
    -h | --help) usage; exit ;;
    --peers | --peers=*) peers=ON; arguments+=("$1") ;;
    --baseline | --baseline=new) baseline=$1 ;;
    --json=*) json=${1#*=} ;;
    --json) json=${2:?--json wants a file}; shift ;;
    --list | --info | --version | --benchmark_list_tests | --benchmark_list_tests=*)
      usual_json='' # nothing is timed
      arguments+=("$1")
      ;;
    --plot | --plot=*) packages+=(gnuplot-nox); arguments+=("$1") ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

options=(-DCMAKE_BUILD_TYPE=Release -DNINETAP_BUILD_BENCH=ON -DNINETAP_BUILD_TESTS=OFF
  -DNINETAP_BUILD_EXAMPLES=OFF -DNINETAP_BENCH_PEERS="$peers")
if [[ $peers == ON ]]; then
  packages+=(libdnnl-dev libxnnpack-dev libpthreadpool-dev libopencv-dev)
fi
ensure_packages "${packages[@]}"
if [[ $peers == ON ]]; then
  onnxruntime=${NINETAP_ORT_LIBRARY:-$(fetch_onnxruntime "$root/build")}
  options+=(-DNINETAP_ORT_LIBRARY="$onnxruntime")
fi

quietly() {
  "$@" >"$build/build.log" 2>&1 || {
    cat "$build/build.log" >&2
    exit 1
  }
}
mkdir -p "$build"
quietly cmake -S "$root" -B "$build" "${options[@]}"
quietly cmake --build "$build" --target ninetap-bench --parallel "$(nproc)"

if [[ $baseline ]]; then
  model=$(sed -n '/^model name/ {s/^[^:]*: *//p; q}' /proc/cpuinfo)
  machine="$(uname -n) ${model:-$(uname -m)}"
  kept=${XDG_STATE_HOME:-$HOME/.local/state}/ninetap/${machine//[^[:alnum:].]/-}.json
  if [[ $baseline == --baseline && -e $kept ]]; then
    arguments+=(--compare "$kept")
    kept=''
  fi
fi

status=0
json=${json:-$usual_json}
"$build/bench/ninetap-bench" ${json:+--json "$json"} "${arguments[@]}" || status=$?
if [[ -s $json && $json -nt $build/build.log ]]; then
  echo "every measurement: $json" >&2
  if [[ ${kept-} && $status == 0 ]]; then
    mkdir -p "$(dirname "$kept")"
    cp "$json" "$kept"
    echo "kept for --baseline: $kept" >&2
  fi
fi
exit "$status"
