#!/usr/bin/env bash
# inner_loops.sh OBJDUMP OBJECT...: the innermost loops of the convolution kernels keep their sums in
# registers: no access to the stack. A loop is what lies between a backward jump and its target; it
# counts when it multiplies and has no loop within. Each kernel must have one, or nothing was seen.
# Depthwise kernels without FMA are not looked at: gcc loads all their input first and spills it.
set -euo pipefail
objdump=$1
shift
code=$("$objdump" -d --no-show-raw-insn "$@")
awk -F '\t' '
  function hex(s,   i, n) {
    n = 0
    for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
    return n
  }
  # The loops of the function that just ended, from the instructions text[1..n] at place[1..n].
  function check(   i, k, j, to, multiplies, stack, inner, found, frame) {
    if (name ~ /[.]cold$/) return # of a kernel: what gcc moved out of the way
    if (name !~ /^((direct_(oc|x)|dense)_(fused|separate)|depthwise(_x)?_fused|winograd_multiply)_/) return
    kernels++
    if (text[text[1] ~ /^endbr/ ? 2 : 1] ~ /^(jmp|b) /) return # the same code as another kernel
    for (i = 1; i <= n; i++) if (text[i] ~ /mov +%rsp,%rbp/) frame = 1
    for (i = 1; i <= n; i++) {
      if (text[i] !~ /^(j[a-z]+|b\.[a-z]+|cbn?z|tbn?z) /) continue
      if (!match(text[i], /[0-9a-f]+ </)) continue
      to = hex(substr(text[i], RSTART, RLENGTH - 2))
      if (!(to in at) || at[to] > i) continue
      multiplies = stack = inner = ends = 0
      for (k = at[to]; k <= i; k++) {
        if (text[k] ~ /^v?f?n?m(add|ul|la|ls)[0-9]*[sp]s |^fm(la|ul|add) |^vf/) multiplies = 1
        if (text[k] ~ /^ret/) ends = 1
        if (text[k] ~ /\(%rsp|\[sp[],]/ || (frame && text[k] ~ /-0x[0-9a-f]+\(%rbp/)) stack = k
        if (k < i && text[k] ~ /^(j[a-z]+|b\.[a-z]+|cbn?z|tbn?z) / &&
            match(text[k], /[0-9a-f]+ </)) {
          j = hex(substr(text[k], RSTART, RLENGTH - 2))
          if ((j in at) && at[j] <= k && at[j] >= at[to]) inner = 1
        }
      }
      if (inner || ends || !multiplies) continue
      found++
      if (stack) { print name ": " text[stack]; bad++ }
    }
    if (!found) { print name ": no inner loop found"; bad++ }
    loops += found
  }
  /^[0-9a-f]+ <.*>:$/ {
    check()
    name = $0; sub(/.*</, "", name); sub(/>:/, "", name)
    n = 0; split("", at)
  }
  NF >= 2 && /^ *[0-9a-f]+:/ {
    address = $1; gsub(/[ :]/, "", address)
    text[++n] = $2 (NF > 2 ? " " $3 : "")
    at[hex(address)] = n
  }
  END {
    check()
    print kernels + 0 " kernels, " loops + 0 " inner loops, " bad + 0 " faults"
    exit bad > 0 || kernels == 0
  }' <<<"$code"
