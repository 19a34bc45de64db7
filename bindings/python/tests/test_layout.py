"""The binding says again what include/ninetap.h says. A C compiler holds it to that."""
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import unittest

from ninetap import _library, _options
from ninetap import _structs as structs

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), *['..'] * 3))
INCLUDE = os.path.join(ROOT, 'include')
STRUCTS = {'ninetap_quantization': structs.Quantization, 'ninetap_conv3x3_desc': structs.Conv3x3,
           'ninetap_plan_info': structs.PlanInfo, 'ninetap_pool2x2_desc': structs.Pool2x2,
           'ninetap_filter3x3_desc': structs.Filter3x3, 'ninetap_dense_desc': structs.Dense,
           'ninetap_selftest_report': structs.SelftestReport}
PROTOTYPE = r'NINETAP_API [^;]*?\b(ninetap_\w+)\(([^;]*)\);'
# The words of each enumeration, in the header's order.
ENUMS = {'ninetap_dtype': ('f32', 'u8', 's8', 's16', 's32'), 'ninetap_layout': _options.LAYOUT,
         'ninetap_weights_layout': _options.WEIGHTS_LAYOUT,
         'ninetap_act': [word for word in _options.ACTIVATION if word],
         'ninetap_fused_pool': ('pool_none', 'pool_max'),
         'ninetap_border': [f'border_{word}' for word in (*_options.BORDER, 'constant')],
         'ninetap_algo': [f'algo_{word}' for word in _options.ALGORITHM],
         'ninetap_precision': [f'precision_{word}' for word in _options.PRECISION],
         'ninetap_nan': [f'nan_{word}' for word in _options.NAN],
         'ninetap_norm': [f'norm_{word}' for word in _options.NORM]}


def header():
    with open(os.path.join(INCLUDE, 'ninetap.h'), encoding='utf-8') as file:
        return re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)


def assertions():
    lines = ['#include <stddef.h>', '#include "ninetap.h"',
             '#define SAME(a, b) _Static_assert((a) == (b), #a)']
    for name, struct in STRUCTS.items():
        lines.append(f'SAME(sizeof({name}), {ctypes.sizeof(struct)});')
        for field, *_ in struct._fields_:
            at = getattr(struct, field)
            lines.append(f'SAME(offsetof({name}, {field}), {at.offset});')
            lines.append(f'SAME(sizeof((({name} *)0)->{field}), {at.size});')
    for words in ENUMS.values():
        lines += [f'SAME(NINETAP_{word.upper()}, {i});' for i, word in enumerate(words)]
    return lines


class Header(unittest.TestCase):
    def test_the_compiler_agrees(self):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, 'layout.c')

            def compiles(lines):
                with open(source, 'w', encoding='utf-8') as file:
                    file.write('\n'.join(lines) + '\n')
                return subprocess.run([os.environ.get('CC', 'cc'), '-std=c11', '-I', INCLUDE, '-c',
                                       source, '-o', os.path.join(folder, 'layout.o')],
                                      stderr=subprocess.PIPE, text=True, check=False)

            done = compiles(assertions())
            self.assertEqual(done.returncode, 0, done.stderr)
            wrong = compiles(assertions() + ['SAME(sizeof(ninetap_dense_desc), 1);'])
            self.assertIn('ninetap_dense_desc', wrong.stderr)

    def test_no_struct_field_or_enumerator_is_left_out(self):
        text = header()
        found = dict(re.findall(r'typedef struct \w+ \{(.*?)\} (\w+);', text, re.S)[i][::-1]
                     for i in range(len(STRUCTS)))
        self.assertEqual(found.keys(), STRUCTS.keys())
        for name, body in found.items():
            fields = [re.sub(r'\[.*?\]', '', part).split()[-1].lstrip('*')
                      for line in body.split(';') for part in line.split(',') if part.strip()]
            self.assertEqual(fields, [field for field, *_ in STRUCTS[name]._fields_])
        enums = {name: body.count('NINETAP_') for body, name in
                 re.findall(r'typedef enum \w+ \{(.*?)\} (\w+);', text, re.S)}
        self.assertEqual(enums.pop('ninetap_status') - 1, len(_library.ERRORS))
        self.assertEqual(enums, {name: len(words) for name, words in ENUMS.items()})

    def test_argument_counts(self):
        missing = []
        for name, arguments in re.findall(PROTOTYPE, header()):
            function = getattr(_library.lib, name)
            if function.argtypes is None:
                missing.append(name)
                continue
            count = 0 if arguments == 'void' else arguments.count(',') + 1
            self.assertEqual(len(function.argtypes), count, name)
        # one-call forms, which the binding makes of plans; parts, which it has no use for
        self.assertEqual(missing, ['ninetap_conv3x3_run_part', 'ninetap_conv3x3_f32',
                                   'ninetap_dense_f32'])

    def test_version(self):
        numbers = re.findall(r'#define NINETAP_VERSION_M[A-Z]+ (\d+)', header())
        self.assertEqual('.'.join(numbers), _library.ABI)


class Loading(unittest.TestCase):
    def import_with(self, library):
        environment = {**os.environ, 'NINETAP_LIBRARY': library,
                       'PYTHONPATH': os.path.dirname(os.path.dirname(_library.__file__))}
        return subprocess.run([sys.executable, '-c', 'import ninetap'], env=environment,
                              stderr=subprocess.PIPE, text=True, check=False).stderr

    def test_a_library_that_is_not_there(self):
        self.assertIn('ImportError: the library of ninetap could not be loaded',
                      self.import_with('/nowhere/libninetap.so'))

    def test_libraries_of_another_version_and_of_another_kind(self):
        for version, message in (('0.10.3', f'0.10.3; this package needs {_library.ABI}'),
                                 (_library.ABI + '.0', 'lacks a function of this package')):
            self.assertIn(message, self.import_one_that_says(version))

    def import_one_that_says(self, version):
        with tempfile.TemporaryDirectory() as folder:
            source, library = os.path.join(folder, 'old.c'), os.path.join(folder, 'old.so')
            with open(source, 'w', encoding='utf-8') as file:
                file.write('const char *ninetap_version(void);\n'
                           f'const char *ninetap_version(void) {{ return "{version}"; }}\n')
            subprocess.run([os.environ.get('CC', 'cc'), '-shared', '-fPIC', '-o', library, source],
                           check=True)
            return self.import_with(library)


if __name__ == '__main__':
    unittest.main()
