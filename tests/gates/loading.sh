#!/usr/bin/env bash
# loading.sh OBJDUMP SHARED [xgetbv]: the shared library has no thread-local storage, for which a
# process that loads it late may have no room; with a third argument it asks the operating system
# whether it saves the wide registers, with that instruction.
set -euo pipefail
objdump=$1 shared=$2 instruction=${3-}
if "$objdump" -p "$shared" | grep '^ *TLS '; then
  echo "thread-local storage in $shared"
  exit 1
fi
[[ -z $instruction ]] || "$objdump" -d --no-show-raw-insn "$shared" | grep -w "$instruction"
