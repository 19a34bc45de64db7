"""The shared library: finding it, the signatures of its functions, its errors."""
from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_int32, c_int64, c_size_t, c_void_p
from typing import Any

from . import _structs as structs

ABI = '0.1'  # 0.x: every minor version may break it

NAMES = {'win32': (f'libninetap-{ABI}.dll', f'libninetap-{ABI}.dll'),
         'darwin': ('libninetap.dylib', f'libninetap.{ABI}.dylib')}
IN_WHEEL, IN_SYSTEM = NAMES.get(sys.platform, ('libninetap.so', f'libninetap.so.{ABI}'))


class Error(Exception):
    """What the library refuses. The classes below are also Python's own for that kind of error."""


class ArgumentError(Error, ValueError):
    """A bad value, shape, stride, or an output that overlaps an input."""


class SizeError(Error, OverflowError):
    """A size in bytes, or a sum of integers, that does not fit."""


class NoMemoryError(Error, MemoryError):
    """Out of memory."""


class UnsupportedError(Error, NotImplementedError):
    """Legal, but not offered by this build on this machine."""


ERRORS = {1: ArgumentError, 2: ArgumentError, 3: SizeError, 4: ArgumentError, 5: NoMemoryError,
          6: UnsupportedError}


def check(status: int, what: str) -> None:
    """Raises what a status stands for."""
    if status:
        text = lib.ninetap_strerror(status).decode()
        raise ERRORS.get(status, Error)(f'{what}: {text}')


def load() -> ctypes.CDLL:
    """NINETAP_LIBRARY's; otherwise the wheel's; otherwise the system's."""
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib', IN_WHEEL)
    path = os.environ.get('NINETAP_LIBRARY') or (inside if os.path.exists(inside) else IN_SYSTEM)
    try:
        library = ctypes.CDLL(path)  # which releases the interpreter's lock in every call
    except OSError as error:
        raise ImportError(f'the library of ninetap could not be loaded: {error}') from error
    library.ninetap_version.restype = c_char_p
    found = library.ninetap_version().decode()
    if not found.startswith(ABI + '.'):
        raise ImportError(f'{path} is ninetap {found}; this package needs {ABI}')
    try:
        declare(library)
    except AttributeError as error:  # an older build of the same version
        raise ImportError(f'{path} lacks a function of this package: {error}') from error
    return library


def declare(library: ctypes.CDLL) -> None:
    """Tells ctypes every signature. Arrays and plans are addresses."""
    at, count, number = c_void_p, c_int64, POINTER(c_int64)
    conv, pool = POINTER(structs.Conv3x3), POINTER(structs.Pool2x2)
    image, dense = POINTER(structs.Filter3x3), POINTER(structs.Dense)
    one_pool, max_pool = [pool, at, at], [pool, at, at, at]
    status: dict[str, list[Any]] = {
        'conv3x3_output': [conv, number, number],
        'conv3x3_create': [POINTER(at), conv, at, at],
        'conv3x3_run': [at, at, at, at],
        'conv3x3_run_residual': [at, at, at, at, at],
        'pool2x2_output': [pool, number, number],
        'maxpool2x2_f32': max_pool, 'maxpool2x2_u8': max_pool, 'maxpool2x2_s8': max_pool,
        'avgpool2x2_f32': one_pool, 'avgpool2x2_u8': one_pool, 'avgpool2x2_s8': one_pool,
        'mixedpool2x2_f32': [pool, c_float, at, at],
        'maxunpool2x2_f32': max_pool,
        'conv3x3_create_backward_data': [POINTER(at), conv, at],
        'conv3x3_set_weights': [at, at, at],
        'conv3x3_backward_weights': [conv, at, at, at, at, c_int],
        'dense_set_weights': [at, at, at],
        'dense_backward_data': [dense, at, at, at],
        'dense_backward_weights': [dense, at, at, at, at, c_int],
        'act_backward_f32': [c_int, c_float, c_float, c_float, count, at, at, at],
        'maxpool2x2_backward_f32': max_pool, 'avgpool2x2_backward_f32': one_pool,
        'softmax_cross_entropy_f32': [count, count, at, at, at, at, POINTER(c_double)],
        'filter3x3': [image, at, at, at],
        'gradient3x3': [image, at, at, c_int, at, at],
        'dense_create': [POINTER(at), dense, at, at],
        'dense_run': [at, at, at],
        'softmax_f32': [count, count, at, count, at, count],
        'quantize': [count, count, at, c_int, at, at, count, at],
        'dequantize': [count, count, c_int, at, at, at, count, at],
        'range': [count, at, POINTER(c_float), POINTER(c_float)],
        'choose_quantization': [c_float, c_float, c_int, c_int, POINTER(c_float),
                                POINTER(c_int32)],
        'set_isa': [c_char_p],
        'selftest': [POINTER(structs.SelftestReport)],
    }
    others: dict[str, tuple[Any, list[Any]]] = {
        'strerror': (c_char_p, [c_int]),
        'version': (c_char_p, []),
        'conv3x3_workspace': (c_size_t, [at]),
        'conv3x3_describe': (None, [at, POINTER(structs.PlanInfo)]),
        'conv3x3_free': (None, [at]),
        'dense_free': (None, [at]),
        'isa_count': (c_int, []),
        'isa_name': (c_char_p, [c_int]),
        'isa': (c_char_p, []),
    }
    with_status = {name: (c_int, arguments) for name, arguments in status.items()}
    for name, (result, arguments) in {**with_status, **others}.items():
        function = getattr(library, 'ninetap_' + name)
        function.restype, function.argtypes = result, arguments


lib = load()


class Handle:
    """A plan of the library's, freed with the last reference: whoever runs it holds one."""
    __slots__ = ('at', '_free')

    def __init__(self, create: ctypes._NamedFuncPointer, free: ctypes._NamedFuncPointer,
                 what: str, *arguments: object) -> None:
        self.at = c_void_p()
        self._free = free
        check(create(ctypes.byref(self.at), *arguments), what)

    def __del__(self) -> None:
        self._free(self.at)


class Plan:
    """What plans have in common: an end, and a process they cannot leave."""
    _handle: Handle | None

    def free(self) -> None:
        """Gives the plan's memory back, after runs that other threads have begun."""
        self._handle = None

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self

    def __exit__(self, *_: object) -> None:
        self.free()

    def __reduce__(self) -> str:
        raise TypeError(f'a {type(self).__name__} cannot be copied or pickled: make another one '
                        'where it is needed')

    def _alive(self) -> Handle:
        if self._handle is None:
            raise ValueError(f'this {type(self).__name__} was freed')
        return self._handle
