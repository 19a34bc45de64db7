#!/usr/bin/env bash
# usage: test_show.sh CASE PROGRAM... show --untrained   (PROGRAM may be an emulator and its argument)
set -euo pipefail

# shellcheck source=tests/support/cases.sh
source "$(dirname "$0")/../../tests/support/cases.sh"

# The probabilities alone.
classes() {
  "${program[@]}" "$@" -o sheet.png >log || fail "status $? for $*"
  awk '/^ +[01]\.[0-9]+  [0-9]$/ { print $1 }' log
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

# little VALUE BYTES: a number, the least significant byte first.
little() {
  local i
  for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf '%02x' $(($1 >> 8 * i & 255)))"; done
}

# zip METHOD:FILE...: an archive, by what gzip packs; method 0 stores, 8 deflates, any other lies.
# What gzip writes ends with the checksum and the size.
zip() {
  local entry method name offset=0 count=0
  : >central
  for entry in "$@"; do
    method=${entry%%:*} name=${entry#*:}
    [[ -e $name.gz ]] || gzip -1n <"$name" >"$name.gz"
    case $method in
      0) cp "$name" data ;;
      *) tail -c +11 "$name.gz" | head -c -8 >data ;;
    esac
    { little "$method" 2 && printf '\0\0\0\0' && tail -c 8 "$name.gz" | head -c 4
      little "$(stat -c %s data)" 4 && tail -c 4 "$name.gz" && little ${#name} 2; } >common
    { printf 'PK\3\4\24\0\0\0' && cat common && printf '\0\0%s' "$name" && cat data; } >member
    { printf 'PK\1\2\24\0\24\0\0\0' && cat common && printf '\0%.0s' {1..12}
      little $offset 4 && printf '%s' "$name"; } >>central
    cat member
    offset=$((offset + $(stat -c %s member))) count=$((count + 1))
  done
  cat central
  printf 'PK\5\6\0\0\0\0' && little $count 2 && little $count 2
  little "$(stat -c %s central)" 4 && little $offset 4 && printf '\0\0'
}

# Little memory, where a sanitizer does not need more to begin with.
within_limit() {
  export OMP_NUM_THREADS=1 NINETAP_THREADS=1
  (ulimit -v 100000 && "${program[@]}" --help) >/dev/null 2>&1 && ulimit -v 100000
  "$@"
}

case $case_name in
  doodle)
    classes >probabilities
    [[ $(wc -l <probabilities) == 10 ]] || fail "not ten classes"
    awk '{ sum += $1 } END { exit sum < 0.9999 || sum > 1.0001 }' probabilities || fail "sum"
    grep -Eq '^conv1 \+ ReLU \+ pool1 +8x14x14 +80 +56448 ' log || fail "conv1: $(<log)"
    grep -Eq '^conv2 \+ ReLU \+ pool2 +16x7x7 +1168 +225792 ' log || fail "conv2: $(<log)"
    grep -Eq '^flatten \+ dense +10 +7850 +7840 +direct ' log || fail "dense: $(<log)"
    mv sheet.png first.png
    # A sheet is a valid PNG if the program can read it back.
    classes first.png >/dev/null
    for isa in scalar sse2 avx2 avx512 neon; do
      NINETAP_ISA=$isa "${program[@]}" -o sheet.png >/dev/null 2>&1
      cmp first.png sheet.png || fail "$isa draws another sheet"
    done
    "${program[@]}" --seed 2 -o sheet.png >/dev/null
    ! cmp -s first.png sheet.png || fail "another seed gives the same weights"
    "${program[@]}" --filters 3,9 -o sheet.png >log
    grep -Eq '^conv2 \+ ReLU \+ pool2 +9x7x7 +252 ' log || fail "other filters: $(<log)"
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
    # a single doodle
    { npy "${dictionary/(2, 784)/(28, 28)}" | head -c -784; } >doodle.npy && expected=$(classes digits)
    same "an NPY file of one picture" doodle.npy
    { npy "${dictionary/(2, 784)/(784,)}" | head -c -784; } >doodle.npy
    same "an NPY file of one flat picture" doodle.npy
    refused 1 doodle.npy --index 1
    # a JPEG of 16x8, the left half 51, the right half 204
    base64 -d >picture <<'END'
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEBAQH/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACgv/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oA
CAEBAAA/ADLqZD//2Q==
END
    expected=$(classes picture)
    { printf 'P5 16 8 255\n' && for _ in {1..8}; do
      printf '\063%.0s' {1..8} && printf '\314%.0s' {1..8}
    done; } >picture
    same "a JPEG" picture
    { printf 'P2 2 2 1 1 0 0 1' >picture; } && expected=$(classes picture)
    printf 'P1 2 2 0110' >picture && same "a PBM" picture
    for size in '1 1' '1 9' '9 1' '3 50'; do
      { echo "P2 $size 9" && printf '7 %.0s' {1..150}; } >picture
      classes picture >/dev/null
    done
    ;;
  packed)
    { printf '\0\0\10\3\0\0\0\2\0\0\0\34\0\0\0\34' && first && second; } >digits
    npy "$dictionary" >doodles.npy
    expected=$(classes digits --index 1)
    gzip -n <digits >digits.gz && same "a gzip file" digits.gz --index 1
    gzip -1n <doodles.npy >doodles.gz && same "an NPY file in it" doodles.gz --index 1
    { head -c 100 digits | gzip && tail -c +101 digits | gzip; } >two.gz
    same "two gzip files in a row" two.gz --index 1
    { cat digits.gz && printf 'more'; } >more.gz && same "something behind it" more.gz --index 1
    zip 0:doodles.npy >stored.npz && same "a stored NPZ" stored.npz --index 1
    zip 8:doodles.npy >deflated.npz && same "a deflated NPZ" deflated.npz --index 1
    npy "${dictionary/(2, 784)/(1568,)}" >labels.npy && echo text >readme
    zip 8:readme 8:labels.npy 8:doodles.npy >several.npz
    same "an NPZ of several files" several.npz --index 1
    expected=$(classes digits) && same "the first" deflated.npz
    # 256 MiB behind the pictures, in memory for much less
    head -c 16M /dev/zero | gzip -1n >zeros.gz
    { cat digits.gz && for _ in {1..16}; do cat zeros.gz; done; } >bomb.gz
    (within_limit same "a gzip file of 256 MiB" bomb.gz)
    { cat doodles.npy && head -c 256M /dev/zero; } | gzip -1n >bomb.npy.gz
    zip 8:bomb.npy >bomb.npz
    (within_limit same "an NPZ file of 256 MiB" bomb.npz)

    for packed in digits.gz two.gz stored.npz deflated.npz; do
      for bytes in 4 12 30 $(($(stat -c %s $packed) - 1)); do
        head -c "$bytes" $packed >file && refused 1 file
      done
    done
    refused 1 digits.gz --index 2
    refused 1 deflated.npz --index 2
    # a header of the wrong length, a checksum, a type of block that there is not
    head -c 1000 digits | gzip -n >file && refused 1 file
    grep -q 'ends before' error || fail "a gzip file that lies: $(<error)"
    { head -c -8 digits.gz && printf '\1\2\3\4' && tail -c 4 digits.gz; } >file && refused 1 file
    grep -q 'damaged' error || fail "a gzip checksum: $(<error)"
    { head -c 10 digits.gz && printf '\7' && tail -c +12 digits.gz; } >file && refused 1 file
    { head -c -8 bomb.gz && printf '\1\2\3\4' && tail -c 4 bomb.gz; } >file && refused 1 file
    grep -q 'damaged' error || fail "a gzip checksum far behind: $(<error)"
    cp digits.gz doodles.npy.gz && zip 0:doodles.npy >file && refused 1 file # another checksum
    rm doodles.npy.gz && zip 99:doodles.npy >file && refused 1 file
    head -c 1000 doodles.npy >cut.npy && zip 8:cut.npy >file && refused 1 file
    grep -q 'ends before' error || fail "an NPZ file that lies: $(<error)"
    zip 8:labels.npy >file && refused 1 file
    grep -q 'shape' error || fail "an NPZ file without pictures: $(<error)"
    cp readme readme.npy && zip 8:readme.npy >file && refused 1 file
    zip 8:readme >file && refused 1 file
    grep -q 'no NPY file' error || fail "a ZIP archive without NPY files: $(<error)"
    zip >file && refused 1 file
    { zip 0:doodles.npy | head -c -12 && printf '\377\377\377\177\377\377\377\177\0\0'; } >file
    refused 1 file
    gzip -n <readme >file && refused 1 file
    gzip -n <digits.gz >file && refused 1 file
    grep -q 'neither' error || fail "gzip twice: $(<error)"
    # pictures of 2^31, 2^64 and 2^27 pixels, of which nothing is there: no memory is asked for
    for sides in '\0\01\0\0\0\0\0200\0' '\0377\0377\0377\0377\0377\0377\0377\0377' '\0\0\040\0\0\0\0100\0'; do
      printf '\0\0\10\3\0\0\0\1%b' "$sides" | gzip -n >file
      (within_limit refused 1 file)
    done
    grep -q 'ends before' error || fail "a claim that gzip cannot hold: $(<error)"
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
    for wrong in "'<f4'/'|u1'" "True/False" "(783,)/(2, 784)" "(0, 784)/(2, 784)" \
      "(3, 784)/(2, 784)" "(2, 783)/(2, 784)" "(2, 784/(2, 784)" "(2, 28, 29)/(2, 784)" \
      "(28, 29)/(2, 784)" "(29, 28)/(2, 784)" "(28, 28, 28, 1)/(2, 784)" "(2,, 784)/(2, 784)" "(,)/(2, 784)" \
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
    "${program[@]}" --help | grep -q '^usage: doodle' || fail "--help"
    refused 2 -o ''
    for wrong in '--unknown 1' '-x' '--index -1' '--index 1x' '--index' '--seed' '--seed -1' \
      '--seed 99999999999999999999' '--filters 8' '--filters 0,8' '--filters 8,' '--filters 8,x' \
      '--filters 8,513' '--epochs 3' 'one two'; do
      read -ra words <<<"$wrong"
      refused 2 "${words[@]}"
    done
    ;;
  *)
    fail "no such case"
    ;;
esac
