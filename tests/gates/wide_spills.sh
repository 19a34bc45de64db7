#!/usr/bin/env bash
# wide_spills.sh OBJDUMP COMPILER OBJECT...: of registers of 32 and 64 bytes there is no move to or from
# memory that faults where the address is not aligned. gcc keeps them on the stack, which Windows aligns
# to 16 bytes (GCC PR54412; some distributions mend their gcc). What writes around the cache must be
# aligned, and never goes to the stack.
set -euo pipefail
objdump=$1 compiler=$2
shift 2
look() {
  "$objdump" -d --no-show-raw-insn "$@" | awk -F '\t' '
    / file format / { file = $1 }
    NF >= 2 && /%[yz]mm/ { wide++ }
    NF >= 2 && $2 ~ /^vmov(ap[sd]|dqa(32|64)?) / && /%[yz]mm/ && /\(/ { print file " " $0; bad++ }
    NF >= 2 && $2 ~ /^vmovnt/ && /\(%rsp/ { print file " " $0; bad++ }
    END { print wide + 0 " instructions on wide registers, " bad + 0 " that need alignment"
          exit bad > 0 || wide == 0 }'
}

# The gate sees such moves, and the assembler takes them away.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/spill.s" <<'END'
vmovaps %ymm6, 32(%rsp)
vmovdqa 32(%rbp), %ymm7
vmovdqa64 %zmm8, 64(%rsp)
vmovapd 64(%rsp), %zmm9
END
"$compiler" -c "$scratch/spill.s" -o "$scratch/aligned.obj"
if seen=$(look "$scratch/aligned.obj") || [[ $seen != *' 4 that need alignment' ]]; then
  echo "not seen: $seen"
  exit 1
fi
"$compiler" -c -Wa,-muse-unaligned-vector-move "$scratch/spill.s" -o "$scratch/unaligned.obj"
look "$scratch/unaligned.obj" >/dev/null
look "$@"
