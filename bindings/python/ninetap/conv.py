"""3x3 convolution: a function, and plans for weights that are used again."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, NamedTuple, Sequence

import numpy as np

from . import _arrays as arrays
from . import _options as options
from . import _structs as structs
from ._library import Handle, Plan, check, lib
from ._options import Activation, Border, Padding

NDArray = np.ndarray[Any, Any]

# A plan's run takes microseconds, so it looks little up, and has a function that converts nothing.
empty, ndarray, byref = np.empty, np.ndarray, ctypes.byref
memory: Any = ctypes.c_char.from_buffer
run = lib['ninetap_conv3x3_run']


@dataclass(frozen=True)
class Quantization:
    """What integers stand for: real = scale * (integer - zero).

    weights_scale is a number, or one for each output channel; the zero of weights is 0. dst_scale
    and dst_zero are those of a result of bytes.
    """
    src_scale: float
    weights_scale: float | Sequence[float] | NDArray
    src_zero: int = 0
    dst_scale: float = 1.0
    dst_zero: int = 0

    def _struct(self) -> structs.Quantization:
        scales = np.ascontiguousarray(np.atleast_1d(self.weights_scale), np.float32)
        if scales.ndim != 1:
            raise ValueError('weights_scale is a number or one for each output channel')
        q = structs.Quantization(
            src_scale=self.src_scale, src_zero=_int32(self.src_zero, 'src_zero'),
            weights_scale=scales.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            weights_scales=scales.size, dst_scale=self.dst_scale,
            dst_zero=_int32(self.dst_zero, 'dst_zero'))
        q.scales = scales  # kept as long as the struct is
        return q


def _int32(value: Any, name: str) -> int:
    return options.integer(value, name, -2**31)


class PlanInfo(NamedTuple):
    """How a plan computes (ninetap_plan_info)."""
    algorithm: str
    kernel: str
    isa: str
    reason: str
    macs: int
    packed_bytes: int
    workspace_bytes: int
    error_bound: float
    error_floor: float
    headroom: float


def layer_types(desc: Any, src_dtype: Any, dtype: Any, quantization: Quantization | None) -> Any:
    """Sets the types of a convolution or a dense layer, and its quantization. Returns the types of
    src, weights, bias and dst."""
    if quantization is None:
        float32 = options.dtype(src_dtype, 'src_dtype', 'float32')
        options.dtype(float32 if dtype is None else dtype, 'dtype (without quantization)',
                      'float32')
        return float32, float32, float32, float32
    src = options.dtype(src_dtype, 'src_dtype', 'uint8', 'int8')
    dst = options.dtype(np.float32 if dtype is None else dtype, 'dtype', 'float32', 'int32',
                        'uint8', 'int8')
    types = src, np.dtype(np.int8), np.dtype(np.int32), dst
    desc.src_type, desc.weights_type, desc.dst_type = (
        options.DTYPE[types[i]] for i in (0, 1, 3))
    desc.quantization = ctypes.pointer(quantization._struct())
    return types


def describe(shape: Sequence[int], *, padding: Padding, stride: int, dilation: int, groups: int,
             layout: str, weights_layout: str, activation: Activation = None,
             pool: str | None = None, border: Border = 'zero', algorithm: str, precision: str,
             isa: str | None, threads: int) -> Any:
    """A description for inputs of this shape, without its output channels."""
    sizes = [options.integer(d, 'a size', 0, 2**62) for d in shape]
    if len(sizes) not in (3, 4):
        raise ValueError(f'shape is {shape}; it has 3 or 4 sizes')
    n, ic, ih, iw = options.from_layout([1] * (4 - len(sizes)) + sizes, layout)
    kind, value = options.border(border)
    desc = structs.Conv3x3(
        n=n, ic=ic, ih=ih, iw=iw, stride=options.integer(stride, 'stride', 1),
        dilation=options.integer(dilation, 'dilation', 1),
        groups=options.integer(groups, 'groups', 1, 2**62),
        layout=options.choose(options.LAYOUT, layout, 'layout'),
        weights_layout=options.choose(options.WEIGHTS_LAYOUT, weights_layout, 'weights_layout'),
        border=kind, border_value=value, pool=options.choose(options.FUSED_POOL, pool, 'pool'),
        algo=options.choose(options.ALGORITHM, algorithm, 'algorithm'),
        precision=options.choose(options.PRECISION, precision, 'precision'),
        isa=options.isa(isa), threads=options.integer(threads, 'threads'),
        **options.activation(activation))
    desc.pad[:] = options.padding(padding, stride, dilation)
    return desc


def weights_shape(desc: Any, layout: str) -> tuple[int | None, ...]:
    """What weights have; None: the output channels, if there are any yet."""
    ic, oc = desc.ic // desc.groups, desc.oc or None
    return {'OIHW': (oc, ic, 3, 3), 'OHWI': (oc, 3, 3, ic), 'HWIO': (3, 3, ic, oc)}[layout]


def output_shape(desc: Any, layout: str) -> tuple[int, ...]:
    oh, ow = ctypes.c_int64(), ctypes.c_int64()
    check(lib.ninetap_conv3x3_output(desc, oh, ow), 'conv3x3')
    return options.to_layout((desc.n, desc.oc, oh.value, ow.value), layout)


class Conv3x3(Plan):
    """A convolution whose weights are packed once.

    shape: the input's, (n, c, h, w) or (c, h, w), with layout='NHWC' (n, h, w, c) or (h, w, c).
    w: (oc, c // groups, 3, 3), or as weights_layout says. b: (oc,).

    padding: one number, (vertical, horizontal), (top, left, bottom, right), 'valid' or 'same'.
    border: what the padding is: 'zero', 'replicate', 'reflect101' or a number.
    activation: 'relu', 'relu6', 'hard_swish', 'leaky_relu', ('leaky_relu', slope) or
    ('clamp', lo, hi). pool: 'max' adds a 2x2 maximum pooling of stride 2.
    algorithm: 'auto', 'direct', 'winograd2', 'winograd4', 'winograd6'.
    precision: 'default', 'exact', 'portable', 'fast'. threads: 0 is as many as OpenMP takes.
    quantization: of integers; src_dtype is then uint8 or int8, w int8, b int32, and dtype, the
    result's, float32, int32, uint8 or int8.
    src_pitch, dst_pitch: elements from an image, a channel and a row (NHWC: an image, a row and a
    pixel) to the next, where the arrays are not dense.

    Any number of threads may run a plan at once.

    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    >>> mean = np.full((1, 1, 3, 3), 1 / 9, np.float32)
    >>> with Conv3x3(x.shape, mean) as conv:
    ...     conv(x).round(3).tolist()
    [[[5.0, 6.0], [9.0, 10.0]]]
    """

    def __init__(self, shape: Sequence[int], w: Any, b: Any = None, *, padding: Padding = 0,
                 stride: int = 1, dilation: int = 1, groups: int = 1, layout: str = 'NCHW',
                 weights_layout: str = 'OIHW', activation: Activation = None,
                 pool: str | None = None, border: Border = 'zero', algorithm: str = 'auto',
                 precision: str = 'default', isa: str | None = None, threads: int = 0,
                 quantization: Quantization | None = None, src_dtype: Any = np.float32,
                 dtype: Any = None, src_pitch: Sequence[int] = (0, 0, 0),
                 dst_pitch: Sequence[int] = (0, 0, 0)) -> None:
        shape = tuple(shape)
        desc = self._desc = describe(
            shape, padding=padding, stride=stride, dilation=dilation, groups=groups, layout=layout,
            weights_layout=weights_layout, activation=activation, pool=pool, border=border,
            algorithm=algorithm, precision=precision, isa=isa, threads=threads)
        desc.src_pitch[:] = [options.integer(p, 'src_pitch', 0, 2**62) for p in src_pitch]
        desc.dst_pitch[:] = [options.integer(p, 'dst_pitch', 0, 2**62) for p in dst_pitch]
        types = layer_types(desc, src_dtype, dtype, quantization)
        self._src_dtype, self._w_dtype, self._b_dtype, self._dst_dtype = types
        weights = arrays.dense(w, 'w', weights_shape(desc, weights_layout), self._w_dtype)
        self._w_shape = weights.shape
        desc.oc = weights.shape[3 if weights_layout == 'HWIO' else 0]
        self._shape, self._output_shape = shape, output_shape(desc, layout)[-len(shape):]
        self._src_pitch, self._dst_pitch = list(desc.src_pitch), list(desc.dst_pitch)
        self._handle = self._create(desc, weights, self._bias(b))
        # What run() can take without a look at pitches.
        self._quick = None if any(src_pitch) or any(dst_pitch) else self._src_dtype

    def _create(self, desc: Any, weights: NDArray, bias: NDArray | None) -> Handle:
        return Handle(lib.ninetap_conv3x3_create, lib.ninetap_conv3x3_free,
                      f'Conv3x3 of {self._shape} with {weights.shape}', desc, weights.ctypes.data,
                      None if bias is None else bias.ctypes.data)

    def _bias(self, b: Any) -> NDArray | None:
        return None if b is None else arrays.dense(b, 'b', (self._desc.oc,), self._b_dtype)

    def set_weights(self, w: Any, b: Any = None) -> None:
        """Other weights and another bias, of floats, for a plan that no thread is running. Where a
        new plan would take another algorithm it is an UnsupportedError: make a new one."""
        weights, bias = arrays.dense(w, 'w', self._w_shape, self._w_dtype), self._bias(b)
        check(lib.ninetap_conv3x3_set_weights(self._alive().at, weights.ctypes.data,
                                              None if bias is None else bias.ctypes.data),
              'set_weights')

    @property
    def output_shape(self) -> tuple[int, ...]:
        return self._output_shape

    @property
    def info(self) -> PlanInfo:
        """How the plan computes: its algorithm, kernel, why, and the bounds of its error."""
        found = structs.PlanInfo()
        lib.ninetap_conv3x3_describe(self._alive().at, found)
        fields = (getattr(found, name) for name, _ in structs.PlanInfo._fields_)
        return PlanInfo(*(f.decode() if isinstance(f, bytes) else f for f in fields))

    def run(self, x: Any, out: Any = None, residual: Any = None) -> Any:
        """The convolution of x, written to out (a new array by default), which is returned.

        residual is added before the activation; it has the shape and strides of out.
        """
        handle = self._handle  # not freed before the call returns, whatever other threads do
        if type(x) is ndarray and x.dtype is self._quick and x.shape == self._shape \
                and residual is None and handle is not None:
            a = empty(self._output_shape, self._dst_dtype) if out is None else out
            if out is None or (type(a) is ndarray and a.dtype is self._dst_dtype
                               and a.shape == self._output_shape):
                try:  # refuses what is not C-contiguous, read-only or empty
                    status = run(handle.at, byref(memory(x)), byref(memory(a)), None)
                except (BufferError, TypeError, ValueError):
                    pass
                else:
                    if not status:
                        return a
        return self._run(self._alive(), x, out, residual)

    __call__ = run

    def _run(self, handle: Handle, x: Any, out: Any, residual: Any) -> Any:
        a = arrays.typed(x, 'x', self._src_dtype)
        if a.shape != self._shape:
            raise ValueError(f'x has the shape {a.shape}; the plan is for {self._shape}')
        if out is None and any(self._dst_pitch):
            raise ValueError('this plan has a dst_pitch: give out')
        o = arrays.output(out, self._output_shape, self._dst_dtype)
        arrays.fits(a, self._src_pitch, 'x')
        arrays.fits(o, self._dst_pitch, 'out')
        if residual is None:
            status = lib.ninetap_conv3x3_run(handle.at, a.ctypes.data, o.ctypes.data, None)
        else:
            r = arrays.typed(residual, 'residual', self._dst_dtype)
            if r.shape != o.shape:
                raise ValueError(f'residual has the shape {r.shape}; the result has {o.shape}')
            arrays.fits(r, self._dst_pitch, 'residual')
            status = lib.ninetap_conv3x3_run_residual(handle.at, a.ctypes.data, r.ctypes.data,
                                                      o.ctypes.data, None)
        check(status, 'conv3x3')
        return arrays.result(out, o)


def conv3x3(x: Any, w: Any, b: Any = None, *, padding: Padding = 0, stride: int = 1,
            dilation: int = 1, groups: int = 1, layout: str = 'NCHW', weights_layout: str = 'OIHW',
            activation: Activation = None, pool: str | None = None, border: Border = 'zero',
            algorithm: str = 'auto', precision: str = 'default', isa: str | None = None,
            threads: int = 0, quantization: Quantization | None = None, dtype: Any = None,
            residual: Any = None, out: Any = None) -> Any:
    """act(b + sum of w * x + residual), pooled: one convolution, as Conv3x3 describes it.

    x: (n, c, h, w) or (c, h, w); w: (oc, c // groups, 3, 3); b: (oc,). The result is
    (n, oc, oh, ow) or (oc, oh, ow), with
    oh = (h + top + bottom - 2 * dilation - 1) // stride + 1, halved by pool='max'.

    x, out and residual may have rows, channels and images that lie apart; their pixels are
    neighbours.

    >>> x = np.zeros((1, 5, 5), np.float32); x[0, 2, 2] = 1
    >>> w = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    >>> conv3x3(x, w).tolist()
    [[[8.0, 7.0, 6.0], [5.0, 4.0, 3.0], [2.0, 1.0, 0.0]]]
    >>> conv3x3(x, w, np.float32([-7.5]), padding='same', activation='relu', pool='max').tolist()
    [[[0.5, 0.0], [0.0, 0.0]]]
    """
    a = arrays.typed(x, 'x', *((np.float32,) if quantization is None else (np.uint8, np.int8)))
    if a.ndim not in (3, 4):
        raise ValueError(f'x has the shape {a.shape}; it has 3 or 4 axes')
    dst_pitch = [0, 0, 0] if out is None else pitches(out, 'out')
    plan = Conv3x3(a.shape, w, b, padding=padding, stride=stride, dilation=dilation, groups=groups,
                   layout=layout, weights_layout=weights_layout, activation=activation, pool=pool,
                   border=border, algorithm=algorithm, precision=precision, isa=isa,
                   threads=threads, quantization=quantization, src_dtype=a.dtype, dtype=dtype,
                   src_pitch=pitches(a, 'x'), dst_pitch=dst_pitch)
    return plan.run(a, out, residual)


def pitches(x: Any, name: str) -> list[int]:
    """Those of an array of 3 or 4 axes, as a description has them."""
    a = arrays.view(x, name)
    if a.ndim not in (3, 4):
        raise ValueError(f'{name} has the shape {a.shape}; it has 3 or 4 axes')
    found = arrays.pitches(a, a.ndim - 1, name)
    return [0] * (3 - len(found)) + found
