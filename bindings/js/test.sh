#!/usr/bin/env bash
# test.sh [CMAKE-OPTION...]: makes the npm package, tests it, packs it, and uses it from an empty project.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD most=150000 # bytes
bindings/js/build.sh "$@"
NINETAP_PACKAGE=$root/build/js/package node --test bindings/js/test/*.test.js

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm pack --silent "$root/build/js/package" >packed
packed=$PWD/$(<packed)
size=$(stat -c %s "$packed")
echo "packed: $size bytes"
((size < most)) || { echo "more than $most"; exit 1; }

mkdir project
cd project
npm init --yes >/dev/null
npm install --silent --offline --no-audit --no-fund "$packed"
cat >program.mjs <<'END'
import { load } from 'ninetap';
const nt = await load();
const image = { data: Uint8ClampedArray.from({ length: 9 }, (_, i) => i), width: 3, height: 3 };
const blurred = nt.filter3x3(image, Array(9).fill(1), { scale: 1 / 9 });
console.log(blurred.data[4]);
END
[[ $(node program.mjs) == 4 ]]
echo "the package is right"
