"""Anybody's arrays as NumPy's, without a copy, and where their elements lie."""
from __future__ import annotations

from typing import Any, Sequence

import numpy as np

FLOAT = np.dtype(np.float32)


def view(x: Any, name: str) -> np.ndarray[Any, Any]:
    """The memory of any array on the CPU as a NumPy array."""
    if isinstance(x, np.ndarray):
        return x
    if type(x).__module__.partition('.')[0] == 'torch':
        return x.numpy()  # type: ignore[no-any-return]
    if hasattr(x, '__array_interface__') or hasattr(x, '__array_struct__'):
        return np.asarray(x)
    try:
        return np.asarray(memoryview(x))
    except TypeError:
        pass
    if hasattr(type(x), '__dlpack__'):
        return np.from_dlpack(x)
    raise TypeError(f'{name} is a {type(x).__name__}; ninetap takes NumPy arrays and what has the '
                    'buffer protocol, __array_interface__ or DLPack: np.asarray(..., np.float32)?')


def typed(x: Any, name: str, *dtypes: Any) -> np.ndarray[Any, Any]:
    """The same, of one of these types. What is not aligned to its elements, as dask's workers
    receive arrays, is copied."""
    a = view(x, name)
    if a.dtype not in dtypes:
        wanted = ' or '.join(str(np.dtype(d)) for d in dtypes)
        raise TypeError(f'{name} is {a.dtype}, not {wanted}: {name}.astype(...)?')
    return a if a.flags.aligned else a.copy()


def dense(x: Any, name: str, shape: Sequence[int | None], *dtypes: Any) -> np.ndarray[Any, Any]:
    """An array that is copied if need be to be C-contiguous; None in the shape: any size."""
    a = typed(x, name, *dtypes)
    if a.ndim != len(shape) or any(s not in (None, d) for s, d in zip(shape, a.shape)):
        wanted = ', '.join('any' if s is None else str(s) for s in shape)
        raise ValueError(f'{name} has the shape {a.shape}, not ({wanted})')
    return np.ascontiguousarray(a)


def output(out: Any, shape: Sequence[int], dtype: Any) -> np.ndarray[Any, Any]:
    """A new array, or the caller's."""
    if out is None:
        return np.empty(shape, dtype)
    a = view(out, 'out')
    if a.dtype != dtype:
        raise TypeError(f'out is {a.dtype}; the result is {np.dtype(dtype)}')
    if not a.flags.aligned:
        raise ValueError('out is not aligned to its elements')
    if a.shape != tuple(shape):
        raise ValueError(f'out has the shape {a.shape}; the result has {tuple(shape)}')
    if not a.flags.writeable:
        raise ValueError('out is read-only')
    return a


def result(out: Any, a: np.ndarray[Any, Any]) -> Any:
    """What a function returns: the caller's own object, if there is one."""
    return a if out is None else out


def pitches(a: np.ndarray[Any, Any], levels: int, name: str) -> list[int]:
    """Elements from an item of each of the first axes to the next, 0 where the array is dense. The
    axes after them are dense, or it is a ValueError."""
    if a.flags.c_contiguous or a.size == 0:
        return [0] * levels
    found = [0] * levels
    span = 1
    for axis in range(a.ndim - 1, -1, -1):
        count, step = a.shape[axis], a.strides[axis]
        if count == 1:
            continue
        pitch, rest = divmod(step, a.itemsize)
        if rest or pitch < span or (axis >= levels and pitch != span):
            raise ValueError(
                f'{name} of shape {a.shape} has the strides {a.strides}: its axis {axis} goes '
                f'{step} bytes a step, which the library cannot: np.ascontiguousarray({name})?')
        if axis < levels:
            found[axis] = pitch
        span = pitch * (count - 1) + span
    return found


def fits(a: np.ndarray[Any, Any], wanted: Sequence[int], name: str) -> None:
    """That an array lies as a plan was told: the pitches of all its axes but the last, 0 for
    dense."""
    if a.size == 0 or (a.flags.c_contiguous and not any(wanted)):
        return
    dense = a.itemsize
    for count, step, pitch in zip(a.shape[::-1], a.strides[::-1], [0, *wanted[::-1]]):
        needed = pitch * a.itemsize or dense
        if count > 1 and step != needed:
            raise ValueError(f'{name} has the strides {a.strides}, where the plan has {needed} '
                             f'for {step}: np.ascontiguousarray({name})?')
        dense = needed * count
