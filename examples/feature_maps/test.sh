#!/usr/bin/env bash
# usage: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and its argument)
set -euo pipefail

# shellcheck source=tests/support/cases.sh
source "$(dirname "$0")/../../tests/support/cases.sh"

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

# The sheet, too: the table does not know one colour from another.
same_sheet() {
  same "$1"
  cmp expected.png sheet.png || fail "$1 is drawn otherwise"
}

# 16x8 pixels, the left half of one colour, the right half of another: by libjpeg at quality 100, where
# blocks of one value are exact.
jpeg() {
  case $1 in
    grey) base64 -d <<'END' ;;
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEBAQH/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACgv/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oA
CAEBAAA/ADLqZD//2Q==
END
    subsampled) base64 -d <<'END' ;;
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEBAQH/2wBDAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQH/wAARCAAIABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAoL/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/E
ABQBAQAAAAAAAAAAAAAAAAAAAAD/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCZdpkAD//Z
END
    progressive) base64 -d <<'END' ;;
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEBAQH/wgALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQr/2gAIAQEAAAABMumT/8QAFBABAAAAAAAA
AAAAAAAAAAAAEP/aAAgBAQABBQI//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQAGPwI//8QAFBABAAAAAAAAAAAAAAAAAAAA
EP/aAAgBAQABPyE//9oACAEBAAAAED//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/ED//2Q==
END
    rgb) base64 -d <<'END' ;; # three colours without a transform, each in a scan of its own
/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEB/8AAEQgACAAQA1IRAEcRAEIRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAoL/8QAFBABAAAAAAAAAAAAAAAAAAAA
AP/aAAgBUgAAPwB/CAO//8QAFQABAQAAAAAAAAAAAAAAAAAACgv/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAFHAAA/AJ/5mD//
xAAVAAEBAAAAAAAAAAAAAAAAAAAKC//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAUIAAD8AMupkP//Z
END
    cmyk) base64 -d <<'END' ;;
/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEB/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAoL/8QAFBABAAAAAAAAAAAAAAAA
AAAAAP/aAA4EQwBNAFkASwAAPwAy4y4y4y6mQpkKZCmQ/9k=
END
    arithmetic) base64 -d <<'END' ;;
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEBAQEBAQEBAQEBAQH/yQALCAAIABABAREA/8wABgAQEAX/2gAIAQEAAD8A/wD2mo1IhP/Z
END
  esac
}

# halves LEFT RIGHT: the same picture as samples.
halves() {
  for _ in {1..8}; do printf "$1%.0s" {1..8} && printf "$2%.0s" {1..8}; done
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
    printf 'P2 10 2 1 1 0 1 0 1 0 1 0 1 0 0 1 0 1 0 1 0 1 0 1' >picture
    expected=$(table picture) && mv sheet.png expected.png
    printf 'P1\n# comment\n10 2 010 10101 01\n1010101010' >picture && same_sheet "plain black and white"
    printf 'P4 10 2 \125\100\252\277' >picture && same_sheet "raw black and white"
    # 2x2 RGBA, all black: opaque, half transparent; opaque, transparent.
    base64 -d >picture <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAE0lEQVR42mNgYGD4D8QNDFAGAwAX/wJ/Bd4hKQAAAA
BJRU5ErkJggg==
END
    table picture | grep -q '^1 identity 2x2 1x1 0.000 1.000' || fail "alpha: $(<log)"
    grep -q 'blended with white' log || fail "not a word about alpha"
    ;;
  photograph)
    { printf 'P5 16 8 255\n' && halves '\063' '\314'; } >picture
    expected=$(table picture) && mv sheet.png expected.png
    jpeg grey >picture && same_sheet "a grey JPEG"
    jpeg progressive >picture && same_sheet "a progressive JPEG"
    jpeg arithmetic >picture
    if "${program[@]}" picture -o sheet.png >/dev/null 2>&1; then # an option of libjpeg
      same_sheet "a JPEG of arithmetic codes"
    fi
    # EXIF's orientation 6, a quarter turn
    { jpeg grey | head -c 2
      printf '\377\341\0\042Exif\0\0MM\0\052\0\0\0\010\0\1\1\022\0\3\0\0\0\1\0\6\0\0\0\0\0\0'
      jpeg grey | tail -c +3; } >picture && same_sheet "a JPEG with an orientation"
    { jpeg grey && printf 'more'; } >picture && same_sheet "a JPEG with something behind it"
    { printf 'P6 16 8 255\n' && halves '\063\063\063' '\314\314\314'; } >picture
    expected=$(table picture) && mv sheet.png expected.png
    jpeg subsampled >picture && same_sheet "a JPEG in colour"
    { printf 'P6 16 8 255\n' && halves '\377\0\063' '\0\146\314'; } >picture
    expected=$(table picture) && mv sheet.png expected.png
    jpeg rgb >picture && same_sheet "a JPEG of three scans"
    jpeg cmyk >picture && refused 1 picture
    grep -q CMYK error || fail "CMYK: $(<error)"
    for bytes in 3 20 100 150 162; do
      jpeg grey | head -c $bytes >picture && refused 1 picture
      grep -q 'ends before' error || fail "$bytes bytes of a JPEG: $(<error)"
    done
    for bytes in 200 282; do
      jpeg progressive | head -c $bytes >picture && refused 1 picture
    done
    # the height and width of the header, at byte 94: 65500x65500
    for kind in grey arithmetic; do
      { jpeg $kind | head -c 94 && printf '\377\334\377\334' && jpeg $kind | tail -c +99; } >picture
      refused 1 picture
    done
    grep -Eq 'more than 134217728 pixels|[Aa]rithmetic' error || fail "a huge JPEG: $(<error)"
    # 99 scans are read, 101 are not; the last one is bytes 269 to 282
    jpeg rgb | tail -c +270 | head -c 14 >scan
    for more in 96 98; do
      { jpeg rgb | head -c 283
        for ((i = 0; i < more; i++)); do cat scan; done
        printf '\377\331'; } >$more
    done
    cp 96 picture && same_sheet "a JPEG of 99 scans"
    refused 1 98
    grep -q '100 scans' error || fail "a JPEG of 101 scans: $(<error)"
    # one bit of the codes, another length of a table
    { jpeg grey | head -c 158 && printf '\376' && jpeg grey | tail -c +160; } >picture && refused 1 picture
    malformed '\0377\0330\0377'
    malformed '\0377\0330\0377\0331'
    malformed '\0377\0330\0377\0340\0\01'
    ;;
  small)
    for size in '1 1' '1 9' '9 1' '2 3' '5 2' '4 4' '700 1' '3 1000'; do
      { echo "P2 $size 9" && printf '7 %.0s' {1..3000}; } >picture
      table picture >/dev/null
    done
    printf 'P2 1 1 10 6' >picture
    table picture | grep -q '^1 box 1x1 0x0 0.600 0.600' || fail "1x1: $(<log)"
    grep -q 'nothing for stage two' log || fail "not a word about pooling nothing"
    ;;
  malformed)
    malformed ''
    malformed 'P'
    malformed 'GIF89a'
    malformed 'P4 9 1 \377'
    malformed 'P4 8 2 \377'
    malformed 'P4 8 1'
    malformed 'P4 0 1 \377'
    malformed 'P4 2147483647 2147483647 \377'
    malformed 'P1 3 2 01010'
    malformed 'P1 3 2 010102'
    malformed 'P1 3 2'
    malformed 'P1 2147483647 2147483647 0'
    malformed 'P7 8 1 \377'
    { printf 'P4 16384 8193 ' && head -c 16779264 /dev/zero; } >picture && refused 1 picture
    grep -q 'more than 134217728 pixels' error || fail "a huge PBM: $(<error)"
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
