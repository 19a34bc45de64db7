#!/usr/bin/env bash
# usage: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and its argument)
set -euo pipefail

case_name=$1
shift
program=("$@")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# The table alone: without the names of files and of the kernels.
table() {
  "${program[@]}" "$@" -o sheet.png >log || fail "status $? for $*"
  awk '$1 ~ /^[12]$/ { NF -= 2; print }' log
}

# A status and a command line: that status, one line on stderr, no sheet.
refused() {
  local expected=$1 status=0
  shift
  rm -f sheet.png
  "${program[@]}" -o sheet.png "$@" >/dev/null 2>error || status=$?
  [[ $status == "$expected" ]] || fail "status $status, not $expected, for $*"
  [[ $(wc -l <error) == 1 ]] || fail "not one line for $*: $(<error)"
  [[ ! -e sheet.png ]] || fail "a sheet for $*"
}

malformed() {
  printf '%b' "$1" >picture
  refused 1 picture
}

same() {
  diff - <(table picture) <<<"$expected" || fail "$1 reads otherwise"
}

case $case_name in
  doodle)
    table >doodle
    grep -q '1 Sobel x 28x28 14x14 ' doodle || fail "28x28 does not become 14x14"
    grep -q '2 Sobel x 14x14 7x7 ' doodle || fail "14x14 does not become 7x7"
    mv sheet.png first.png
    # A sheet is a valid PNG if the program can read it back.
    "${program[@]}" first.png --random 0 -o again.png >/dev/null || fail "the sheet is unreadable"
    # An instruction set that is not usable here is reported and the best one taken.
    for isa in scalar sse2 avx2 avx512 neon; do
      NINETAP_ISA=$isa "${program[@]}" -o sheet.png >/dev/null 2>&1
      cmp first.png sheet.png || fail "$isa draws another sheet"
    done
    "${program[@]}" --seed 2 -o sheet.png >/dev/null
    ! cmp -s first.png sheet.png || fail "another seed gives the same filters"
    grep -q ' 2  random 24' <<<"$("${program[@]}" --random 24 -o sheet.png)" || fail "no random 24"
    ;;
  formats)
    printf 'P2\n# comment\n3 2 # width, height\n255\n0 51 102\n153 204 255' >picture
    expected=$(table picture)
    printf 'P5 3 2 255\n\0\063\146\231\314\377' >picture && same "raw grey"
    printf 'P5 3 2 510\n\0\0\0\146\0\314\1\062\1\230\1\376' >picture && same "raw 16-bit grey"
    printf 'P3 3 2 5 0 0 0 1 1 1 2 2 2 3 3 3 4 4 4 5 5 5' >picture && same "plain colour"
    printf 'P6#\r3 2\n5 \0\0\0\1\1\1\2\2\2\3\3\3\4\4\4\5\5\5' >picture && same "raw colour"
    # 2x2 RGBA, all black: opaque, half transparent; opaque, transparent.
    base64 -d >picture <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAE0lEQVR42mNgYGD4D8QNDFAGAwAX/wJ/Bd4hKQAAAA
BJRU5ErkJggg==
END
    table picture | grep -q '^1 identity 2x2 1x1 0.000 1.000' || fail "alpha: $(<log)"
    grep -q 'blended with white' log || fail "not a word about alpha"
    ;;
  small)
    for size in '1 1' '1 9' '9 1' '2 3' '5 2' '4 4' '700 1' '3 1000'; do
      { echo "P2 $size 9" && printf '7 %.0s' {1..3000}; } >picture
      table picture >/dev/null
    done
    printf 'P2 1 1 9 7' >picture
    table picture | grep -q '^1 box 1x1 0x0 0.778 0.778' || fail "1x1: $(<log)"
    grep -q 'nothing for stage two' log || fail "not a word about pooling nothing"
    ;;
  malformed)
    malformed ''
    malformed 'P'
    malformed 'GIF89a'
    malformed 'P4 8 1 \377'
    malformed 'P5'
    malformed 'P55 5 5 00000000000000000000000000000'
    malformed 'P5 2 0 255 '
    malformed 'P5 -2 2 255 0000'
    malformed 'P5 2 2 0 0000'
    malformed 'P5 2 2 65536 00000000'
    malformed 'P5 2 2 255'
    malformed 'P5 2 2 255#0000'
    malformed 'P5 2 2 255 000'
    malformed 'P5 2 2 256 0000000'
    malformed 'P5 2 1 65 BB'
    malformed 'P6 2 2 255 00000000000'
    malformed 'P2 2 1 9 1'
    malformed 'P2 2 1 9 1 10'
    malformed 'P2 2 1 9 1 x'
    malformed 'P3 1 1 9 1 2'
    malformed 'P5 2147483647 2147483647 65535 0'
    malformed 'P6 99999999999999999999 1 255 0'
    malformed '\211PNG\r\n\032\n'
    "${program[@]}" -o whole.png >/dev/null
    head -c 2000 whole.png >cut.png
    refused 1 cut.png
    refused 1 no/such/file
    refused 1 .
    refused 1 -o no/such/directory/sheet.png
    ;;
  usage)
    "${program[@]}" --help | grep -q '^usage: feature_maps' || fail "--help"
    refused 2 -o ''
    for wrong in '--unknown 1' '-x' '--random 25' '--random -1' '--random 2x' '--seed' '--seed -1' \
      '--seed 99999999999999999999' 'one two' '--random'; do
      read -ra words <<<"$wrong"
      refused 2 "${words[@]}"
    done
    ;;
  *)
    fail "no such case"
    ;;
esac
