# shellcheck shell=bash
# To be sourced.

# ensure_packages PACKAGE...: installs what is missing of these Debian packages. Where that cannot
# be done it says what is needed and returns: the build will tell if a tool is really absent.
ensure_packages() {
  if ! command -v apt-get >/dev/null; then
    echo "Not a Debian system. Needed, by their Debian names: $*" >&2
    return 0
  fi
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null) == *'ok installed'* ]] ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
  ((EUID == 0)) || apt=(sudo "${apt[@]}")
  local install=("${apt[@]}" install --yes --no-install-recommends "${missing[@]}")
  echo "Installing ${missing[*]}" >&2
  # The first try fails where the package lists are absent or old.
  "${install[@]}" >/dev/null 2>&1 || { "${apt[@]}" update && "${install[@]}" >/dev/null; } ||
    echo "Could not install: ${missing[*]}" >&2
}
