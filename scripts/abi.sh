#!/usr/bin/env bash
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/abi.sh [TAG]

Compares the binary interface of the shared library with that of a release (the last tag v* below this
commit) by abidiff: a change within one soname fails, unless it only adds functions. Without a release
there is nothing to compare; tests/abi.c holds the layouts and signatures of the first.
END
}

case ${1-} in
  -h | --help) usage; exit ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
tag=${1-$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)}
if [[ -z $tag ]]; then
  echo 'no release yet'
  exit
fi
ensure_packages abigail-tools

# library SOURCE BUILD: the interface is the same for any instruction set, so the quickest to build.
library() {
  cmake -S "$1" -B "$2" -DCMAKE_BUILD_TYPE=Debug -DNINETAP_BUILD_CHECK=OFF -DNINETAP_ISAS=scalar >/dev/null
  cmake --build "$2" --parallel "$(nproc)" --target ninetap_shared >/dev/null
}

old=$root/build/abi/old
rm -rf "$old"
mkdir -p "$old/source"
git archive "$tag" | tar -x -C "$old/source"
library "$old/source" "$old/build"
library "$root" "$root/build/abi/new"
# 4: changes, added functions not counted; 1, 2: it could not tell. A new soname may bring changes.
status=0
abidiff --no-added-syms --headers-dir1 "$old/source/include" --headers-dir2 "$root/include" \
  "$old/build/libninetap.so" "$root/build/abi/new/libninetap.so" || status=$?
((status & 3)) && exit 1
soname() { readelf -d "$1" | sed -nE 's/.*SONAME.*\[(.*)\]/\1/p'; }
if ((status)) && [[ $(soname "$old/build/libninetap.so") == "$(soname build/abi/new/libninetap.so)" ]]; then
  echo "programs built with $tag would break"
  exit 1
fi
echo "compatible with $tag, or another soname"
