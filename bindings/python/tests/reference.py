"""The operations as NumPy loops over the taps: each output's sum in the library's order."""
import numpy as np

MODES = {'zero': {'mode': 'constant'}, 'replicate': {'mode': 'edge'},
         'reflect101': {'mode': 'reflect'}}


def pad(x, sides, border):
    """x with what lies outside its last two axes."""
    how = MODES.get(border, {'mode': 'constant', 'constant_values': border})
    top, left, bottom, right = sides
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)], **how)


def conv3x3(x, w, b=None, sides=(0, 0, 0, 0), stride=1, dilation=1, groups=1, border='zero',
            dtype=np.float32):
    """N x C x H x W and OIHW; every product and sum is rounded to dtype."""
    x, w = pad(x, sides, border).astype(dtype), w.astype(dtype)
    n, ic, h, width = x.shape
    oc, per_group = w.shape[:2]
    oh, ow = ((size - 2 * dilation - 1) // stride + 1 for size in (h, width))
    y = np.zeros((n, oc, oh, ow), dtype)
    for o in range(oc):
        first = o // (oc // groups) * per_group
        for i in range(per_group):
            for ky in range(3):
                for kx in range(3):
                    rows = slice(ky * dilation, ky * dilation + (oh - 1) * stride + 1, stride)
                    columns = slice(kx * dilation, kx * dilation + (ow - 1) * stride + 1, stride)
                    y[:, o] += w[o, i, ky, kx] * x[:, first + i, rows, columns]
        if b is not None:
            y[:, o] += b[o].astype(dtype)
    return y


def windows(x, fill, sides=(0, 0, 0, 0), stride=2, dilation=1):
    """The four elements of each window of 2x2, on a last axis."""
    x = pad(x, sides, fill)
    oh, ow = ((size - dilation - 1) // stride + 1 for size in x.shape[-2:])
    high, wide = (oh - 1) * stride + 1, (ow - 1) * stride + 1
    return np.stack([x[..., dy:dy + high:stride, dx:dx + wide:stride]
                     for dy in (0, dilation) for dx in (0, dilation)], axis=-1)


def filter3x3(image, kernel, border='zero', margin=False):
    """The sums of an image of (h, w, channels), in double."""
    planes = np.moveaxis(image.astype(np.float64), -1, 0)[None]
    sides = (0,) * 4 if margin else (1,) * 4
    kernels = np.broadcast_to(kernel, (planes.shape[1], 1, 3, 3))
    y = conv3x3(planes, kernels, sides=sides, groups=planes.shape[1], border=border,
                dtype=np.float64)
    return np.moveaxis(y[0], 0, -1)
