#!/usr/bin/env bash
# compare.sh LIBRARY PROGRAM...: runs an OpenCV program with and without libninetap_opencv, and
# fails where a checksum differs or the library took no filter. Where the program prints times, the
# last line is how much faster it is with the library, in the geometric mean of all lines.
set -euo pipefail

library=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$@" >"$work/without"
NINETAP_VERBOSE=1 LD_PRELOAD="$library" "$@" \
  >"$work/with" 2>"$work/said"
NINETAP_OPENCV=off NINETAP_VERBOSE=1 LD_PRELOAD="$library" "$@" \
  >"$work/off" 2>"$work/said_off"

without_times() { sed -E 's/ +[0-9.]+ ms$//' "$1"; }
for run in with off; do
  diff <(without_times "$work/without") <(without_times "$work/$run") >"$work/diff" || {
    echo "other bytes ($run):"
    head -n 20 "$work/diff"
    exit 1
  }
done
grep -E '^ninetap: OpenCV: [1-9][0-9]* of [0-9]+ filters$' "$work/said" || {
  echo "the library took no filter:"
  cat "$work/said"
  exit 1
}
grep -qE '^ninetap: OpenCV: 0 of ' "$work/said_off"
echo "$(wc -l <"$work/with") lines, the same bytes"
paste "$work/without" "$work/with" | awk '
  / ms\t/ { split($0, side, "\t"); n = split(side[1], a, " "); m = split(side[2], b, " ")
    sum += log(a[n - 1] / b[m - 1]); count++ }
  END { if (count) printf "%.2f times faster in the geometric mean of all lines\n", exp(sum / count) }'
