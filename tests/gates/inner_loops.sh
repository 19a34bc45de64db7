#!/usr/bin/env bash
# inner_loops.sh COMPILER ISA OBJDUMP OBJECT...: the innermost loops of the convolution kernels keep
# their sums in registers: no access to the stack. A loop is what lies between a backward jump and its
# target; it counts when it multiplies and has no loop within. Each kernel must have one, or nothing was
# seen. Depthwise kernels without FMA are not looked at: gcc loads all their input first and spills it.
# Each loop that fails is a line. known_loops.txt lists those that may, by COMPILER and ISA.
set -euo pipefail
compiler=$1 isa=$2 objdump=$3
shift 3
known=$(awk -v compiler="$compiler" -v isa="$isa" '$1 == compiler && $2 == isa { print $3 }' \
  "$(dirname "${BASH_SOURCE[0]}")/known_loops.txt")
code=$("$objdump" -d --no-show-raw-insn "$@")
awk -F '\t' -v known="$known" '
  function hex(s,   i, n) {
    n = 0
    for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
    return n
  }
  # The instruction that a jump at i of the function goes to, or 0.
  function target(i,   to) {
    if (text[i] !~ /^(j[a-z]+|b(\.[a-z]+)?|cbn?z|tbn?z) /) return 0
    if (!match(text[i], /[0-9a-f]+ </)) return 0
    to = hex(substr(text[i], RSTART, RLENGTH - 2))
    return to in at ? at[to] : 0
  }
  # The loops of the function that just ended, from the instructions text[1..n] at place[1..n].
  function check(   i, k, first, multiplies, stack, inner, ends, found, frame, which) {
    if (name ~ /[.]cold$/) return # of a kernel: what gcc moved out of the way
    if (name !~ /^((direct_(oc|x)|dense)_(fused|separate|quads)|depthwise(_x)?_fused|winograd_multiply|gradient_(fused|separate))_|^gradient_lanes_(fused|separate)$/) return
    kernels++
    if (text[text[1] ~ /^endbr/ ? 2 : 1] ~ /^(jmp|b) /) return # the same code as another kernel
    for (i = 1; i <= n; i++) if (text[i] ~ /mov +%rsp,%rbp/) frame = 1
    for (i = 1; i <= n; i++) {
      first = target(i)
      if (!first || first > i) continue
      multiplies = stack = inner = ends = 0
      for (k = first; k <= i; k++) {
        if (text[k] ~ /^v?f?n?m(add|ul|la|ls)[0-9]*[sp]s |^fm(la|ul|add) |^vf|vpdpbusd |^sdot /) multiplies = 1
        if (text[k] ~ /^ret/) ends = 1
        if (text[k] ~ /\(%rsp|\[sp[],]|\[x29, #-/ || (frame && text[k] ~ /-0x[0-9a-f]+\(%rbp/)) {
          stack++
          which = text[k]
        }
        if (k < i && target(k) >= first && target(k) <= k) inner = 1
      }
      if (inner || ends || !multiplies) continue
      found++
      if (stack) {
        printf "%s%s: %d instructions, %d on the stack: %s\n", name in expected ? "(known) " : "",
               name, i - first + 1, stack, which
        if (name in expected) seen[name] = 1
        else bad++
      }
    }
    if (!found) { print name ": no inner loop found"; bad++ }
    loops += found
  }
  BEGIN { split(known, names, /[ \n]+/); for (i in names) if (names[i] != "") expected[names[i]] = 1 }
  /^[0-9a-f]+ <.*>:$/ {
    check()
    name = $0; sub(/.*</, "", name); sub(/>:/, "", name)
    n = 0; split("", at)
  }
  { sub(/[{]vex[}][ \t]+/, "") }
  NF >= 2 && /^ *[0-9a-f]+:/ {
    address = $1; gsub(/[ :]/, "", address)
    text[++n] = $2 (NF > 2 ? " " $3 : "")
    at[hex(address)] = n
  }
  END {
    check()
    for (name in expected) if (!(name in seen)) { print name ": known_loops.txt has it, it is mended"; bad++ }
    print kernels + 0 " kernels, " loops + 0 " inner loops, " bad + 0 " faults"
    exit bad > 0 || kernels == 0
  }' <<<"$code"
