#!/usr/bin/env bash
# usage: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and its argument)
# What ninetap-bench does with its streams, files, signals and numbers.
set -euo pipefail

# shellcheck source=tests/support/cases.sh
source "$(dirname "$0")/../tests/support/cases.sh"
unset NINETAP_ISA NINETAP_THREADS COLUMNS
export OMP_NUM_THREADS=2

# A status, what stderr must say in one line, and a command line; "" is no line at all.
expect() {
  local wanted=$1 text=$2 status=0
  shift 2
  timeout 60 "${program[@]}" "$@" 2>error || status=$?
  judge "$wanted" "$text" "$status" "$*"
}

judge() {
  local lines=1
  [[ $2 ]] || lines=0
  (($3 == $1)) || fail "status $3, not $1, for $4: $(<error)"
  [[ $(wc -l <error) == "$lines" ]] || fail "not $lines lines on stderr for $4: $(<error)"
  [[ -z $2 ]] || grep -qF -e "$2" error || fail "no \"$2\" for $4: $(<error)"
}

# A whole file of --json.
is_json() {
  [[ $(head -n 1 "$1") == '{' && $(tail -n 1 "$1") == '}' ]] || fail "$1 is no JSON: $(<"$1")"
  grep -q '"benchmarks": \[' "$1" || fail "$1 has no benchmarks: $(<"$1")"
}

# Nothing but these files is in the directory.
only() {
  [[ $(find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort | xargs) == "$*" ]] ||
    fail "left: $(ls -A)"
}

# A full disk: no file grows beyond so many KiB. What is said goes through a pipe.
on_full_disk() {
  local most=$1
  shift
  status=0
  (
    ulimit -f "$most"
    exec timeout 60 "${program[@]}" "$@" 2>&1 >/dev/null
  ) | cat >error || status=$?
}

# A measurement of one benchmark; its output is verified only.
short=(--shape 1x3x3-1 --threads 1 --isa scalar --layout nchw --no-peers --benchmark_repetitions=2)
quick=("${short[@]}" --verify-only)

case $case_name in
  stdout)
    for words in --help --version '--list --shape 8x7x7-8' --benchmark_list_tests; do
      read -ra words <<<"$words"
      expect 2 'stdout: ' "${words[@]}" >/dev/full
      expect 2 'stdout: ' "${words[@]}" >&-
    done
    expect 2 'stdout: ' "${quick[@]}" >/dev/full
    expect 2 'stdout: ' "${quick[@]}" --json - >/dev/full
    expect 2 'stdout: ' "${short[@]}" --benchmark_format=json >/dev/full
    # A stream that is closed is not the next file that is opened.
    expect 2 'stdout: ' "${quick[@]}" --json closed.json >&-
    is_json closed.json
    "${program[@]}" "${quick[@]}" --json closed.json >/dev/null 2>&- <&-
    is_json closed.json
    # Nobody reads any more: the file is written, and the process ends by SIGPIPE.
    status=0
    { sleep 0.3 && "${program[@]}" "${quick[@]}" --json pipe.json 2>error; } | true || status=$?
    ((status == 141)) || fail "status $status after a broken pipe: $(<error)"
    status=0
    (
      trap '' PIPE
      sleep 0.3
      exec "${program[@]}" "${quick[@]}" 2>error
    ) | true || status=$?
    judge 2 'stdout: ' "$status" "a broken pipe that is ignored"
    ;;
  files)
    echo older >kept
    cp kept old.json
    ln -s old.json link
    chmod 640 old.json
    for file in --json=old.json --json=link --benchmark_out=old.json; do
      on_full_disk 1 "${quick[@]}" "$file" # clang's libomp wants 1 KiB
      judge 2 "${file#*=}: File too large" "$status" "$file on a full disk"
      cmp kept old.json || fail "$file on a full disk broke the older file"
    done
    # SIGXFSZ ignored or not.
    (
      trap '' XFSZ
      on_full_disk 1 "${quick[@]}" --json old.json
      judge 2 'old.json: File too large' "$status" "a full disk"
    )
    expect 0 '' "${quick[@]}" --json link >/dev/null
    [[ -L link && $(stat -c %a old.json) == 640 ]] || fail "a link or the rights are lost"
    is_json old.json
    (umask 027 && expect 0 '' "${quick[@]}" --json new.json >/dev/null)
    [[ $(stat -c %a new.json) == 640 ]] || fail "rights of a new file: $(stat -c %a new.json)"
    rm new.json
    expect 2 '/dev/full: No space left on device' "${quick[@]}" --json /dev/full >/dev/null
    for option in --json --benchmark_out; do
      expect 2 '/no/such/file: ' "${quick[@]}" "$option=/no/such/file"
      expect 2 '/: Is a directory' "${quick[@]}" "$option=/"
    done
    "${program[@]}" "${quick[@]}" --json >(cat >piped) >/dev/null
    rm piped error
    only kept link old.json
    ;;
  dash)
    expect 0 '' "${quick[@]}" --json - >out
    is_json out
    expect 0 '' "${quick[@]}" --benchmark_out=- >out
    is_json out
    expect 0 '' "${short[@]}" --benchmark_out=out.csv --benchmark_out_format=csv >out
    grep -q '^name,iterations,' out.csv || fail "no CSV: $(<out.csv)"
    expect 0 '' --list --suite - --isa scalar --threads 1 --layout nchw <<<8x7x7-8 >out
    [[ $(<out) == conv3x3/scalar/nchw/8x7x7-8/t1 ]] || fail "--suite - reads something else"
    expect 2 '--json goes without --benchmark_out' "${quick[@]}" --json - --benchmark_out=-
    expect 2 '--json - goes without --benchmark_format' "${short[@]}" --json - \
      --benchmark_format=json
    expect 2 '--suite - goes without another one' --list --suite - --suite - <<<8x7x7-8
    rm out out.csv error
    only
    ;;
  info)
    export OMP_NUM_THREADS=1
    expect 0 '' --info --json info.json >out
    grep -q '^  CPU ' out || fail "no CPU: $(<out)"
    is_json info.json
    grep -q '"limit copy memory t1": "[0-9.e+]* [0-9]*"' info.json || fail "no limits"
    expect 2 '--info goes without --benchmark_format' --info --benchmark_format=json
    for option in --json --benchmark_out; do
      expect 2 "--list goes without $option" --list "$option=x"
    done
    expect 2 '--list goes without --json' --benchmark_list_tests --json info.json
    expect 2 '--verify-only goes without --benchmark_format' --verify-only --benchmark_format=csv
    expect 0 '' "${short[@]/1x3x3-1/3x9x7:edge}" --benchmark_min_time=0 >out
    grep -q '^filter3x3/scalar/nhwc/3x9x7:edge/t1 .* Gpx/s .* memory ' out || fail "no rate: $(<out)"
    expect 0 '' "${short[@]}" --verify-only --json right.json >out
    grep -q '"error_message": "right"' right.json || fail "not right: $(<right.json)"
    ;;
  interrupted)
    echo older >kept
    # interrupt SIGNAL WHEN ARGUMENT...: the signal as soon as the command WHEN succeeds.
    interrupt() {
      local signal=$1 when=$2
      shift 2
      set -m # without job control SIGINT would be ignored
      "${program[@]}" "$@" >out 2>error &
      set +m
      for ((i = 0; i < 600; i++)); do
        ! "$when" $! || break
        sleep 0.1
      done
      kill "-$signal" $!
      status=0
      wait $! 2>/dev/null || status=$?
    }
    has_rows() {
      grep -q ^conv3x3/ out
    }
    # SIGTERM is the 15th. Before it becomes the program, the process is a shell that expects it too.
    expects_signals() {
      local caught
      [[ $(<"/proc/$1/comm") != bash ]] || return 1
      caught=$(sed -n 's/^SigCgt:\t*//p' "/proc/$1/status")
      ((0x$caught & 1 << 14))
    }
    long=(--suite all --threads 1 --layout nchw --no-peers --benchmark_repetitions=3)
    interrupt INT has_rows "${long[@]}" --json old.json
    judge 130 'interrupted by SIGINT after ' "$status" SIGINT
    is_json old.json
    rows=$(grep '"run_name":' old.json | sort -u | wc -l)
    total=$(sed -n 's/.*"benchmarks": "\([0-9]*\)".*/\1/p' old.json)
    grep -q "^ninetap-bench: interrupted by SIGINT after $rows of $total benchmarks" error ||
      fail "$rows rows of $total: $(<error)"
    # Before the first benchmark is done, the older file is worth more.
    cp kept old.json
    interrupt TERM expects_signals "${long[@]}" --json old.json
    judge 143 'interrupted by SIGTERM after 0 of ' "$status" SIGTERM
    cmp kept old.json || fail "a file of nothing took the place of an older one"
    ;;
  neighbours)
    # However the program ends, they end.
    for signal in none TERM KILL; do
      work=("${short[@]}" --benchmark_min_time=60)
      [[ $signal != none ]] || work=("${short[@]}" --benchmark_min_time=0.2)
      "${program[@]}" "${work[@]}" --neighbours 2 >out 2>error &
      pid=$!
      found=()
      for ((i = 0; i < 600 && ${#found[@]} < 2; i++)); do
        sleep 0.05
        mapfile -t found < <(ps -o pid= --ppid "$pid")
      done
      ((${#found[@]} == 2)) || fail "not 2 neighbours: ${found[*]}"
      for one in "${found[@]}"; do
        [[ $(ps -o sid= -p "$((one))") -eq one ]] || fail "a neighbour has no session of its own"
      done
      [[ $signal == none ]] || kill "-$signal" "$pid"
      wait "$pid" 2>/dev/null || true
      sleep 0.2
      for one in "${found[@]}"; do
        [[ ! $(ps -o stat= -p "$((one))") =~ ^[^Z] ]] || fail "a neighbour outlived the program ($signal)"
      done
    done
    for value in 0 -1 65 junk; do
      expect 2 '--neighbours' --list --shape 1x3x3-1 --neighbours "$value"
    done
    ;;
  numbers)
    # The value is named, and nothing is measured.
    refused() {
      expect 2 "ninetap-bench: $1=$2: " "$1=$2" "${short[@]:0:6}" >out
      [[ ! -s out ]] || fail "it talks: $(<out)"
    }
    for value in -1 0 1.5 1e3 99999999999 nan junk '' ' 1'; do
      refused --benchmark_repetitions "$value"
    done
    for flag in --benchmark_min_time --benchmark_min_warmup_time; do
      for value in nan inf -1 1e400 86401 junk 1,5 '' 1y s x; do
        refused "$flag" "$value"
      done
    done
    for value in -1 10 junk; do
      refused --v "$value"
    done
    refused --benchmark_format xml
    refused --benchmark_out_format xml
    refused --benchmark_time_unit h
    refused --benchmark_color blue
    for flag in list_tests enable_random_interleaving report_aggregates_only \
      display_aggregates_only counters_tabular dry_run; do
      refused "--benchmark_$flag" 2
    done
    for setting in BENCHMARK_REPETITIONS=-1 BENCHMARK_MIN_TIME=nan BENCHMARK_FORMAT=xml \
      NINETAP_THREADS=0 NINETAP_THREADS=-1 NINETAP_THREADS=1025 NINETAP_THREADS=1,2 \
      NINETAP_THREADS=junk NINETAP_ISA=mmx; do
      (export "${setting?}" && expect 2 "ninetap-bench: $setting: " --list --shape 1x3x3-1)
    done
    for value in 0 -1 1025 99999999999 1.5; do
      expect 2 "--threads=$value: " --list "--threads=$value"
    done
    for value in 0 1025 99999999999 4294967297; do
      expect 2 "/t$value" --list "conv3x3/scalar/nchw/1x3x3-1/t$value"
    done
    for value in 0x3x3-1 99999999999x3x3-1 1x3x3-1s0 1x3x3-1s99999999999 nanx3x3-1; do
      expect 2 "$value" --list --shape "$value"
    done
    for value in 0 f NO off; do
      expect 0 '' "--benchmark_list_tests=$value" --list --shape 1x3x3-1 >/dev/null
    done
    # The ends of what is good.
    expect 0 '' "${short[@]}" --benchmark_repetitions=1 --benchmark_min_time=0 --v=0 --json - >out
    [[ $(grep -c '"repetition_index": 0' out) == 1 && $(grep -c '"run_type": "iteration"' out) == 1 ]] ||
      fail "not one time: $(<out)"
    ;;
  environment)
    list=(--list --shape 8x7x7-8 --no-peers)
    NINETAP_ISA=scalar expect 0 '' "${list[@]}" >out
    [[ $(cut -d/ -f2 out | sort -u) == scalar ]] || fail "NINETAP_ISA: $(<out)"
    NINETAP_ISA=scalar expect 0 '' "${list[@]}" --isa best >out
    [[ $(cut -d/ -f2 out | sort -u) == scalar ]] || fail "best is not the library's: $(<out)"
    NINETAP_ISA=scalar expect 0 '' "${list[@]}" --isa all >out
    "${program[@]}" "${list[@]}" --isa all | cmp - out || fail "--isa does not go first"
    NINETAP_ISA='' NINETAP_THREADS='' expect 0 '' "${list[@]}" >out
    "${program[@]}" "${list[@]}" | cmp - out || fail "empty variables count"
    NINETAP_THREADS=1 expect 0 '' "${list[@]}" >out
    [[ $(cut -d/ -f5 out | sort -u) == t1 ]] || fail "NINETAP_THREADS: $(<out)"
    NINETAP_THREADS=2 expect 0 '' "${list[@]}" --threads 1 >out
    [[ $(cut -d/ -f5 out | sort -u) == t1 ]] || fail "--threads does not go first"
    name=$(head -n 1 out)
    NINETAP_ISA=scalar NINETAP_THREADS=2 expect 0 '' --list "$name" >out
    [[ $(<out) == "$name" ]] || fail "a name is another one now: $(<out)"
    NINETAP_ISA=mmx expect 0 '' --version >/dev/null
    "${program[@]}" --help >out
    grep -q NINETAP_ISA out || fail "--help does not say NINETAP_ISA"
    grep -q NINETAP_THREADS out || fail "--help does not say NINETAP_THREADS"
    ;;
  progress)
    if [[ ! $(command -v script) ]]; then
      echo "not tried: script (bsdutils) is not installed"
      exit
    fi
    # No line is longer than a terminal of so many columns.
    lines() {
      printf -v command '%q ' "${program[@]}" --verify-only --isa scalar --layout nchw --threads 1 \
        --no-peers --shape 16x16x16-16 --shape 128x14x14-128 --shape 4x256x12x12:avg
      script -qec "stty cols $1; $2 $command" typescript </dev/null >/dev/null
      tr '\r' '\n' <typescript | sed -n 's/^\x1b\[K\(\[.*\)$/\1/p' >lines
      (($(wc -l <lines) == 3)) || fail "$1 columns: $(cat -v typescript)"
      awk -v most="$3" 'length > most { exit 1 }' lines || fail "$1 columns: $(<lines)"
    }
    lines 200 '' 199
    grep -q '4x256x12x12' lines || fail "a name is cut off: $(<lines)"
    lines 40 '' 39
    lines 20 'COLUMNS=200' 19
    lines 0 'COLUMNS=30' 29
    lines 0 '' 79
    ;;
  *) fail "no such case" ;;
esac
