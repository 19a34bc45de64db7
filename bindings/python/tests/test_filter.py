import unittest

import numpy as np

import ninetap
import reference

RNG = np.random.default_rng(22)
KERNELS = ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
           [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def image(*shape):
    return RNG.integers(0, 255, shape, np.uint8, endpoint=True)


def saturate(x, dtype):
    info = np.iinfo(dtype)
    return np.clip(np.rint(x), info.min, info.max).astype(dtype)


class Filters(unittest.TestCase):
    def test_bytes_are_exact(self):
        for shape in ((1, 1, 1), (5, 7, 3), (2, 40, 4), (33, 18, 1), (9, 9, 2)):
            x = image(*shape)
            for kernel in KERNELS:
                for border in ('zero', 'replicate', 7):
                    sums = reference.filter3x3(x, kernel, border)
                    y = ninetap.filter3x3(x, kernel, border=border, scale=1 / 4, delta=2)
                    np.testing.assert_array_equal(y, saturate(sums / 4 + 2, np.uint8))
                    y = ninetap.filter3x3(x, kernel, border=border, dtype='int16')
                    np.testing.assert_array_equal(y, saturate(sums, np.int16))
                    y = ninetap.filter3x3(x, kernel, border=border, absolute=True)
                    np.testing.assert_array_equal(y, saturate(abs(sums), np.uint8))
                    y = ninetap.filter3x3(x, kernel, border=border, dtype=np.float32)
                    np.testing.assert_array_equal(y, sums)

    def test_shapes_with_and_without_channels(self):
        x, kernel = image(3, 8, 10, 3), KERNELS[0]
        whole = ninetap.filter3x3(x, kernel, scale=1 / 16)
        for n in range(3):
            np.testing.assert_array_equal(ninetap.filter3x3(x[n], kernel, scale=1 / 16), whole[n])
        grey = x[0, :, :, 1].copy()
        np.testing.assert_array_equal(ninetap.filter3x3(grey, kernel, scale=1 / 16),
                                      whole[0, :, :, 1])

    def test_reflected_border(self):
        x = image(6, 5, 3)
        np.testing.assert_array_equal(
            ninetap.filter3x3(x, KERNELS[1], border='reflect101'),
            saturate(reference.filter3x3(x, KERNELS[1], 'reflect101'), np.uint8))

    def test_margin_is_the_middle_of_the_whole(self):
        x = image(2, 12, 14, 3)
        for dtype in (np.uint8, np.float32):
            a = x.astype(dtype)
            whole = ninetap.filter3x3(a, KERNELS[1])
            np.testing.assert_array_equal(ninetap.filter3x3(a, KERNELS[1], margin=1),
                                          whole[:, 1:-1, 1:-1])
            np.testing.assert_array_equal(ninetap.filter3x3(a, KERNELS[1], margin=(1, 0, 0, 1)),
                                          whole[:, 1:, :-1])
            part = a[:, 3:9, 2:11]
            np.testing.assert_array_equal(ninetap.filter3x3(part, KERNELS[1], margin=1),
                                          whole[:, 4:8, 3:10])

    def test_alpha_pool_and_gradient(self):
        x = image(9, 7, 4)
        y = ninetap.filter3x3(x, KERNELS[1], keep_alpha=True)
        np.testing.assert_array_equal(y[..., 3], x[..., 3])
        np.testing.assert_array_equal(y[..., :3], ninetap.filter3x3(x, KERNELS[1])[..., :3])
        pooled = ninetap.filter3x3(x, KERNELS[1], pool='max')
        np.testing.assert_array_equal(
            pooled, ninetap.max_pool2x2(ninetap.filter3x3(x, KERNELS[1]), layout='NHWC'))
        kx, ky = np.float32(KERNELS[2]), np.float32(KERNELS[2]).T
        gx, gy = (reference.filter3x3(x, k) for k in (kx, ky))
        np.testing.assert_array_equal(ninetap.gradient3x3(x, kx, ky),
                                      saturate(abs(gx) + abs(gy), np.uint8))
        np.testing.assert_array_equal(ninetap.gradient3x3(x, kx, ky, norm='l2', dtype=np.float32),
                                      np.sqrt((gx * gx + gy * gy).astype(np.float32)))

    def test_in_place_and_rows_that_lie_apart(self):
        wide = image(20, 30, 3)
        x = wide[3:15, 4:20]
        y = ninetap.filter3x3(x.copy(), KERNELS[1])
        out = np.zeros((20, 30, 3), np.uint8)[2:14, 5:21]
        self.assertIs(ninetap.filter3x3(x, KERNELS[1], out=out), out)
        np.testing.assert_array_equal(out, y)
        rest = wide.copy()
        self.assertIs(ninetap.filter3x3(x, KERNELS[1], out=x), x)
        np.testing.assert_array_equal(x, y)
        wide[3:15, 4:20] = rest[3:15, 4:20]
        np.testing.assert_array_equal(wide, rest)
        with self.assertRaisesRegex(ninetap.ArgumentError, 'overlaps'):
            ninetap.filter3x3(wide[:10], KERNELS[1], out=wide[1:11])

    def test_strides_that_pitches_cannot_say(self):
        x = image(10, 10, 3)
        for view in (x[:, ::2], x[:, :, ::-1], x[::-1], x[:, :, :2], x.transpose(1, 0, 2),
                     np.broadcast_to(x[:1], x.shape)):
            with self.assertRaisesRegex(ValueError, 'strides'):
                ninetap.filter3x3(view, KERNELS[0])

    def test_errors(self):
        x = image(6, 6, 3)
        for message, options in (
            ("border .* is 'wrap'", dict(border='wrap')), ('border is', dict(border=(1, 2))),
            ('bad argument', dict(border=0.5)), ('margin is 2', dict(margin=2)),
            ('scale is 0', dict(scale=0)), ('bad argument', dict(delta=np.nan)),
            ("norm|pool is 'avg'", dict(pool='avg')),
            ('out has the shape', dict(out=image(6, 6))),
        ):
            with self.subTest(options), self.assertRaisesRegex(ValueError, message):
                ninetap.filter3x3(x, KERNELS[0], **options)
        with self.assertRaisesRegex(ValueError, '8 values'):
            ninetap.filter3x3(x, np.ones(8))
        with self.assertRaisesRegex(ValueError, '6 values a pixel'):
            ninetap.filter3x3(image(2, 6, 6), KERNELS[0])
        with self.assertRaisesRegex(ValueError, 'nothing is left'):
            ninetap.filter3x3(x[:2], KERNELS[0], margin=1)
        with self.assertRaisesRegex(TypeError, 'image is int32'):
            ninetap.filter3x3(x.astype(np.int32), KERNELS[0])
        with self.assertRaisesRegex(TypeError, 'dtype is int32'):
            ninetap.filter3x3(x, KERNELS[0], dtype=np.int32)
        with self.assertRaises(ninetap.UnsupportedError):
            ninetap.filter3x3(x.astype(np.float32), KERNELS[0], dtype=np.uint8)


if __name__ == '__main__':
    unittest.main()
