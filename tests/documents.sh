#!/usr/bin/env bash
# documents.sh ROOT [PROGRAM...]: the man page of each program has every option that its --help names, and
# no other, Google Benchmark's left out; that of the library every public function.
set -euo pipefail
root=$1 status=0
options() { grep -oE -- '--[a-z][a-z0-9_-]*' | grep -vE '^--(benchmark_.*|v)$' | sort -u; }
for program in "${@:2}"; do
  page=$root/docs/man/${program##*/}.1.scd
  diff <("$program" --help | options) <(sed 's/\\//g' "$page" | options) ||
    { echo "< --help, > $page"; status=1; }
done
functions() { grep -oE '\bninetap_[a-z0-9_]+\*?\(' | tr -d '*(' | sort -u; }
diff <(sed 's|/\*.*\*/||; /\/\*/,/\*\//d' "$root/include/ninetap.h" | functions) <(functions <"$root/docs/man/ninetap.3.scd") ||
  { echo '< include/ninetap.h, > ninetap.3'; status=1; }
exit "$status"
