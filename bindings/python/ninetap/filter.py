"""3x3 filters of images: rows of pixels of 1 to 4 values, bytes or floats."""
from __future__ import annotations

from typing import Any, Sequence, Union

import numpy as np

from . import _arrays as arrays
from . import _options as options
from . import _structs as structs
from ._library import check, lib
from ._options import Border

Margin = Union[int, Sequence[int]]


def _kernel(values: Any, name: str) -> Any:
    kernel = np.ascontiguousarray(values, np.float32)
    if kernel.size != 9:
        raise ValueError(f'{name} has {kernel.size} values; it has 3 rows of 3')
    return kernel


class _Filtering:
    """A description, the image's memory and the result's."""

    def __init__(self, image: Any, out: Any, dtype: Any, border: Border, scale: float,
                 delta: float, absolute: bool, keep_alpha: bool, pool: str | None, margin: Margin,
                 isa: str | None, threads: int) -> None:
        self.a = a = arrays.typed(image, 'image', np.uint8, np.float32)
        if not 2 <= a.ndim <= 4:
            raise ValueError(f'image has the shape {a.shape}; it is (h, w), (h, w, channels) or '
                             '(n, h, w, channels)')
        n, h, w, channels = (1,) * (a.ndim == 3) + a.shape if a.ndim > 2 else (1, *a.shape, 1)
        if not 1 <= channels <= 4:
            raise ValueError(f'image has the shape {a.shape}: {channels} values a pixel; 1 to 4 '
                             'are offered')
        dtype = a.dtype if dtype is None else options.dtype(dtype, 'dtype', 'uint8', 'int16',
                                                            'float32')
        top, left, bottom, right = sides = options.padding(margin)
        h, w = h - top - bottom, w - left - right
        if max(sides) > 1:
            raise ValueError(f'margin is {margin!r}; a side has 0 or 1')
        if h < 1 or w < 1:
            raise ValueError(f'image has the shape {a.shape}: nothing is left without the margin')
        kind, value = options.border(border)
        self.desc = desc = structs.Filter3x3(
            n=n, ih=h, iw=w, channels=channels, keep_alpha=bool(keep_alpha),
            src_type=options.DTYPE[a.dtype], dst_type=options.DTYPE[dtype], border=kind,
            scale=scale, delta=delta, absolute=bool(absolute),
            pool=options.choose(options.FUSED_POOL, pool, 'pool'), isa=options.isa(isa),
            threads=options.integer(threads, 'threads'))
        if scale == 0:
            raise ValueError('scale is 0')
        values = [value] * 4 if np.ndim(value) == 0 else [*value]
        if len(values) < channels or len(values) > 4:
            raise ValueError(f'border is {border!r}; it is one number, or one for each channel')
        desc.border_value[:] = (values + [0] * 4)[:4]
        desc.margin[:] = sides
        if pool:
            h, w = h // 2, w // 2
        shape = (n, h, w, channels)[4 - a.ndim:] if a.ndim > 2 else (h, w)
        self.o = arrays.output(out, shape, dtype)
        self.y = arrays.result(out, self.o)
        desc.src_pitch[:] = self._pitches(a, 'image')
        desc.dst_pitch[:] = self._pitches(self.o, 'out')
        # The library is told the first pixel that is filtered.
        row = desc.src_pitch[1] or a.shape[-2 if a.ndim > 2 else -1] * channels * a.itemsize
        self.src = a.ctypes.data + top * row + left * channels * a.itemsize

    @staticmethod
    def _pitches(a: Any, name: str) -> list[int]:
        whole = a.reshape(*a.shape, 1) if a.ndim == 2 else a
        found = arrays.pitches(whole, whole.ndim - 2, name)
        return [pitch * a.itemsize for pitch in [0] * (2 - len(found)) + found]


def filter3x3(image: Any, kernel: Any, *, dtype: Any = None, border: Border = 'zero',
              scale: float = 1, delta: float = 0, absolute: bool = False,
              keep_alpha: bool = False, pool: str | None = None, margin: Margin = 0,
              isa: str | None = None, threads: int = 0, out: Any = None) -> Any:
    """saturate(scale * (sum of kernel * image) + delta): a filter of all channels alike.

    image: (h, w), (h, w, channels) or (n, h, w, channels) of 1 to 4 channels, uint8 or float32.
    kernel: nine numbers; its middle lies on the pixel, and nothing is turned round (OpenCV's
    filter2D, SciPy's correlate). dtype: of the result: uint8 (the image's), int16 or float32; of
    a float32 image float32.

    border: what lies outside: 'zero', 'replicate', 'reflect101', or a number, or one for each
    channel. margin: 0 or 1, or (top, left, bottom, right): rows and columns of the image that are
    only read, so that the result is smaller by them; the border lies behind them.
    absolute: the magnitude. keep_alpha: of 2 or 4 channels the last one is copied.
    pool='max': 2x2 maximum pooling of stride 2 of the result.

    The bits are the same on every machine. out=image filters in place.

    >>> image = np.uint8([[0, 0, 0, 0], [0, 100, 200, 0], [0, 0, 0, 0]])
    >>> filter3x3(image, [[0, 0, 0], [-1, 0, 1], [0, 0, 0]])[1].tolist()
    [100, 200, 0, 0]
    >>> filter3x3(image, [[0, 0, 0], [-1, 0, 1], [0, 0, 0]], dtype=np.int16)[1].tolist()
    [100, 200, -100, -200]
    >>> filter3x3(image, np.ones((3, 3)), scale=1 / 9, margin=1).tolist()
    [[33, 33]]
    """
    f = _Filtering(image, out, dtype, border, scale, delta, absolute, keep_alpha, pool, margin,
                   isa, threads)
    k = _kernel(kernel, 'kernel')
    check(lib.ninetap_filter3x3(f.desc, k.ctypes.data, f.src, f.o.ctypes.data), 'filter3x3')
    return f.y


def gradient3x3(image: Any, kx: Any, ky: Any, *, norm: str = 'l1', dtype: Any = None,
                border: Border = 'zero', scale: float = 1, delta: float = 0,
                absolute: bool = False, keep_alpha: bool = False, pool: str | None = None,
                margin: Margin = 0, isa: str | None = None, threads: int = 0,
                out: Any = None) -> Any:
    """saturate(scale * norm(gx, gy) + delta), gx and gy the sums of two kernels: the edge picture.

    norm: 'l1' is |gx| + |gy|, 'l2' is sqrt(gx * gx + gy * gy). The rest is as in filter3x3.

    >>> sobel = np.float32([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> image = np.uint8([[0, 0, 9], [0, 0, 9], [0, 9, 9]])
    >>> gradient3x3(image, sobel, sobel.T, margin=1).tolist()
    [[54]]
    """
    f = _Filtering(image, out, dtype, border, scale, delta, absolute, keep_alpha, pool, margin,
                   isa, threads)
    x, y = _kernel(kx, 'kx'), _kernel(ky, 'ky')
    check(lib.ninetap_gradient3x3(f.desc, x.ctypes.data, y.ctypes.data,
                                  options.choose(options.NORM, norm, 'norm'), f.src,
                                  f.o.ctypes.data), 'gradient3x3')
    return f.y
