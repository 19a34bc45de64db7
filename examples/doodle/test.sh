#!/usr/bin/env bash
# usage: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and its argument)
set -euo pipefail

# shellcheck source=tests/support/cases.sh
source "$(dirname "$0")/../../tests/support/cases.sh"

# train OUTPUT OPTION...: few steps on what it draws itself.
train() {
  "${program[@]}" train --each 24 --epochs 3 -o "$@" >log || fail "status $? for $*"
}

# column NAME LINE: the number behind that word in a line of the log that tells of an epoch.
column() {
  sed -n "$2p" log | sed -E "s/.* $1 +([0-9.]+).*/\1/"
}

less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

# A status and a command line: that status, one line on stderr.
refused() {
  local expected=$1 status=0
  shift
  "${program[@]}" "$@" >/dev/null 2>error || status=$?
  [[ $status == "$expected" ]] || fail "status $status, not $expected, for $*"
  [[ $(wc -l <error) == 1 ]] || fail "not one line for $*: $(<error)"
}

case $case_name in
  learns)
    train model
    [[ $(grep -c '^epoch' log) == 3 ]] || fail "not a line an epoch: $(<log)"
    less "$(column loss 3)" "$(column loss 1)" || fail "the loss does not fall: $(<log)"
    less 20 "$(column 'kept apart' 3)" || fail "it knows no more than by chance: $(<log)"
    "${program[@]}" test model >log
    grep -q '^[0-9]* of 2000 doodles are told right' log || fail "$(<log)"
    [[ $(grep -c '^  *[0-9]* .*[a-z]$' log) == 10 ]] || fail "not a row a class: $(<log)"
    awk '/^ +[0-9]/ { for (i = 1; i < NF; i++) sum += $i } END { exit sum != 2000 }' log ||
      fail "the matrix has not every doodle: $(<log)"
    "${program[@]}" test model --each 3 -o matrix.png >log
    [[ $(head -c 4 matrix.png | tail -c 3) == PNG ]] || fail "no picture of the matrix"
    ;;
  same)
    train model
    train again && cmp model again || fail "the same seed, and other weights"
    train again --threads 1 && cmp model again || fail "one thread, and other weights"
    train again --threads 2 && cmp model again || fail "two threads, and other weights"
    train again --seed 2 && ! cmp -s model again || fail "another seed, and the same weights"
    for isa in scalar sse2 avx2 avx512 neon; do
      NINETAP_ISA=$isa train again 2>/dev/null
      cmp model again || fail "$isa: other weights"
    done
    # in the middle of an epoch, at its end, and in the next one
    for steps in 3 7 10; do
      train half --steps $steps
      train whole --resume half && cmp model whole || fail "resumed after $steps steps: other weights"
    done
    cp half whole && train whole --resume whole && cmp model whole || fail "in place"
    ;;
  *)
    fail "no such case"
    ;;
esac
