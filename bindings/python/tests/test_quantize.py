import unittest

import numpy as np

import ninetap

RNG = np.random.default_rng(24)


class Quantize(unittest.TestCase):
    def test_one_scale(self):
        x = RNG.uniform(-50, 50, (3, 4, 5)).astype(np.float32)
        for dtype in (np.uint8, np.int8):
            info = np.iinfo(dtype)
            q = ninetap.quantize(x, 0.3, 5, dtype=dtype)
            expected = np.clip(np.rint(x / np.float32(0.3)) + 5, info.min, info.max)
            np.testing.assert_array_equal(q, expected)
            self.assertEqual(q.dtype, dtype)
            np.testing.assert_array_equal(ninetap.dequantize(q, 0.3, 5),
                                          (q.astype(np.float32) - 5) * np.float32(0.3))

    def test_a_scale_for_each_place_of_an_axis(self):
        x = RNG.uniform(-9, 9, (2, 3, 4, 5)).astype(np.float32)
        for axis in (0, 1, 3, -1, -2):
            scale = RNG.uniform(0.1, 1, x.shape[axis]).astype(np.float32)
            zero = RNG.integers(-9, 9, x.shape[axis])
            shape = [1] * 4
            shape[axis] = -1
            s, z = scale.reshape(shape), zero.reshape(shape)
            q = ninetap.quantize(x, scale, zero, dtype=np.int8, axis=axis)
            np.testing.assert_array_equal(q, np.clip(np.rint(x / s) + z, -128, 127))
            np.testing.assert_array_equal(ninetap.dequantize(q, scale, zero, axis=axis),
                                          (q - z).astype(np.float32) * s)
        sums = RNG.integers(-2**30, 2**30, (5, 2), np.int32)
        np.testing.assert_array_equal(ninetap.dequantize(sums, 0.5), sums.astype(np.float32) / 2)

    def test_nothing(self):
        for shape, axis, scale in (((0,), None, 1), ((3, 0), 0, [1, 1, 1]), ((0, 3), 1, [1, 1, 1])):
            x = np.zeros(shape, np.float32)
            self.assertEqual(ninetap.quantize(x, scale, axis=axis).shape, shape)

    def test_a_layer_by_way_of_integers(self):
        x = RNG.uniform(-1, 1, (1, 3, 8, 8)).astype(np.float32)
        w = RNG.uniform(-1, 1, (4, 3, 3, 3)).astype(np.float32)
        src_scale, src_zero = ninetap.choose_quantization(*ninetap.value_range(x))
        scales = [ninetap.choose_quantization(*ninetap.value_range(o), np.int8, symmetric=True)[0]
                  for o in w]
        y = ninetap.conv3x3(ninetap.quantize(x, src_scale, src_zero),
                            ninetap.quantize(w, scales, [0] * 4, dtype=np.int8, axis=0),
                            quantization=ninetap.Quantization(src_scale, scales, src_zero))
        np.testing.assert_allclose(y, ninetap.conv3x3(x, w), rtol=0, atol=0.1)

    def test_errors(self):
        x = np.zeros((3, 4), np.float32)
        for message, arguments in (('scale has the shape', ([1, 2],)), ('bad argument', (-1,)),
                                   ('bad argument', (1, 256)), ('beyond 32 bits', (1, 2**40))):
            with self.assertRaisesRegex(ValueError, message):
                ninetap.quantize(x, *arguments)
        with self.assertRaisesRegex(ValueError, 'scale has the shape'):
            ninetap.quantize(x, [1, 2], axis=0)
        with self.assertRaises(IndexError):
            ninetap.quantize(x, [1, 2], axis=2)
        with self.assertRaisesRegex(TypeError, 'dtype is int16'):
            ninetap.quantize(x, 1, dtype=np.int16)
        with self.assertRaisesRegex(TypeError, 'zero is float64'):
            ninetap.quantize(x, 1, 0.5)
        with self.assertRaisesRegex(ValueError, 'dense'):
            ninetap.quantize(x.T, 1)
        with self.assertRaises(ninetap.ArgumentError):
            ninetap.choose_quantization(2, 1)


if __name__ == '__main__':
    unittest.main()
