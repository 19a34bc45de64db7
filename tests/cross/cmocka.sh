#!/usr/bin/env bash
# cmocka.sh COMPILER PREFIX: cmocka built with a (cross) compiler, and CFLAGS, from the distribution's
# own source package, so that a foreign or instrumented build runs the same tests under the same
# runner. (Installing libcmocka-dev:arm64 would add a foreign architecture to the user's system; this
# touches nothing outside PREFIX and needs no root.)
set -euo pipefail
compiler=$1 prefix=$2
[[ ! -e $prefix/lib/libcmocka.so ]] || exit 0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# The configured sources, with deb-src in place of deb, in package lists of our own.
mkdir -p lists/partial
# shellcheck disable=SC2016 # apt-get's own variables
apt-get indextargets --format '$(ORIGIN) deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Created-By: Packages' | sed -En 's/^(Debian|Ubuntu) //p' | sort -u >sources.list
apt=(apt-get -qq -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State::Lists="$scratch/lists" -o Dir::Cache="$scratch" -o APT::Sandbox::User=root)
"${apt[@]}" update
"${apt[@]}" source --download-only cmocka
tar xf cmocka_*.orig.tar.?z
cmake -S cmocka-* -B build -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_C_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" >/dev/null
cmake --build build --target install >/dev/null
