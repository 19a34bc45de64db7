#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/test.sh [--quick | --full]

Installs the Debian packages it needs, then checks the sources (format, cppcheck, clang-tidy,
shellcheck) and builds and tests: gcc, clang, no OpenMP; emulated, NEON (aarch64), an x86-64 CPU
without AVX, and armv7; ninetap-check alone on riscv64 and s390x, whose bytes are the other way
round. Everything is built below build/; build/logs has what was printed.

  --quick   the sources and gcc only
  --full    more random cases, AddressSanitizer and UndefinedBehaviorSanitizer, hardening flags, coverage
            (docs/coverage.md), and the faults of tests/mutations.txt, which the tests must find

NINETAP_TEST_SEED and NINETAP_TEST_CASES (tests/support/suite.h) steer the random tests.
END
}

mode=usual
case ${1-} in
  '') ;;
  --quick | --full) mode=${1#--} ;;
  *) usage; [[ $1 == -h || $1 == --help ]] && exit || exit 2 ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
packages=(cmake make gcc g++ libc6-dev binutils pkg-config libcmocka-dev libbenchmark-dev
  libjansson-dev libpng-dev clang libomp-dev clang-format-14 clang-tidy-14 cppcheck shellcheck)
foreign=(qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf
  libc6-dev-armhf-cross gcc-riscv64-linux-gnu libc6-dev-riscv64-cross gcc-s390x-linux-gnu
  libc6-dev-s390x-cross)
emulate=false
[[ $mode == quick || $(uname -m) != x86_64 ]] || emulate=true
$emulate && packages+=("${foreign[@]}")
ensure_packages "${packages[@]}"

logs=$root/build/logs
mkdir -p "$logs"
jobs=$(nproc)
summary=() failures=0

# step NAME COMMAND...: runs it with its output in a log, which is shown when it fails.
step() {
  local name=$1 log=$logs/$1.log start=$SECONDS result=ok
  printf '%-12s ' "$name"
  shift
  if ! "$@" >"$log" 2>&1; then
    result=FAILED
    failures=$((failures + 1))
  fi
  local counted
  counted=$(grep -E '^[0-9]+% tests passed' "$log" || true)
  summary+=("$(printf '%-12s %s' "$name" "${counted:-$result}")")
  printf '%-6s %4d s   %s\n' "$result" $((SECONDS - start)) "$counted"
  [[ $result == ok ]] || tail -n 60 "$log"
}

# build_and_test DIRECTORY CMAKE-OPTION...
build_and_test() {
  local build=$root/build/$1
  cmake -S "$root" -B "$build" -DNINETAP_BUILD_TESTS=ON -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
    "${@:2}" || return
  cmake --build "$build" --parallel "$jobs" || return
  ctest --test-dir "$build" --parallel "$jobs" --output-on-failure ${leave_out:+-E "$leave_out"}
}

# Once more with another compiler or option: fewer cases, and the packages were tried already.
again() {
  local leave_out='^(install|examples.*)$' cases=${NINETAP_TEST_CASES:-200}
  NINETAP_TEST_CASES=$cases build_and_test "$@"
}

# emulated DIRECTORY PROCESSOR CC EMULATOR CMAKE-OPTION...: fewer cases, the same tests.
emulated() {
  local cases=${NINETAP_TEST_CASES:-100}
  NINETAP_TEST_CASES=$cases build_and_test "$1" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$2" -DCMAKE_C_COMPILER="$3" \
    -DCMAKE_CROSSCOMPILING_EMULATOR="$4" "${@:5}"
}

# foreign DIRECTORY PROCESSOR TRIPLET EMULATOR
foreign() {
  local prefix=$root/build/cmocka-$3
  "$root/tests/cross/cmocka.sh" "$3" "$prefix" || return
  emulated "$1" "$2" "$3-gcc" "$4;-L;/usr/$3" -DCMAKE_PREFIX_PATH="$prefix"
}

# check_only PROCESSOR TRIPLET: the library and ninetap-check, no other test.
check_only() {
  local build=$root/build/$1
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_SYSTEM_NAME=Linux \
    -DCMAKE_SYSTEM_PROCESSOR="$1" -DCMAKE_C_COMPILER="$2-gcc" || return
  cmake --build "$build" --parallel "$jobs" --target ninetap-check || return
  "qemu-$1" -L "/usr/$2" "$build/check/ninetap-check"
}

check_format() {
  find include kernels check bench tests examples \( -name '*.[ch]' -o -name '*.cc' \) -print0 |
    xargs -0 clang-format-14 --dry-run -Werror
}

check_scripts() {
  grep -rlE --exclude-dir=build --exclude-dir=.git '^#!/usr/bin/env bash' . | xargs shellcheck -x
}

check_cppcheck() {
  cppcheck --enable=warning,performance,portability --std=c11 --quiet --error-exitcode=1 \
    --suppress=memsetClassFloat --suppress=uninitvar:kernels/templates/winograd_1d.h -j "$jobs" \
    -I include -I kernels -I tests kernels check bench tests examples
}

step format check_format
step shellcheck check_scripts
step cppcheck check_cppcheck
NINETAP_TEST_CASES=${NINETAP_TEST_CASES:-800} step gcc build_and_test gcc --preset release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
step clang-tidy run-clang-tidy-14 -p build/gcc -quiet -j "$jobs" '\.c$' # C++: only the shim
if [[ $mode != quick ]]; then
  step clang again clang --preset clang
  step abi scripts/abi.sh
  step no-openmp again no-openmp -DCMAKE_BUILD_TYPE=Release -DNINETAP_OPENMP=OFF
fi
if $emulate; then
  step neon foreign aarch64 aarch64 aarch64-linux-gnu qemu-aarch64
  step no-avx emulated no-avx x86_64 gcc 'qemu-x86_64;-cpu;Nehalem'
  step armv7 foreign armv7 armv7l arm-linux-gnueabihf qemu-arm
  step riscv64 check_only riscv64 riscv64-linux-gnu
  step s390x check_only s390x s390x-linux-gnu
fi
if [[ $mode == full ]]; then
  NINETAP_TEST_CASES=30000 step many-cases ctest --test-dir build/gcc --label-regex isa \
    --parallel "$jobs" --output-on-failure
  step sanitize build_and_test sanitize --preset sanitize
  step hardened again hardened --preset hardened
  step coverage scripts/coverage.sh
  step mutations scripts/mutate.sh
fi

printf '\n'
printf '%s\n' "${summary[@]}"
printf '\n'
awk '/ tests passed, / { failed += $5; all += $NF }
  END { printf "%d%% tests passed, %d tests failed out of %d\n",
        all ? 100 * (all - failed) / all : 0, failed, all }' < <(printf '%s\n' "${summary[@]}")
if ((failures)); then
  echo "$failures steps FAILED; the logs are in $logs"
  exit 1
fi
