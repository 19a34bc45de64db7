#!/usr/bin/env bash
# idioms.sh SOURCE CC CXX: the header, the lines that it shows and the program of README.md compile
# without a warning in every standard of the language they are in.
set -euo pipefail
source=$1 cc=$2 cxx=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only -I "$source/include")

# function_of NAME <lines: a function that has them as its body; where they say "...", it returns.
function_of() {
  printf '#include <ninetap.h>\nint %s(const float *, const float *, const float *, float *);\n' "$1"
  printf 'int %s(const float *weights, const float *bias, const float *src, float *dst) {\n' "$1"
  printf '(void)weights, (void)bias, (void)src, (void)dst;\n'
  sed 's/) \.\.\.$/) return 1;/'
  printf 'return 0;\n}\n'
}
# lines_from PATTERN: of the header's first comment, from that line to the next empty one.
lines_from() {
  sed -n "/^ \*     $1/,/^ \*\$/ s/^ \* *//p" "$source/include/ninetap.h" | grep .
}
lines_from 'ninetap_conv3x3_desc d = {\.n' | function_of header_c >"$scratch/examples.c"
# shellcheck disable=SC2016 # the backticks are Markdown's
sed -n '/^```c$/,/^```$/ p' "$source/README.md" | grep -v '^```' >"$scratch/readme.c"
{
  lines_from 'ninetap_conv3x3_desc d = {};'
  lines_from 'ninetap_conv3x3 \*conv;'
} | function_of header_cxx >"$scratch/examples.cc"
grep -c ninetap_conv3x3_create "$scratch"/*.c* # every one is there

for standard in c99 c11 c17; do
  "$cc" -std=$standard "${warnings[@]}" "$scratch"/*.c
done
for standard in c++98 c++11 c++14 c++17 c++20; do
  "$cxx" -std=$standard "${warnings[@]}" "$scratch/examples.cc"
done
