"""numgrad(f, x): central differences, one coordinate at a time, with a step that is neither too small nor too large."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid

FIVE_DIGITS = compare.close(rtol=1e-5, atol=1e-6)
H = 1e-5


@valid
def a_point(f, x):
    return x.ndim == 1 and len(x) >= 1


def _polynomial(rng, d):
    """A cubic polynomial of d inputs in which neighbors are mixed."""
    a, b, c, mixed = rng.uniform(0.5, 2.0, size=(4, d)) * rng.choice([-1.0, 1.0], size=(4, d))

    def polynomial(x):
        return float(a @ x**3 + b @ x**2 + c @ x + (mixed * x) @ np.roll(x, 1))

    return polynomial


def _valley(rng, center):
    """A steep valley with its bottom at `center`, on high ground; its axes lie askew."""
    d = len(center)
    tilt = rng.uniform(0.5, 0.9, size=(d, d))
    shape = 400 * (np.eye(d) + tilt @ tilt.T / d)

    def valley(x):
        return float(1000.0 + (x - center) @ shape @ (x - center))

    return valley


@cases(compare=FIVE_DIGITS)
def polynomials(rng):
    for d in (1, int(rng.integers(2, 5))):
        yield _polynomial(rng, d), rng.uniform(0.5, 2.0, size=d) * rng.choice([-1.0, 1.0], size=d)


@cases(compare=FIVE_DIGITS)
def valleys(rng):
    """Near the bottom of a valley the slope is gentle and the bend is strong: a one-sided step shows."""
    for d in (2, 3):
        center = rng.uniform(1, 2, size=d)
        yield _valley(rng, center), center + rng.uniform(0.5, 1.0, size=d) * 1e-3 * rng.choice([-1.0, 1.0])


def _partials(f, x, quotient):
    steps = np.eye(len(x))
    return np.array([quotient(f, x, step) for step in steps])


@misconception
def one_sided(f, x):
    """Where the function bends, your slope is that of a point beside `x`.

    A step to one side only measures the slope in the middle of that step. It is the definition from school, with `h`
    going to 0; but `h` cannot go to 0 on a computer. Stepping to both sides puts `x` into the middle, and the bend
    cancels."""
    return _partials(f, x, lambda f, x, e: (f(x + H * e) - f(x)) / H)


@misconception
def wrong_distance(f, x):
    """Every entry is twice what it should be.

    From `x - h` to `x + h` it is two steps of `h`, so the change has to be divided by both of them."""
    return _partials(f, x, lambda f, x, e: (f(x + H * e) - f(x - H * e)) / H)


@misconception
def step_drowned_by_rounding(f, x):
    """The answer is noise: the step is too small.

    A smaller `h` brings the quotient nearer to the derivative, on paper. A float keeps about 16 digits, so with `h =
    1e-12` the two values of `f` agree in nearly all of them, and what is left of their difference is mostly rounding.
    Dividing by `h` magnifies that rounding a trillion times."""
    h = 1e-12
    return _partials(f, x, lambda f, x, e: (f(x + h * e) - f(x - h * e)) / (2 * h))


@misconception
def all_inputs_at_once(f, x):
    """All inputs moved together, so you measured one slope, not one for each input.

    NumPy adds `h` to every entry of `x` at once. What comes out is the sum of the partial derivatives. A partial
    derivative moves one input and holds the others still."""
    return (f(x + H) - f(x - H)) / (2 * H)


@misconception
def step_never_undone(f, x):
    """The first entry is right, and the later ones are measured at another point.

    After an input was moved it has to come back before the next one is measured. Otherwise the steps add up, and each
    entry belongs to a point a little further away."""
    point, gradient = x.astype(float), np.zeros(len(x))
    for i in range(len(x)):
        point[i] += H
        up = f(point)
        point[i] -= 2 * H
        gradient[i] = (up - f(point)) / (2 * H)
    return gradient


@behaviour("steps equally far to both sides")
def step_to_both_sides(student, rng):
    """At the very bottom of a symmetric valley, a step to the left and a step to the right lead equally high, so the
    measured slope is 0, for every size of step. Yours is not: it looks to one side only, whichever `h` you chose."""
    steepness = float(rng.uniform(1e5, 1e6))

    def valley(x):
        return float(steepness * (x @ x))

    actual = student.numgrad(valley, np.zeros(2))
    if np.abs(actual).max() > 1e-4:
        fail("At the bottom of a symmetric valley your slope is not 0.", expected=np.zeros(2), actual=actual)


@behaviour("the step is large enough for rounding not to matter")
def step_not_too_small(student, rng):
    """On a straight slope any step is right on paper, so what is off here is rounding alone. The values of `f` are
    near 1000 and are known to about 13 decimals; a difference of two of them, divided by a tiny `h`, keeps hardly
    any. A smaller step is not a more exact one."""
    slope = rng.uniform(0.5, 1.5, size=3)

    def plane(x):
        return float(1000.0 + slope @ x)

    actual = student.numgrad(plane, rng.uniform(1, 2, size=3))
    if not np.allclose(actual, slope, rtol=1e-3, atol=0):
        fail("On a straight slope your answer is noisy.", expected=slope, actual=actual)


@behaviour("the step is small enough for the bend not to matter")
def step_not_too_large(student, rng):
    """The function bends within your step, so what you measure is the average slope of a stretch, not the slope at `x`.
    With steps to both sides the error shrinks with the square of `h`, so a moderately smaller step helps a lot."""
    rate = float(rng.uniform(20, 30))

    def wave(x):
        return float(np.sin(rate * x[0]))

    x = rng.uniform(-0.01, 0.01, size=1)
    actual, expected = student.numgrad(wave, x), rate * np.cos(rate * x)
    if not np.allclose(actual, expected, rtol=1e-3):
        fail("On a fast wave your slope is too gentle.", case=x, expected=expected, actual=actual)


@behaviour("holds for a point given in whole numbers")
def step_cut_off(student, rng):
    """A copy of an integer array is an integer array. Adding 0.00001 to one of its entries and storing the result cuts
    the decimals off, so a step to the right never happens, and one to the left is as long as 1."""
    x, slope = rng.integers(2, 6, size=3), rng.uniform(1, 2, size=3)

    def parabola(x):
        return float(slope @ x + (x @ x) / 4)

    actual, expected = student.numgrad(parabola, x), slope + x / 2
    if not np.allclose(actual, expected, rtol=1e-4):
        fail("Where `x` holds ints, the gradient is wrong.", case=x, expected=expected, actual=actual)
