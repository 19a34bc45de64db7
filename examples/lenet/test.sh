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

# The probabilities alone.
classes() {
  "${program[@]}" "$@" -o sheet.png >log || fail "status $? for $*"
  awk '/^  [0-9]  / { print $2 }' log
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
  printf '%b' "$1" >file
  refused 1 file
}

same() {
  diff - <(classes "${@:2}") <<<"$expected" || fail "$1 reads otherwise"
}

# Two pictures of 28x28: lines across, then the same with one pixel more.
first() {
  for _ in {1..7}; do printf '\0%.0s' {1..56} && printf '\377%.0s' {1..56}; done
}
second() {
  printf '\377' && first | tail -c 783
}

# npy HEADER: the file with that dictionary and both pictures.
npy() {
  printf '\223NUMPY\1\0%b\0%s' "\\x$(printf '%02x' ${#1})" "$1"
  first
  second
}
dictionary="{'descr': '|u1', 'fortran_order': False, 'shape': (2, 784), }"

case $case_name in
  doodle)
    classes >probabilities
    [[ $(wc -l <probabilities) == 10 ]] || fail "not ten classes"
    awk '{ sum += $1 } END { exit sum < 0.9999 || sum > 1.0001 }' probabilities || fail "sum"
    grep -Eq '^conv1 \+ ReLU \+ pool1 +8x13x13 +80 +48672 ' log || fail "conv1: $(<log)"
    grep -Eq '^conv2 \+ ReLU \+ pool2 +16x5x5 +1168 +139392 ' log || fail "conv2: $(<log)"
    grep -Eq '^flatten \+ dense +10 +4010 +4000 +direct ' log || fail "dense: $(<log)"
    mv sheet.png first.png
    # A sheet is a valid PNG if the program can read it back.
    classes first.png >/dev/null
    for isa in scalar sse2 avx2 avx512 neon; do
      NINETAP_ISA=$isa "${program[@]}" -o sheet.png >/dev/null 2>&1
      cmp first.png sheet.png || fail "$isa draws another sheet"
    done
    "${program[@]}" --seed 2 -o sheet.png >/dev/null
    ! cmp -s first.png sheet.png || fail "another seed gives the same weights"
    ;;
  formats)
    { printf 'P5 28 28 255\n' && first; } >picture
    expected=$(classes picture)
    { printf '\0\0\10\3\0\0\0\2\0\0\0\34\0\0\0\34' && first && second; } >digits
    same "an IDX file" digits
    same "its first picture" digits --index 0
    npy "$dictionary" >doodles.npy && same "an NPY file" doodles.npy
    npy "{'shape': (2, 28, 28), 'descr': 'u1', 'fortran_order': False}" >doodles.npy
    same "an NPY file of three dimensions" doodles.npy
    # colour, twice as wide and three times as high: the same means
    { printf 'P6 56 84 255\n' && for _ in {1..7}; do
      printf '\0%.0s' {1..1008} && printf '\377%.0s' {1..1008}
    done; } >picture
    same "a larger picture" picture
    { printf 'P5 28 28 255\n' && first | tr '\000\377' '\377\000'; } >picture
    same "the negative" picture --invert
    { printf 'P5 28 28 255\n' && second; } >picture
    expected=$(classes picture)
    same "the second of an IDX file" digits --index 1
    same "the second of an NPY file" doodles.npy --index 1
    [[ $expected != "$(classes digits)" ]] || fail "one pixel changes nothing"
    for size in '1 1' '1 9' '9 1' '3 50'; do
      { echo "P2 $size 9" && printf '7 %.0s' {1..150}; } >picture
      classes picture >/dev/null
    done
    ;;
  malformed)
    malformed ''
    malformed 'GIF89a'
    malformed 'P5 2 2 255 000'
    malformed '\211PNG\r\n\032\n'
    # 60000x60000, of which nothing is there: no memory is asked for
    malformed '\0211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0352\0140\0\0\0352\0140\010\0\0\0\0\0245\0271*\0236\0\0\0\01IDAT'
    grep -q 'ends before' error || fail "a huge PNG: $(<error)"
    malformed '\037\213\010'
    malformed '\0\0\010\01\0\0\0\01\07'
    malformed '\0\0\015\03\0\0\0\01\0\0\0\01\0\0\0\01\07'
    malformed '\0\0\010\03\0\0\0'
    malformed '\0\0\010\03\0\0\0\0\0\0\0\01\0\0\0\01\07'
    malformed '\0\0\010\03\0\0\0\02\0\0\0\01\0\0\0\01\07'
    malformed '\0\0\010\03\0377\0377\0377\0377\0377\0377\0377\0377\0377\0377\0377\0377\07'
    malformed '\0223NUMPY'
    malformed '\0223NUMPY\04\0\0\0\0\0\0\0'
    malformed '\0223NUMPY\01\0\0377\0377{}'
    malformed '\0223NUMPY\02\0\0377\0377\0377\0377{}'
    malformed '\0223NUMPY\01\0\02\0{}  '
    for wrong in "'<f4'/'|u1'" "True/False" "(784,)/(2, 784)" "(0, 784)/(2, 784)" \
      "(3, 784)/(2, 784)" "(2, 783)/(2, 784)" "(2, 784/(2, 784)" "(2, 28, 29)/(2, 784)" \
      "(99999999999999999999, 784)/(2, 784)" "(18446744073709551615, 784)/(2, 784)" "()/(2, 784)" \
      "'form'/'shape'"; do
      npy "${dictionary/"${wrong#*/}"/${wrong%/*}}" >file.npy
      refused 1 file.npy
    done
    npy "$dictionary" >file.npy
    refused 1 file.npy --index 2
    refused 1 file.npy --index 18446744073709551615
    printf 'P2 1 1 9 7' >picture
    refused 1 picture --index 1
    refused 1 no/such/file
    refused 1 .
    refused 1 -o no/such/directory/sheet.png
    ;;
  usage)
    "${program[@]}" --help | grep -q '^usage: lenet' || fail "--help"
    refused 2 -o ''
    for wrong in '--unknown 1' '-x' '--index -1' '--index 1x' '--index' '--seed' '--seed -1' \
      '--seed 99999999999999999999' 'one two'; do
      read -ra words <<<"$wrong"
      refused 2 "${words[@]}"
    done
    ;;
  *)
    fail "no such case"
    ;;
esac
