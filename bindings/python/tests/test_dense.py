import unittest

import numpy as np

import ninetap

RNG = np.random.default_rng(23)


def draw(*shape):
    return RNG.standard_normal(shape, np.float32)


def reference(x, w, b):
    """Sums over the inputs in their order, each product and sum rounded."""
    y = np.zeros((len(x), len(w)), np.float32)
    for i in range(x.shape[1]):
        y += x[:, i:i + 1] * w[:, i]
    return y + b


class DenseLayers(unittest.TestCase):
    def test_bits_of_portable(self):
        for n, inputs, outputs in ((1, 1, 1), (3, 7, 5), (9, 50, 33)):
            x, w, b = draw(n, inputs), draw(outputs, inputs), draw(outputs)
            expected = reference(x, w, b)
            y = ninetap.dense(x, w, b, precision='portable')
            np.testing.assert_array_equal(y, expected)
            np.testing.assert_array_equal(
                ninetap.dense(x[0], w, b, precision='portable', activation='relu'),
                np.maximum(expected[0], 0))
            layer = ninetap.Dense(w, b, n=n, precision='portable')
            out = np.empty_like(y)
            self.assertIs(layer(x, out), out)
            np.testing.assert_array_equal(out, expected)

    def test_default_is_near(self):
        x, w = draw(4, 300), draw(20, 300)
        np.testing.assert_allclose(ninetap.dense(x, w), x @ w.T, rtol=0, atol=1e-3)

    def test_rows_that_lie_apart(self):
        wide, result = draw(6, 20), np.zeros((3, 9), np.float32)
        x, w, out = wide[::2, 3:10], draw(5, 7), result[:, 2:7]
        self.assertIs(ninetap.dense(x, w, out=out), out)
        np.testing.assert_array_equal(out, ninetap.dense(x.copy(), w))
        layer = ninetap.Dense(w, n=3, src_pitch=40, dst_pitch=9)
        np.testing.assert_array_equal(layer(x, out), out)
        with self.assertRaisesRegex(ValueError, 'give out'):
            layer(x)
        with self.assertRaisesRegex(ValueError, 'strides'):
            layer(x.copy(), out)
        with self.assertRaisesRegex(ValueError, 'strides'):
            ninetap.dense(wide[:, ::2], draw(5, 10))

    def test_integers(self):
        x = RNG.integers(0, 255, (3, 40), np.uint8)
        w = RNG.integers(-127, 127, (6, 40), np.int8)
        b = RNG.integers(-99, 99, 6, np.int32)
        q = ninetap.Quantization(0.5, 0.25, src_zero=7, dst_scale=50, dst_zero=100)
        sums = (x.astype(np.int64) - 7) @ w.T.astype(np.int64) + b
        options = dict(quantization=q)
        np.testing.assert_array_equal(ninetap.dense(x, w, b, dtype=np.int32, **options), sums)
        np.testing.assert_array_equal(ninetap.dense(x, w, b, **options), sums * 0.125)
        np.testing.assert_array_equal(
            ninetap.dense(x, w, b, dtype=np.uint8, **options),
            np.clip(np.rint(sums.astype(np.float32) * np.float32(0.125 / 50)) + 100, 0, 255))

    def test_errors(self):
        x, w = draw(3, 4), draw(5, 4)
        with self.assertRaisesRegex(ValueError, r'\(3, 4\); the plan is for \(3, 6\)'):
            ninetap.dense(x, draw(5, 6))
        with self.assertRaisesRegex(ValueError, '1 or 2 axes'):
            ninetap.dense(x[None], w)
        with self.assertRaisesRegex(ValueError, 'b has the shape'):
            ninetap.dense(x, w, draw(4))
        with self.assertRaisesRegex(ValueError, 'out has the shape'):
            ninetap.dense(x, w, out=x)
        with self.assertRaisesRegex(TypeError, 'w is float64'):
            ninetap.dense(x, w.astype(float))
        with self.assertRaisesRegex(ninetap.ArgumentError, 'overlaps'):
            ninetap.dense(x[:, :3], draw(3, 3), out=x[:, 1:])
        with ninetap.Dense(w) as layer:
            pass
        with self.assertRaisesRegex(ValueError, 'this Dense was freed'):
            layer(x[:1])


class Softmax(unittest.TestCase):
    def test_rows(self):
        for shape in ((1,), (7,), (3, 10), (2, 3, 5), (0, 4)):
            x = draw(*shape)
            e = np.exp(x.astype(np.float64))
            np.testing.assert_allclose(ninetap.softmax(x), e / e.sum(-1, keepdims=True), rtol=1e-6)
        x = draw(6, 20)
        expected = ninetap.softmax(x[::2, 3:9].copy())
        apart = x[::2, 3:9]
        self.assertIs(ninetap.softmax(apart, out=apart), apart)
        np.testing.assert_array_equal(apart, expected)

    def test_errors(self):
        for x, message in ((draw(3, 0), 'bad shape'), (draw(4, 6)[:, ::2], 'strides'),
                           (draw(2, 4, 6)[:, :3], 'not dense'), (draw(), 'no axis')):
            with self.assertRaisesRegex(ValueError, message):
                ninetap.softmax(x)
        x = draw(4, 6)
        with self.assertRaisesRegex(ninetap.ArgumentError, 'overlaps'):
            ninetap.softmax(x[:3], out=x[1:])


if __name__ == '__main__':
    unittest.main()
