"""The same from Python: a line for each filter, with a checksum of its bytes."""

import zlib

import cv2
import numpy as np

cv2.setNumThreads(1)
random = np.random.default_rng(1)
edge = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], np.float32)


def report(name, result):
    print(f"{name:44} {zlib.crc32(np.ascontiguousarray(result)):08x}")


for shape in (480, 640), (480, 640, 3), (99, 101, 4), (3, 4):
    picture = random.integers(0, 256, shape, np.uint8)
    name = "x".join(map(str, shape))
    report(f"{name} filter2D", cv2.filter2D(picture, -1, edge))
    report(f"{name} filter2D, 16 bits", cv2.filter2D(picture, cv2.CV_16S, edge))
    report(f"{name} Sobel", cv2.Sobel(picture, cv2.CV_16S, 1, 0))
    report(f"{name} Scharr", cv2.Scharr(picture, cv2.CV_16S, 0, 1))
    report(f"{name} Laplacian", cv2.Laplacian(picture, cv2.CV_8U, ksize=3))
    report(f"{name} GaussianBlur", cv2.GaussianBlur(picture, (3, 3), 0))
    report(f"{name} a part", cv2.filter2D(picture[1:-1, 1:-1], -1, edge))
