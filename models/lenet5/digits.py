"""Drawn digits: our own stroke templates, bent, thickened, smudged and rendered to 28x28 pixels.

A template is a list of strokes, a stroke a list of control points in the unit square (x right, y down),
joined by a Catmull-Rom curve; a point repeated makes a corner. Every digit has several ways to write it."""
import numpy as np

SIZE = 28
POINTS = 96          # curve samples per image
LEVELS = 16          # pixels are k/16: exact in float32, small once deflated


def _arc(cx, cy, rx, ry, start, stop, n=9):
    """Ellipse arc in degrees, 0 to the right, 90 down."""
    t = np.deg2rad(np.linspace(start, stop, n))
    return [(cx + rx * np.cos(a), cy + ry * np.sin(a)) for a in t]


def _corner(*points):
    """A polyline: doubled points stop the curve from rounding the corners."""
    return [p for point in points for p in (point, point)]


TEMPLATES = {
    0: [[_arc(.5, .5, .27, .40, -100, 270)], [_arc(.5, .5, .22, .38, -60, 300)],
        [_arc(.5, .52, .30, .34, -90, 250)]],
    1: [[_corner((.5, .1), (.5, .9))], [_corner((.34, .28), (.54, .1), (.52, .9))],
        [_corner((.36, .26), (.52, .1), (.52, .9)), _corner((.32, .9), (.70, .9))],
        [_corner((.58, .1), (.44, .9))]],
    2: [[_arc(.5, .32, .24, .22, -170, 30) + _corner((.26, .9), (.78, .88))],
        [_arc(.48, .32, .25, .22, -160, 40) + [(.40, .72), (.24, .86), (.34, .78), (.5, .86), (.8, .9)]],
        [[(.28, .26), (.5, .1), (.72, .26), (.62, .5), (.36, .72), (.26, .88), (.26, .88), (.76, .9)]]],
    3: [[_arc(.47, .30, .24, .20, -160, 80, 7) + _arc(.47, .70, .27, .21, -80, 150, 8)],
        [_corner((.26, .12), (.72, .12), (.46, .42)) + _arc(.47, .67, .26, .24, -90, 150, 8)],
        [_arc(.46, .30, .22, .19, -140, 100, 7) + _arc(.48, .69, .24, .21, -110, 140, 8)]],
    4: [[_corner((.34, .12), (.24, .58), (.80, .58)), _corner((.64, .32), (.60, .92))],
        [_corner((.62, .92), (.62, .1), (.2, .62), (.82, .62))],
        [[(.3, .14), (.26, .36), (.36, .52), (.62, .48)], _corner((.70, .14), (.62, .92))]],
    5: [[_corner((.74, .12), (.34, .12), (.30, .46)) + _arc(.48, .66, .26, .23, -110, 150, 8)],
        [_corner((.36, .14), (.32, .46)) + _arc(.47, .66, .25, .23, -100, 145, 8),
         _corner((.36, .14), (.76, .12))],
        [[(.76, .14), (.46, .16), (.36, .28), (.42, .46), (.64, .56), (.68, .74), (.5, .88), (.26, .82)]]],
    6: [[[(.66, .1), (.44, .26), (.31, .5)] + _arc(.5, .68, .21, .21, 180, -180, 10)],
        [[(.72, .16), (.5, .14), (.34, .34), (.28, .62)] + _arc(.49, .69, .21, .19, 160, -190, 10)],
        [_corner((.44, .1), (.3, .66))[:-1] + _arc(.49, .70, .19, .19, 180, -200, 10)]],
    7: [[_corner((.24, .14), (.76, .14), (.42, .9))],
        [_corner((.24, .16), (.76, .12), (.46, .9)), _corner((.36, .52), (.70, .48))],
        [[(.22, .22), (.24, .12), (.5, .16), (.78, .12), (.78, .12), (.58, .46), (.5, .9)]]],
    8: [[[(.66, .22), (.5, .1), (.34, .24), (.44, .44), (.66, .64), (.62, .86), (.44, .9), (.3, .76),
          (.42, .54), (.62, .38), (.68, .24), (.6, .13)]],
        [_arc(.5, .29, .19, .18, 90, 450, 9), _arc(.5, .69, .24, .22, -90, 270, 10)],
        [_arc(.52, .28, .18, .17, 60, 400, 8) + _arc(.48, .70, .22, .20, -60, 290, 9)]],
    9: [[_arc(.5, .32, .21, .21, 0, -350, 10) + [(.70, .36), (.66, .64), (.58, .9)]],
        [_arc(.48, .31, .20, .20, -20, -330, 9) + _corner((.70, .2), (.68, .9))[1:]],
        [_arc(.5, .32, .22, .20, 10, -340, 9) + [(.72, .4), (.68, .72), (.52, .9), (.3, .82)]]],
}


def _curve(control, n):
    """Catmull-Rom through `control`, n samples evenly spread over the segments."""
    p = np.asarray(control, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    u = np.linspace(0, len(p) - 3 - 1e-9, n)
    i = u.astype(int)
    t = (u - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return .5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3)


def _bend(points, rng, strength):
    """A smooth random displacement field: three low sine waves for each axis."""
    moved = points.copy()
    for axis in range(2):
        for _ in range(3):
            k = rng.normal(0, 4.0, 2)
            moved[:, axis] += strength * rng.normal() * np.sin(points @ k + rng.uniform(0, 2 * np.pi))
    return moved


def _affine(points, rng):
    angle, shear = rng.normal(0, .17), rng.normal(0, .20)
    scale = np.exp(rng.normal(-.05, .12)) * np.exp(rng.normal(0, .12, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slant = np.array([[1, -shear], [0, 1]])
    return (points - .5) @ (turn @ slant @ np.diag(scale)).T + .5 + rng.normal(0, .035, 2)


def _strokes(digit, rng):
    template = TEMPLATES[digit][rng.integers(len(TEMPLATES[digit]))]
    lengths = np.array([len(s) for s in template], float)
    shares = np.maximum(12, (POINTS * lengths / lengths.sum()).astype(int))
    shares[0] += POINTS - shares.sum()
    parts = []
    for stroke, n in zip(template, shares):
        control = np.asarray(stroke) + rng.normal(0, .022, (len(stroke), 2))
        parts.append(_curve(control, n))
    return np.concatenate(parts)


def draw(digit, rng):
    """One image [28,28] float32 in {0, 1/16, ..., 1}."""
    points = _affine(_bend(_strokes(digit, rng), rng, .028), rng) * 20 + 4
    grid = np.arange(SIZE) + .5
    dx = grid[None, :] - points[:, 0, None]
    dy = grid[None, :] - points[:, 1, None]
    squared = dy[:, :, None] ** 2 + dx[:, None, :] ** 2
    # Pen pressure changes along the stroke.
    radius = np.exp(rng.normal(.10, .32)) * (1 + .25 * np.sin(np.linspace(0, rng.uniform(2, 9), POINTS) + rng.uniform(0, 6)))
    edge = np.maximum(radius[:, None, None], .45) - np.sqrt(squared)
    ink = 1 / (1 + np.exp(-3.2 * np.clip(edge, -6, 6).max(0)))
    ink *= rng.uniform(.65, 1.05)
    if rng.random() < .25:      # a worn spot: part of the stroke is faint
        x, y = rng.uniform(6, 22, 2)
        ink *= 1 - .8 * np.exp(-((grid[None] - x) ** 2 + (grid[:, None] - y) ** 2) / (2 * rng.uniform(1.2, 2.6) ** 2))
    if rng.random() < .20:      # a stray scratch
        (x, y), a, reach = rng.uniform(3, 25, 2), rng.uniform(0, np.pi), rng.uniform(2, 6)
        along = (grid[None] - x) * np.cos(a) + (grid[:, None] - y) * np.sin(a)
        across = -(grid[None] - x) * np.sin(a) + (grid[:, None] - y) * np.cos(a)
        ink = np.maximum(ink, .8 * np.exp(-across ** 2 / .8) * (np.abs(along) < reach))
    speckle = rng.random((SIZE, SIZE)) < .03
    ink = np.where(speckle, rng.uniform(.1, .9, (SIZE, SIZE)), ink)
    image = np.round(np.clip(ink, 0, 1) * LEVELS) / LEVELS
    return np.where(image < 2 / LEVELS, 0, image).astype(np.float32)


def dataset(count, seed):
    """images [count,1,28,28] float32, labels [count] int64; classes balanced, order shuffled."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 10).astype(np.int64)
    images = np.stack([draw(int(d), rng) for d in labels])
    return images[:, None], labels
