#!/usr/bin/env bash
# check_detects.sh NINETAP-CHECK...: that it notices what is wrong, and says so.
# The program may be several words, an emulator first.
set -euo pipefail
check=("$@")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# expect STATUS ARGUMENT...: runs it, output in $scratch/out, messages in $scratch/err.
expect() {
  local wanted=$1 status=0
  shift
  "${check[@]}" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
  if ((status != wanted)); then
    echo "status $status, not $wanted: ninetap-check $*"
    head "$scratch/out" "$scratch/err"
    failures=$((failures + 1))
  fi
}

# says FILE TEXT: it has a line with the text.
says() {
  if ! grep -qF -e "$2" "$scratch/$1"; then
    echo "no \"$2\" in $1 of the last command:"
    head "$scratch/out" "$scratch/err"
    failures=$((failures + 1))
  fi
}

pattern='maxpool2x2-index/nchw/*'
golden=$scratch/golden.txt
some=(--case "$pattern" --isa scalar)

expect 0 --help
expect 0 --version
expect 0 --list
cp "$scratch/out" "$scratch/names"
LC_ALL=C sort --check --unique "$scratch/names"
name=$(grep -m 1 '^maxpool2x2-index/nchw/' "$scratch/names")

# What it writes is right in its own eyes, and the reference agrees.
expect 0 --write "${some[@]}"
cp "$scratch/out" "$golden"
expect 0 --golden "$golden" "${some[@]}"
says out "$name"
says out 'all ok'
expect 0 --golden "$golden" --case "$pattern" --isa reference --quiet
[[ ! -s $scratch/out ]] || { echo "--quiet is not"; failures=$((failures + 1)); }

# A digest with one bit flipped, on stdout with the command that shows it again.
while read -r line; do
  case $line in
    "$name "*)
      last=${line: -1}
      printf '%s%x\n' "${line%?}" $((0x$last ^ 1))
      ;;
    *) printf '%s\n' "$line" ;;
  esac
done <"$golden" >"$scratch/flipped.txt"
cmp -s "$golden" "$scratch/flipped.txt" && { echo "nothing was flipped"; failures=$((failures + 1)); }
expect 1 --golden "$scratch/flipped.txt" "${some[@]}" --quiet
says out WRONG
again=$(sed -n 's/.*the first: ninetap-check //p' "$scratch/out")
says out "--isa scalar --case '$name'"
eval "again=($again)"
expect 1 "${again[@]}"
says out "$name"

# A case without a line, a line without a case, the wrong number of digests.
grep -vF "$name " "$golden" >"$scratch/fewer.txt"
expect 1 --golden "$scratch/fewer.txt" "${some[@]}"
says out new
{ cat "$golden" && echo "maxpool2x2-index/nchw/lost 0123456789abcdef"; } >"$scratch/more.txt"
expect 1 --golden "$scratch/more.txt" "${some[@]}"
says out 'maxpool2x2-index/nchw/lost'
sed "s|^$name .*|& 0123456789abcdef|" "$golden" >"$scratch/two.txt"
expect 1 --golden "$scratch/two.txt" "${some[@]}"
says out new

# What is not understood.
expect 2 --nonsense
expect 2 nonsense
expect 2 --quiet=yes
expect 2 --isa
expect 2 --isa=
expect 2 --isa nonsense
says err scalar
expect 2 --isa scalar --isa scalar
expect 2 --case nonsense
expect 2 --golden "$scratch/absent.txt" "${some[@]}"
for line in name 'name 123' 'name 0123456789ABCDEF' 'name 0123456789abcdef 1' \
  'name - - -'; do
  echo "$line" >"$scratch/bad.txt"
  expect 2 --golden "$scratch/bad.txt" "${some[@]}"
  says err 'bad.txt:1:'
done

# lost WHAT: the last command said that nobody got its report.
lost() {
  if ((status != 2)); then
    echo "status $status, not 2: $1"
    failures=$((failures + 1))
  fi
  says err 'stdout: '
}

for words in --help --version --list --write ''; do
  read -ra words <<<"$words"
  status=0
  "${check[@]}" "${words[@]}" "${some[@]}" >/dev/full 2>"$scratch/err" || status=$?
  lost "${words[*]} on a full disk"
  status=0
  "${check[@]}" "${words[@]}" "${some[@]}" >&- 2>"$scratch/err" || status=$?
  lost "${words[*]} without stdout"
done
status=0
(
  trap '' PIPE
  sleep 0.3
  exec "${check[@]}" "${some[@]}" 2>"$scratch/err"
) | true || status=$?
lost "a pipe that nobody reads"
"${check[@]}" "${some[@]}" --quiet >&- || { echo "a report of nothing"; failures=$((failures + 1)); }

# - is stdin.
expect 0 --golden - "${some[@]}" <"$golden"
says out 'all ok'

((failures == 0))
