"""What pyproject.toml cannot say: a wheel carries the shared library. CMake builds it, with what
CMAKE_ARGS adds, or NINETAP_LIBRARY names one that is built."""
import os
import re
import shlex
import shutil
import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel

HERE = os.path.dirname(os.path.abspath(__file__))
# The library's sources: around this folder, or in it, where it is unpacked of a source archive.
UNPACKED = os.path.join(HERE, 'library')
SOURCES = UNPACKED if os.path.exists(UNPACKED) else os.path.dirname(os.path.dirname(HERE))


def version():
    with open(os.path.join(SOURCES, 'include', 'ninetap.h'), encoding='utf-8') as header:
        return '.'.join(re.findall(r'#define NINETAP_VERSION_[A-Z]+ (\d+)', header.read()))


ABI = version().rpartition('.')[0]
NAME = {'win32': f'libninetap-{ABI}.dll', 'darwin': 'libninetap.dylib'}.get(sys.platform,
                                                                           'libninetap.so')


class WithLibrary(build_py):
    def run(self):
        super().run()
        library = os.environ.get('NINETAP_LIBRARY') or self.make()
        base = HERE if getattr(self, 'editable_mode', False) else self.build_lib
        # Not beside the modules, or it would be taken for one.
        folder = os.path.join(base, 'ninetap', 'lib')
        os.makedirs(folder, exist_ok=True)
        shutil.copyfile(library, os.path.join(folder, NAME))

    def make(self):
        build = os.path.abspath(self.get_finalized_command('build').build_temp)
        options = ['-DCMAKE_BUILD_TYPE=Release', '-DNINETAP_BUILD_CHECK=OFF',
                   '-DNINETAP_INSTALL=OFF']
        if sys.platform == 'linux':
            options.append('-DCMAKE_SHARED_LINKER_FLAGS=-s')
        options += shlex.split(os.environ.get('CMAKE_ARGS', ''))
        subprocess.run(['cmake', '-S', SOURCES, '-B', build, *options], check=True)
        subprocess.run(['cmake', '--build', build, '--target', 'ninetap_shared', '--parallel',
                        str(os.cpu_count())], check=True)
        return os.path.join(build, NAME)


class WithSources(sdist):
    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        for name in ('CMakeLists.txt', 'LICENSE', 'cmake', 'include', 'kernels'):
            source, to = os.path.join(SOURCES, name), os.path.join(base_dir, 'library', name)
            if os.path.isdir(source):
                shutil.copytree(source, to)
            else:
                os.makedirs(os.path.dirname(to), exist_ok=True)
                shutil.copyfile(source, to)


class OfThisPlatform(bdist_wheel):
    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return 'py3', 'none', super().get_tag()[2]


setup(version=version(),
      cmdclass={'build_py': WithLibrary, 'sdist': WithSources, 'bdist_wheel': OfThisPlatform})
