import threading
import unittest

import numpy as np

import ninetap
import reference

RNG = np.random.default_rng(20)


def draw(*shape):
    return RNG.standard_normal(shape, np.float32)


class Values(unittest.TestCase):
    def test_every_option_has_the_reference_s_bits(self):
        for case in (
            dict(ic=1, oc=1, h=3, w=3),
            dict(ic=3, oc=5, h=7, w=9, padding=1),
            dict(ic=2, oc=3, h=8, w=5, padding=(1, 0), stride=2),
            dict(ic=4, oc=6, h=11, w=6, padding=(2, 1, 0, 2), dilation=2, groups=2),
            dict(ic=6, oc=6, h=9, w=10, padding='same', groups=6),
            dict(ic=2, oc=17, h=13, w=33, padding='same', border='replicate'),
            dict(ic=2, oc=4, h=6, w=6, padding=1, border='reflect101', stride=3),
            dict(ic=2, oc=4, h=6, w=6, padding=1, border=-1.5),
        ):
            with self.subTest(case):
                sizes = dict(case)
                ic, oc, h, w = (sizes.pop(k) for k in ('ic', 'oc', 'h', 'w'))
                x, b = draw(2, ic, h, w), draw(oc)
                weights = draw(oc, ic // sizes.get('groups', 1), 3, 3)
                p, d = sizes.pop('padding', 0), sizes.get('dilation', 1)
                sides = {'same': (d,) * 4, 0: (0,) * 4, 1: (1,) * 4, (1, 0): (1, 0, 1, 0)}.get(p, p)
                expected = reference.conv3x3(x, weights, b, sides, **sizes)
                y = ninetap.conv3x3(x, weights, b, padding=p, precision='portable', **sizes)
                np.testing.assert_array_equal(y, expected)
                nhwc = ninetap.conv3x3(
                    x.transpose(0, 2, 3, 1).copy(), weights.transpose(0, 2, 3, 1), b, padding=p,
                    layout='NHWC', weights_layout='OHWI', precision='portable', **sizes)
                np.testing.assert_array_equal(nhwc.transpose(0, 3, 1, 2), expected)
                hwio = ninetap.conv3x3(x, weights.transpose(2, 3, 1, 0), b, padding=p,
                                       weights_layout='HWIO', precision='portable', **sizes)
                np.testing.assert_array_equal(hwio, expected)

    def test_each_algorithm_is_near(self):
        x, w, b = draw(1, 16, 20, 22), draw(24, 16, 3, 3), draw(24)
        expected = reference.conv3x3(x, w, b, (1,) * 4, dtype=np.float64)
        for algorithm in ('auto', 'direct', 'winograd2', 'winograd4', 'winograd6'):
            precision = 'fast' if algorithm == 'winograd6' else 'default'
            plan = ninetap.Conv3x3(x.shape, w, b, padding=1, algorithm=algorithm,
                                   precision=precision)
            np.testing.assert_allclose(plan(x), expected, rtol=0, atol=2e-3)
            if algorithm != 'auto':
                self.assertEqual(plan.info.algorithm, algorithm)

    def test_activations_residual_and_pool(self):
        x, w, b, r = draw(3, 8, 8), draw(4, 3, 3, 3), draw(4), draw(4, 8, 8)
        sums = ninetap.conv3x3(x, w, b, padding=1, precision='portable')
        np.testing.assert_array_equal(sums, reference.conv3x3(x[None], w, b, (1,) * 4)[0])
        for activation, expected in (
            (None, sums), ('linear', sums), ('relu', np.maximum(sums, 0)),
            ('relu6', np.clip(sums, 0, 6)), (('clamp', -1, 2), np.clip(sums, -1, 2)),
            ('leaky_relu', np.where(sums > 0, sums, sums * np.float32(0.01))),
            (('leaky_relu', 0.25), np.where(sums > 0, sums, sums * np.float32(0.25))),
            ('hard_swish', sums * (np.clip(sums + np.float32(3), 0, 6) / np.float32(6))),
        ):
            options = dict(padding=1, precision='portable', activation=activation)
            np.testing.assert_array_equal(ninetap.conv3x3(x, w, b, **options), expected)
            np.testing.assert_array_equal(ninetap.conv3x3(x, w, b, pool='max', **options),
                                          reference.windows(expected, 0).max(-1))
        np.testing.assert_array_equal(
            ninetap.conv3x3(x, w, b, padding=1, precision='portable', activation='relu',
                            residual=r),
            np.maximum(sums + r, 0))


class Integers(unittest.TestCase):
    def test_sums_floats_and_bytes(self):
        for dtype in (np.uint8, np.int8):
            info = np.iinfo(dtype)
            x = RNG.integers(info.min, info.max, (2, 5, 9, 11), dtype, endpoint=True)
            w = RNG.integers(-127, 127, (7, 5, 3, 3), np.int8, endpoint=True)
            b = RNG.integers(-1000, 1000, 7, np.int32)
            scales = RNG.uniform(0.01, 0.02, 7).astype(np.float32)
            q = ninetap.Quantization(0.5, scales, src_zero=3, dst_scale=40, dst_zero=10)
            sums = reference.conv3x3(x.astype(np.int64) - 3, w, b, (1,) * 4, dtype=np.int64)
            options = dict(padding=1, quantization=q)
            y = ninetap.conv3x3(x, w, b, dtype=np.int32, **options)
            np.testing.assert_array_equal(y, sums)
            self.assertEqual(y.dtype, np.int32)
            scale = (np.float64(0.5) * scales).astype(np.float32)[:, None, None]
            np.testing.assert_array_equal(ninetap.conv3x3(x, w, b, **options),
                                          sums.astype(np.float32) * scale)
            scale = (np.float64(0.5) * scales / 40).astype(np.float32)[:, None, None]
            expected = np.clip(np.rint(sums.astype(np.float32) * scale) + 10, 0, 255)
            np.testing.assert_array_equal(ninetap.conv3x3(x, w, b, dtype='uint8', **options),
                                          expected)

    def test_types_that_do_not_belong_together(self):
        x, w = np.zeros((1, 4, 4), np.uint8), np.zeros((1, 1, 3, 3), np.int8)
        with self.assertRaisesRegex(TypeError, 'x is uint8, not float32'):
            ninetap.conv3x3(x, w)
        with self.assertRaisesRegex(TypeError, 'dtype is int16'):
            ninetap.conv3x3(x, w, quantization=ninetap.Quantization(1, 1), dtype='int16')
        with self.assertRaises(ninetap.ArgumentError):
            ninetap.conv3x3(x, w, quantization=ninetap.Quantization(-1, 1))
        with self.assertRaises(ninetap.UnsupportedError):
            ninetap.conv3x3(x, w, quantization=ninetap.Quantization(1, 1), algorithm='winograd2')


class Plans(unittest.TestCase):
    def test_arrays_that_lie_apart(self):
        x, w = draw(2, 3, 9, 10), draw(4, 3, 3, 3)
        expected = ninetap.conv3x3(x, w)
        wide, result = draw(2, 5, 20, 16), np.full((2, 8, 9, 12), 7, np.float32)
        apart, out = wide[:, 1:4, 2:11, 3:13], result[:, 2:6, 1:8, 2:10]
        apart[:] = x
        self.assertIs(ninetap.conv3x3(apart, w, out=out), out)
        np.testing.assert_array_equal(out, expected)
        out[:] = 7
        self.assertTrue((result == 7).all(), 'written outside')
        plan = ninetap.Conv3x3(x.shape, w, src_pitch=(5 * 20 * 16, 20 * 16, 16),
                               dst_pitch=(8 * 9 * 12, 9 * 12, 12))
        plan(apart, out)
        np.testing.assert_array_equal(out, expected)
        for wrong in ((x, out), (apart, np.empty(expected.shape, np.float32))):
            with self.assertRaisesRegex(ValueError, 'strides'):
                plan(*wrong)
        with self.assertRaisesRegex(ValueError, 'give out'):
            plan(apart)

    def test_every_other_row_and_image(self):
        x, w = draw(4, 3, 12, 7), draw(2, 3, 3, 3)
        for view in (x[::2], x[:, :, ::2], x[:, 1:2].repeat(3, 1)[:, :, 3:], x[1:2, :, :, 2:]):
            np.testing.assert_array_equal(ninetap.conv3x3(view, w),
                                          ninetap.conv3x3(view.copy(), w))

    def test_strides_that_pitches_cannot_say(self):
        x, w = draw(2, 3, 8, 8), draw(1, 3, 3, 3)
        for view in (x[..., ::2], x[::-1], x[:, :, ::-1], x[..., ::-1], x.transpose(0, 1, 3, 2),
                     np.broadcast_to(x[:1], (2, 3, 8, 8))):
            with self.assertRaisesRegex(ValueError, 'strides'):
                ninetap.conv3x3(view, w)

    def test_the_quick_way_takes_what_it_should_alone(self):
        x, w = draw(2, 6, 6), draw(3, 2, 3, 3)
        plan = ninetap.Conv3x3(x.shape, w)
        expected, out = plan(x), np.empty(plan.output_shape, np.float32)
        self.assertIs(plan(x, out), out)
        fixed = x.copy()
        fixed.flags.writeable = False
        np.testing.assert_array_equal(plan(fixed), expected)
        out.flags.writeable = False
        with self.assertRaisesRegex(ValueError, 'read-only'):
            plan(x, out)
        for a in (x.transpose(0, 2, 1), draw(2, 6, 12)[..., ::2], draw(2, 7, 6)[:, :6]):
            with self.assertRaisesRegex(ValueError, 'strides'):
                plan(a)
        for a, message in ((x[None], 'shape'), (draw(2, 6, 7), 'shape')):
            with self.assertRaisesRegex(ValueError, message):
                plan(a)
        for a in (x.astype(np.float64), x.astype('>f4'), x.view(np.int32), [[1.0]], None, 3):
            with self.assertRaises(TypeError):
                plan(a)
        with self.assertRaisesRegex(ninetap.ArgumentError, 'overlaps'):
            plan(x, x.reshape(-1)[:48].reshape(3, 4, 4))

        def skewed(a):
            copy = np.zeros(4 * a.size + 1, np.uint8)[1:].view(np.float32).reshape(a.shape)
            copy[:] = a
            return copy
        np.testing.assert_array_equal(plan(skewed(x)), expected)
        np.testing.assert_array_equal(ninetap.conv3x3(skewed(x), skewed(w)), expected)
        with self.assertRaisesRegex(ValueError, 'out is not aligned'):
            plan(x, skewed(expected))

    def test_no_images_are_no_work(self):
        self.assertEqual(ninetap.conv3x3(draw(0, 2, 6, 6), draw(3, 2, 3, 3)).shape, (0, 3, 4, 4))

    def test_the_end_of_a_plan(self):
        x, w = draw(1, 4, 4), draw(1, 1, 3, 3)
        with ninetap.Conv3x3(x.shape, w) as plan:
            plan(x)
        for use in (lambda: plan(x), lambda: plan.info):
            with self.assertRaisesRegex(ValueError, 'freed'):
                use()
        plan.free()

    def test_freed_while_others_run_it(self):
        x, w = draw(16, 64, 64), draw(16, 16, 3, 3)
        expected = ninetap.conv3x3(x, w, threads=1)
        for _ in range(10):
            plan = ninetap.Conv3x3(x.shape, w, threads=1)
            results, begun = [], threading.Event()

            def run(plan=plan, results=results, begun=begun):
                while True:
                    try:
                        results.append(plan(x))
                    except ValueError:
                        return
                    begun.set()

            others = [threading.Thread(target=run) for _ in range(2)]
            for t in others:
                t.start()
            begun.wait()
            plan.free()
            for t in others:
                t.join()
            for y in results:
                np.testing.assert_array_equal(y, expected)

    def test_a_plan_stays_in_its_process(self):
        import copy
        import pickle
        plan = ninetap.Conv3x3((1, 4, 4), draw(1, 1, 3, 3))
        for use in (copy.copy, copy.deepcopy, pickle.dumps):
            with self.assertRaisesRegex(TypeError, 'pickled'):
                use(plan)

    def test_info(self):
        info = ninetap.Conv3x3((1, 2, 8, 8), draw(4, 2, 3, 3), isa='scalar').info
        self.assertEqual((info.algorithm, info.isa), ('direct', 'scalar'))
        self.assertEqual(info.macs, 6 * 6 * 4 * 2 * 9)
        self.assertGreater(info.error_bound, 0)


class Errors(unittest.TestCase):
    def test_messages(self):
        x, w = draw(2, 6, 6), draw(3, 2, 3, 3)
        for message, options in (
            ('padding is', dict(padding='full')),
            ('padding is', dict(padding=(1, 2, 3))),
            ('padding is -1', dict(padding=-1)),
            ('bad argument', dict(padding=3)),
            ('padding is 4294967296', dict(padding=2**32)),
            ("needs stride 1", dict(padding='same', stride=2)),
            ('stride is 0', dict(stride=0)),
            ('stride is 4294967297', dict(stride=2**32 + 1)),
            ('dilation is 0', dict(dilation=0)),
            ('groups is 0', dict(groups=0)),
            ("layout is 'CHWN'", dict(layout='CHWN')),
            ("weights_layout is 'IOHW'", dict(weights_layout='IOHW')),
            ("border .* is 'wrap'", dict(border='wrap')),
            ("activation is 'gelu'", dict(activation='gelu')),
            ("takes 2 numbers", dict(activation='clamp')),
            ("takes 0 numbers", dict(activation=('relu', 1))),
            ("pool is 'avg'", dict(pool='avg')),
            ("algorithm is 'fft'", dict(algorithm='fft')),
            ("precision is 'half'", dict(precision='half')),
            ('threads is -1', dict(threads=-1)),
            ('w has the shape', dict(groups=2)),
            ('out has the shape', dict(out=draw(3, 4, 5))),
            ('residual has the shape', dict(residual=draw(3, 4, 5))),
        ):
            with self.subTest(options), self.assertRaisesRegex(ValueError, message):
                ninetap.conv3x3(x, w, **options)
        with self.assertRaisesRegex(ValueError, r'w has the shape \(3, 2, 5, 5\), not \(any, 2'):
            ninetap.conv3x3(x, draw(3, 2, 5, 5))
        with self.assertRaisesRegex(ValueError, r'b has the shape \(2,\), not \(3\)'):
            ninetap.conv3x3(x, w, draw(2))
        with self.assertRaisesRegex(ValueError, '3 or 4 axes'):
            ninetap.conv3x3(x[0], w)
        with self.assertRaisesRegex(ValueError, 'bad shape'):
            ninetap.conv3x3(x[:, :2], w)
        with self.assertRaisesRegex(TypeError, r'w is float64, not float32: w.astype'):
            ninetap.conv3x3(x, w.astype(float))
        with self.assertRaises(TypeError):
            ninetap.conv3x3(x, w, stride=1.5)
        with self.assertRaises(ninetap.UnsupportedError):
            ninetap.conv3x3(x, w, isa='mmx')
        with self.assertRaises(OverflowError):
            ninetap.Conv3x3((2**40, 2, 2**31, 2**31), w)


if __name__ == '__main__':
    unittest.main()
