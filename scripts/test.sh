#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/test.sh [--quick | --full | --only STEP,... | --soak MINUTES]

Installs the Debian packages it needs, then checks the sources (format, cppcheck, clang-tidy,
shellcheck) and builds and tests: gcc, clang; emulated, AVX-512 where this CPU has none, and NEON
(aarch64); the tests that run every operation, without OpenMP (under -Ofast), on an x86-64 CPU without
AVX and on armv7; ninetap-check alone by clang 19, with musl, on 32-bit x86, riscv64, ppc64le, s390x,
whose bytes are the other way round, Windows (wine) and WebAssembly (Node.js); the npm package.
Everything is built below build/; build/logs has what was printed.

  --quick   the sources and gcc only
  --full    more random cases; all tests everywhere, for Windows, too; the library in other projects,
            and in a Python wheel, whose type hints are checked; Debian's packages; AddressSanitizer and
            UndefinedBehaviorSanitizer, MemorySanitizer, ThreadSanitizer, valgrind; each fuzz target for
            a minute; ten minutes of random load;
            hardening flags; coverage (docs/coverage.md); the faults of tests/mutations.txt, which
            the tests must find
  --only STEP,...  these steps of --full, by the names it prints; clang-tidy, many-cases and valgrind
            look at what gcc built
  --soak MINUTES   the load alone, for so long

NINETAP_TEST_SEED and NINETAP_TEST_CASES (tests/support/suite.h) steer the random tests.
END
}

mode=usual minutes=10 only=
case ${1-} in
  '') ;;
  --soak)
    mode=soak minutes=${2-}
    [[ $minutes =~ ^[1-9][0-9]*$ ]] || { usage; exit 2; }
    ;;
  --only)
    mode=full only=${2-}
    [[ $only ]] || { usage; exit 2; }
    ;;
  --quick | --full) mode=${1#--} ;;
  *) usage; [[ $1 == -h || $1 == --help ]] && exit || exit 2 ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
packages=(cmake make ccache gcc g++ libc6-dev binutils pkg-config libcmocka-dev libbenchmark-dev
  libpng-dev libjpeg62-turbo-dev zlib1g-dev libzip-dev libjansson-dev libopencv-imgproc-dev
  python3-matplotlib python3-onnx libonnx-testdata python3-numpy python3-pip python3-setuptools
  python3-wheel
  clang clang-19 llvm-19 libomp-dev clang-format-14 clang-tidy-14 cppcheck shellcheck)
foreign=(qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf
  libc6-dev-armhf-cross gcc-riscv64-linux-gnu libc6-dev-riscv64-cross gcc-s390x-linux-gnu
  libc6-dev-s390x-cross gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross gcc-i686-linux-gnu
  libc6-dev-i386-cross musl-tools gcc-mingw-w64-x86-64-posix gcc-mingw-w64-x86-64-posix-runtime
  mingw-w64-x86-64-dev wine wine64 lld llvm wasi-libc libclang-rt-14-dev-wasm32 nodejs)
emulate=false
[[ $mode == quick || $mode == soak || $(uname -m) != x86_64 ]] || emulate=true
command -v npm >/dev/null || foreign+=(npm) # elsewhere than in Debian it comes with Node.js
$emulate && packages+=("${foreign[@]}" libsimde-dev)
[[ $mode != full ]] || packages+=(libclang-rt-14-dev libomp5-14 valgrind ninja-build python3-opencv
  python3-distributed mypy g++-mingw-w64-x86-64-posix libz-mingw-w64-dev
  dpkg-dev debhelper lintian fakeroot man-db scdoc)
ensure_packages "${packages[@]}"

# Where the question is not what AVX-512 code does; it takes the longest to compile.
fewer=()
[[ $(uname -m) != x86_64 ]] || fewer=('-DNINETAP_ISAS=avx2;sse2;scalar')
# What this CPU runs.
runs=()
grep -q avx512bw /proc/cpuinfo || runs=("${fewer[@]}")

# Some builds compile the same files with the same flags, and so does the next run.
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_DIR=$root/build/ccache
fi

# Builds that compile the same bodies once more: what is left to see is what each operation gives.
every_operation='^(check.*|vocabulary|dispatch|operations|special_values|selftest|alignment|gate_.*)$'
[[ $mode != full ]] || every_operation=

logs=$root/build/logs
mkdir -p "$logs"
jobs=$(nproc)
summary=() failures=0

# step NAME COMMAND...: runs it with its output in a log, which is shown when it fails.
step() {
  local name=$1 log=$logs/$1.log start=$SECONDS result=ok
  [[ -z $only || ,$only, == *,$name,* ]] || return 0
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
  ctest --test-dir "$build" --parallel "$jobs" --output-on-failure ${leave_out:+-E "$leave_out"} \
    ${run_only:+-R "$run_only"}
}

# Once more with another compiler or option: fewer cases; the packages and the gigabytes were tried
# already, if leave_out does not say otherwise.
again() {
  local leave_out=${leave_out-'^(install.*|consumers|targets|without_cmake|examples.*|large)$'}
  local cases=${NINETAP_TEST_CASES:-100}
  NINETAP_TEST_CASES=$cases build_and_test "$@"
}

# emulated DIRECTORY PROCESSOR CC EMULATOR CMAKE-OPTION...: fewer cases, the same tests; a thread that
# waits in a loop takes the time of those that work.
emulated() {
  local leave_out='^(large|huge_pitches|header_.*)$' # the emulator keeps books of every page
  local cases=${NINETAP_TEST_CASES:-30}
  NINETAP_TEST_CASES=$cases OMP_WAIT_POLICY=passive build_and_test "$1" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$2" -DCMAKE_C_COMPILER="$3" \
    -DCMAKE_CROSSCOMPILING_EMULATOR="$4" "${@:5}"
}

# foreign DIRECTORY PROCESSOR TRIPLET EMULATOR
foreign() {
  local prefix=$root/build/cmocka-$3
  "$root/tests/cross/cmocka.sh" "$3-gcc" "$prefix" || return
  emulated "$1" "$2" "$3-gcc" "$4;-L;/usr/$3" -DCMAKE_PREFIX_PATH="$prefix"
}

# ninetap-check, and the gates on what the newest clang makes of the kernels.
check_clang_19() {
  local build=$root/build/clang-19
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
    -DCMAKE_C_COMPILER=clang-19 -DNINETAP_OPENMP=OFF -DNINETAP_BUILD_TESTS=ON || return
  cmake --build "$build" --parallel "$jobs" --target ninetap-check || return
  ctest --test-dir "$build" --parallel "$jobs" --output-on-failure -R '^(check|gate_inner_loops_.*)$'
}

# elsewhere NAME...: ninetap-check for other targets, as many at once as there are cores; a log each.
elsewhere() {
  # shellcheck disable=SC2016 # the inner shell's
  printf '%s\n' "$@" | CMAKE_BUILD_PARALLEL_LEVEL=1 xargs -P "$jobs" -I NAME bash -c '
    log=$1/NAME.log start=$SECONDS
    tests/cross/check.sh NAME >"$log" 2>&1 && echo "NAME: right, $((SECONDS - start)) s" ||
      { echo "NAME: FAILED"; tail -n 60 "$log"; exit 1; }' _ "$logs"
}

# The AVX-512 kernels on a machine that has none of it.
avx512_of_avx2() {
  local build=$root/build/avx512
  local groups=(vocabulary conv3x3 conv3x3_int8 dense_int8 quantize winograd fused)
  cmake -S "$root" -B "$build" -DNINETAP_BUILD_TESTS=ON -DNINETAP_EMULATE_AVX512=ON || return
  cmake --build "$build" --parallel "$jobs" --target ninetap-check "${groups[@]/#/test_}" || return
  "$build/check/ninetap-check" || return
  NINETAP_TEST_CASES=${NINETAP_TEST_CASES:-50} ctest --test-dir "$build" --parallel "$jobs" \
    --output-on-failure -R "^($(IFS='|' && echo "${groups[*]}"))(_pairs)?\$"
}

# cmocka is instrumented, too: what it writes would count as never written. The gates look at code
# that users get. A test asks for more memory than there may be.
check_memory() {
  local leave_out='^(install.*|consumers|targets|without_cmake|large|gate_.*)$'
  CFLAGS=-fsanitize=memory tests/cross/cmocka.sh clang "$root/build/cmocka-memory" || return
  NINETAP_TEST_CASES=${NINETAP_TEST_CASES:-200} MSAN_OPTIONS=allocator_may_return_null=1 \
    build_and_test memory --preset memory "${runs[@]}"
}

# Archer, which libomp loads, tells it of OpenMP's barriers.
check_thread() {
  cmake --preset thread "${runs[@]}" || return
  cmake --build build/thread --parallel "$jobs" --target test_threads test_parallel test_rounding test_openmp \
    soak || return
  NINETAP_TEST_CASES=50 TSAN_OPTIONS=ignore_noninstrumented_modules=1 \
    ctest --test-dir build/thread -R '^(threads|parallel|rounding|openmp|soak)$' --output-on-failure
}

# Under valgrind there is no AVX-512: AVX2 and below. libgomp never ends its threads.
check_valgrind() {
  local memcheck=(valgrind --quiet --error-exitcode=1 --leak-check=full
    --show-leak-kinds=definite --errors-for-leak-kinds=definite)
  local name
  for name in models operations pictures suites; do
    "${memcheck[@]}" "build/gcc/tests/fuzz/fuzz_$name" "tests/fuzz/corpus/$name"/* || return
  done
  "${memcheck[@]}" build/gcc/tests/test_allocation || return
  "${memcheck[@]}" build/gcc/tests/soak --seconds 60
}

soak() {
  cmake --preset release -B build/gcc || return
  cmake --build build/gcc --parallel "$jobs" --target soak || return
  build/gcc/tests/soak --seconds $((60 * minutes)) --seed "${NINETAP_TEST_SEED:-$RANDOM}"
}

if [[ $mode == soak ]]; then
  soak
  exit
fi

check_format() {
  find include kernels check bench bindings tests examples \( -name '*.[ch]' -o -name '*.cc' \
    -o -name '*.hpp' \) -print0 |
    xargs -0 clang-format-14 --dry-run -Werror
}

check_scripts() {
  grep -rlE --exclude-dir=build --exclude-dir=.git '^#!/usr/bin/env bash' . | xargs shellcheck -x
}

# The kernels of one instruction set take it half a minute; clang-tidy reads them, too.
check_cppcheck() {
  local less=(-i kernels/targets)
  [[ $mode != full ]] || less=()
  cppcheck "${less[@]}" --enable=warning,performance,portability --std=c11 --quiet --error-exitcode=1 \
    --suppress=memsetClassFloat --suppress=uninitvar:kernels/bodies/winograd_1d.h -j "$jobs" \
    -I include -I kernels -I tests -I bench kernels check bench tests examples
}

# The benchmark's C++ is left to compilers. The analyzer takes nearly all of the time: the usual run
# has it read the library alone. It knows clang's flags, not all of gcc's.
check_tidy() {
  local less=() tidy=(run-clang-tidy-14 -p build/gcc -quiet -j "$jobs"
    -extra-arg=-Wno-ignored-optimization-argument)
  [[ $mode == full ]] || less=('-checks=-clang-analyzer-*')
  "${tidy[@]}" "^$root/(kernels|check)/.*\.c$" || return
  "${tidy[@]}" "${less[@]}" "^$root/(tests|bench|examples)/.*\.c$"
}

step format check_format
step shellcheck check_scripts
step cppcheck check_cppcheck
NINETAP_TEST_CASES=${NINETAP_TEST_CASES:-400} step gcc build_and_test gcc --preset release \
  -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
step clang-tidy check_tidy
if [[ $mode != quick ]]; then
  leave_out='^(install|consumers|targets|examples.*|large)$' step clang again clang --preset clang
  step abi scripts/abi.sh
  run_only=$every_operation
  step no-openmp again no-openmp -DCMAKE_BUILD_TYPE=Release -DNINETAP_OPENMP=OFF "${fewer[@]}" \
    '-DCMAKE_C_FLAGS=-Ofast -ffast-math -ffinite-math-only -fno-signed-zeros'
  run_only=
  step clang-19 check_clang_19
fi
if $emulate; then
  ((${#runs[@]} == 0)) || step avx512 avx512_of_avx2
  step neon foreign aarch64 aarch64 aarch64-linux-gnu qemu-aarch64
  run_only=$every_operation
  step no-avx emulated no-avx x86_64 gcc 'qemu-x86_64;-cpu;Nehalem' "${fewer[@]}"
  step armv7 foreign armv7 armv7l arm-linux-gnueabihf qemu-arm
  run_only=
  CMAKE_BUILD_PARALLEL_LEVEL=$jobs step js bindings/js/test.sh
  step elsewhere elsewhere windows musl i686 wasm riscv64 ppc64le s390x
fi
if [[ $mode == full ]]; then
  ! $emulate || step windows-all tests/cross/windows.sh all
  step consumers tests/install/consumers.sh
  step wheel bindings/python/tests/wheel.sh /usr/bin/python3
  step mypy mypy --strict --cache-dir build/mypy --python-executable /usr/bin/python3 \
    bindings/python/ninetap
  step debian tests/install/debian.sh . build/debian
  ! $emulate || step armv7-neon tests/cross/check.sh armv7-neon
  NINETAP_TEST_CASES=5000 step many-cases ctest --test-dir build/gcc --label-regex isa \
    --parallel "$jobs" --output-on-failure
  ASAN_OPTIONS=allocator_may_return_null=1 step sanitize again sanitize --preset sanitize "${runs[@]}"
  step memory check_memory
  step thread check_thread
  step valgrind check_valgrind
  step fuzz scripts/fuzz.sh 60
  step soak soak
  step hardened again hardened --preset hardened "${runs[@]}"
  step coverage scripts/coverage.sh
  step mutations scripts/mutate.sh
fi

if [[ $only ]]; then
  IFS=, read -ra asked <<<"$only"
  ((${#asked[@]} == ${#summary[@]})) || { echo "not all of these are steps here: $only"; exit 2; }
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
