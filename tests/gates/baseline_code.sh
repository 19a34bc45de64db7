#!/usr/bin/env bash
# baseline_code.sh OBJDUMP OBJECT...: no VEX or EVEX instruction, which an x86-64 CPU without AVX
# cannot run. In this disassembly exactly their names start with v, but for verr and verw.
set -euo pipefail
objdump=$1
shift
"$objdump" -d --no-show-raw-insn "$@" | awk -F '\t' '
  / file format / { file = $1 }
  NF >= 2 { split($2, word, " "); code++ }
  NF >= 2 && word[1] ~ /^v/ && word[1] !~ /^ver[rw]$/ { print file " " $0; bad++ }
  END { print code " instructions, " bad + 0 " not baseline"; exit bad > 0 || code == 0 }'
