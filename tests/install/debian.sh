#!/usr/bin/env bash
# debian.sh ROOT BUILD: makes Debian's packages of the sources of ROOT below BUILD, which lintian must like,
# unpacks them there, and runs what they bring.
set -euo pipefail
root=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2/ninetap" "$2/unpacked"
build=$(cd "$2" && pwd)
git -C "$root" archive HEAD | tar -x -C "$build/ninetap"
cd "$build/ninetap"
DEB_BUILD_OPTIONS=parallel=$(nproc) dpkg-buildpackage -us -uc
cd "$build"
lintian --allow-root --fail-on error,warning ./ninetap_*.changes
for package in ./*.deb; do
  dpkg -x "$package" unpacked
done
library=$(dirname "$(find unpacked -name 'libninetap.so.*' -type f)")
LD_LIBRARY_PATH=$library unpacked/usr/bin/ninetap-check --quiet
LD_LIBRARY_PATH=$library unpacked/usr/bin/ninetap-bench --shape 3x9x9-4 --threads 1 --verify-only
for page in unpacked/usr/share/man/man*/*; do
  man --local-file "$page" >/dev/null
done
