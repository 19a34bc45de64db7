#!/usr/bin/env python3
"""What a convolutional network does with a picture, drawn step by step: filters, ReLU, pooling, and
two such layers with a dense one behind them.

usage: lesson.py [IMAGE] [--output FOLDER]

Writes lesson_filters.png and lesson_network.png. IMAGE: anything that matplotlib reads; without it
a doodle is drawn. The cells marked %% run one by one in editors that know them."""
# %% Load a picture: grey, as floats from 0 to 1
import argparse
import pathlib

import matplotlib
import numpy as np

import ninetap

matplotlib.use('Agg')
import matplotlib.pyplot as plt  # noqa: E402

FILTERS = {
    'sharpen': [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    'blur': np.ones((3, 3)) / 9,
    'Sobel x': [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    'Sobel y': [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    'outline': [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
}
CLASSES = ('cat', 'rainbow', 'train')


def doodle(side=28):
    """A smiling face, in ink of 1 on paper of 0."""
    y, x = np.mgrid[0.5:side, 0.5:side] * 28 / side - 14
    strokes = [abs(np.hypot(x, y) - 11), np.hypot(abs(x) - 4, y + 4) - 0.8,
               abs(np.hypot(x, y) - 6.5) + np.maximum(3 - y, 0)]
    return np.clip(1.5 - np.min(strokes, axis=0), 0, 1).astype(np.float32)


def load(path):
    """A picture as grey floats; transparent parts are black."""
    pixels = plt.imread(path)
    pixels = pixels / np.float32(255) if pixels.dtype == np.uint8 else pixels.astype(np.float32)
    if pixels.ndim == 3:
        pixels = pixels[..., :3].mean(-1) * (pixels[..., 3] if pixels.shape[2] == 4 else 1)
    return np.ascontiguousarray(pixels, np.float32)


# %% A filter, the ReLU and the pooling, one after another
def draw_filters(picture):
    """A row for each filter: its nine numbers, and the picture after each step."""
    figure, rows = plt.subplots(len(FILTERS), 5, figsize=(11, 2.2 * len(FILTERS)))
    for (name, kernel), axes in zip(FILTERS.items(), rows):
        filtered = ninetap.filter3x3(picture, kernel, border='replicate')
        positive = np.maximum(filtered, 0)
        pooled = ninetap.max_pool2x2(positive)
        limit = abs(filtered).max() or 1
        show(axes[0], np.float32(kernel), name, 'RdBu', 8)
        for (row, column), number in np.ndenumerate(np.float32(kernel)):
            axes[0].text(column, row, f'{number:.2g}', ha='center', va='center',
                         color='white' if number > 6 else 'black')
        show(axes[1], picture, shape(picture), 'gray', 1)
        show(axes[2], filtered, 'filtered', 'RdBu', limit)
        show(axes[3], positive, 'ReLU', 'gray', limit)
        show(axes[4], pooled, f'2x2 maxima: {shape(pooled)}', 'gray', limit)
    return figure


def show(axes, image, title, colours, limit):
    """One picture. White is 0 where colours have two signs."""
    axes.imshow(image, cmap=colours, vmin=-limit if colours == 'RdBu' else 0, vmax=limit)
    axes.set_title(title, fontsize=9)
    axes.axis('off')


def shape(a):
    return 'x'.join(map(str, a.shape))


# %% The network: each layer is one call, which filters, clips and pools
def network(picture, rng):
    """Two layers of random filters, a dense one and softmax: an untrained network's opinion."""
    x = picture[None]
    maps = [x]
    for channels in (8, 16):
        w = rng.standard_normal((channels, len(x), 3, 3), np.float32) / np.float32(3 * len(x)**0.5)
        with ninetap.Conv3x3(x.shape, w, padding='same', activation='relu', pool='max') as layer:
            x = layer(x)
        maps.append(x)
    w = rng.standard_normal((len(CLASSES), x.size), np.float32) / np.float32(x.size**0.5)
    return maps, ninetap.softmax(ninetap.dense(x.reshape(-1), w))


def draw_network(maps, probabilities):
    """All maps of all layers, and the probabilities."""
    columns = max(len(m) for m in maps)
    figure, rows = plt.subplots(len(maps) + 1, columns, figsize=(columns, len(maps) + 2.5))
    for axes, m in zip(rows, maps):
        for i, axis in enumerate(axes):
            axis.axis('off')
            if i < len(m):
                show(axis, m[i], shape(m) if i == 0 else '', 'gray', m.max() or 1)
    for axis in rows[-1]:
        axis.remove()
    bars = figure.add_subplot(len(maps) + 1, 1, len(maps) + 1)
    bars.barh(CLASSES, probabilities, color='black')
    bars.set_xlim(0, 1)
    bars.set_title('probabilities', fontsize=9)
    return figure


# %% All of it
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('image', nargs='?')
    parser.add_argument('--output', type=pathlib.Path, default=pathlib.Path('.'))
    options = parser.parse_args()
    picture = load(options.image) if options.image else doodle()
    options.output.mkdir(parents=True, exist_ok=True)
    draw_filters(picture).savefig(options.output / 'lesson_filters.png', dpi=100)
    maps, probabilities = network(picture, np.random.default_rng(1))
    draw_network(maps, probabilities).savefig(options.output / 'lesson_network.png', dpi=100)
    print(' -> '.join(map(shape, maps)), '->', len(probabilities))
    for name, p in zip(CLASSES, probabilities):
        print(f'{name:8} {p:.3f}')


if __name__ == '__main__':
    main()
