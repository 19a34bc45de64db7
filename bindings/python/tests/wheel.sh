#!/usr/bin/env bash
# usage: wheel.sh PYTHON [LIBRARY]
#
# Makes the source archive, of that a wheel, installs it where nothing else is, without a network,
# and tests what was installed. LIBRARY: the wheel's, otherwise CMake builds it.
set -euo pipefail

python=$1
export NINETAP_LIBRARY=${2-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INDEX=1 PYTHONDONTWRITEBYTECODE=1 HOME=$folder

mkdir "$folder/source"
cd "$root"
tar cf - --exclude=build --exclude='*.egg-info' --exclude=__pycache__ \
  CMakeLists.txt LICENSE cmake include kernels bindings/python | tar xf - -C "$folder/source"
cd "$folder/source/bindings/python"
"$python" setup.py --quiet sdist --dist-dir "$folder" 2>/dev/null

"$python" -m venv --system-site-packages --without-pip "$folder/venv"
"$python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$folder" \
  "$folder"/ninetap-*.tar.gz
wheels=("$folder"/ninetap-*-py3-none-*.whl)
[[ -f ${wheels[0]} && ${wheels[0]} != *-any.whl ]]
"$python" -m pip --python "$folder/venv/bin/python" install --quiet "${wheels[0]}"

unset NINETAP_LIBRARY
cd "$folder"
"$folder/venv/bin/python" - "$folder/venv" <<'END'
import ninetap, sys
from ninetap import _library
from importlib.metadata import version
assert ninetap.__file__.startswith(sys.argv[1]), ninetap.__file__
assert version('ninetap') == ninetap.__version__, version('ninetap')
assert _library.lib._name.startswith(sys.argv[1]), _library.lib._name
print(_library.lib._name, ninetap.__version__, ninetap.isa())
END
"$folder/venv/bin/python" -m unittest discover -s "$folder/source/bindings/python/tests" \
  -p 'test_[dfl]*.py'
