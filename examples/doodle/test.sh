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

# And a model: what train gives is the same file.
gives() {
  train "${@:2}"
  cmp "$1" "$2" || fail "other weights: ${*:2}"
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

# As refused, and the line has a word of what is wrong.
refused_for() {
  refused 1 "${@:2}"
  grep -q "$1" error || fail "not for \"$1\": ${*:2}: $(<error)"
}

# little VALUE BYTES: a number, the least significant byte first.
little() {
  local i
  for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf '%02x' $(($1 >> 8 * i & 255)))"; done
}

# safetensors HEADER BYTES: a file of that header and so many zeros.
safetensors() {
  little ${#1} 8
  printf '%s' "$1"
  head -c "$2" /dev/zero
}

# Which header, so many bytes of data, and a word of what is wrong with them.
malformed() {
  safetensors "$1" "$2" >model
  refused_for "$3" test model
}

# What a header says of a tensor of two floats, from byte $2 to $3.
entry() { printf '"%s":{"dtype":"F32","shape":[2],"data_offsets":[%s,%s]}' "$1" "$2" "$3"; }

# tells MODEL COUNT OPTION...: so many doodles are tested.
tells() {
  "${program[@]}" test "$1" "${@:3}" >log || fail "status $? for $*"
  grep -q " of $2 doodles" log || fail "not $2 doodles: $*: $(<log)"
}

# pictures WORD: three of 28x28, each 16 lines of a byte and 12 of another, by the word.
pictures() {
  local i byte
  byte=$(printf '%d' "'$1")
  for i in 1 2 3; do
    printf "\\x$(printf '%02x' $((byte + i)))%.0s" {1..448}
    printf '\0%.0s' {1..336}
  done
}

npy() {
  local header="{'descr': '|u1', 'fortran_order': False, 'shape': (3, 784), }"
  printf '\223NUMPY\1\0%b\0%s' "\\x$(printf '%02x' ${#header})" "$header"
  pictures "$1"
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
    gives model again
    gives model again --threads 1
    gives model again --threads 2
    train again --seed 2
    ! cmp -s model again || fail "another seed, and the same weights"
    for isa in scalar sse2 avx2 avx512 neon; do
      NINETAP_ISA=$isa gives model again 2>/dev/null
    done
    # in the middle of an epoch, at its end, and in the next one
    for steps in 3 7 10; do
      train half --steps $steps
      "${program[@]}" train --each 24 --resume half -o whole >log || fail "status $? resumed"
      cmp model whole || fail "resumed after $steps steps: other weights"
    done
    cp half whole
    gives model whole --resume whole
    gives model whole --resume model
    "${program[@]}" train --each 24 --epochs 3 -o - >stream 2>log || fail "to stdout"
    cmp model stream || fail "to stdout: another model"
    "${program[@]}" test - --each 2 <model >log || fail "from stdin"
    ;;
  interrupted)
    # Three times: it may not have begun to learn.
    for after in 1 3 9; do
      status=0
      timeout --foreground -s INT "$after" "${program[@]}" train --each 40 --epochs 1000000 -o model \
        >log 2>error || status=$?
      [[ ! -e model ]] || break
    done
    [[ $status == 124 || $status == 130 ]] || fail "status $status: $(<error)"
    grep -q '^model, [0-9]* steps' log || fail "nothing is saved: $(<log)"
    "${program[@]}" test model --each 1 >log || fail "what was saved is not whole"
    ;;
  watch)
    mkdir place
    train model --watch place/frames
    [[ -e place/frames/frame-000.png && -e place/frames/curve.svg ]] || fail "$(ls place/frames)"
    frames=(place/frames/frame-*.png)
    ((${#frames[@]} > 10)) || fail "only ${#frames[@]} frames"
    # A picture that the program can read itself, and one that others see the first frame of.
    for picture in "${frames[0]}" "${frames[-1]}" place/frames/training.png; do
      "${program[@]}" show model "$picture" -o sheet.png >log || fail "$picture: $(<log)"
    done
    grep -aq acTL place/frames/training.png || fail "no animation"
    (($(stat -c %s place/frames/training.png) < 300000)) || fail "a large animation"
    [[ $(grep -c '<polyline' place/frames/curve.svg) == 2 ]] || fail "no curves"
    gives model again --watch place/frames
    echo >plain
    refused 1 train --each 24 --watch plain -o model
    refused 1 train --each 24 --watch no/such/place -o model
    ;;
  data)
    mkdir bitmaps
    npy a >bitmaps/full_numpy_bitmap_ant.npy
    npy m | gzip >bitmaps/moon.npy.gz
    pictures x >bitmaps/"the x.bin"
    echo text >bitmaps/readme.txt
    "${program[@]}" train bitmaps --epochs 1 -o one >log || fail "bitmaps: $(<log)"
    grep -aq '\[\\"ant\\",\\"moon\\",\\"the x\\"\]' one || fail "the classes: $(head -c 200 one)"
    tells one 9 bitmaps --all
    refused_for 'kept apart' test one bitmaps
    "${program[@]}" train bitmaps --classes moon,ant --epochs 1 -o two >log || fail "two classes"
    tells two 6 bitmaps --all
    refused_for 'no doodles of class sun' train bitmaps --classes moon,sun
    refused_for 'a single class' train bitmaps --classes moon
    tells one 6 bitmaps --all --each 2
    # The same as IDX files, in which they take turns; 0 is ant, 1 is moon.
    mkdir idx folders folders/{ant,moon,the\ x}
    { printf '\0\0\10\3\0\0\0\11\0\0\0\34\0\0\0\34' && pictures a && pictures m && pictures x; } |
      gzip >idx/train-images-idx3-ubyte.gz
    { printf '\0\0\10\1\0\0\0\11' && printf '\0\0\0\1\1\1\2\2\2'; } >idx/train-labels-idx1-ubyte
    refused_for 'No such file' train idx
    gzip idx/train-labels-idx1-ubyte
    "${program[@]}" train idx --epochs 1 -o two >log || fail "idx"
    cmp <(tail -c 4000 one) <(tail -c 4000 two) || fail "IDX files give other weights"
    cp idx/train-images-idx3-ubyte.gz idx/t10k-images-idx3-ubyte.gz
    cp idx/train-labels-idx1-ubyte.gz idx/t10k-labels-idx1-ubyte.gz
    tells two 9 idx
    for class in ant:a moon:m 'the x:x'; do
      for i in 0 1 2; do
        { printf 'P5 28 28 255\n' && pictures "${class#*:}" | tail -c +$((1 + i * 784)) | head -c 784; } \
          >folders/"${class%:*}/$i.pgm"
      done
    done
    "${program[@]}" train folders --epochs 1 -o two >log || fail "folders"
    cmp one two || fail "folders of pictures give other weights"

    refused_for 'No such file' train no/such/folder
    refused 1 train model
    mkdir empty && refused_for 'no doodles' train empty
    head -c 60 bitmaps/moon.npy.gz >empty/moon.npy.gz && refused 1 train empty
    rm empty/moon.npy.gz && printf 'short' >empty/moon.bin
    refused_for 'not a multiple' train empty
    rm empty/moon.bin && head -c 1000 bitmaps/full_numpy_bitmap_ant.npy >empty/moon.npy
    refused_for 'ends before' train empty
    printf 'P1 1 1 0' >empty/moon.npy && refused_for 'neither' train empty
    printf '\0\0\10\1\0\0\0\10\0\0\0\1\1\1\2\2' | gzip >idx/t10k-labels-idx1-ubyte.gz
    refused_for 'another number' test one idx
    printf '\0\0\10\1\177\377\377\377\0' | gzip >idx/t10k-labels-idx1-ubyte.gz
    refused_for 'ends before' test one idx
    printf 'label' >idx/t10k-labels-idx1-ubyte.gz
    refused_for 'not an IDX' test one idx
    ;;
  malformed)
    for bytes in 0 7 8 9 100; do
      train model --steps 1
      head -c $bytes model >part && refused 1 test part
    done
    head -c -1 model >part && refused_for 'outside the file' test part
    { cat model && printf 'x'; } >long && refused_for 'gaps' test long
    malformed '{' 0 header
    malformed '[]' 0 'not a safetensors'
    malformed '{"a":1}' 0 'tensor a'
    malformed "{$(entry a 0 8),$(entry a 8 16)}" 16 duplicate
    malformed "{$(entry a 0 8),$(entry b 4 12)}" 12 overlap
    malformed "{$(entry a 0 8),$(entry b 12 20)}" 20 gaps
    malformed "{$(entry a 4 12)}" 12 gaps
    malformed "{$(entry a 0 8)}" 9 gaps
    malformed "{$(entry a 0 8)}" 7 'outside the file'
    malformed "{$(entry a 8 0)}" 8 'outside the file'
    malformed "{$(entry a -8 0)}" 8 'no possible data_offsets'
    malformed "{$(entry a 0 4)}" 4 'do not fit'
    malformed "{$(entry a 0 99999999999999999999)}" 8 header
    malformed '{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}' 4 dtype
    malformed '{"a":{"dtype":"F32","shape":[1,-1],"data_offsets":[0,4]}}' 4 shape
    malformed '{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}' 4 shape
    malformed '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}' 0 shape
    malformed '{"a":{"dtype":"F32","shape":[1]}}' 4 data_offsets
    malformed '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":0}}' 4 'or has more'
    malformed '{"__metadata__":{"a":1}}' 0 strings
    malformed '{"__metadata__":[]}' 0 'not an object'
    malformed "{$(entry a 0 8)}" 8 'not those of a network'
    { little 9223372036854775807 8 && printf '{}'; } >model && refused 1 test model
    # Each part of a model that is good, spoilt.
    train model --steps 1
    spoilt() {
      LC_ALL=C sed "1s/$1/$2/" model >other
      ! cmp -s model other || fail "no $1"
    }
    spoilt 'conv2.bias' 'conv3.bias' && refused_for conv2.bias test other
    spoilt '"dtype":"F32"' '"dtype":"I32"' && refused 1 test other
    spoilt '"shape":\[8\]' '"shape":[08]' && refused 1 test other
    spoilt 'circle' 'spiral' && refused_for classes test other
    spoilt '"steps":"1"' '"steps":"x"' && refused_for steps test other
    spoilt '"rate":"0' '"rate":"2' && refused_for rate test other
    spoilt 'adam.mean.conv1.weight' 'adam.mean.conv9.weight'
    "${program[@]}" test other --each 1 >log || fail "a model without the optimizer's state: $(<log)"
    refused_for adam train --each 24 --resume other
    refused_for 'another number' train --each 25 --resume model
    refused 1 train --each 24 --epochs 1 -o no/such/place
    refused 1 test no/such/model
    refused 1 show no/such/model
    ;;
  usage)
    "${program[@]}" --help | grep -q '^usage: doodle' || fail "--help"
    "${program[@]}" train --help | grep -q '^usage: doodle' || fail "train --help"
    for wrong in '' 'learn' '-x' 'train --unknown' 'train a b' 'test' 'test a b c' 'show' \
      'show a b c' 'train --epochs 0' 'train --epochs x' 'train --steps 0' 'train --each 0' \
      'train --rate 0' 'train --rate x' 'train --rate nan' 'train --rate 2' 'train --threads 0' \
      'train --threads 65' 'train --filters 8' 'train --classes ,' 'train --classes cat,cat' \
      'train --resume a --classes cat'       'train --index 1' 'test a --epochs 1' 'show a --all' 'train -o'; do
      read -ra words <<<"$wrong"
      refused 2 "${words[@]}"
    done
    ;;
  quickdraw)
    # Quick, Draw!'s own, where the machine has them: a folder of cat, rainbow and train.
    [[ ${NINETAP_DOODLES-} ]] || { echo "NINETAP_DOODLES names no folder"; exit 77; }
    "${program[@]}" train "$NINETAP_DOODLES" --classes cat,rainbow,train --epochs 4 -o model >log
    less 85 "$(column 'kept apart' 4)" || fail "$(<log)"
    ;;
  *)
    fail "no such case"
    ;;
esac
