#!/usr/bin/env bash
# What both programs do with their streams, their output and their options.
# usage: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and its argument)
set -euo pipefail

# shellcheck source=tests/support/cases.sh
source "$(dirname "$0")/../../tests/support/cases.sh"

# refused STATUS WHAT COMMAND...: that status, one line on stderr; behind a table, when it goes there.
error=$directory/error
refused() {
  local expected=$1 what=$2 status=0
  "${@:3}" 2>"$error" || status=$?
  [[ $status == "$expected" ]] || fail "status $status, not $expected: $what"
  if grep -q '^ninetap ' "$error"; then
    tail -n 1 "$error" | grep -q ': stdout: ' || fail "no word: $what: $(<"$error")"
  else
    [[ $(wc -l <"$error") == 1 ]] || fail "not one line: $what: $(<"$error")"
  fi
}

full() { "${program[@]}" "$@" >/dev/full; }
closed() { "${program[@]}" "$@" >&-; }
broken() { "${program[@]}" "$@" >&"$pipe"; }

# Files may have no more than a kilobyte.
no_room() { (ulimit -f 1 && "${program[@]}" "$@" >/dev/null); }

only() {
  [[ $(ls -A) == "$1" ]] || fail "left behind: $(ls -A)"
}

case $case_name in
  lost)
    "${program[@]}" -o good.png >/dev/null
    exec {pipe}> >(:)
    wait $!
    for lost in full closed broken; do
      refused 1 "the table, $lost" "$lost" -o sheet.png
      cmp good.png sheet.png || fail "the sheet, $lost"
      refused 1 "the help, $lost" "$lost" --help
      refused 1 "the picture, $lost" "$lost" -o -
    done
    refused 1 "the picture of a device" "${program[@]}" -o /dev/full >/dev/null
    [[ -c /dev/full ]] || fail "a device was replaced"
    refused 1 "no input" "${program[@]}" - -o sheet.png <&-
    status=0
    printf 'P2 2 2 9 1 2 3 4' >picture
    "${program[@]}" picture -o sheet.png >/dev/null 2>&- || fail "status $? without stderr"
    "${program[@]}" no/such/file 2>&- || status=$?
    [[ $status == 1 ]] || fail "status $status, not 1, without stderr"
    "${program[@]}" -o - 2>/dev/full >sheet.png && fail "the table on stderr was lost"
    cmp good.png sheet.png || fail "the sheet, without a table"
    ;;
  replace)
    mkdir place
    cd place
    echo old >sheet.png
    refused 1 "a full disk" no_room -o sheet.png
    [[ $(<sheet.png) == old ]] || fail "the old sheet is gone"
    only sheet.png
    refused 1 "a full disk, a new sheet" no_room -o new.png
    only sheet.png
    refused 1 "a directory" "${program[@]}" -o ../place >../log
    only sheet.png
    chmod 600 sheet.png
    "${program[@]}" -o sheet.png >../log
    [[ $(stat -c %a sheet.png) == 600 ]] || fail "the old sheet's permissions are gone"
    (umask 027 && "${program[@]}" -o ../new.png >../log)
    [[ $(stat -c %a ../new.png) == 640 ]] || fail "the new sheet's permissions"
    cmp sheet.png ../new.png || fail "another sheet"
    only sheet.png
    ln -s ../new.png link
    ln -s ../later.png dangling
    echo old >../new.png
    for link in link dangling; do
      "${program[@]}" -o $link >../log
      [[ -L $link ]] || fail "the symbolic link $link was replaced"
      cmp sheet.png $link || fail "no sheet where $link points to"
    done
    name=$(printf 'x%.0s' {1..255})
    "${program[@]}" -o "$name" >../log || fail "a long name"
    "${program[@]}" -o /dev/null >../log || fail "a device"
    [[ -c /dev/null ]] || fail "a device was replaced"
    ;;
  streams)
    printf 'P2 2 2 9 1 2 3 4' >stdin
    "${program[@]}" stdin -o file.png >log
    "${program[@]}" -o - - <stdin >stream.png 2>table
    cmp file.png stream.png || fail "stdin or stdout gives another sheet"
    [[ $(wc -l <log) == $(wc -l <table) ]] || fail "the table on stderr: $(<table)"
    "${program[@]}" -o stream.png -- - < <(cat stdin) >log
    cmp file.png stream.png || fail "a pipe gives another sheet"
    [[ ! -e - ]] || fail "a file of that name"
    mv stdin ./-
    "${program[@]}" ./- -o file.png >log || fail "a file of that name"
    refused 1 "an empty input" "${program[@]}" - </dev/null
    truncate -s 1073741825 large
    large() {
      export OMP_NUM_THREADS=1 # with little memory, where a sanitizer does not need more
      (ulimit -v 100000 && "${program[@]}" --help) >/dev/null 2>&1 && ulimit -v 100000
      "${program[@]}" large
    }
    (refused 1 "a large file" large)
    grep -q 'larger than 1 GiB' "$error" || fail "a large file: $(<"$error")"
    ;;
  options)
    "${program[@]}" --seed 2 --output two.png >log
    "${program[@]}" --seed=2 --output=one.png >log || fail "--option=value"
    cmp one.png two.png || fail "--seed=2 is another"
    "${program[@]}" --see=2 -oone.png >log || fail "short forms"
    cmp one.png two.png || fail "--see=2 is another"
    printf 'P2 2 2 9 1 2 3 4' >-x
    "${program[@]}" -o one.png -- -x >log || fail "-- -x"
    for wrong in '--output=' '--help=1' '--seed=' '--seed=x' '--unknown=1' '-xh' '--output' '-o' '-- a b'; do
      read -ra words <<<"$wrong"
      refused 2 "$wrong" "${program[@]}" "${words[@]}"
    done
    for word in '--unknown=1' '-x' '--output' '-o' '--help=1'; do
      refused 2 "$word" "${program[@]}" "$word"
      grep -qe "$word" "$error" || fail "$word is not named: $(<"$error")"
    done
    ;;
  *)
    fail "no such case"
    ;;
esac
