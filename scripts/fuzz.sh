#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/fuzz.sh [SECONDS [TARGET...]]

Builds the fuzz targets of tests/fuzz with clang and lets each search for SECONDS (60), from the corpus in
the repository on. What it finds anew is below build/fuzz/found, an input that fails in build/fuzz/crashes:
run the target on that file to see it again.
END
}

[[ ${1-} != -h && ${1-} != --help ]] || { usage; exit; }
seconds=${1-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { usage; exit 2; }
targets=("${@:2}")
((${#targets[@]})) || targets=(models operations pictures suites)

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
ensure_packages cmake make clang libclang-rt-14-dev libcmocka-dev libbenchmark-dev \
  libpng-dev libjpeg62-turbo-dev zlib1g-dev libzip-dev libjansson-dev pkg-config

cmake --preset fuzz
cmake --build build/fuzz --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}"
mkdir -p build/fuzz/crashes
export ASAN_OPTIONS=allocator_may_return_null=1
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/found/$target"
  echo "$target:"
  "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=2000 -timeout=20 \
    -artifact_prefix="build/fuzz/crashes/$target-" -print_final_stats=1 -verbosity=0 \
    "build/fuzz/found/$target" "tests/fuzz/corpus/$target"
done
