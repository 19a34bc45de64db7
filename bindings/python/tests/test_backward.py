import unittest

import numpy as np

import ninetap
import reference

RNG = np.random.default_rng(26)


def draw(*shape):
    return RNG.standard_normal(shape, np.float32)


def near(a, b):
    np.testing.assert_allclose(a, b, rtol=0, atol=2e-4)


def slope(loss, x, diff):
    """What a loss says of a gradient: how fast it changes along a random direction. Both are linear
    in x, so a step may be large."""
    step = RNG.standard_normal(x.shape)
    return loss(x + step) - loss(x), (diff * step).sum()


class Convolution(unittest.TestCase):
    def test_gradients_are_the_loss_s_slopes(self):
        for ic, oc, options in ((1, 1, {}), (3, 5, {'padding': 1}),
                                (4, 6, {'padding': (2, 1), 'stride': 2, 'groups': 2}),
                                (4, 4, {'padding': 2, 'dilation': 2, 'groups': 4})):
            x, w, b = draw(2, ic, 8, 9), draw(oc, ic // options.get('groups', 1), 3, 3), draw(oc)
            diff = draw(*ninetap.Conv3x3(x.shape, w, b, **options).output_shape)
            others = dict(options)
            p = others.pop('padding', 0)
            sides = {(2, 1): (2, 1, 2, 1)}.get(p, (p,) * 4)

            def loss(x, w, b):
                y = reference.conv3x3(x, w, b, sides, dtype=np.float64, **others)
                return (y * diff).sum()

            dx = ninetap.conv3x3_backward_data(diff, w, x.shape, **options)
            dw, db = ninetap.conv3x3_backward_weights(x, diff, **options)
            for found, wanted in (slope(lambda v: loss(v, w, b), x, dx),
                                  slope(lambda v: loss(x, v, b), w, dw),
                                  slope(lambda v: loss(x, w, v), b, db)):
                self.assertAlmostEqual(found, wanted, delta=2e-3)
            self.assertEqual((dx.shape, dw.shape, db.shape), (x.shape, w.shape, b.shape))
            nhwc = [a.transpose(0, 2, 3, 1).copy() for a in (x, diff)]
            turned = x.transpose(0, 2, 3, 1).shape
            near(ninetap.conv3x3_backward_data(nhwc[1], w, turned, layout='NHWC', **options),
                 dx.transpose(0, 2, 3, 1))
            again = ninetap.conv3x3_backward_weights(*nhwc, layout='NHWC', weights_layout='HWIO',
                                                     **options)
            near(again[0], dw.transpose(2, 3, 1, 0))
            near(again[1], db)

    def test_outputs_of_the_caller(self):
        x, w, diff = draw(2, 10, 12), draw(3, 2, 3, 3), draw(3, 8, 10)
        dx = ninetap.conv3x3_backward_data(diff, w, x.shape)
        out = np.zeros((2, 14, 20), np.float32)[:, 2:12, 4:16]
        self.assertIs(ninetap.conv3x3_backward_data(diff, w, x.shape, out=out), out)
        near(out, dx)
        dw, db = ninetap.conv3x3_backward_weights(x, diff)
        twice, twice_b = dw.copy(), db.copy()
        ninetap.conv3x3_backward_weights(x, diff, out=twice, out_bias=twice_b, accumulate=True)
        near(twice, 2 * dw)
        near(twice_b, 2 * db)
        plan = ninetap.Conv3x3BackwardData(x.shape, w)
        near(plan(diff), dx)
        self.assertEqual(plan.output_shape, x.shape)

    def test_other_weights(self):
        x, w, v, b = draw(2, 10, 12), draw(3, 2, 3, 3), draw(3, 2, 3, 3), draw(3)
        plan = ninetap.Conv3x3(x.shape, w, algorithm='direct')
        plan.set_weights(v, b)
        np.testing.assert_array_equal(plan(x), ninetap.conv3x3(x, v, b, algorithm='direct'))
        with self.assertRaisesRegex(ValueError, 'w has the shape'):
            plan.set_weights(draw(4, 2, 3, 3))
        layer = ninetap.Dense(draw(4, 6))
        w, b, row = draw(4, 6), draw(4), draw(6)
        layer.set_weights(w, b)
        np.testing.assert_array_equal(layer(row), ninetap.dense(row, w, b))

    def test_errors(self):
        x, w, diff = draw(2, 6, 6), draw(3, 2, 3, 3), draw(3, 4, 4)
        with self.assertRaisesRegex(ValueError, r'the output has \(3, 4, 4\)'):
            ninetap.conv3x3_backward_weights(x, diff[:, :3])
        with self.assertRaisesRegex(ValueError, r'the plan is for \(3, 4, 4\)'):
            ninetap.conv3x3_backward_data(diff[:, :3].copy(), w, x.shape)
        with self.assertRaisesRegex(ValueError, 'give out'):
            ninetap.conv3x3_backward_weights(x, diff, accumulate=True)
        with self.assertRaisesRegex(ValueError, 'no part'):
            ninetap.Conv3x3BackwardData(x.shape, w, draw(3))
        with self.assertRaises(ninetap.UnsupportedError):
            ninetap.Conv3x3BackwardData(x.shape, w, activation='relu')


class Others(unittest.TestCase):
    def test_dense(self):
        x, w, diff = draw(5, 7), draw(4, 7), draw(5, 4)
        near(ninetap.dense_backward_data(diff, w), diff @ w)
        dw, db = ninetap.dense_backward_weights(x, diff)
        near(dw, diff.T @ x)
        near(db, diff.sum(0))
        ninetap.dense_backward_weights(x, diff, out=dw, out_bias=db, accumulate=True)
        near(dw, 2 * diff.T @ x)
        apart = draw(10, 9)[::2, 1:8]
        near(ninetap.dense_backward_weights(apart, diff)[0], diff.T @ apart)
        with self.assertRaisesRegex(ValueError, 'diff has the shape'):
            ninetap.dense_backward_data(x, w)
        with self.assertRaisesRegex(ValueError, 'x has the shape'):
            ninetap.dense_backward_weights(x[:4], diff)

    def test_activations(self):
        x, diff = draw(3, 50) * 4, draw(3, 50)
        for activation, derivative in (
            ('linear', np.ones_like(x)), ('relu', x > 0), ('relu6', (x > 0) & (x < 6)),
            (('leaky_relu', 0.5), np.where(x > 0, 1, 0.5)),
            ('hard_swish', np.where(abs(x) >= 3, x > 0, x / 3 + 0.5)),
        ):
            near(ninetap.activation_backward(x, diff, activation), diff * derivative)
        place = diff.copy()
        self.assertIs(ninetap.activation_backward(x, place, 'relu', out=place), place)
        np.testing.assert_array_equal(place, diff * (x > 0))
        with self.assertRaisesRegex(ValueError, 'x has the shape'):
            ninetap.activation_backward(x[:2], diff, 'relu')
        with self.assertRaisesRegex(ValueError, 'dense'):
            ninetap.activation_backward(x[:, ::2], diff[:, ::2], 'relu')

    def test_pools(self):
        for shape, options in (((2, 3, 8, 9), {}), ((7, 6), {'stride': 1}),
                               ((5, 6, 3), {'layout': 'NHWC'}), ((2, 5, 5), {'padding': 1})):
            x = draw(*shape)
            y, at = ninetap.max_pool2x2(x, True, **options)
            diff = draw(*y.shape)
            size = shape[-3:-1] if options.get('layout') else shape[-2:]
            dx = ninetap.max_pool2x2_backward(diff, at, size, **options)
            self.assertEqual(dx.shape, x.shape)
            # a small step moves each maximum, and changes none
            step = draw(*shape) * np.float32(1e-4)
            moved = ninetap.max_pool2x2(x + step, **options).astype(np.float64) - y
            self.assertAlmostEqual((moved * diff).sum(), (dx * step).sum(), delta=1e-4)
            means = ninetap.avg_pool2x2(x, **options)
            dx = ninetap.avg_pool2x2_backward(diff, size, **options)
            self.assertAlmostEqual((means * diff).sum(), (dx * x).sum(), delta=1e-3)
        with self.assertRaisesRegex(ValueError, 'pooled from'):
            ninetap.max_pool2x2_backward(diff, at, (9, 9))
        with self.assertRaises(ninetap.ArgumentError):
            ninetap.max_pool2x2_backward(diff, at + 99, (5, 5), padding=1)

    def test_cross_entropy(self):
        logits, labels = draw(6, 4), RNG.integers(0, 4, 6)
        found = ninetap.softmax_cross_entropy(logits, labels)
        p = ninetap.softmax(logits)
        np.testing.assert_array_equal(found.probabilities, p)
        picked = p[range(6), labels].astype(np.float64)
        self.assertAlmostEqual(found.loss, -np.log(picked).mean(), places=6)
        near(found.diff, (p - np.eye(4)[labels]) / 6)
        with self.assertRaises(ninetap.ArgumentError):
            ninetap.softmax_cross_entropy(logits, labels + 4)

    def test_a_layer_learns(self):
        x = draw(40, 1, 8, 8)
        labels = (x[:, 0, :4].sum((1, 2)) > x[:, 0, 4:].sum((1, 2))).astype(np.int64)
        w, v = draw(6, 1, 3, 3) / 3, draw(2, 6 * 16) / 10
        losses, rate = [], np.float32(0.1)
        for _ in range(60):
            maps = ninetap.conv3x3(x, w, padding=1, activation='relu')
            pooled, at = ninetap.max_pool2x2(maps, True)
            flat = pooled.reshape(40, -1)
            loss, diff, _ = ninetap.softmax_cross_entropy(ninetap.dense(flat, v), labels)
            losses.append(loss)
            back = ninetap.dense_backward_data(diff, v).reshape(pooled.shape)
            v -= rate * ninetap.dense_backward_weights(flat, diff)[0]
            back = ninetap.max_pool2x2_backward(back, at, (8, 8))
            back = ninetap.activation_backward(maps, back, 'relu')
            w -= rate * ninetap.conv3x3_backward_weights(x, back, padding=1)[0]
        self.assertLess(losses[-1], losses[0] / 2)


if __name__ == '__main__':
    unittest.main()
