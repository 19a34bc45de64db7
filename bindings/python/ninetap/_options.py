"""What callers say in words and numbers, as the library has it."""
from __future__ import annotations

import operator
from typing import Any, Mapping, Sequence, Tuple, Union

import numpy as np

Padding = Union[int, Sequence[int], str]
Activation = Union[None, str, Tuple[Any, ...]]
Border = Union[str, float, Sequence[float]]

LAYOUT = {'NCHW': 0, 'NHWC': 1}
WEIGHTS_LAYOUT = {'OIHW': 0, 'OHWI': 1, 'HWIO': 2}
FUSED_POOL = {None: 0, 'max': 1}
ALGORITHM = {'auto': 0, 'direct': 1, 'winograd2': 2, 'winograd4': 3, 'winograd6': 4}
PRECISION = {'default': 0, 'exact': 1, 'portable': 2, 'fast': 3}
NAN = {'propagate': 0, 'ignore': 1}
NORM = {'l1': 0, 'l2': 1}
BORDER = {'zero': 0, 'replicate': 1, 'reflect101': 2}
CONSTANT = 3
ACTIVATION = {None: 0, 'linear': 0, 'relu': 1, 'clamp': 2, 'leaky_relu': 3, 'hard_swish': 4}
DTYPE = {np.dtype(t): i for i, t in enumerate(('f4', 'u1', 'i1', 'i2', 'i4'))}

INT_MAX = 2**31 - 1


def choose(table: Mapping[Any, int], value: Any, name: str) -> int:
    """The library's number for a word."""
    try:
        return table[value]
    except (KeyError, TypeError):
        words = ', '.join(repr(word) for word in table)
        raise ValueError(f'{name} is {value!r}; it is one of {words}') from None


def integer(value: Any, name: str, least: int = 0, most: int = INT_MAX) -> int:
    """An int that C's type holds: ctypes would cut off what is too much."""
    number = operator.index(value)
    if not least <= number <= most:
        raise ValueError(f'{name} is {number}; it is from {least} to {most}')
    return number


def from_layout(shape: Sequence[int], layout: str) -> tuple[int, ...]:
    """n, c, h, w of a shape."""
    n, *rest = shape
    return (n, rest[2], rest[0], rest[1]) if layout == 'NHWC' else (n, *rest)


def to_layout(shape: Sequence[int], layout: str) -> tuple[int, ...]:
    """The shape that has this n, c, h, w."""
    n, c, h, w = shape
    return (n, h, w, c) if layout == 'NHWC' else (n, c, h, w)


def isa(name: str | None) -> bytes | None:
    return None if name is None else name.encode()


def padding(value: Padding, stride: int = 1, dilation: int = 1) -> tuple[int, ...]:
    """Top, left, bottom, right."""
    if value == 'valid':
        value = 0
    elif value == 'same':
        if stride != 1:
            raise ValueError("padding 'same' needs stride 1: give the numbers")
        value = dilation
    elif isinstance(value, str):
        raise ValueError(f"padding is {value!r}; it is 'same', 'valid' or numbers")
    sides: list[Any] = list(value) if isinstance(value, Sequence) else [value]
    if len(sides) not in (1, 2, 4):
        raise ValueError('padding is one number, (vertical, horizontal) or '
                         f'(top, left, bottom, right), not {value!r}')
    return tuple(integer(side, 'padding') for side in sides * (4 // len(sides)))


def activation(value: Activation) -> dict[str, float]:
    """The fields of a description."""
    word, *limits = (value if isinstance(value, tuple) else (value,))
    if word == 'relu6':
        word, limits = 'clamp', [0, 6] + limits
    act = choose({**ACTIVATION, 'relu6': 2}, word, 'activation')
    if word == 'leaky_relu' and not limits:
        limits = [0.01]  # PyTorch's
    count = {'clamp': 2, 'leaky_relu': 1}.get(word, 0)
    if len(limits) != count:
        raise ValueError(f"activation {word!r} takes {count} numbers, as in ('clamp', lo, hi) and "
                         "('leaky_relu', slope)")
    names = ('act_lo', 'act_hi') if word == 'clamp' else ('act_slope',)
    return {'act': act, **{name: float(x) for name, x in zip(names, limits)}}


def border(value: Border) -> tuple[int, Any]:
    """What lies outside, and its value if that is a constant."""
    if isinstance(value, str) or value is None:
        return choose(BORDER, value, 'border (otherwise a number)'), 0.0
    return CONSTANT, value


def dtype(value: Any, name: str, *allowed: str) -> np.dtype[Any]:
    """A NumPy type among those that are offered."""
    found = np.dtype(value)
    if found not in [np.dtype(a) for a in allowed]:
        raise TypeError(f'{name} is {found}; ninetap takes {" or ".join(allowed)} here')
    return found
