#!/usr/bin/env bash
# package.sh PREFIX NAME... -- CMAKE-OPTION...: libraries that the tests need, built by their own CMake
# files with a cross compiler, or with CFLAGS that instrument them, from the distribution's source
# packages of these names. (Installing libcmocka-dev:arm64 would add a foreign architecture to the
# user's system, and for Windows there is none; this touches nothing outside PREFIX and needs no root.)
set -euo pipefail
prefix=$1
shift
names=()
while [[ $1 != -- ]]; do
  [[ -e $prefix/built/$1 ]] || names+=("$1")
  shift
done
shift
((${#names[@]})) || exit 0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$prefix/built"
cd "$scratch"

# The configured sources, with deb-src in place of deb, in package lists of our own.
mkdir -p lists/partial
# shellcheck disable=SC2016 # apt-get's own variables
apt-get indextargets --format '$(ORIGIN) deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Created-By: Packages' | sed -En 's/^(Debian|Ubuntu) //p' | sort -u >sources.list
apt=(apt-get -qq -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State::Lists="$scratch/lists" -o Dir::Cache="$scratch" -o APT::Sandbox::User=root)
"${apt[@]}" update
for name in "${names[@]}"; do
  mkdir "$name"
  (cd "$name" && "${apt[@]}" source --download-only --tar-only "$name" && mkdir source &&
    rm -f ./*.asc && tar xf ./*.orig.tar.* -C source --strip-components 1)
  cmake -S "$name/source" -B "$name/build" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_FIND_ROOT_PATH="$prefix" \
    "$@" >/dev/null
  cmake --build "$name/build" --parallel "$(nproc)" --target install >/dev/null
  touch "$prefix/built/$name"
done
