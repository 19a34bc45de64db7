#!/usr/bin/env bash
# plain.sh SOURCE CC GOLDEN-TEXT.c [FLAG...]: the library without CMake, by the line of docs/building.md,
# computes what it should: ninetap-check, compiled by the same line.
set -euo pipefail
source=$1 compiler=$2 golden=$3
shift 3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$source"
grep -qF 'cc -O2 -Iinclude -Ikernels -r -nostdlib -o ninetap.o kernels/*/*.c' docs/building.md ||
  { echo 'docs/building.md has another line'; exit 1; }
"$compiler" -O2 -Iinclude -Ikernels "$@" -r -nostdlib -o "$scratch/ninetap.o" kernels/*/*.c
"$compiler" -O2 -Iinclude -Ikernels -Icheck -o "$scratch/check" check/*.c "$golden" "$scratch/ninetap.o" -lm
"$scratch/check" --quiet
