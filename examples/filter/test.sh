#!/usr/bin/env bash
# usage: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and its argument)
set -euo pipefail

# shellcheck source=tests/support/cases.sh
source "$(dirname "$0")/../../tests/support/cases.sh"

run() {
  "${program[@]}" "$@" >log || fail "status $? for $*"
}

# The picture of a PNM file, as the program itself writes it.
picture() {
  run --filter identity - "$1" <"$2"
}

is_wanted() {
  cmp wanted.png out.png || fail "another picture: $(<log)"
}

# A status and a command line: that status, one line on stderr, no picture.
refused() {
  local expected=$1 status=0
  shift
  rm -f out.png
  "${program[@]}" "$@" >/dev/null 2>error || status=$?
  [[ $status == "$expected" ]] || fail "status $status, not $expected, for $*"
  [[ $(wc -l <error) == 1 ]] || fail "not one line for $*: $(<error)"
  [[ ! -e out.png ]] || fail "a picture for $*"
}

# expect KIND WIDTH HEIGHT OPTIONS...: awk's function of the nine values v[0] to v[8] on stdin is what
# the options do to the picture `in` of WIDTH x HEIGHT pixels and KIND's channels.
expect() {
  local kind=$1 width=$2 height=$3 formula=$4
  shift 4
  awk -v w="$width" -v h="$height" -v c="$([[ $kind == P2 ]] && echo 1 || echo 3)" -v kind="$kind" '
    { for (i = 1; i <= NF; i++) value[count++] = $i }
    function at(x, y, k) {
      x = x < 0 ? 0 : x >= w ? w - 1 : x
      y = y < 0 ? 0 : y >= h ? h - 1 : y
      return value[(y * w + x) * c + k]
    }
    function even(x, floor) { # rounded
      floor = int(x) - (x < int(x))
      return x - floor > 0.5 || (x - floor == 0.5 && floor % 2) ? floor + 1 : floor
    }
    function cut(x) { x = even(x); return x < 0 ? 0 : x > 255 ? 255 : x }
    END {
      print kind, w, h, 255
      for (y = 0; y < h; y++)
        for (x = 0; x < w; x++)
          for (k = 0; k < c; k++) {
            for (t = 0; t < 9; t++)
              v[t] = at(x + t % 3 - 1, y + int(t / 3) - 1, k)
            print cut('"$formula"')
          }
    }' values >wanted
  picture wanted.png wanted
  run "$@" in out.png
  is_wanted
}

# Pictures of values that rise and fall.
make() {
  local kind=$1 width=$2 height=$3 channels
  [[ $kind == P2 ]] && channels=1 || channels=3
  awk -v n=$((width * height * channels)) \
    'BEGIN { for (i = 0; i < n; i++) { s = (s * 1103 + 12347) % 65536; print int(s / 256) } }' >values
  { echo "$kind $width $height 255" && cat values; } >in
}

cross='5 * v[4] - v[1] - v[3] - v[5] - v[7]'
case $case_name in
  values)
    for size in '1 1' '2 1' '1 7' '40 9' '67 5'; do
      read -r width height <<<"$size"
      for kind in P2 P3; do
        make $kind "$width" "$height"
        expect $kind "$width" "$height" "$cross" --filter sharpen
        expect $kind "$width" "$height" "$cross" -f '0 -1 0, -1 5 -1, 0 -1 0'
        expect $kind "$width" "$height" '9 * v[4] - (v[0]+v[1]+v[2]+v[3]+v[4]+v[5]+v[6]+v[7]+v[8])'
        expect $kind "$width" "$height" '0.5 * (v[5] - v[3] + v[2] - v[0]) + 100' \
          -f '-1 0 1 -1 0 1 0 0 0' --scale 0.5 --delta 100
        expect $kind "$width" "$height" 'v[5] < v[3] ? v[3] - v[5] : v[5] - v[3]' \
          -f '0 0 0 -1 0 1 0 0 0' --absolute
        expect $kind "$width" "$height" \
          'sqrt((v[2]-v[0]+2*(v[5]-v[3])+v[8]-v[6])^2 + (v[6]-v[0]+2*(v[7]-v[1])+v[8]-v[2])^2)' \
          -f sobel
      done
    done
    ;;
  sizes)
    printf 'P2 5 4 255 1 2 3 4 5  6 7 8 9 10  11 12 13 14 15  16 17 18 19 20' >in
    printf 'P2 2 2 255 7 9 17 19' >wanted && picture wanted.png wanted
    run -f identity --pool in out.png
    is_wanted
    printf 'P2 3 2 255 1 3 5 11 13 15' >wanted && picture wanted.png wanted
    run -f identity --stride 2 in out.png
    is_wanted
    printf 'P2 1 1 255 13' >wanted && picture wanted.png wanted
    run -f identity --stride 2 --pool in out.png
    is_wanted
    grep -q '5x4 -> 1x1' log || fail "no sizes: $(<log)"
    printf 'P2 1 4 255 1 2 3 4' >in && refused 1 --pool in out.png
    # 2x2 RGBA: black, opaque or half transparent; black, opaque or transparent. Alpha stays.
    base64 -d >in <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAE0lEQVR42mNgYGD4D8QNDFAGAwAX/wJ/Bd4hKQAAAA
BJRU5ErkJggg==
END
    run -f identity in identity.png
    run -f edge in edge.png
    cmp identity.png edge.png || fail "alpha was filtered"
    ;;
  same)
    make P3 83 41
    run -f emboss --delta 128 in first.png
    for isa in scalar sse2 avx2 avx512 neon; do
      NINETAP_ISA=$isa "${program[@]}" -f emboss --delta 128 in out.png >/dev/null 2>&1
      cmp first.png out.png || fail "$isa gives another picture"
    done
    "${program[@]}" -f emboss --delta 128 - - <in >stream.png 2>log
    cmp first.png stream.png || fail "stdin or stdout gives another picture"
    ;;
  usage)
    "${program[@]}" --help | grep -q '^usage: ninetap-filter' || fail "--help"
    printf 'P2 2 2 9 1 2 3 4' >in
    for wrong in '' 'in' 'in out.png more' '--filter none in out.png' '--filter 1,2,3,4,5,6,7,8 in out.png' \
      '--filter 1,2,3,4,5,6,7,8,9,10 in out.png' '--filter 1,2,3,4,5,6,7,8,nan in out.png' \
      '--filter 1,2,3,4,5,6,7,8,1e39 in out.png' '--scale 0 in out.png' '--scale x in out.png' \
      '--delta 1x in out.png' '--stride 0 in out.png' '--stride -1 in out.png' '-x in out.png' \
      '--pool=1 in out.png'; do
      read -ra words <<<"$wrong"
      refused 2 "${words[@]}"
    done
    printf 'GIF89a' >bad
    refused 1 bad out.png
    refused 1 no/such/file out.png
    refused 1 in no/such/directory/out.png
    refused 1 in /dev/full
    status=0
    "${program[@]}" in - >/dev/full 2>error || status=$?
    [[ $status == 1 ]] || fail "status $status, not 1: a full stdout"
    ;;
  *)
    fail "no such case"
    ;;
esac
