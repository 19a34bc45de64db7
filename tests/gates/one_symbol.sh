#!/usr/bin/env bash
# one_symbol.sh NM ISA OBJECT...: the ISA's objects export its table and nothing else. A second
# symbol could be picked by the linker for code that must run without the ISA.
set -euo pipefail
nm=$1 isa=$2
shift 2
symbols=$("$nm" -g --defined-only "$@" | awk 'NF == 3 { print $3 }')
echo "$symbols"
[[ $symbols == "nt_isa_$isa" ]]
