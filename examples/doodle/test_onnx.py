#!/usr/bin/env python3
"""What `doodle train --onnx` writes: a valid model, which gives the probabilities of `doodle show`.

usage: test_onnx.py PROGRAM...

It is run by NumPy, and by ONNX Runtime's shared library, where NINETAP_ORT_LIBRARY names it."""
import ctypes as c
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import numpy_helper


# ---- NumPy ----

def attributes(node):
    return {a.name: list(a.ints) if a.type == onnx.AttributeProto.INTS else a.i for a in node.attribute}


def conv(x, w, b, pads):
    assert pads == [1, 1, 1, 1] and w.shape[2:] == (3, 3)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    h, v = x.shape[3], x.shape[2]
    taps = [padded[:, :, ky:ky + v, kx:kx + h] for ky in range(3) for kx in range(3)]
    return np.einsum('tnihw,oit->nohw', np.stack(taps), w.reshape(*w.shape[:2], 9)) + b.reshape(1, -1, 1, 1)


def pool(x, kernel_shape, strides):
    assert kernel_shape == strides == [2, 2]
    return x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).max(axis=(3, 5))


def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


OPERATORS = {
    'Conv': conv,
    'Relu': lambda x: np.maximum(x, 0),
    'MaxPool': pool,
    'Flatten': lambda x, axis: x.reshape(x.shape[0], -1),
    'Gemm': lambda x, w, b, transB: x @ (w.T if transB else w) + b,
    'Softmax': softmax,
}


def run_numpy(model, image):
    values = {t.name: numpy_helper.to_array(t).astype(np.float64) for t in model.graph.initializer}
    values[model.graph.input[0].name] = image.astype(np.float64)
    for node in model.graph.node:
        inputs = [values[name] for name in node.input]
        values[node.output[0]] = OPERATORS[node.op_type](*inputs, **attributes(node))
    return values[model.graph.output[0].name]


# ---- ONNX Runtime: its C interface is a table, to which every release only appends ----

CREATE_ENV, CREATE_SESSION, RUN, CREATE_OPTIONS, CREATE_TENSOR, TENSOR_DATA, MEMORY_INFO = 3, 8, 9, 10, 49, 51, 69


def run_onnxruntime(library, model, image, classes):
    class Base(c.Structure):
        _fields_ = [('api', c.CFUNCTYPE(c.POINTER(c.c_void_p), c.c_uint32))]

    base = c.CDLL(library).OrtGetApiBase
    base.restype = c.POINTER(Base)
    table = base().contents.api(5)

    def call(index, *arguments):
        status = c.CFUNCTYPE(c.c_void_p, *(type(a) for a in arguments))(table[index])(*arguments)
        if status:
            message = c.CFUNCTYPE(c.c_char_p, c.c_void_p)(table[2])(status)
            sys.exit(f'FAILED: ONNX Runtime: {message.decode()}')

    def make(index, *arguments):
        made = c.c_void_p()
        call(index, *arguments, c.cast(c.pointer(made), c.c_void_p))
        return made

    env = make(CREATE_ENV, c.c_int(4), c.c_char_p(b'test'))
    session = make(CREATE_SESSION, env, c.c_char_p(model), c.c_size_t(len(model)), make(CREATE_OPTIONS))
    memory = make(MEMORY_INFO, c.c_int(0), c.c_int(0))
    sizes = (c.c_int64 * 4)(*image.shape)
    tensor = make(CREATE_TENSOR, memory, c.c_void_p(image.ctypes.data), c.c_size_t(image.nbytes),
                  c.cast(sizes, c.c_void_p), c.c_size_t(4), c.c_int(1))
    inputs, outputs = (c.c_char_p * 1)(b'image'), (c.c_char_p * 1)(b'probability')
    result = (c.c_void_p * 1)()
    call(RUN, session, c.c_void_p(), c.cast(inputs, c.c_void_p), c.cast((c.c_void_p * 1)(tensor), c.c_void_p),
         c.c_size_t(1), c.cast(outputs, c.c_void_p), c.c_size_t(1), c.cast(result, c.c_void_p))
    data = make(TENSOR_DATA, c.c_void_p(result[0]))
    return np.ctypeslib.as_array(c.cast(data, c.POINTER(c.c_float)), (image.shape[0], classes)).copy()


# ---- The test ----

def compare(name, got, expected):
    # six digits are printed
    worst = np.abs(np.asarray(got, np.float64) - expected).max()
    if not worst < 1.5e-6:
        sys.exit(f'FAILED: {name}: off by {worst}: {got} and not {expected}')
    print(f'{name}: the same probabilities, to {worst:.1e}')


def main(program):
    subprocess.run(program + ['train', '--each', '24', '--epochs', '3', '--filters', '5,7', '-o', 'model',
                              '--onnx', 'model.onnx'], check=True, stdout=subprocess.DEVNULL)
    with open('model.onnx', 'rb') as f:
        encoded = f.read()
    model = onnx.load_from_string(encoded)
    onnx.checker.check_model(model, full_check=True)
    pixels = (np.arange(784).reshape(28, 28) * 37 % 256).astype(np.uint8)
    with open('picture', 'wb') as f:
        f.write(b'P5 28 28 255\n' + pixels.tobytes())
    shown = subprocess.run(program + ['show', 'model', 'picture', '-o', 'sheet.png'], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    expected = np.array([float(p) for p in re.findall(r'^ +([01]\.\d{6})  \w+$', shown, re.MULTILINE)])
    assert expected.shape == (10,) and 0.999 < expected.sum() < 1.001, shown
    # Any number of images goes: the second is another one.
    images = np.stack([pixels, pixels.T]).reshape(2, 1, 28, 28).astype(np.float32) / np.float32(255)
    compare('NumPy', run_numpy(model, images)[0], expected)
    library = os.environ.get('NINETAP_ORT_LIBRARY')
    if library and os.path.exists(library):
        compare('ONNX Runtime', run_onnxruntime(library, encoded, images, 10)[0], expected)


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        main(sys.argv[1:])
