#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/coverage.sh

Runs the tests on a build by gcc that counts, and lists every line and branch of the library that was not
taken, the ISA files excepted; where clang-19 is, also every condition of the validators that was not shown to
decide (MC/DC). Each must stand in docs/coverage.md with its reason. NINETAP_TEST_CASES: 200.
END
}

case ${1-} in
  '') ;;
  -h | --help) usage; exit ;;
  *) usage; exit 2 ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
ensure_packages cmake make gcc g++ libc6-dev libcmocka-dev gcovr jq
export NINETAP_TEST_CASES=${NINETAP_TEST_CASES:-200}

# configure BUILD FLAGS CMAKE-OPTION...: the kernels optimised, so that the tests end; the rest not, so that
# each branch is there.
configure() {
  cmake -S . -B "$1" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O1 \
    -DNINETAP_BUILD_TESTS=ON "-DNINETAP_COVERAGE=-O0;-g;$2" "${@:3}" >/dev/null
}

# explained FILE-WITH-PLACES: each place is "file:line: what", its source line in docs/coverage.md, in the
# file's section, as "- `code`".
explained() {
  local failures=0 place file line code
  while IFS= read -r place; do
    IFS=: read -r file line _ <<<"$place"
    code=$(sed -n "${line}s/^ *//p" "$file")
    awk -v heading="## $file" -v item="- \`$code\`" '
      /^## / { here = $0 == heading }
      here && index($0, item) == 1 { found = 1 }
      END { exit !found }' docs/coverage.md && continue
    echo "$place: $code"
    failures=$((failures + 1))
  done <"$1"
  echo "$(wc -l <"$1") not covered, $failures of them unexplained"
  ((failures == 0))
}

gcc_coverage() {
  local build=$root/build/coverage
  configure "$build" '--coverage;-Wl,-u,__gcov_dump' -DCMAKE_C_COMPILER=gcc
  cmake --build "$build" --parallel "$(nproc)" >/dev/null
  find "$build" -name '*.gcda' -delete
  ctest --test-dir "$build" --label-exclude 'gate|package' --parallel "$(nproc)" --output-on-failure
  gcovr --root . --object-directory "$build" --filter kernels/ --exclude kernels/simd/ --exclude 'kernels/targets/((avx|sse|neon|scalar).*\.c|.*\.h)' \
    --exclude kernels/bodies/ --print-summary --json "$build/coverage.json"
  jq -r '.files[] | .file as $file | .lines[] | select(."gcovr/noncode" | not) |
    select(.count == 0 or any(.branches[]; .count == 0)) |
    "\($file):\(.line_number): \(if .count == 0 then "line" else "branch" end)"' \
    "$build/coverage.json" >"$build/places"
  explained "$build/places"
}

# The conditions that were not shown to decide, of shape.c of each operation.
mcdc() {
  local build=$root/build/mcdc
  configure "$build" '-fprofile-instr-generate;-fcoverage-mapping;-fcoverage-mcdc' \
    -DCMAKE_C_COMPILER=clang-19 -DNINETAP_OPENMP=OFF -DNINETAP_BUILD_CHECK=OFF -DNINETAP_ISAS=scalar
  local tests=(descriptions pointers dense filter3x3 fused conv3x3 pool2x2) objects=() test
  cmake --build "$build" --parallel "$(nproc)" --target "${tests[@]/#/test_}" >/dev/null
  rm -f "$build"/*.profraw
  for test in "${tests[@]}"; do
    LLVM_PROFILE_FILE=$build/$test-%p.profraw "$build/tests/test_$test" >/dev/null
    objects+=(-object "$build/tests/test_$test")
  done
  llvm-profdata-19 merge -o "$build/profile" "$build"/*.profraw
  llvm-cov-19 show "${objects[@]:1}" -instr-profile "$build/profile" --show-mcdc \
    kernels/{conv3x3,dense,filter3x3,pool2x2}/shape.c >"$build/report"
  awk '/^\/.*:$/ { file = $0; sub(/.*\/kernels\//, "kernels/", file); sub(/:$/, "", file) }
    /MC\/DC Decision Region/ { match($0, /\(([0-9]+)/); line = substr($0, RSTART + 1, RLENGTH - 1) }
    /MC\/DC Coverage for Decision: / { decisions++; if ($NF != "100.00%") print file ":" line ": " $NF }
    END { print decisions " decisions" > "/dev/stderr" }' "$build/report" >"$build/places"
  explained "$build/places"
}

gcc_coverage
if command -v clang-19 >/dev/null || { ensure_packages clang-19 llvm-19 libclang-rt-19-dev; command -v clang-19; } >/dev/null; then
  mcdc
fi
