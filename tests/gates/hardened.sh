#!/usr/bin/env bash
# hardened.sh READELF STRIP SHARED: what an attacker would look for in the shared library is not there: an
# executable stack, memory that is writable and executable, the means to make some, relocations in code,
# function pointers that stay writable. And it has not grown unseen.
set -euo pipefail
readelf=$1 strip=$2 shared=$3
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
failures=0
wrong() {
  echo "$*"
  failures=$((failures + 1))
}

# Flags stand between the sizes and the alignment: R, RW, R E; "RWE" where all three are set.
segments=$("$readelf" -lW "$shared")
grep -qE '^ +GNU_STACK .* RW +0x' <<<"$segments" || wrong 'the stack is executable, or not said not to be'
grep -qE '^ +GNU_RELRO ' <<<"$segments" || wrong 'no RELRO segment'
if grep -E '^ +[A-Z_]+ .* RWE +0x' <<<"$segments"; then
  wrong 'a segment is writable and executable'
fi

dynamic=$("$readelf" -dW "$shared")
grep -qE '\((FLAGS_1|FLAGS|BIND_NOW)\).*NOW' <<<"$dynamic" || wrong 'symbols are bound late: RELRO is partial'
if grep -E '\(TEXTREL\)|\(FLAGS\).*TEXTREL' <<<"$dynamic"; then
  wrong 'relocations in code'
fi

imports=$("$readelf" --dyn-syms -W "$shared" | awk '$7 == "UND" { sub(/@.*/, "", $8); print $8 }')
[[ $imports == *malloc* ]] || wrong 'the imports were not found'
if grep -E '^(mmap(64)?|mprotect|pkey_mprotect|mremap|memfd_create|shm_open|dlopen|system|exec.*)$' \
  <<<"$imports"; then
  wrong 'imports what can make memory executable, or run another program'
fi

# The kernels of four instruction sets, of floats and of bytes.
limit=1500000
"$strip" -o "$stripped" "$shared"
size=$(wc -c <"$stripped")
echo "$size bytes, stripped"
((size <= limit)) || wrong "larger than $limit"
((failures == 0))
