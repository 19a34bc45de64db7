#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/mutate.sh [NAME...]

Breaks the library in the ways that tests/mutations.txt names, one at a time in a copy below build/, and
shows that the tests fail for each. A mutation that survives is a hole in the tests. All of them take
about 20 minutes on two cores.
END
}

case ${1-} in
  -h | --help) usage; exit ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
copy=$PWD/build/mutation
mkdir -p "$copy/source"
# Only what changed, so that a later run builds little.
while IFS= read -r -d '' file; do
  cmp -s "$file" "$copy/source/$file" || cp --parents "$file" "$copy/source"
done < <(git ls-files -z)
configure=(-DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O1 -DNINETAP_BUILD_TESTS=ON)
# Two instruction sets show what four would.
[[ $(uname -m) != x86_64 ]] || configure+=('-DNINETAP_ISAS=avx2;scalar')
cmake -S "$copy/source" -B "$copy/build" "${configure[@]}" >"$copy/log" 2>&1

groups=(conv3x3 winograd winograd_error winograd_locality fused maxpool2x2 avgpool2x2 dense softmax
  maxpool2x2_bytes maxunpool2x2 special_values window_rules guard threads rounding descriptions pointers
  allocation traps stack signals no_threads fork openmp alignment huge_pitches selftest vocabulary
  environment dispatch)

# tests_fail GROUP...: whether they do, built with the mutation.
tests_fail() {
  local all
  all=$(IFS='|' && echo "$*")
  cmake --build "$copy/build" --parallel "$(nproc)" --target "${@/#/test_}" >"$copy/log" 2>&1 || {
    echo "$name: does not build"
    exit 2
  }
  ! NINETAP_TEST_CASES=300 ctest --test-dir "$copy/build" --parallel "$(nproc)" -R "^($all)$" \
    --stop-on-failure >>"$copy/log" 2>&1
}

count=0 survivors=0
while IFS='|' read -r name likely file expression; do
  [[ $name && $name != \#* ]] || continue
  [[ $# == 0 || " $* " == *" $name "* ]] || continue
  sed -i -E "$expression" "$copy/source/$file"
  if cmp -s "$file" "$copy/source/$file"; then
    echo "$name: changes nothing in $file"
    exit 2
  fi
  count=$((count + 1))
  if tests_fail "$likely" || tests_fail "${groups[@]}"; then
    echo "$name: found by $(sed -nE 's/^[[:space:]]*[0-9]+ - ([a-z0-9_]+) .*/\1/p' "$copy/log" | head -n 1)"
  else
    echo "$name: SURVIVED"
    survivors=$((survivors + 1))
  fi
  cp "$file" "$copy/source/$file"
done <tests/mutations.txt

echo "$count mutations, $survivors survived"
((survivors == 0))
