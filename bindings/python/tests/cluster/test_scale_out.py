"""examples/scale_out.py: chunks on worker processes, one of which dies, have the bits of the
whole."""
import os
import signal
import sys
import tempfile
import time
import unittest

import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster, wait

import ninetap

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', 'examples'))
import scale_out  # noqa: E402


def whole_network(picture, rng):
    maps = (picture.astype(np.float32) / np.float32(255))[None]
    for channels in (4, 8):
        w = rng.standard_normal((channels, len(maps), 3, 3), np.float32) / np.float32(3)
        maps = ninetap.conv3x3(maps, w, rng.standard_normal(channels, np.float32), padding=1,
                               activation='relu', pool='max', precision='exact')
    return maps


class Chunks(unittest.TestCase):
    def test_filters(self):
        rng = np.random.default_rng(1)
        for shape, chunks in (((40, 50), (13, 20)), ((33, 20, 3), (8, 7, 3))):
            picture = rng.integers(0, 255, shape, np.uint8)
            for options in ({'border': 'zero'}, {'border': 'reflect101', 'dtype': np.int16}):
                result = scale_out.filtered(da.from_array(picture, chunks), **options)
                expected = ninetap.filter3x3(picture, scale_out.SHARPEN, **options)
                self.assertEqual(result.dtype, expected.dtype)
                np.testing.assert_array_equal(result.compute(scheduler='synchronous'), expected)
        with self.assertRaisesRegex(ValueError, 'even'):
            scale_out.layer(da.zeros((1, 6, 6), np.float32, chunks=3), np.zeros((1, 1, 3, 3)))

    def test_on_two_processes_of_which_one_dies(self):
        def slow(block):
            time.sleep(0.1)
            return block

        with tempfile.TemporaryDirectory() as folder, \
                LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster, \
                Client(cluster) as client:
            at = os.path.join(folder, 'picture.npy')
            scale_out.write(scale_out.draw(256, 64), at)
            picture = np.load(at)
            self.assertGreater(picture.std(), 50)
            chunks = scale_out.read(at, 64).map_blocks(slow, dtype=np.uint8)
            results = client.compute([scale_out.filtered(chunks),
                                      scale_out.network(chunks, np.random.default_rng(1))])
            pids = list(client.run(os.getpid).values())
            time.sleep(0.3)
            self.assertFalse(any(result.done() for result in results))
            os.kill(pids[0], signal.SIGKILL)
            wait(results, timeout=60)
            sharp, maps = client.gather(results)
            np.testing.assert_array_equal(sharp, ninetap.filter3x3(picture, scale_out.SHARPEN))
            np.testing.assert_array_equal(maps, whole_network(picture, np.random.default_rng(1)))


if __name__ == '__main__':
    unittest.main()
