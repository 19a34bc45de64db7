# shellcheck shell=bash
# To be sourced.

# fetch_onnxruntime DIRECTORY: prints where in it ONNX Runtime's shared library is, out of the npm
# package, of which nothing is run. Where that cannot be done it says so and prints nothing.
fetch_onnxruntime() {
  local directory=$1 package=onnxruntime-node version=1.30.0 machine library archive
  local sha256=6e3390d6b783e7be946fad629292799da28d0b42f84856e50d2c1b0383291e75
  case $(uname -sm) in
    'Linux x86_64') machine=linux/x64 ;;
    'Linux aarch64') machine=linux/arm64 ;;
    *) echo "No $package for $(uname -sm)" >&2; return 0 ;;
  esac
  library=$directory/$package-$version/$machine/libonnxruntime.so.1
  if [[ ! -e $library ]]; then
    echo "Fetching $package $version" >&2
    command -v npm >/dev/null || ensure_packages npm
    archive=$directory/$package-$version.tgz
    mkdir -p "${library%/*}"
    {
      npm pack --silent --ignore-scripts --pack-destination "$directory" "$package@$version" \
        >/dev/null &&
        echo "$sha256  $archive" | sha256sum --check --quiet >&2 &&
        tar -xzf "$archive" -C "${library%/*}" --strip-components=5 --wildcards \
          "package/bin/*/$machine/${library##*/}" &&
        rm "$archive"
    } || { echo "Could not fetch $package" >&2; return 0; }
  fi
  echo "$library"
}
