"""What sparse outliers and block scales would be worth beside row and column scales, in bits per weight.

Usage: python3 benchmarks/outliers_and_blocks.py MODELS

For every float matrix of 8,192 elements or more of every .onnx file in MODELS, after scales of rows and columns that make all root mean squares 1:
outliers: the most that half the logarithm of the energy left, less 24 bits for every element taken out, gains over shares of 0.05% to 5%;
blocks: half the logarithm of the arithmetic over the geometric mean of the energies of blocks of 32, 64 and 128 inputs, less 8 bits for every block.
Weights that gain nothing count as 0.
"""
import glob
import os
import sys

import numpy as np
import onnx
from onnx import numpy_helper

SHARES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
BLOCKS = (32, 64, 128)
ROUNDS = 8
TINY = 1e-30


def normalised(w):
    rows, columns = np.ones(w.shape[0]), np.ones(w.shape[1])
    for _ in range(ROUNDS):
        rows *= np.sqrt((w / rows[:, None] / columns) ** 2 @ np.ones(w.shape[1]) / w.shape[1]) + TINY
        columns *= np.sqrt(np.ones(w.shape[0]) @ (w / rows[:, None] / columns) ** 2 / w.shape[0]) + TINY
    return w / rows[:, None] / columns


def outlier_gain(x):
    energy = np.sort((x * x).ravel())[::-1]
    left = np.maximum(1 - np.cumsum(energy) / energy.sum(), TINY)
    return max(0.0, *(-0.5 * np.log2(left[max(1, int(p * x.size)) - 1]) - 24 * p for p in SHARES))


def block_gain(x, block):
    rows = x.shape[0] // block * block
    if rows == 0:
        return 0.0
    energy = (x[:rows] ** 2).reshape(rows // block, block, -1).mean(1) + 1e-12
    return max(0.0, 0.5 * np.log2(energy.mean() / np.exp(np.log(energy).mean())) - 8 / block)


print("| model | weights | outliers | " + " | ".join(f"blocks of {b}" for b in BLOCKS) + " |\n|---|---|---|" + "---|" * len(BLOCKS))
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.onnx"))):
    total, gains = 0, np.zeros(1 + len(BLOCKS))
    for initializer in onnx.load(path).graph.initializer:
        w = numpy_helper.to_array(initializer)
        if w.ndim == 2 and w.size >= 8192 and w.dtype.kind == "f" and np.any(w):
            x = normalised(w.astype(np.float64))
            total += w.size
            gains += w.size * np.array([outlier_gain(x), *(block_gain(x, block) for block in BLOCKS)])
    if total:
        print(f"| {os.path.basename(path)[:-5]} | {total} | " + " | ".join(f"{gain / total:.3f}" for gain in gains) + " |")
