#!/usr/bin/env bash
# check.sh BUILD CC CXX [PREFIX]: uses BUILD in an outside project every way. Installed into PREFIX, or a
# fresh one, with find_package (either kind, C and C++) and pkg-config (shared, static, C++); from where
# it was built; and behind DESTDIR.
set -euo pipefail
build=$(cd "$1" && pwd)
export CC=$2 CXX=$3
# shellcheck source=tests/install/outside.sh
source "$(dirname "$0")/outside.sh"
prefix=${4-$scratch/prefix}
pkg_config=${PKG_CONFIG-pkg-config}

# installed FILE: where the last installation put it.
installed() {
  grep "/$1\$" "$build/install_manifest.txt"
}

quietly cmake --install "$build" --prefix "$prefix"
if [[ -x $prefix/bin/ninetap-check ]]; then
  echo "== ninetap-check"
  "$prefix/bin/ninetap-check" --quiet
fi
package=$(dirname "$(installed ninetapConfig.cmake)")
for language in C CXX; do
  outside find_package-$language -Dninetap_DIR="$package" -DLANGUAGE=$language \
    '-DKINDS=ninetap;ninetap_static;ninetap_shared'
done
linked static "$scratch/find_package-C/program-ninetap"
outside build-tree -Dninetap_DIR="$build" -DKINDS=ninetap -DBUILD_SHARED_LIBS=ON
linked shared "$scratch/build-tree/program-ninetap"
# Projects that have no OpenMP.
outside no-openmp -Dninetap_DIR="$package" '-DKINDS=ninetap;ninetap_shared' \
  -DCMAKE_DISABLE_FIND_PACKAGE_OpenMP=ON
outside only-shared -Dninetap_DIR="$package" -DKINDS=ninetap -DCOMPONENTS=shared \
  -DCMAKE_DISABLE_FIND_PACKAGE_OpenMP=ON
linked shared "$scratch/only-shared/program-ninetap"

# with_pkg_config NAME LIBRARY "COMPILER..." OPTION...: the archive goes by its name instead of -static,
# since there is no archive of clang's libomp on Debian.
with_pkg_config() {
  echo "== pkg-config, $1"
  local flags
  mapfile -t flags < <("$pkg_config" "${@:4}" --cflags --libs ninetap | xargs printf '%s\n')
  [[ $1 != static ]] || flags=("${flags[@]/#-lninetap/$2/libninetap.a}")
  $3 "$here/program.c" -x none "${flags[@]}" -Wl,-rpath,"$2" -o "$scratch/program"
  "$scratch/program"
}
PKG_CONFIG_PATH=$(dirname "$(installed ninetap.pc)")
export PKG_CONFIG_PATH
library=$(dirname "$PKG_CONFIG_PATH")
with_pkg_config shared "$library" "$CC"
with_pkg_config static "$library" "$CC" --static
with_pkg_config C++ "$library" "$CXX -x c++"

root=$scratch/root
DESTDIR=$root quietly cmake --install "$build"
export PKG_CONFIG_SYSROOT_DIR=$root
PKG_CONFIG_PATH=$root$(dirname "$(installed ninetap.pc)")
with_pkg_config 'in a sysroot' "$(dirname "$PKG_CONFIG_PATH")" "$CC"
# With that in it freedesktop's pkg-config 0.29 names the sysroot twice.
! grep pcfiledir "$PKG_CONFIG_PATH/ninetap.pc" || exit 1
