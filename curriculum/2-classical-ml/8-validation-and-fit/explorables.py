"""The same study done over and over: how much the fitted curve depends on the sample it happened to get."""

from functools import lru_cache

import numpy as np

from gradus.roadmap.explorables import Explored, Slider, panels

SAMPLES, SHOWN = 300, 30
DEGREES = np.arange(13)
GRID = np.linspace(-1, 1, 101)


def truth(x):
    return np.sin(3 * x) + 0.4 * x


def bias_variance(
    degree: Slider(0, 12, 1, "degree of the polynomial") = 1,
    n: Slider(14, 80, 2, "points in a sample") = 20,
    noise: Slider(0.1, 1.0, 0.1, "noise (deviation)") = 0.5,
    sample: Slider(1, 30, 1, "which sample") = 1,
) -> Explored:
    """Polynomials fitted to thirty samples of the same truth, their mean, and the average error for each degree.

    Predict: Each sample brings new noise. From degree 1 to degree 12, what happens to the curves of different samples?
    - They lie closer together, since each fits its points better
    - * They lie further apart, though their mean comes closer to the truth
    - They lie further apart, and their mean gets worse, too
    """
    x, samples, curves = study(n, noise, degree)
    bias, variance = errors(n, noise)
    figure, (plot, curve) = panels("Thirty samples, thirty fits", "Average error by degree", shares=(1.35, 1))
    plot.plot(GRID, curves[:SHOWN].T, color="C0", linewidth=0.6, alpha=0.35)
    plot.plot(GRID, truth(GRID), color="C6", linestyle="--", linewidth=1.6)
    plot.plot(GRID, curves.mean(axis=0), color="C1", linewidth=2.2)
    plot.plot(GRID, curves[sample - 1], color="C0", linewidth=1.8)
    plot.plot(x, samples[sample - 1], "o", color="C0", markersize=4.5)
    plot.set(xlabel="x", ylabel="y", xlim=(-1, 1), ylim=(-2.6, 2.6), xticks=(-1, 0, 1), yticks=(-2, 0, 2))
    plot.text(-0.96, 2.2, "dashed: the truth", fontsize=9)
    plot.text(-0.96, 1.85, "orange: mean of all fits", color="C1", fontsize=9)

    total = bias + variance
    top = max(1.2 * total.min(), 0.9)
    for values, color, line in ((bias, "C2", ".-"), (variance, "C3", ".-"), (total, "C6", ":")):
        curve.plot(DEGREES, np.minimum(values, 2 * top), line, color=color, linewidth=1.5)
        curve.plot(degree, min(values[degree], top), "o", color=color, markersize=9, clip_on=False)
    for line, (name, color) in enumerate((("bias²", "C2"), ("variance", "C3"), ("sum, dotted", "C6"))):
        curve.text(4.5, (0.96 - 0.09 * line) * top, name, color=color, va="top", fontsize=10)
    curve.set(xlabel="degree", ylabel="squared error", xlim=(-0.4, 12.4), ylim=(0, top), xticks=(0, 3, 6, 9, 12))
    best = int(total.argmin())
    caption = (
        f"Degree {degree}: bias² {bias[degree]:.3f} + variance {variance[degree]:.3f} = {total[degree]:.3f}, averaged "
        f"over x and {SAMPLES} samples; the noise itself, {noise**2:.2f}, comes on top. "
        f"The sum is smallest at degree {best}."
    )
    return Explored(figure, {"degree": DEGREES, "bias²": bias, "variance": variance, "sum": total}, caption)


@lru_cache(maxsize=64)
def drawn(n, noise):
    """The places of the points, (n,), and the values that each sample has there, (SAMPLES, n)."""
    x = np.linspace(-1, 1, n)
    return x, truth(x) + noise * np.random.default_rng(0).normal(size=(SAMPLES, n))


@lru_cache(maxsize=256)
def study(n, noise, degree):
    """The points, and the curve fitted to each sample, (SAMPLES, len(GRID)). Least squares is linear in the values."""
    x, samples = drawn(n, noise)
    basis = np.polynomial.legendre.legvander
    weights = np.linalg.pinv(basis(x, degree)) if n > degree else 0
    return x, samples, samples @ (basis(GRID, degree) @ weights).T


@lru_cache(maxsize=64)
def errors(n, noise):
    """Squared bias and variance for each degree, averaged over the grid."""
    fits = [study(n, noise, int(degree))[2] for degree in DEGREES]
    bias = np.array([((fit.mean(axis=0) - truth(GRID)) ** 2).mean() for fit in fits])
    return bias, np.array([fit.var(axis=0).mean() for fit in fits])
