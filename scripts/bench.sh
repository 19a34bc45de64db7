#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/bench.sh [OPTION...]

Builds ninetap-bench (after installing the Debian packages that takes) and runs it: what can this
CPU do, and who is fastest on it? Every single measurement is left in build/bench/ninetap-bench.json.

  --peers[=LIST]    beside other libraries: installs oneDNN, XNNPACK and OpenCV from Debian, fetches
                    ONNX Runtime by npm into build/; also finds libtorch and ncnn
  --plot DIR        pictures, and DIR/index.html with all there is to see (installs matplotlib);
                    DIR/summary.png is the one to show around; with --suite=quick --suite=sweep
                    also the rate against map size, with --suite=crossover which algorithm is
                    fastest where. With --from FILE, of a run before
  --compare OLD     what has changed since that run, a file of --json; with --from FILE, in that one
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
json='' usual_json=$build/ninetap-bench.json from='' plot='' old='' untimed=''
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
    --json | --from | --plot | --compare) set -- "$1=${2:?$1 wants a name}" "${@:3}"; continue ;;
    --json=*) json=${1#*=} ;;
    --from=*) from=${1#*=} ;;
    --plot=*) plot=${1#*=} ;;
    --compare=*) old=${1#*=} ;;
    --list | --info | --version | --benchmark_list_tests | --benchmark_list_tests=*)
      untimed=$1
      arguments+=("$1")
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

# What Python reads is a file.
if [[ $plot || $old ]] && [[ $untimed || $json == - || $plot == - || $old == - ]]; then
  echo "--plot and --compare go without ${untimed:--} (see --help)" >&2
  exit 2
fi

options=(-DCMAKE_BUILD_TYPE=Release -DNINETAP_BUILD_BENCH=ON -DNINETAP_BUILD_TESTS=OFF
  -DNINETAP_BUILD_EXAMPLES=OFF -DNINETAP_BENCH_PEERS="$peers")
if [[ $peers == ON ]]; then
  packages+=(libdnnl-dev libxnnpack-dev libpthreadpool-dev libopencv-dev)
fi
if [[ $plot ]]; then
  packages+=(python3-matplotlib)
elif [[ $old || $baseline ]]; then
  packages+=(python3)
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
    old=$kept kept=''
  fi
fi

if [[ ! $from && ! $untimed ]]; then
  json=${json:-$usual_json}
elif [[ $from == - ]]; then
  from=$build/from.json
  cat >"$from"
fi

# The interpreter that has what Debian installs; another one may come first in PATH.
python() {
  local module=$1 script=$root/bench/report/$2 found
  shift 2
  for found in /usr/bin/python3 python3; do
    if "$found" -c "import $module" 2>/dev/null; then
      "$found" "$script" "$@"
      return
    fi
  done
  echo "There is no python3 with $module (Debian: python3-matplotlib)" >&2
  return 2
}
worse() {
  (($1 <= status)) || status=$1
}

status=0
"$build/bench/ninetap-bench" ${json:+--json "$json"} ${from:+--from "$from"} "${arguments[@]}" ||
  status=$?
measured=${from:-$json}
if ((status < 2)) && [[ $old ]]; then
  echo
  python json compare.py "$old" "$measured" || worse $?
fi
if ((status < 2)) && [[ $plot ]]; then
  python matplotlib plot.py "$plot" "$measured" || worse $?
fi
if [[ ! $from && -s $json && $json -nt $build/build.log ]]; then
  echo "every measurement: $json" >&2
  if [[ ${kept-} && $status == 0 ]]; then
    mkdir -p "$(dirname "$kept")"
    cp "$json" "$kept"
    echo "kept for --baseline: $kept" >&2
  fi
fi
exit "$status"
