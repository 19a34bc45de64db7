"""Other people's arrays: read and written where they lie."""
import array
import threading
import time
import unittest

import numpy as np

import ninetap

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(25)
KERNEL = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


class Interface:
    """An array of somebody's own, by a protocol alone."""

    def __init__(self, a):
        self.__array_interface__ = a.__array_interface__
        self.a = a


class Capsule:
    """The same by another."""

    def __init__(self, a):
        self.a = a

    def __dlpack__(self, *, stream=None):
        return self.a.__dlpack__()

    def __dlpack_device__(self):
        return self.a.__dlpack_device__()


class Protocols(unittest.TestCase):
    def setUp(self):
        self.x = RNG.standard_normal((6, 8), np.float32)
        self.y = ninetap.filter3x3(self.x, KERNEL)

    def test_array_interface(self):
        out = np.empty_like(self.y)
        theirs = Interface(out)
        x = Interface(self.x)
        self.assertIs(ninetap.filter3x3(x, KERNEL, out=theirs), theirs)
        np.testing.assert_array_equal(out, self.y)

    def test_dlpack(self):
        np.testing.assert_array_equal(ninetap.filter3x3(Capsule(self.x), KERNEL), self.y)

    def test_buffers(self):
        out = bytearray(self.y.nbytes)
        shaped = memoryview(out).cast('f', self.y.shape)
        ninetap.filter3x3(memoryview(self.x.tobytes()).cast('f', self.x.shape), KERNEL, out=shaped)
        np.testing.assert_array_equal(np.frombuffer(out, np.float32).reshape(6, 8), self.y)
        logits = array.array('f', [0, 0])
        self.assertIs(ninetap.softmax(logits, out=logits), logits)
        self.assertEqual(list(logits), [0.5, 0.5])
        with self.assertRaisesRegex(ValueError, 'read-only'):
            ninetap.softmax(logits, out=memoryview(bytes(8)).cast('f'))

    def test_what_is_no_array(self):
        for x in ([[1.0]], None, 3, 'abc', object()):
            with self.assertRaisesRegex(TypeError, f'image is a {type(x).__name__}'):
                ninetap.filter3x3(x, KERNEL)

    @unittest.skipUnless(torch, 'no PyTorch')
    def test_torch(self):
        x = torch.from_numpy(self.x)
        out = torch.zeros(6, 8)
        self.assertIs(ninetap.filter3x3(x, KERNEL, out=out), out)
        np.testing.assert_array_equal(out.numpy(), self.y)
        with self.assertRaisesRegex(ValueError, 'strides'):
            ninetap.filter3x3(x.t(), KERNEL)
        with self.assertRaisesRegex(RuntimeError, 'requires grad'):
            ninetap.filter3x3(torch.zeros(6, 8, requires_grad=True), KERNEL)

    @unittest.skipUnless(torch, 'no PyTorch')
    def test_torch_computes_the_same(self):
        for ic, oc, size, options in (
            (3, 8, 9, {}), (4, 6, 10, {'padding': 1, 'stride': 2}),
            (6, 6, 8, {'padding': 2, 'dilation': 2, 'groups': 3}),
        ):
            x, b = torch.randn(2, ic, size, size), torch.randn(oc)
            w = torch.randn(oc, ic // options.get('groups', 1), 3, 3)
            expected = torch.conv2d(x, w, b, **options)
            y = ninetap.conv3x3(x, w, b, **options)
            np.testing.assert_allclose(y, expected.numpy(), rtol=0, atol=1e-4)
            pooled, at = torch.nn.functional.max_pool2d(expected, 2, return_indices=True)
            ours, indices = ninetap.max_pool2x2(expected, return_indices=True)
            np.testing.assert_array_equal(ours, pooled.numpy())
            np.testing.assert_array_equal(indices, at.numpy())


class Threads(unittest.TestCase):
    def test_other_threads_run_during_a_call(self):
        x = RNG.standard_normal((64, 160, 160), np.float32)
        plan = ninetap.Conv3x3(x.shape, RNG.standard_normal((64, 64, 3, 3), np.float32), threads=1)
        ended, longest = threading.Event(), []

        def count():
            while not ended.is_set():
                longest.append(time.perf_counter())

        start = time.perf_counter()
        plan(x)
        alone = time.perf_counter() - start
        other = threading.Thread(target=count)
        other.start()
        start = time.perf_counter()
        plan(x)
        end = time.perf_counter()
        ended.set()
        other.join()
        during = [t for t in longest if start + alone / 8 < t < end - alone / 8]
        self.assertGreater(len(during), 2)


if __name__ == '__main__':
    unittest.main()
