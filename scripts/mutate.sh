#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/mutate.sh [NAME...]

Breaks the library in the ways that tests/mutations.txt names, one at a time in copies below
build/mutation, one copy a core, and shows that the tests fail for each. A mutation that survives is
a hole in the tests.
END
}

case ${1-} in
  -h | --help) usage; exit ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
workers=$(nproc)
configure=(-DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O1 -DNINETAP_BUILD_TESTS=ON)
# Two instruction sets show what four would, of which one multiplies four bytes at once.
[[ $(uname -m) != x86_64 ]] ||
  configure+=('-DNINETAP_ISAS=avx2;scalar' -DNINETAP_EMULATE_AVX512=ON)
groups=(conv3x3 conv3x3_int8 winograd winograd_error winograd_locality winograd_range batch fused pool2x2
  filter3x3 operations dense dense_int8 softmax backward quantize maxunpool2x2 special_values window_rules guard
  threads rounding descriptions pointers allocation traps stack signals no_threads fork openmp alignment
  huge_pitches selftest vocabulary environment dispatch)

# tests_fail COPY GROUP...: whether they do, built from that copy; 2: it does not build.
tests_fail() {
  local copy=$1 all
  shift
  all=$(IFS='|' && echo "$*")
  cmake --build "$copy/build" --target "${@/#/test_}" >"$copy/log" 2>&1 || return 2
  ! NINETAP_TEST_CASES=300 ctest --test-dir "$copy/build" --timeout 200 -R "^($all)$" \
    --stop-on-failure >>"$copy/log" 2>&1
}

# try COPY NAME LIKELY FILE EXPRESSION: prints what became of it.
try() {
  local copy=$1 name=$2 likely=$3 file=$4 found=0
  sed -i -E "$5" "$copy/source/$file"
  if cmp -s "$file" "$copy/source/$file"; then
    echo "$name: changes nothing in $file"
    return
  fi
  tests_fail "$copy" "$likely" || found=$?
  [[ $found != 1 ]] || { found=0 && tests_fail "$copy" "${groups[@]}"; } || found=$?
  cp "$file" "$copy/source/$file"
  case $found in
    0) echo "$name: found by $(sed -nE 's/^[[:space:]]*[0-9]+ - ([a-z0-9_]+) .*/\1/p' "$copy/log" | head -n 1)" ;;
    1) echo "$name: SURVIVED" ;;
    *) echo "$name: does not build" ;;
  esac
}

# worker K NAME...: every workers-th of the list.
worker() {
  local copy=$PWD/build/mutation/$1 turn=0 name likely file expression
  mkdir -p "$copy/source"
  # Only what changed, so that a later run builds little.
  while IFS= read -r -d '' file; do
    cmp -s "$file" "$copy/source/$file" || cp --parents "$file" "$copy/source"
  done < <(git ls-files -z)
  cmake -S "$copy/source" -B "$copy/build" "${configure[@]}" >"$copy/log" 2>&1
  while IFS='|' read -r name likely file expression; do
    [[ $name && $name != \#* ]] || continue
    [[ $# == 1 || " ${*:2} " == *" $name "* ]] || continue
    ((turn++ % workers == $1)) || continue
    try "$copy" "$name" "$likely" "$file" "$expression"
  done <tests/mutations.txt
}

results=$PWD/build/mutation/results
mkdir -p build/mutation
: >"$results"
pids=()
for ((k = 0; k < workers; k++)); do
  { worker "$k" "$@" | tee -a "$results"; } &
  pids+=($!)
done
for pid in "${pids[@]}"; do
  wait "$pid" # one that ended early fails the script
done
found=$(grep -c ': found by ' "$results" || true)
count=$(wc -l <"$results")
echo "$count mutations, $((count - found)) not found"
((count > 0 && count == found))
