#!/usr/bin/env bash
# privileged.sh PROGRAM: PROGRAM prints the instruction set that the library takes. NINETAP_ISA says
# which, but not in a set-user-ID program. Status 77, not tried: only root can make one.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ordinary=$scratch/ordinary privileged=$scratch/privileged
cp "$1" "$ordinary"
cp "$1" "$privileged"
export NINETAP_ISA=scalar NINETAP_VERBOSE=1
best=$(env -u NINETAP_ISA "$ordinary")
[[ $("$ordinary") == scalar ]] || { echo 'NINETAP_ISA is not obeyed'; exit 1; }
[[ $best != scalar ]] || { echo 'there is nothing but scalar here'; exit 77; }
((EUID == 0)) || exit 77
chown 65534:65534 "$privileged"
chmod u+s "$privileged"
chmod 755 "$scratch"
found=$("$privileged")
echo "set-user-ID: $found"
[[ $found == "$best" ]]
