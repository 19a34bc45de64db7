#!/usr/bin/env bash
# control_word.sh OBJDUMP SHARED OBJECT...: nothing loads MXCSR or the x87 control word but the team
# of parallel.c, which gives each member its own back; and linking adds no start-up code that does,
# as -ffast-math would.
set -euo pipefail
objdump=$1 shared=$2
shift 2
# FILE COUNT for each file that has such an instruction.
loads() {
  "$objdump" -d --no-show-raw-insn "$@" | awk -F '\t' '
    /file format/ { file = $1 } # a field of its own in llvm-objdump
    NF >= 2 && $2 ~ /^v?ldmxcsr|^fldcw|^fldenv|^fxrstor|^xrstor|^frstor/ { count[file]++ }
    END { for (file in count) print file, count[file] }'
}
# Without OpenMP there is no team.
if ! allowed=$(loads "$@" | grep -v 'parallel\.c'); then allowed=; fi
[[ -z $allowed ]] || { echo "outside the team: $allowed"; exit 1; }
total() { awk '{ n += $NF } END { print n + 0 }'; }
ours=$(loads "$@" | total) linked=$(loads "$shared" | total)
echo "$ours in parallel.c, $linked in $shared"
((ours == linked))
