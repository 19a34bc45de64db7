#!/usr/bin/env bash
# cmocka.sh COMPILER PREFIX: cmocka built with a (cross) compiler, and CFLAGS, so that a foreign or
# instrumented build runs the same tests under the same runner.
set -euo pipefail
exec "$(dirname "$0")/package.sh" "$2" cmocka -- -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_C_COMPILER="$1"
