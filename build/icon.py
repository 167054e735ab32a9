"""Draws icon.png, the icon of the packages: columns of different heights over what they become, a flat line.

    python3 build/icon.py
"""
import pathlib
import struct
import zlib

SIZE = 128
SAMPLES = 4
BACKGROUND, COLUMN, LINE = (22, 50, 79), (214, 228, 240), (242, 166, 90)
HEIGHTS = (18, 34, 52, 60, 46, 28, 14)


def in_rounded_square(x, y, left, top, right, bottom, radius):
    dx = max(left + radius - x, x - right + radius, 0)
    dy = max(top + radius - y, y - bottom + radius, 0)
    return left <= x <= right and top <= y <= bottom and dx * dx + dy * dy <= radius * radius


def colour(x, y):
    if not in_rounded_square(x, y, 0, 0, SIZE, SIZE, 22):
        return None
    if in_rounded_square(x, y, 17, 94, 111, 106, 6):
        return LINE
    for i, height in enumerate(HEIGHTS):
        left = 17 + 14 * i
        if in_rounded_square(x, y, left, 84 - height, left + 10, 84, 3):
            return COLUMN
    return BACKGROUND


def pixel(x, y):
    steps = [(i + 0.5) / SAMPLES for i in range(SAMPLES)]
    found = [c for dy in steps for dx in steps if (c := colour(x + dx, y + dy)) is not None]
    if not found:
        return bytes(4)
    return bytes(sum(c[i] for c in found) // len(found) for i in range(3)) + bytes([255 * len(found) // SAMPLES**2])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(SIZE)) for y in range(SIZE))
pathlib.Path(__file__).with_name("icon.png").write_bytes(
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(rows, 9))
    + chunk(b"IEND", b"")
)
