"""Dense layers and softmax."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import _arrays as arrays
from . import _options as options
from . import _structs as structs
from ._library import Handle, Plan, check, lib
from ._options import Activation
from .conv import Quantization, layer_types


class Dense(Plan):
    """A dense layer whose weights are packed once.

    w: (out, in), as in PyTorch. b: (out,). n: the rows of an input. The rest is as in Conv3x3.

    Any number of threads may run a plan at once.

    >>> w = np.float32([[1, 2], [3, 4], [5, -6]])
    >>> with Dense(w, np.float32([0, 0, 1]), activation='relu') as layer:
    ...     layer(np.float32([1, 1])).tolist()
    [3.0, 7.0, 0.0]
    """

    def __init__(self, w: Any, b: Any = None, *, n: int = 1, activation: Activation = None,
                 precision: str = 'default', isa: str | None = None, threads: int = 0,
                 quantization: Quantization | None = None, src_dtype: Any = np.float32,
                 dtype: Any = None, src_pitch: int = 0, dst_pitch: int = 0) -> None:
        desc = self._desc = structs.Dense(
            n=options.integer(n, 'n', 0, 2**62),
            precision=options.choose(options.PRECISION, precision, 'precision'),
            isa=options.isa(isa), threads=options.integer(threads, 'threads'),
            src_pitch=options.integer(src_pitch, 'src_pitch', 0, 2**62),
            dst_pitch=options.integer(dst_pitch, 'dst_pitch', 0, 2**62),
            **options.activation(activation))
        types = layer_types(desc, src_dtype, dtype, quantization)
        self._src_dtype, w_dtype, b_dtype, self._dst_dtype = types
        weights = arrays.dense(w, 'w', (None, None), w_dtype)
        self._out, self._in = weights.shape
        desc.out = self._out
        setattr(desc, 'in', self._in)
        bias = None if b is None else arrays.dense(b, 'b', (self._out,), b_dtype)
        self._handle = Handle(lib.ninetap_dense_create, lib.ninetap_dense_free,
                              f'Dense of {weights.shape}', desc, weights.ctypes.data,
                              None if bias is None else bias.ctypes.data)

    def set_weights(self, w: Any, b: Any = None) -> None:
        """Other weights and another bias, of floats, for a plan that no thread is running."""
        weights = arrays.dense(w, 'w', (self._out, self._in), np.float32)
        bias = None if b is None else arrays.dense(b, 'b', (self._out,), np.float32)
        check(lib.ninetap_dense_set_weights(self._alive().at, weights.ctypes.data,
                                            None if bias is None else bias.ctypes.data),
              'set_weights')

    def run(self, x: Any, out: Any = None) -> Any:
        """The layer's outputs for x, (n, in) or of one row (in,): (n, out) or (out,)."""
        handle = self._alive()
        a = arrays.typed(x, 'x', self._src_dtype)
        rows = (self._desc.n,) * (a.ndim > 1 or self._desc.n != 1)
        if a.shape != (*rows, self._in):
            raise ValueError(f'x has the shape {a.shape}; the plan is for {(*rows, self._in)}')
        if out is None and self._desc.dst_pitch:
            raise ValueError('this plan has a dst_pitch: give out')
        o = arrays.output(out, (*rows, self._out), self._dst_dtype)
        arrays.fits(a, (self._desc.src_pitch,) * len(rows), 'x')
        arrays.fits(o, (self._desc.dst_pitch,) * len(rows), 'out')
        check(lib.ninetap_dense_run(handle.at, a.ctypes.data, o.ctypes.data), 'dense')
        return arrays.result(out, o)

    __call__ = run


def dense(x: Any, w: Any, b: Any = None, *, activation: Activation = None,
          precision: str = 'default', isa: str | None = None, threads: int = 0,
          quantization: Quantization | None = None, dtype: Any = None, out: Any = None) -> Any:
    """act(x @ w.T + b): x: (n, in) or (in,); w: (out, in); b: (out,). The result: (n, out) or
    (out,).

    The sums run over the inputs in their order, so a row has the same bits in every batch.
    Packing the weights takes longer than one row: for weights that are used again, keep a Dense.

    >>> dense(np.float32([1, 2]), np.float32([[1, 10], [3, -4]]), activation='relu').tolist()
    [21.0, 0.0]
    """
    a = arrays.typed(x, 'x', *((np.float32,) if quantization is None else (np.uint8, np.int8)))
    if a.ndim not in (1, 2):
        raise ValueError(f'x has the shape {a.shape}; it has 1 or 2 axes')
    o = None if out is None else arrays.view(out, 'out')
    with Dense(w, b, n=1 if a.ndim == 1 else a.shape[0], activation=activation,
               precision=precision, isa=isa, threads=threads, quantization=quantization,
               src_dtype=a.dtype, dtype=dtype, src_pitch=row_pitch(a, 'x'),
               dst_pitch=0 if o is None else row_pitch(o, 'out')) as plan:
        y = plan.run(a, o)
    return arrays.result(out, y)


def row_pitch(a: Any, name: str) -> int:
    """Elements from a row of one or two axes to the next, 0 for dense."""
    return (arrays.pitches(a, a.ndim - 1, name) or [0])[0]


def softmax(x: Any, *, out: Any = None) -> Any:
    """exp(x - m) / sum(exp(x - m)) along the last axis, m its largest element; the same bits on
    every machine.

    x: float32 of any number of axes; arrays of more than two are dense. out=x works in place.

    >>> softmax(np.float32([0, 0, 0, 0])).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    a = arrays.typed(x, 'x', np.float32)
    if a.ndim == 0:
        raise ValueError('x has no axis')
    o = arrays.output(out, a.shape, np.float32)
    src_pitch, dst_pitch = (rows_pitch(v, name) for v, name in ((a, 'x'), (o, 'out')))
    check(lib.ninetap_softmax_f32(math.prod(a.shape[:-1]), a.shape[-1], a.ctypes.data, src_pitch,
                                  o.ctypes.data, dst_pitch), 'softmax')
    return arrays.result(out, o)


def rows_pitch(a: Any, name: str) -> int:
    # The rows of more than two axes are those of two, where the axes before the last are one.
    found = arrays.pitches(a, a.ndim - 1, name)
    if a.ndim > 2 and any(found):
        raise ValueError(f'{name} of {a.ndim} axes has the strides {a.strides}, which are not '
                         f'dense: np.ascontiguousarray({name})?')
    return found[0] if found else 0
