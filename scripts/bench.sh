#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/bench.sh [OPTION...]

Builds ninetap-bench (after installing the Debian packages that takes) and runs it: what can this
CPU do, and who is fastest on it? Every single measurement is left in build/bench/ninetap-bench.json,
which bench/report/report.py (python3) reads.

  --peers[=LIST]    beside other libraries: installs oneDNN, XNNPACK and OpenCV from Debian, fetches
                    ONNX Runtime by npm into build/; also finds libtorch
  --csv FILE, --markdown FILE
                    everything measured, for reading; - is stdout, whose tables are left out then
  --from FILE       nothing is measured: FILE, of --json, is what the other options here read
  --plot DIR        pictures, and DIR/index.html with all there is to see (installs matplotlib);
                    DIR/summary.png is the one to show around; with --suite=quick --suite=sweep
                    also the rate against map size, with --suite=crossover which algorithm is
                    fastest where
  --compare OLD     what has changed since that run, a file of --json
  --baseline        the first time, keeps this run outside the repository, for this CPU and host;
                    from then on, says what has changed since that one
  --baseline=new    keeps this run in its place

All other OPTIONs are the program's own, for example

  --suite=all                  every instruction set; takes long
  --shape=64x56x56-64s2        this shape; [Nx]ICxIHxIW-OC[s..][p..][d..][g..] or -dw is a
                               convolution, [Nx]CxIHxIW[s..][p..][d..] max pooling, with :edge or
                               :gauss behind it a filter of that image; +pool behind a
                               convolution pools its output; lenet, vgg16: a whole network
  --list                       only names the benchmarks; a name as an OPTION runs that one again

build/bench/bench/ninetap-bench --help tells the rest.
END
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/bench
json='' usual_json=$build/ninetap-bench.json from='' plot='' old='' csv='' markdown='' untimed=''
# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"
# shellcheck source=scripts/onnxruntime.sh
source "$root/scripts/onnxruntime.sh"

packages=(python3)
peers=OFF baseline='' arguments=()
while (($#)); do
  case $1 in
    -h | --help) usage; exit ;;
    --peers | --peers=*) peers=ON; arguments+=("$1") ;;
    --baseline | --baseline=new) baseline=$1 ;;
    --json | --csv | --markdown | --from | --plot | --compare)
      set -- "$1=${2:?$1 wants a name}" "${@:3}"
      continue
      ;;
    --json=*) json=${1#*=} ;;
    --csv=*) csv=${1#*=} ;;
    --markdown=*) markdown=${1#*=} ;;
    --from=*) from=${1#*=} ;;
    --plot=*) plot=${1#*=} ;;
    --compare=*) old=${1#*=} ;;
    --info)
      usual_json=$build/info.json
      arguments+=("$1")
      ;;
    --list | --version | --verify-only | --benchmark_list_tests*)
      untimed=$1
      arguments+=("$1")
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

# What is read is a file of measurements.
if [[ $plot$old$csv$markdown && ($untimed || $json == - || $plot == - || $old == -) ]]; then
  echo "--csv, --markdown, --plot and --compare go without ${untimed:--} (see --help)" >&2
  exit 2
fi
if [[ $from && ($json || ${#arguments[@]} -gt 0) ]]; then
  echo "--from goes without ${arguments[*]:---json}: nothing is measured (see --help)" >&2
  exit 2
fi

options=(-DCMAKE_BUILD_TYPE=Release -DNINETAP_BUILD_BENCH=ON -DNINETAP_BUILD_TESTS=OFF
  -DNINETAP_BUILD_EXAMPLES=OFF -DNINETAP_BENCH_PEERS="$peers")
if [[ ! $from ]]; then
  packages+=(cmake make gcc g++ libc6-dev libbenchmark-dev)
fi
if [[ $peers == ON ]]; then
  packages+=(libdnnl-dev libxnnpack-dev libpthreadpool-dev libopencv-dev)
fi
if [[ $plot ]]; then
  packages+=(python3-matplotlib)
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
if [[ ! $from ]]; then
  quietly cmake -S "$root" -B "$build" "${options[@]}"
  quietly cmake --build "$build" --target ninetap-bench --parallel "$(nproc)"
fi

if [[ $baseline ]]; then
  model=$(sed -n '/^model name/ {s/^[^:]*: *//p; q}' /proc/cpuinfo)
  machine="$(uname -n) ${model:-$(uname -m)}"
  kept=${XDG_STATE_HOME:-$HOME/.local/state}/ninetap/${machine//[^[:alnum:].]/-}.json
  if [[ $baseline == --baseline && -e $kept ]]; then
    old=$kept kept=''
  fi
fi

# The interpreter that has what Debian installs; another one may come first in PATH.
report() {
  local found module=json
  [[ ! $plot ]] || module=matplotlib
  for found in /usr/bin/python3 python3; do
    if "$found" -c "import $module" 2>/dev/null; then
      "$found" "$root/bench/report/report.py" "$@"
      return
    fi
  done
  echo "There is no python3 with $module, which reads ${from:-$json}" >&2
  return 2
}

status=0
if [[ ! $from ]]; then
  [[ $untimed ]] || json=${json:-$usual_json}
  trap : INT # what was measured till then is told, too
  if [[ $csv == - || $markdown == - ]]; then
    exec 3>/dev/null
  else
    exec 3>&1
  fi
  "$build/bench/ninetap-bench" ${json:+--json "$json"} "${arguments[@]}" >&3 || status=$?
fi
if [[ ! $untimed && $json != - ]] && ((status < 2 || status > 128)); then
  told=0
  report ${csv:+--csv "$csv"} ${markdown:+--markdown "$markdown"} ${old:+--compare "$old"} \
    ${plot:+--plot "$plot"} "${from:-$json}" || told=$?
  status=$((told > status ? told : status))
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
