"""The gradients of each operation, of float32. diff is the gradient of the loss with respect to an
operation's result."""
from __future__ import annotations

import ctypes
from typing import Any, NamedTuple, Sequence

import numpy as np

from . import _arrays as arrays
from . import _options as options
from . import _structs as structs
from ._library import Handle, check, lib
from ._options import Activation, Padding
from .conv import Conv3x3, NDArray, describe, output_shape, pitches, weights_shape
from .dense import row_pitch
from .pool import Pooling


class Conv3x3BackwardData(Conv3x3):
    """The plan of a convolution's gradient with respect to its input: takes the gradient of the
    output and returns that of the input. Arguments are those of the convolution, shape is its
    input's, but it has no bias, activation and pool.

    >>> w = np.ones((1, 1, 3, 3), np.float32)
    >>> Conv3x3BackwardData((1, 3, 3), w)(np.full((1, 1, 1), 2, np.float32)).tolist()
    [[[2.0, 2.0, 2.0], [2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]]
    """

    def _create(self, desc: Any, weights: NDArray, bias: NDArray | None) -> Handle:
        if bias is not None:
            raise ValueError('a bias has no part in the gradient of the input')
        self._shape, self._output_shape = self._output_shape, self._shape
        self._src_pitch, self._dst_pitch = self._dst_pitch, self._src_pitch
        return Handle(lib.ninetap_conv3x3_create_backward_data, lib.ninetap_conv3x3_free,
                      f'Conv3x3BackwardData with {weights.shape}', desc, weights.ctypes.data)


def conv3x3_backward_data(diff: Any, w: Any, shape: Sequence[int], *, padding: Padding = 0,
                          stride: int = 1, dilation: int = 1, groups: int = 1,
                          layout: str = 'NCHW', weights_layout: str = 'OIHW',
                          algorithm: str = 'auto', precision: str = 'default',
                          isa: str | None = None, threads: int = 0, out: Any = None) -> Any:
    """The gradient with respect to the input of conv3x3, whose shape is given; diff: that of its
    output.

    >>> w = np.ones((1, 1, 3, 3), np.float32)
    >>> conv3x3_backward_data(np.float32([[[3]]]), w, (1, 3, 3)).sum()
    27.0
    """
    a = arrays.typed(diff, 'diff', np.float32)
    with Conv3x3BackwardData(shape, w, padding=padding, stride=stride, dilation=dilation,
                             groups=groups, layout=layout, weights_layout=weights_layout,
                             algorithm=algorithm, precision=precision, isa=isa, threads=threads,
                             src_pitch=(0, 0, 0) if out is None else pitches(out, 'out'),
                             dst_pitch=pitches(a, 'diff')) as plan:
        return plan.run(a, np.empty(tuple(shape), np.float32) if out is None else out)


def conv3x3_backward_weights(x: Any, diff: Any, *, padding: Padding = 0, stride: int = 1,
                             dilation: int = 1, groups: int = 1, layout: str = 'NCHW',
                             weights_layout: str = 'OIHW', precision: str = 'default',
                             isa: str | None = None, threads: int = 0, out: Any = None,
                             out_bias: Any = None, accumulate: bool = False) -> tuple[Any, Any]:
    """The gradients with respect to the weights and the bias of conv3x3. x: its input; diff: the
    gradient of its output. accumulate: they are added to what out and out_bias hold.

    >>> x = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    >>> w, b = conv3x3_backward_weights(x, np.full((1, 1, 1), 2, np.float32))
    >>> w.tolist(), b.tolist()
    ([[[[0.0, 2.0, 4.0], [6.0, 8.0, 10.0], [12.0, 14.0, 16.0]]]], [2.0])
    """
    a, d = (arrays.typed(v, name, np.float32) for v, name in ((x, 'x'), (diff, 'diff')))
    desc = describe(a.shape, padding=padding, stride=stride, dilation=dilation, groups=groups,
                    layout=layout, weights_layout=weights_layout, algorithm='auto',
                    precision=precision, isa=isa, threads=threads)
    if d.ndim != a.ndim:
        raise ValueError(f'diff has the shape {d.shape}, x {a.shape}')
    desc.oc = d.shape[-1 if layout == 'NHWC' else -3]
    if d.shape != (wanted := output_shape(desc, layout)[-a.ndim:]):
        raise ValueError(f'diff has the shape {d.shape}; the output has {wanted}')
    desc.src_pitch[:], desc.dst_pitch[:] = pitches(a, 'x'), pitches(d, 'diff')
    w, b = _sums(weights_shape(desc, weights_layout), desc.oc, out, out_bias, accumulate)
    check(lib.ninetap_conv3x3_backward_weights(desc, a.ctypes.data, d.ctypes.data, w.ctypes.data,
                                               b.ctypes.data, bool(accumulate)),
          'conv3x3_backward_weights')
    return arrays.result(out, w), arrays.result(out_bias, b)


def _sums(shape: Sequence[Any], outputs: int, out: Any, out_bias: Any,
          accumulate: bool) -> tuple[NDArray, NDArray]:
    if accumulate and (out is None or out_bias is None):
        raise ValueError('accumulate: give out and out_bias')
    w = arrays.output(out, shape, np.float32)
    b = arrays.output(out_bias, (outputs,), np.float32)
    if not (w.flags.c_contiguous and b.flags.c_contiguous):
        raise ValueError('out and out_bias are not dense')
    return w, b


def _dense(n: int, w_shape: Sequence[int], precision: str, isa: str | None, threads: int,
           src_pitch: int, dst_pitch: int) -> Any:
    desc = structs.Dense(n=n, out=w_shape[0], isa=options.isa(isa),
                         precision=options.choose(options.PRECISION, precision, 'precision'),
                         threads=options.integer(threads, 'threads'), src_pitch=src_pitch,
                         dst_pitch=dst_pitch)
    setattr(desc, 'in', w_shape[1])
    return desc


def dense_backward_data(diff: Any, w: Any, *, precision: str = 'default', isa: str | None = None,
                        threads: int = 0, out: Any = None) -> Any:
    """The gradient with respect to the input of dense: diff: (n, out); w: (out, in).

    >>> dense_backward_data(np.float32([[1, 2]]), np.float32([[1, 2, 3], [4, 5, 6]])).tolist()
    [[9.0, 12.0, 15.0]]
    """
    d = arrays.typed(diff, 'diff', np.float32)
    weights = arrays.dense(w, 'w', (None, None), np.float32)
    if d.ndim != 2 or d.shape[1] != len(weights):
        raise ValueError(f'diff has the shape {d.shape}; with w of {weights.shape} it has '
                         f'(any, {len(weights)})')
    o = arrays.output(out, (len(d), weights.shape[1]), np.float32)
    desc = _dense(len(d), weights.shape, precision, isa, threads, row_pitch(o, 'out'),
                  row_pitch(d, 'diff'))
    check(lib.ninetap_dense_backward_data(desc, weights.ctypes.data, d.ctypes.data, o.ctypes.data),
          'dense_backward_data')
    return arrays.result(out, o)


def dense_backward_weights(x: Any, diff: Any, *, precision: str = 'default',
                           isa: str | None = None, threads: int = 0, out: Any = None,
                           out_bias: Any = None, accumulate: bool = False) -> tuple[Any, Any]:
    """The gradients with respect to the weights and the bias of dense. x: (n, in); diff: (n, out).

    >>> w, b = dense_backward_weights(np.float32([[1, 2, 3]]), np.float32([[1, 10]]))
    >>> w.tolist(), b.tolist()
    ([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]], [1.0, 10.0])
    """
    a, d = (arrays.typed(v, name, np.float32) for v, name in ((x, 'x'), (diff, 'diff')))
    if a.ndim != 2 or d.ndim != 2 or len(a) != len(d):
        raise ValueError(f'x has the shape {a.shape}, diff {d.shape}; they are (n, in), (n, out)')
    shape = d.shape[1], a.shape[1]
    w, b = _sums(shape, shape[0], out, out_bias, accumulate)
    desc = _dense(len(a), shape, precision, isa, threads, row_pitch(a, 'x'), row_pitch(d, 'diff'))
    check(lib.ninetap_dense_backward_weights(desc, a.ctypes.data, d.ctypes.data, w.ctypes.data,
                                             b.ctypes.data, bool(accumulate)),
          'dense_backward_weights')
    return arrays.result(out, w), arrays.result(out_bias, b)


def activation_backward(x: Any, diff: Any, activation: Activation, *, out: Any = None) -> Any:
    """The gradient with respect to what an activation was given. x: that, or what it gave (of
    hard_swish the first). All are dense; out=diff works in place.

    >>> activation_backward(np.float32([-1, 0, 2]), np.float32([5, 6, 7]), 'relu').tolist()
    [0.0, 0.0, 7.0]
    """
    a, d = (arrays.typed(v, name, np.float32) for v, name in ((x, 'x'), (diff, 'diff')))
    o = arrays.output(out, d.shape, np.float32)
    if a.shape != d.shape:
        raise ValueError(f'x has the shape {a.shape}, diff {d.shape}')
    if not all(v.flags.c_contiguous for v in (a, d, o)):
        raise ValueError('x, diff and out are dense here: np.ascontiguousarray()?')
    fields = options.activation(activation)
    check(lib.ninetap_act_backward_f32(
        fields['act'], *(fields.get(name, 0.0) for name in ('act_lo', 'act_hi', 'act_slope')),
        d.size, a.ctypes.data, d.ctypes.data, o.ctypes.data), 'activation_backward')
    return arrays.result(out, o)


def _pooled(diff: Any, size: Sequence[int], out: Any, layout: str, **options_: Any) -> Any:
    d = arrays.typed(diff, 'diff', np.float32)
    p, shape = Pooling.of_pooled(d, 'diff', size, layout=layout, nan='propagate', **options_)
    o = arrays.output(out, shape, np.float32)
    p.desc.src_pitch[:], p.desc.dst_pitch[:] = p.pitches(o, 'out'), p.pitches(d, 'diff')
    return p, d, o


def max_pool2x2_backward(diff: Any, indices: Any, size: Sequence[int], *, stride: int = 2,
                         padding: Padding = 0, dilation: int = 1, ceil_mode: bool = False,
                         layout: str = 'NCHW', isa: str | None = None, threads: int = 0,
                         out: Any = None) -> Any:
    """The gradient with respect to the input of max_pool2x2, whose (h, w) is size. indices: as
    max_pool2x2 returned them; diff: the gradient of its result.

    >>> max_pool2x2_backward(np.float32([[3]]), np.int64([[2]]), (2, 2)).tolist()
    [[0.0, 0.0], [3.0, 0.0]]
    """
    p, d, o = _pooled(diff, size, out, layout, stride=stride, padding=padding, dilation=dilation,
                      ceil_mode=ceil_mode, isa=isa, threads=threads)
    at = arrays.dense(indices, 'indices', d.shape, np.int64)
    check(lib.ninetap_maxpool2x2_backward_f32(p.desc, at.ctypes.data, d.ctypes.data,
                                              o.ctypes.data), 'max_pool2x2_backward')
    return arrays.result(out, o)


def avg_pool2x2_backward(diff: Any, size: Sequence[int], *, stride: int = 2, padding: Padding = 0,
                         dilation: int = 1, ceil_mode: bool = False, layout: str = 'NCHW',
                         isa: str | None = None, threads: int = 0, out: Any = None) -> Any:
    """The gradient with respect to the input of avg_pool2x2, whose (h, w) is size.

    >>> avg_pool2x2_backward(np.float32([[4]]), (2, 2)).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    p, d, o = _pooled(diff, size, out, layout, stride=stride, padding=padding, dilation=dilation,
                      ceil_mode=ceil_mode, isa=isa, threads=threads)
    check(lib.ninetap_avgpool2x2_backward_f32(p.desc, d.ctypes.data, o.ctypes.data),
          'avg_pool2x2_backward')
    return arrays.result(out, o)


class CrossEntropy(NamedTuple):
    """The mean loss, and its gradient with respect to the logits."""
    loss: float
    diff: Any
    probabilities: Any


def softmax_cross_entropy(logits: Any, labels: Any) -> CrossEntropy:
    """Softmax of (n, classes), the mean cross entropy with labels (n,), int64, and its gradient.

    >>> found = softmax_cross_entropy(np.zeros((1, 4), np.float32), np.int64([1]))
    >>> round(found.loss, 4), found.diff.tolist()
    (1.3863, [[0.25, -0.75, 0.25, 0.25]])
    """
    a = arrays.dense(logits, 'logits', (None, None), np.float32)
    at = arrays.dense(labels, 'labels', (len(a),), np.int64)
    probabilities, diff, loss = np.empty_like(a), np.empty_like(a), ctypes.c_double()
    check(lib.ninetap_softmax_cross_entropy_f32(*a.shape, a.ctypes.data, at.ctypes.data,
                                                probabilities.ctypes.data, diff.ctypes.data, loss),
          'softmax_cross_entropy')
    return CrossEntropy(loss.value, diff, probabilities)
