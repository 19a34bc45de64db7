import unittest

import numpy as np

import ninetap
import reference

RNG = np.random.default_rng(21)
SHAPES = ((2, 2), (5, 7), (3, 6, 9), (2, 3, 8, 5))


def draw(shape, dtype):
    if dtype == np.float32:
        return RNG.standard_normal(shape, np.float32)
    info = np.iinfo(dtype)
    return RNG.integers(info.min, info.max, shape, dtype, endpoint=True)


class Pooling(unittest.TestCase):
    def test_maxima(self):
        for dtype in (np.float32, np.uint8, np.int8):
            least = -np.inf if dtype == np.float32 else np.iinfo(dtype).min
            for shape in SHAPES:
                for options in ({}, {'stride': 1}, {'padding': 1}):
                    x = draw(shape, dtype)
                    y, at = ninetap.max_pool2x2(x, True, **options)
                    sides = (options.get('padding', 0),) * 4
                    four = reference.windows(x, least, sides, options.get('stride', 2))
                    np.testing.assert_array_equal(y, four.max(-1))
                    self.assertEqual((y.dtype, at.dtype), (dtype, np.int64))
                    flat = x.reshape(*shape[:-2], -1)
                    taken = np.take_along_axis(flat, at.reshape(*shape[:-2], -1), -1)
                    np.testing.assert_array_equal(taken.reshape(y.shape), y)
                    np.testing.assert_array_equal(ninetap.max_pool2x2(x, **options), y)

    def test_means(self):
        x = draw((2, 3, 8, 5), np.float32)
        four = reference.windows(x, 0)
        quarter = (four[..., 0] + four[..., 2] + (four[..., 1] + four[..., 3])) / np.float32(4)
        np.testing.assert_array_equal(ninetap.avg_pool2x2(x), quarter)
        peak = ninetap.max_pool2x2(x)
        mixed = np.float32(0.25) * peak + np.float32(0.75) * quarter
        np.testing.assert_array_equal(ninetap.mixed_pool2x2(x, 0.25), mixed)
        for dtype in (np.uint8, np.int8):
            x = draw((3, 9, 11), dtype)
            four = reference.windows(x, 0).astype(np.float64)
            np.testing.assert_array_equal(ninetap.avg_pool2x2(x), np.rint(four.mean(-1)))

    def test_layouts_ceil_mode_and_nan(self):
        x = draw((2, 3, 9, 7), np.float32)
        y = ninetap.max_pool2x2(x)
        nhwc = ninetap.max_pool2x2(x.transpose(0, 2, 3, 1).copy(), layout='NHWC')
        np.testing.assert_array_equal(nhwc.transpose(0, 3, 1, 2), y)
        up = ninetap.max_pool2x2(x, ceil_mode=True)
        self.assertEqual(up.shape, (2, 3, 5, 4))
        np.testing.assert_array_equal(up[..., :4, :3], y)
        x[0, 0, 0, 0] = np.nan
        self.assertTrue(np.isnan(ninetap.max_pool2x2(x)[0, 0, 0, 0]))
        self.assertEqual(ninetap.max_pool2x2(x, nan='ignore')[0, 0, 0, 0],
                         np.nanmax(x[0, 0, :2, :2]))

    def test_there_and_back(self):
        for layout, shape in (('NCHW', (2, 3, 9, 7)), ('NCHW', (6, 8)), ('NHWC', (5, 7, 3))):
            x = draw(shape, np.float32)
            y, at = ninetap.max_pool2x2(x, True, layout=layout)
            size = shape[-3:-1] if layout == 'NHWC' else shape[-2:]
            back = ninetap.max_unpool2x2(y, at, size, layout=layout)
            self.assertEqual(back.shape, shape)
            np.testing.assert_array_equal(back[back != 0], x[back != 0])
            np.testing.assert_array_equal(ninetap.max_pool2x2(np.abs(back), layout=layout),
                                          np.abs(y))

    def test_arrays_that_lie_apart(self):
        wide, result = draw((2, 5, 20, 16), np.float32), np.zeros((2, 5, 9, 12), np.float32)
        x, out = wide[:, 1:4, 2:11, 3:13], result[:, 2:5, 1:5, 2:7]
        self.assertIs(ninetap.max_pool2x2(x, out=out), out)
        np.testing.assert_array_equal(out, ninetap.max_pool2x2(x.copy()))
        with self.assertRaisesRegex(ValueError, 'strides'):
            ninetap.max_pool2x2(wide[..., ::2])
        at = np.empty((2, 3, 4, 5), np.int64)
        self.assertIs(ninetap.max_pool2x2(x, indices=at)[1], at)

    def test_errors(self):
        x = draw((6, 6), np.float32)
        for message, options in (('stride is 0', dict(stride=0)), ('same', dict(padding='same')),
                                 ("nan is 'drop'", dict(nan='drop')),
                                 ('bad argument', dict(padding=2)),
                                 ('2 to 4 axes', dict(layout='NHWC')),
                                 ('out has the shape', dict(out=x))):
            with self.subTest(options), self.assertRaisesRegex(ValueError, message):
                ninetap.max_pool2x2(x, **options)
        with self.assertRaisesRegex(TypeError, 'x is float64'):
            ninetap.avg_pool2x2(x.astype(float))
        with self.assertRaisesRegex(ValueError, 'bad shape'):
            ninetap.avg_pool2x2(x[:1])
        with self.assertRaises(ninetap.ArgumentError):
            ninetap.mixed_pool2x2(x, 1.5)
        y, at = ninetap.max_pool2x2(x, True)
        with self.assertRaises(ninetap.ArgumentError):
            ninetap.max_unpool2x2(y, at + 36, (6, 6))
        with self.assertRaisesRegex(ValueError, 'pooled from'):
            ninetap.max_unpool2x2(y, at, (8, 6))
        with self.assertRaisesRegex(TypeError, 'indices is int32'):
            ninetap.max_unpool2x2(y, at.astype(np.int32), (6, 6))


if __name__ == '__main__':
    unittest.main()
