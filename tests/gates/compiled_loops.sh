#!/usr/bin/env bash
# compiled_loops.sh COMPILER ISA OBJDUMP OBJECT CC FLAG...: inner_loops.sh for what another compiler makes
# of an ISA's kernels: CC with these flags, of this machine or of another one.
set -euo pipefail
compiler=$1 isa=$2 objdump=$3 object=$4
shift 4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${here%/tests/gates}
"$@" -I"$root/include" -I"$root/kernels" -c "$root/kernels/targets/$isa.c" -o "$object"
exec "$here/inner_loops.sh" "$compiler" "$isa" "$objdump" "$object"
