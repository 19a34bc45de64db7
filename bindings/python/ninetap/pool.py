"""2x2 pooling."""
from __future__ import annotations

import ctypes
from typing import Any, Sequence

import numpy as np

from . import _arrays as arrays
from . import _options as options
from . import _structs as structs
from ._library import check, lib
from ._options import Padding

SUFFIX = {np.dtype(np.float32): 'f32', np.dtype(np.uint8): 'u8', np.dtype(np.int8): 's8'}


class Pooling:
    """A description, and the shapes on both sides of it, of 2 to 4 axes."""

    def __init__(self, shape: Sequence[int], stride: int, padding: Padding, dilation: int,
                 ceil_mode: bool, layout: str, nan: str, isa: str | None, threads: int) -> None:
        self.axes = axes = len(shape)
        if not (layout == 'NHWC') + 2 <= axes <= 4:
            raise ValueError(f'x has the shape {tuple(shape)}; it has 2 to 4 axes, 3 or 4 in NHWC')
        self.layout = layout
        self.n, self.c, ih, iw = options.from_layout((1,) * (4 - axes) + tuple(shape), layout)
        self.desc = structs.Pool2x2(
            n=self.n, c=self.c, ih=ih, iw=iw, stride=options.integer(stride, 'stride', 1),
            dilation=options.integer(dilation, 'dilation', 1), ceil_mode=bool(ceil_mode),
            layout=options.choose(options.LAYOUT, layout, 'layout'),
            nan=options.choose(options.NAN, nan, 'nan'), isa=options.isa(isa),
            threads=options.integer(threads, 'threads'))
        if padding == 'same':
            raise ValueError("padding 'same' is not what a pooling of 2x2 has")
        self.desc.pad[:] = options.padding(padding)

    @classmethod
    def of_pooled(cls, a: Any, name: str, size: Sequence[int], layout: str,
                  **others: Any) -> tuple[Pooling, tuple[int, ...]]:
        """The pooling that gave a from (h, w), and the shape of what was pooled."""
        h, w = (options.integer(s, 'size', 0, 2**62) for s in size)
        shape = (*a.shape[:-3], h, w, *a.shape[-1:]) if layout == 'NHWC' else (*a.shape[:-2], h, w)
        p = cls(shape, layout=layout, **others)
        if a.shape != (pooled := p.output_shape()):
            raise ValueError(f'{name} has the shape {a.shape}; pooled from {shape} it has {pooled}')
        return p, shape

    def output_shape(self) -> tuple[int, ...]:
        oh, ow = ctypes.c_int64(), ctypes.c_int64()
        check(lib.ninetap_pool2x2_output(self.desc, oh, ow), '2x2 pooling')
        return options.to_layout((self.n, self.c, oh.value, ow.value), self.layout)[4 - self.axes:]

    def pitches(self, a: Any, name: str) -> list[int]:
        found = arrays.pitches(a, self.axes - 1, name)
        return [0] * (3 - len(found)) + found


def _indices(given: Any, shape: Sequence[int]) -> Any:
    a = arrays.output(given, shape, np.int64)
    if not a.flags.c_contiguous:
        raise ValueError('indices are not C-contiguous')
    return a


def max_pool2x2(x: Any, return_indices: bool = False, *, stride: int = 2, padding: Padding = 0,
                dilation: int = 1, ceil_mode: bool = False, layout: str = 'NCHW',
                nan: str = 'propagate', isa: str | None = None, threads: int = 0, out: Any = None,
                indices: Any = None) -> Any:
    """The largest of each window of 2x2, of float32, uint8 or int8.

    x: (n, c, h, w), (c, h, w) or (h, w), with layout='NHWC' (n, h, w, c) or (h, w, c). The result
    has the same axes, with oh = (h + top + bottom - dilation - 1) // stride + 1.
    return_indices (or an array for them, indices): returns (result, indices), int64 like the
    result, row * w + column of each maximum in its plane. nan='ignore': NaNs lose.

    >>> x = np.float32([[1, 5, 2, 0], [3, 4, 8, 7]])
    >>> max_pool2x2(x).tolist()
    [[5.0, 8.0]]
    >>> max_pool2x2(x, return_indices=True)[1].tolist()
    [[1, 6]]
    """
    a = arrays.typed(x, 'x', *SUFFIX)
    p = Pooling(a.shape, stride, padding, dilation, ceil_mode, layout, nan, isa, threads)
    shape = p.output_shape()
    o = arrays.output(out, shape, a.dtype)
    at = _indices(indices, shape) if return_indices or indices is not None else None
    p.desc.src_pitch[:], p.desc.dst_pitch[:] = p.pitches(a, 'x'), p.pitches(o, 'out')
    run = getattr(lib, 'ninetap_maxpool2x2_' + SUFFIX[a.dtype])
    check(run(p.desc, a.ctypes.data, o.ctypes.data, None if at is None else at.ctypes.data),
          'max_pool2x2')
    y = arrays.result(out, o)
    return y if at is None else (y, arrays.result(indices, at))


def avg_pool2x2(x: Any, *, stride: int = 2, padding: Padding = 0, dilation: int = 1,
                ceil_mode: bool = False, layout: str = 'NCHW', isa: str | None = None,
                threads: int = 0, out: Any = None) -> Any:
    """The mean of each window of 2x2, of float32, uint8 or int8. Padding is not counted.

    Shapes are those of max_pool2x2.

    >>> avg_pool2x2(np.float32([[1, 5, 2, 0], [3, 4, 8, 7]])).tolist()
    [[3.25, 4.25]]
    >>> avg_pool2x2(np.uint8([[1, 2], [2, 2]])).tolist()
    [[2]]
    """
    a = arrays.typed(x, 'x', *SUFFIX)
    p = Pooling(a.shape, stride, padding, dilation, ceil_mode, layout, 'propagate', isa, threads)
    o = arrays.output(out, p.output_shape(), a.dtype)
    p.desc.src_pitch[:], p.desc.dst_pitch[:] = p.pitches(a, 'x'), p.pitches(o, 'out')
    run = getattr(lib, 'ninetap_avgpool2x2_' + SUFFIX[a.dtype])
    check(run(p.desc, a.ctypes.data, o.ctypes.data), 'avg_pool2x2')
    return arrays.result(out, o)


def mixed_pool2x2(x: Any, alpha: float, *, stride: int = 2, padding: Padding = 0,
                  dilation: int = 1, ceil_mode: bool = False, layout: str = 'NCHW',
                  nan: str = 'propagate', isa: str | None = None, threads: int = 0,
                  out: Any = None) -> Any:
    """alpha * maximum + (1 - alpha) * mean of each window of 2x2, of float32.

    Shapes are those of max_pool2x2.

    >>> mixed_pool2x2(np.float32([[1, 5, 2, 0], [3, 4, 8, 7]]), 0.5).tolist()
    [[4.125, 6.125]]
    """
    a = arrays.typed(x, 'x', np.float32)
    p = Pooling(a.shape, stride, padding, dilation, ceil_mode, layout, nan, isa, threads)
    o = arrays.output(out, p.output_shape(), a.dtype)
    p.desc.src_pitch[:], p.desc.dst_pitch[:] = p.pitches(a, 'x'), p.pitches(o, 'out')
    check(lib.ninetap_mixedpool2x2_f32(p.desc, alpha, a.ctypes.data, o.ctypes.data),
          'mixed_pool2x2')
    return arrays.result(out, o)


def max_unpool2x2(x: Any, indices: Any, size: Sequence[int], *, stride: int = 2,
                  padding: Padding = 0, dilation: int = 1, ceil_mode: bool = False,
                  layout: str = 'NCHW', isa: str | None = None, threads: int = 0,
                  out: Any = None) -> Any:
    """Each value of x where its maximum was, and 0 elsewhere: the way back of max_pool2x2.

    x and indices: as max_pool2x2 returned them. size: (h, w) of what was pooled.

    >>> x, at = max_pool2x2(np.float32([[1, 5, 2, 0], [3, 4, 8, 7]]), return_indices=True)
    >>> max_unpool2x2(x, at, (2, 4)).tolist()
    [[0.0, 5.0, 0.0, 0.0], [0.0, 0.0, 8.0, 0.0]]
    """
    a = arrays.typed(x, 'x', np.float32)
    p, shape = Pooling.of_pooled(a, 'x', size, stride=stride, padding=padding, dilation=dilation,
                                 ceil_mode=ceil_mode, layout=layout, nan='propagate', isa=isa,
                                 threads=threads)
    at = arrays.dense(indices, 'indices', a.shape, np.int64)
    o = arrays.output(out, shape, a.dtype)
    p.desc.dst_pitch[:], p.desc.src_pitch[:] = p.pitches(a, 'x'), p.pitches(o, 'out')
    check(lib.ninetap_maxunpool2x2_f32(p.desc, a.ctypes.data, at.ctypes.data, o.ctypes.data),
          'max_unpool2x2')
    return arrays.result(out, o)
