"""gd(grad, x0, lr, n): the path of gradient descent, start included, all coordinates at once."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def a_start(grad, x0, lr, n):
    return x0.ndim == 1 and len(x0) >= 1 and n >= 1


def _bowl(rng, d):
    """The gradient of a tilted bowl: each entry depends on every coordinate. Returns it with its largest curvature."""
    mixing = rng.uniform(0.5, 1.0, size=(d, d))
    curvature = np.eye(d) + mixing @ mixing.T  # symmetric, eigenvalues from 1 up
    bottom = rng.uniform(-1, 1, size=d)

    def gradient_of_bowl(x):
        return curvature @ (x - bottom)

    return gradient_of_bowl, float(np.linalg.eigvalsh(curvature)[-1])


@cases
def bowls(rng):
    for n in (1, 2, int(rng.integers(3, 9))):
        d = int(rng.integers(2, 4))
        grad, steepest = _bowl(rng, d)
        yield grad, rng.uniform(2, 4, size=d), float(rng.uniform(0.3, 0.9) / steepest), n


def _path(x0, n, step):
    path = [np.array(x0, dtype=float)]
    for _ in range(n):
        path.append(step(path[-1]))
    return np.array(path)


@misconception
def uphill(grad, x0, lr, n):
    """The path climbs.

    The gradient points where the function grows fastest. To go down, go against it: the sign is part of the method,
    and with a plus the loss grows faster and faster until it overflows."""
    return _path(x0, n, lambda x: x + lr * grad(x))


@misconception
def one_coordinate_after_another(grad, x0, lr, n):
    """The second coordinate was updated with a gradient at a point that had moved already.

    Updating the coordinates in turn, in the same array, mixes gradients of different points within a step. That is
    another method, coordinate descent. In gradient descent one gradient, at one point, moves all coordinates."""

    def step(x):
        x = x.copy()
        for i in range(len(x)):
            x[i] -= lr * grad(x)[i]
        return x

    return _path(x0, n, step)


@misconception
def gradient_of_the_start(grad, x0, lr, n):
    """Every step is the same: the gradient is that of the start.

    A gradient holds at one point. After a step the slope has changed, and it has to be asked for again."""
    x0 = np.array(x0, dtype=float)
    return _path(x0, n, lambda x: x - lr * grad(x0))


@misconception
def start_missing(grad, x0, lr, n):
    """The path has one point too few: the start is missing.

    Between `n + 1` points lie `n` steps, as between fence posts. The start is a point of the path."""
    return _path(x0, n, lambda x: x - lr * grad(x))[1:]


@misconception
def only_the_end(grad, x0, lr, n):
    """You return where the descent ended, not the way there.

    The end alone does not show whether the steps shrank, swung from side to side or were about to diverge. Keep each
    point."""
    return _path(x0, n, lambda x: x - lr * grad(x))[-1]


@misconception
def one_array_many_times(grad, x0, lr, n):
    """All points of the path are the same: the last one.

    A list keeps references. If every step changes the same array in place (`x -= …`), the list holds that one array
    `n + 1` times, and all its entries show the latest values."""
    path = _path(x0, n, lambda x: x - lr * grad(x))
    return np.repeat(path[-1:], n + 1, axis=0)


@misconception
def unit_steps(grad, x0, lr, n):
    """Every step has the same length.

    You divided the gradient by its norm. Then the steps do not get smaller near the bottom, and the path hops across
    it for ever. The gradient's own length is what slows the descent down."""

    def step(x):
        slope = grad(x)
        return x - lr * slope / np.linalg.norm(slope)

    return _path(x0, n, step)


@behaviour("a start in whole numbers gives a path in decimals")
def float_path(student, rng):
    """An integer array stays one when something is stored in it, and cuts the decimals off: the descent then jumps
    between whole numbers, or stops. Without any step, the path is the start alone, in floating point."""
    grad, steepest = _bowl(rng, 2)
    start = rng.integers(3, 9, size=2)
    for n in (0, 3):
        expected = _path(start, n, lambda x: x - 0.5 / steepest * grad(x))
        actual = np.asarray(student.gd(grad, start, 0.5 / steepest, n))
        if actual.shape != expected.shape or actual.dtype.kind != "f" or not np.allclose(actual, expected, rtol=1e-4):
            headline = f"From a start of ints, {n} steps give another path."
            fail(headline, case=(start, n), expected=expected, actual=actual)


@behaviour("settles at the bottom of a bowl if lr is below 2 / L, and runs away above it")
def settles_below_two_over_curvature(student, rng):
    """On a bowl whose largest curvature is `L`, a step multiplies the distance to the bottom, along the steepest
    direction, by `1 - lr * L`. That shrinks it exactly as long as `lr` is between 0 and `2 / L`. No guard, cap or
    rounding should change that: a divergence is information."""
    grad, steepest = _bowl(rng, 2)
    start = rng.uniform(2, 4, size=2)
    slope_at = {"start": np.linalg.norm(grad(start))}
    for factor in (1.8, 2.3):
        path = np.asarray(student.gd(grad, start, factor / steepest, 60))
        if path.shape != (61, 2):
            fail("A path of 60 steps does not have 61 points.", expected=(61, 2), actual=path.shape)
        slope_at[factor] = np.linalg.norm(grad(path[-1]))
    if not slope_at[1.8] < 0.01 * slope_at["start"]:
        fail("With lr = 1.8 / L the descent does not settle.", expected="a slope near 0", actual=slope_at[1.8])
    if not slope_at[2.3] > 100 * slope_at["start"]:
        fail("With lr = 2.3 / L the descent does not run away.", expected="a growing slope", actual=slope_at[2.3])
