#!/usr/bin/env python3
"""A picture that is larger than memory, in chunks, on as many processes or machines as there are.

usage: scale_out.py [--size N] [--chunk N] [--workers N] [--scheduler ADDRESS] [--folder FOLDER]

Draws a picture of N x N bytes into FOLDER, which all workers see, sharpens it, and runs two layers
of a network over it. Each chunk is read, computed and written by one worker. The bits are those of the
whole picture at once, and of a run in which workers died. Without ADDRESS, of a scheduler of
dask.distributed, worker processes are started here."""
import argparse
import contextlib
import os
import tempfile
import time

import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster

import ninetap

SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


# ---- Operations on dask arrays. threads=1: a worker's other threads have other chunks ----

def filtered(picture, kernel=SHARPEN, **options):
    """filter3x3 of a picture of (h, w) or (h, w, channels). A chunk gets a pixel of its neighbours;
    what lies outside is filter3x3's border."""
    def work(block):
        return ninetap.filter3x3(block, kernel, threads=1, **options)
    return da.map_overlap(work, picture, depth={0: 1, 1: 1}, boundary='none',
                          meta=np.empty((0,) * picture.ndim, options.get('dtype', picture.dtype)))


def layer(maps, w, b=None):
    """Convolution with a border of zeros, ReLU and 2x2 maxima of (c, h, w), whose chunks have all
    channels and even sides. precision='exact' is direct: where a chunk begins makes no difference,
    as it does to Winograd's tiles."""
    channels, *sides = maps.chunks
    if len(channels) > 1 or any(size % 2 for side in sides for size in side):
        raise ValueError(f'chunks have all channels and even sides, not {maps.chunks}')
    chunks = ((len(w),), *(tuple(size // 2 for size in side) for side in sides))

    def work(block):
        return ninetap.conv3x3(block, w, b, activation='relu', pool='max', precision='exact',
                               threads=1)
    return da.map_overlap(work, maps, depth={1: 1, 2: 1}, boundary=0, trim=False, chunks=chunks,
                          meta=np.empty((0, 0, 0), np.float32))


# ---- Pictures in files, of which a worker sees its chunk ----

def draw(size, chunk):
    """Rings."""
    def work(block_info):
        (top, bottom), (left, right) = block_info[None]['array-location']
        y, x = np.ogrid[top:bottom, left:right]
        r = np.hypot(y - size / 2, x - size / 2).astype(np.float32)
        return np.uint8(127 + 120 * np.sin(r / 9))
    chunks = da.core.normalize_chunks((chunk, chunk), (size, size))
    return da.map_blocks(work, chunks=chunks, meta=np.empty((0, 0), np.uint8))


def read(path, chunk):
    """An array of a .npy file, with chunks of this size on its last two axes."""
    like = np.load(path, mmap_mode='r')

    def work(block_info):
        place = tuple(slice(*span) for span in block_info[None]['array-location'])
        return np.array(np.load(path, mmap_mode='r')[place])
    chunks = da.core.normalize_chunks((*like.shape[:-2], chunk, chunk), like.shape)
    return da.map_blocks(work, chunks=chunks, meta=np.empty((0,) * like.ndim, like.dtype))


def write(array, path):
    """Writes an array to a .npy file. A chunk that is written twice is the same twice."""
    np.lib.format.open_memmap(path, 'w+', array.dtype, array.shape)

    def work(block, block_info):
        place = tuple(slice(*span) for span in block_info[0]['array-location'])
        np.load(path, mmap_mode='r+')[place] = block
        return np.zeros((1,) * block.ndim, np.uint8)
    done = array.map_blocks(work, chunks=[(1,) * n for n in array.numblocks],
                            meta=np.empty((0,) * array.ndim, np.uint8))
    done.sum().compute()


def network(picture, rng):
    """Two layers of random filters over a picture of bytes."""
    maps = (picture.astype(np.float32) / np.float32(255))[None]
    for channels in (4, 8):
        w = rng.standard_normal((channels, len(maps), 3, 3), np.float32) / np.float32(3)
        maps = layer(maps, w, rng.standard_normal(channels, np.float32))
    return maps


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--size', type=int, default=8192)
    parser.add_argument('--chunk', type=int, default=1024, help='a multiple of 4')
    parser.add_argument('--workers', type=int, default=os.cpu_count())
    parser.add_argument('--scheduler')
    parser.add_argument('--folder')
    options = parser.parse_args()
    with contextlib.ExitStack() as end:
        folder = options.folder or end.enter_context(tempfile.TemporaryDirectory())
        cluster = options.scheduler or end.enter_context(
            LocalCluster(options.workers, threads_per_worker=1, dashboard_address=None))
        end.enter_context(Client(cluster))
        at = {what: os.path.join(folder, what + '.npy') for what in ('picture', 'sharp', 'maps')}
        write(draw(options.size, options.chunk), at['picture'])
        picture = read(at['picture'], options.chunk)
        for what, result in (('sharp', filtered(picture)),
                             ('maps', network(picture, np.random.default_rng(1)))):
            start = time.perf_counter()
            write(result, at[what])
            print(f'{what}: {result.shape} of {result.npartitions} chunks in '
                  f'{time.perf_counter() - start:.2f} s')


if __name__ == '__main__':
    main()
