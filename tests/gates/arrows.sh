#!/usr/bin/env bash
# arrows.sh KERNELS: the folders of the library stand on floors, and a file includes what stands on its own
# folder's floor or below. An include of a folder that is not listed, or of another folder of the same floor,
# fails as well.
set -euo pipefail
cd "$1"
# From the ground up.
floors=(
  'core'
  'simd'
  'arith'
  'bodies'
  'targets'
  'reference'
  'conv3x3 pool2x2 dense filter3x3 quantize act'
  'selftest'
)

declare -A floor_of
for i in "${!floors[@]}"; do
  for folder in ${floors[i]}; do
    floor_of[$folder]=$i
  done
done

count=0 bad=0
while IFS=: read -r file included; do
  from=${file%%/*} to=${included%%/*}
  count=$((count + 1))
  if [[ $included == ninetap.h ]]; then
    continue
  elif [[ ! ${floor_of[$from]-} || ! ${floor_of[$to]-} ]]; then
    echo "$file includes $included: one of them stands on no floor"
  elif [[ $from != "$to" ]] && ((floor_of[$to] >= floor_of[$from])); then
    echo "$file includes $included, which stands on no lower floor"
  else
    continue
  fi
  bad=$((bad + 1))
done < <(grep -rE '^#include "' . | sed -E 's|^\./||; s|:#include "(.*)".*|:\1|')
echo "$count includes, $bad wrong"
((bad == 0 && count > 0))
