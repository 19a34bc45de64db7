#!/usr/bin/env python3
"""ONNX's own test vectors of quantization, of convolutions of integers and of maxima of bytes.

usage: test_onnx_vectors.py LIBRARY [DATA]

LIBRARY: the shared library. DATA: where the cases lie, otherwise where Debian's libonnx-testdata puts
them. Every case of the operators below is run or named as outside, with its reason. Windows other
than 3x3 and 2x2 are made of them: a smaller kernel is a 3x3 kernel with zeros, and a larger maximum
is a row of 2x2 maxima."""
import ctypes as c
import glob
import math
import os
import sys

import numpy as np
import onnx
from onnx import numpy_helper

DATA = '/usr/share/libonnx-testdata/data/node'
# What must be among them: a package that no longer has these would test nothing.
EXPECTED = {'test_quantizelinear', 'test_quantizelinear_axis', 'test_dequantizelinear',
            'test_dequantizelinear_axis', 'test_dynamicquantizelinear', 'test_qlinearconv',
            'test_convinteger_with_padding', 'test_convinteger_without_padding', 'test_maxpool_2d_uint8'}
TYPES = {np.dtype(name): i for i, name in enumerate(('f4', 'u1', 'i1', 'i2', 'i4'))}


class Outside(Exception):
    """What a case asks for that the library has no operation for."""


# ---- The library: structs of include/ninetap.h ----

class Quantization(c.Structure):
    _fields_ = [('src_scale', c.c_float), ('src_zero', c.c_int32), ('weights_scale', c.POINTER(c.c_float)),
                ('weights_scales', c.c_int64), ('dst_scale', c.c_float), ('dst_zero', c.c_int32)]


class Conv3x3(c.Structure):
    _fields_ = [('n', c.c_int64), ('ic', c.c_int64), ('ih', c.c_int64), ('iw', c.c_int64), ('oc', c.c_int64),
                ('pad', c.c_int * 4), ('stride', c.c_int), ('dilation', c.c_int), ('groups', c.c_int64),
                ('layout', c.c_int), ('weights_layout', c.c_int), ('border', c.c_int),
                ('border_value', c.c_float), ('act', c.c_int), ('act_lo', c.c_float), ('act_hi', c.c_float),
                ('act_slope', c.c_float), ('pool', c.c_int), ('algo', c.c_int), ('precision', c.c_int),
                ('isa', c.c_char_p), ('threads', c.c_int), ('src_pitch', c.c_int64 * 3),
                ('dst_pitch', c.c_int64 * 3), ('src_type', c.c_int), ('weights_type', c.c_int),
                ('dst_type', c.c_int), ('quantization', c.POINTER(Quantization)),
                ('reserved', c.c_int64 * 8)]


class Pool2x2(c.Structure):
    _fields_ = [('n', c.c_int64), ('c', c.c_int64), ('ih', c.c_int64), ('iw', c.c_int64),
                ('stride', c.c_int), ('pad', c.c_int * 4), ('dilation', c.c_int), ('ceil_mode', c.c_int),
                ('layout', c.c_int), ('nan', c.c_int), ('isa', c.c_char_p), ('threads', c.c_int),
                ('src_pitch', c.c_int64 * 3), ('dst_pitch', c.c_int64 * 3), ('reserved', c.c_int64 * 8)]


def load(path):
    library = c.CDLL(path)
    pointer, size = c.c_void_p, c.c_int64
    library.ninetap_quantize.argtypes = [size, size, pointer, c.c_int, pointer, pointer, size, pointer]
    library.ninetap_dequantize.argtypes = [size, size, c.c_int, pointer, pointer, pointer, size, pointer]
    library.ninetap_range.argtypes = [size, pointer, pointer, pointer]
    library.ninetap_choose_quantization.argtypes = [c.c_float, c.c_float, c.c_int, c.c_int, pointer, pointer]
    library.ninetap_conv3x3_output.argtypes = [c.POINTER(Conv3x3), pointer, pointer]
    library.ninetap_conv3x3_create.argtypes = [pointer, c.POINTER(Conv3x3), pointer, pointer]
    library.ninetap_conv3x3_run.argtypes = [pointer, pointer, pointer, pointer]
    library.ninetap_conv3x3_free.argtypes = [pointer]
    library.ninetap_conv3x3_free.restype = None
    library.ninetap_pool2x2_output.argtypes = [c.POINTER(Pool2x2), pointer, pointer]
    for name in ('f32', 'u8', 's8'):
        getattr(library, f'ninetap_maxpool2x2_{name}').argtypes = [c.POINTER(Pool2x2)] + [pointer] * 3
    library.ninetap_isa_name.restype = c.c_char_p
    return library


def call(function, *arguments):
    status = function(*arguments)
    if status != 0:
        raise AssertionError(f'{function.__name__}: status {status}')


def output_size(function, desc):
    oh, ow = c.c_int64(), c.c_int64()
    call(function, c.byref(desc), c.byref(oh), c.byref(ow))
    return oh.value, ow.value


def zeros_of(zero, count):
    zeros = np.zeros(count, np.int32)
    zeros[:] = 0 if zero is None else np.ravel(zero)
    return zeros


# ---- Operators: inputs and attributes to outputs ----

def rows_of(x, scale, axis):
    """Rows, columns and scales of a tensor that is quantized along an axis."""
    if scale.size == 1:
        return 1, x.size, 1
    axis %= x.ndim
    if x.shape[axis] != scale.size:
        raise Outside(f'{scale.size} scales for {x.shape[axis]} elements')
    rows = math.prod(x.shape[:axis + 1])
    return rows, x.size // rows, scale.size


def quantize(library, attributes, x, scale, zero=None):
    dst = np.zeros(x.shape, np.uint8 if zero is None else zero.dtype)
    rows, columns, scales = rows_of(x, scale, attributes.get('axis', 1))
    zeros = zeros_of(zero, scales)
    call(library.ninetap_quantize, rows, columns, x.ctypes.data, TYPES[dst.dtype], scale.ctypes.data,
         zeros.ctypes.data, scales, dst.ctypes.data)
    return [dst]


def dequantize(library, attributes, x, scale, zero=None):
    dst = np.zeros(x.shape, np.float32)
    rows, columns, scales = rows_of(x, scale, attributes.get('axis', 1))
    zeros = zeros_of(zero, scales)
    call(library.ninetap_dequantize, rows, columns, TYPES[x.dtype], x.ctypes.data, scale.ctypes.data,
         zeros.ctypes.data, scales, dst.ctypes.data)
    return [dst]


def quantize_dynamically(library, attributes, x):
    lo, hi, scale, zero = c.c_float(), c.c_float(), np.zeros((), np.float32), c.c_int32()
    call(library.ninetap_range, x.size, x.ctypes.data, c.byref(lo), c.byref(hi))
    call(library.ninetap_choose_quantization, lo, hi, TYPES[np.dtype('u1')], 0, scale.ctypes.data,
         c.byref(zero))
    zero = np.array(zero.value, np.uint8)
    return quantize(library, attributes, x, scale, zero) + [scale, zero]


def equal_sides(attributes, name, default):
    first, second = attributes.get(name, [default] * 2)
    if first != second:
        raise Outside(f'{name} {first} and {second}')
    return first


def padding(attributes):
    if attributes.get('auto_pad', b'NOTSET') not in (b'NOTSET', b'VALID'):
        raise Outside('auto_pad')
    return list(attributes.get('pads', [0] * 4))


def signed_weights(weights, zero):
    """Weights of 8 bits around 0, and what they are to be multiplied by."""
    w = weights.astype(np.int32) - (0 if zero is None else zero.astype(np.int32).reshape(-1, 1, 1, 1))
    factor = int(np.gcd.reduce(w, axis=None)) if np.abs(w).max() > 127 else 1
    w //= factor
    if np.abs(w).max() > 127:
        raise Outside('weights of more than 8 bits around their zero')
    return w.astype(np.int8), factor


def convolve(library, attributes, x, x_scale, x_zero, weights, w_scale, w_zero, y_scale, y_zero, bias, to):
    w, factor = signed_weights(weights, w_zero)
    oc, _, kh, kw = w.shape
    dilation, pad = equal_sides(attributes, 'dilations', 1), padding(attributes)
    if kh > 3 or kw > 3:
        raise Outside(f'a kernel of {kh}x{kw}')
    whole = np.zeros(w.shape[:2] + (3, 3), np.int8)
    whole[:, :, :kh, :kw] = w
    pad = [pad[0], pad[1], pad[2] + (3 - kh) * dilation, pad[3] + (3 - kw) * dilation]
    scales = np.ascontiguousarray(np.ravel(w_scale) * np.float32(factor), np.float32)
    quantization = Quantization(x_scale, x_zero, scales.ctypes.data_as(c.POINTER(c.c_float)), scales.size,
                                y_scale, y_zero)
    n, ic, ih, iw = x.shape
    desc = Conv3x3(n=n, ic=ic, ih=ih, iw=iw, oc=oc, pad=(c.c_int * 4)(*pad), dilation=dilation,
                   stride=equal_sides(attributes, 'strides', 1), groups=attributes.get('group', 1),
                   src_type=TYPES[x.dtype], weights_type=TYPES[whole.dtype], dst_type=TYPES[np.dtype(to)],
                   quantization=c.pointer(quantization))
    dst = np.zeros((n, oc) + output_size(library.ninetap_conv3x3_output, desc), to)
    plan = c.c_void_p()
    call(library.ninetap_conv3x3_create, c.byref(plan), c.byref(desc), whole.ctypes.data,
         None if bias is None else bias.ctypes.data)
    try:
        call(library.ninetap_conv3x3_run, plan, x.ctypes.data, dst.ctypes.data, None)
    finally:
        library.ninetap_conv3x3_free(plan)
    return dst * factor if np.dtype(to) == np.int32 else dst


def convolve_integers(library, attributes, x, w, x_zero=None, w_zero=None):
    zero = 0 if x_zero is None else int(x_zero)
    return [convolve(library, attributes, x, 1.0, zero, w, [1.0], w_zero, 1.0, 0, None, np.int32)]


def convolve_quantized(library, attributes, x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero,
                       bias=None):
    return [convolve(library, attributes, x, float(x_scale), int(x_zero), w, w_scale, w_zero,
                     float(y_scale), int(y_zero), bias, y_zero.dtype)]


def pool_once(library, x, **fields):
    n, channels, ih, iw = x.shape
    desc = Pool2x2(n=n, c=channels, ih=ih, iw=iw, **fields)
    name = {'float32': 'f32', 'uint8': 'u8', 'int8': 's8'}.get(x.dtype.name)
    if name is None:
        raise Outside(f'maxima of {x.dtype.name}')
    dst = np.zeros((n, channels) + output_size(library.ninetap_pool2x2_output, desc), x.dtype)
    call(getattr(library, f'ninetap_maxpool2x2_{name}'), c.byref(desc), x.ctypes.data, dst.ctypes.data, None)
    return dst


def max_pool(library, attributes, x):
    """A maximum of k x k is one of (k - 1) x (k - 1) with stride 1, and 2x2 maxima of that. Each takes one
    of the padding on each side."""
    if x.ndim != 4:
        raise Outside(f'{x.ndim - 2} dimensions')
    kernel, pads = equal_sides(attributes, 'kernel_shape', 0), padding(attributes)
    stride, dilation = equal_sides(attributes, 'strides', 1), equal_sides(attributes, 'dilations', 1)
    if kernel < 2 or (kernel > 2 and dilation != 1) or max(pads) > (kernel - 1) * dilation:
        raise Outside(f'a window of {kernel}, dilation {dilation}, padding {pads}')
    for step in range(kernel - 1):
        last = step == kernel - 2
        pad = [min(p, dilation) for p in pads]
        pads = [p - q for p, q in zip(pads, pad)]
        x = pool_once(library, x, pad=(c.c_int * 4)(*pad), dilation=dilation, stride=stride if last else 1,
                      ceil_mode=attributes.get('ceil_mode', 0) if last else 0)
    return [x]


RUN = {'QuantizeLinear': quantize, 'DequantizeLinear': dequantize,
       'DynamicQuantizeLinear': quantize_dynamically, 'ConvInteger': convolve_integers,
       'QLinearConv': convolve_quantized, 'MaxPool': max_pool}


# ---- Cases ----

def tensors(folder, what):
    paths = glob.glob(f'{folder}/{what}_*.pb')
    for path in sorted(paths, key=lambda p: int(p.rsplit('_', 1)[1][:-3])):
        tensor = onnx.TensorProto()
        with open(path, 'rb') as file:
            tensor.ParseFromString(file.read())
        yield np.array(numpy_helper.to_array(tensor), order='C')


def run_case(library, folder, node):
    """Compares every output bit for bit."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if len(node.output) > 1 and node.op_type == 'MaxPool':
        raise Outside('indices that count from the first image on')
    sets = sorted(glob.glob(f'{folder}/test_data_set_*'))
    assert sets, 'no data'
    for data in sets:
        wanted = list(tensors(data, 'output'))
        got = RUN[node.op_type](library, attributes, *tensors(data, 'input'))
        assert len(got) == len(wanted), f'{len(wanted)} outputs'
        for g, w in zip(got, wanted):
            assert g.dtype == w.dtype and g.shape == w.shape, f'{g.dtype}{g.shape}, not {w.dtype}{w.shape}'
            assert g.tobytes() == w.tobytes(), f'\n{g}\ninstead of\n{w}'


def main(path, data=DATA):
    library = load(path)
    isas = [library.ninetap_isa_name(i) for i in range(library.ninetap_isa_count())]
    seen, failed = set(), []
    for folder in sorted(glob.glob(f'{data}/test_*')):
        name = os.path.basename(folder)
        graph = onnx.load(f'{folder}/model.onnx').graph
        if len(graph.node) != 1 or graph.node[0].op_type not in RUN:
            continue
        seen.add(name)
        try:
            for isa in isas:
                call(library.ninetap_set_isa, isa)
                run_case(library, folder, graph.node[0])
            print(f'{name}: ok')
        except Outside as reason:
            print(f'{name}: outside: {reason}')
            if name in EXPECTED:
                failed.append(name)
        except AssertionError as error:
            print(f'{name} on {isa.decode()}: WRONG: {error}')
            failed.append(name)
    failed += sorted(EXPECTED - seen)
    print(f'{len(seen)} cases on {b", ".join(isas).decode()}; not right or missing: {failed or "none"}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
