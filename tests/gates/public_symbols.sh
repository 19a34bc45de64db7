#!/usr/bin/env bash
# public_symbols.sh NM HEADER SHARED STATIC [OBJDUMP]: the shared library exports the functions of the header
# and nothing else, with a version; the static one has no name outside the project's prefixes.
set -euo pipefail
nm=$1 header=$2 shared=$3 static=$4 objdump=${5-} # to read a DLL
# The functions of the header, without its comments.
declared=$(sed 's|/\*.*\*/||; /\/\*/,/\*\//d' "$header" | grep -o 'ninetap_[a-z0-9_]*(' | tr -d '(' |
  sort -u)
if [[ $objdump ]]; then
  exported=$("$objdump" -p "$shared" | sed '1,/^\[Ordinal.Name Pointer\] Table/d; /^$/,$d' |
    awk '{ print $NF }' | sort -u)
else
  exported=$("$nm" -D --defined-only "$shared" |
    awk '$2 ~ /[B-Z]/ { known = sub(/@@NINETAP_[0-9]+[.][0-9]+$/, "", $3); print $3 (known ? "" : " without a version") }' |
    sort -u)
fi
diff <(echo "$declared") <(echo "$exported") && echo "exported: $(wc -w <<<"$exported") functions"
foreign=$("$nm" -g --defined-only "$static" | awk 'NF == 3 && $3 !~ /^(\.refptr\.|(ninetap|nt)_)/ { print $3 }')
[[ -z $foreign ]] || { echo "foreign names in $static: $foreign"; exit 1; }
