"""Numbers as integers and back: real = scale * (integer - zero)."""
from __future__ import annotations

import ctypes
import math
from typing import Any

import numpy as np

from . import _arrays as arrays
from . import _options as options
from ._library import check, lib


class _Rows:
    """An array as the library has it: rows, each with its scale and zero."""

    def __init__(self, shape: tuple[int, ...], scale: Any, zero: Any, axis: int | None) -> None:
        self.scale = np.ascontiguousarray(np.atleast_1d(scale), np.float32)
        zeros = np.atleast_1d(zero)
        if zeros.dtype.kind not in 'iu':
            raise TypeError(f'zero is {zeros.dtype}; it is of integers')
        if zeros.size and not -2**31 <= zeros.min() <= zeros.max() < 2**31:
            raise ValueError('zero is beyond 32 bits')
        self.zero = np.ascontiguousarray(np.broadcast_to(zeros, self.scale.shape), np.int32)
        if axis is None:
            before, scales, after = shape[:0], 1, shape
        else:
            axis = range(len(shape))[axis]
            before, scales, after = shape[:axis], shape[axis], shape[axis + 1:]
        if self.scale.shape != (scales,):
            raise ValueError(f'scale has the shape {self.scale.shape}; it is one number, or with '
                             'an axis as many as that has')
        self.rows, self.columns = math.prod(before) * scales, math.prod(after)
        if self.columns == 0:
            self.rows, self.columns = 0, 1


def quantize(x: Any, scale: Any, zero: Any = 0, *, dtype: Any = np.uint8, axis: int | None = None,
             out: Any = None) -> Any:
    """x / scale, rounded to the nearest integer, halves to even, plus zero, to the nearest value of
    uint8 or int8: ONNX's QuantizeLinear.

    x: float32 of any shape. scale, zero: numbers, or with an axis one for each of its places, as
    for weights of (oc, c, 3, 3) axis=0.

    >>> quantize(np.float32([-1, 0, 0.26, 300]), 0.5, 10).tolist()
    [8, 10, 11, 255]
    """
    a = _whole(x, 'x', np.float32)
    to = options.dtype(dtype, 'dtype', 'uint8', 'int8')
    rows = _Rows(a.shape, scale, zero, axis)
    o = _whole(arrays.output(out, a.shape, to), 'out', to)
    check(lib.ninetap_quantize(rows.rows, rows.columns, a.ctypes.data, options.DTYPE[to],
                               rows.scale.ctypes.data, rows.zero.ctypes.data, rows.scale.size,
                               o.ctypes.data), 'quantize')
    return arrays.result(out, o)


def dequantize(x: Any, scale: Any, zero: Any = 0, *, axis: int | None = None,
               out: Any = None) -> Any:
    """(x - zero) * scale as float32: ONNX's DequantizeLinear. x: uint8, int8 or int32.

    >>> dequantize(np.uint8([8, 10, 11]), 0.5, 10).tolist()
    [-1.0, 0.0, 0.5]
    """
    a = _whole(x, 'x', np.uint8, np.int8, np.int32)
    rows = _Rows(a.shape, scale, zero, axis)
    o = _whole(arrays.output(out, a.shape, np.float32), 'out', np.float32)
    check(lib.ninetap_dequantize(rows.rows, rows.columns, options.DTYPE[a.dtype], a.ctypes.data,
                                 rows.scale.ctypes.data, rows.zero.ctypes.data, rows.scale.size,
                                 o.ctypes.data), 'dequantize')
    return arrays.result(out, o)


def value_range(x: Any) -> tuple[float, float]:
    """The least and the greatest of 0 and the elements of x, NaNs passed over.

    >>> value_range(np.float32([3, -1, np.nan]))
    (-1.0, 3.0)
    """
    a = _whole(x, 'x', np.float32)
    low, high = ctypes.c_float(), ctypes.c_float()
    check(lib.ninetap_range(a.size, a.ctypes.data, low, high), 'value_range')
    return low.value, high.value


def choose_quantization(low: float, high: float, dtype: Any = np.uint8, *,
                        symmetric: bool = False) -> tuple[float, int]:
    """A scale and a zero for numbers from low to high. symmetric: the zero is 0 (uint8: 128), as
    weights need it.

    >>> choose_quantization(-1, 254)
    (1.0, 1)
    >>> choose_quantization(*value_range(np.float32([-127, 3])), np.int8, symmetric=True)
    (1.0, 0)
    """
    to = options.dtype(dtype, 'dtype', 'uint8', 'int8')
    scale, zero = ctypes.c_float(), ctypes.c_int32()
    check(lib.ninetap_choose_quantization(low, high, options.DTYPE[to], bool(symmetric), scale,
                                          zero), 'choose_quantization')
    return scale.value, zero.value


def _whole(x: Any, name: str, *dtypes: Any) -> Any:
    a = arrays.typed(x, name, *dtypes)
    if not a.flags.c_contiguous:
        raise ValueError(f'{name} has the strides {a.strides}; it is dense here: '
                         f'np.ascontiguousarray({name})?')
    return a
