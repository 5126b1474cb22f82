"""psi(reference, current, bins): quantile bins of the reference, open ends, no share of 0."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def two_samples(reference, current, bins):
    return reference.ndim == current.ndim == 1 and len(reference) >= 1 and len(current) >= 1 and bins >= 1


@cases
def samples(rng):
    """Different sizes, values beyond the reference, ties, empty bins, one bin."""
    for m, n, bins in ((60, 40, 5), (37, 90, 10), (25, 8, 4)):
        reference = rng.normal(10, 3, size=m)
        yield reference, rng.normal(12, 4, size=n), bins
        yield reference, rng.exponential(20, size=n) - 5, bins
    counts = rng.poisson(2, size=50).astype(float)
    yield counts, rng.poisson(3, size=35).astype(float), 5
    yield rng.integers(0, 3, size=40), rng.integers(0, 5, size=30), 8
    yield rng.normal(size=30), rng.normal(50, 1, size=20), 3
    yield rng.normal(size=30), rng.normal(-50, 1, size=20), 3
    yield np.arange(8.0), np.array([0.0, 2.0, 4.0, 6.0, 6.0, 8.0]), 4
    yield rng.normal(size=12), rng.normal(size=9), 1


def _shares(edges, values, bins, side="right", add=0.5):
    counts = np.bincount(np.searchsorted(edges, values, side=side), minlength=bins)
    return (counts + add) / (len(values) + add * bins)


def _edges(values, bins):
    return np.quantile(values, np.arange(1, bins) / bins)


def _sum(r, c):
    return float(np.sum((c - r) * np.log(c / r)))


@misconception
def bins_of_current(reference, current, bins):
    """The bins were made from the current rows.

    Then every week is measured with a ruler of its own, and two weeks cannot be compared. The reference makes the
    bins; the rest is measured with them."""
    edges = _edges(current, bins)
    return _sum(_shares(edges, reference, bins), _shares(edges, current, bins))


@misconception
def bins_of_both(reference, current, bins):
    """The bins were made from both samples together.

    Some libraries do that. It moves the edges to where the new rows are, so that the same shift gives another number
    in a larger sample. Here the reference alone makes them."""
    edges = _edges(np.concatenate([reference, current]), bins)
    return _sum(_shares(edges, reference, bins), _shares(edges, current, bins))


@misconception
def equal_widths(reference, current, bins):
    """The bins are equally wide; they should hold equally many reference rows.

    With a long tail nearly all rows are then in the first bin, and what happens among them is not seen."""
    low, high = reference.min(), reference.max()
    edges = low + (high - low) * np.arange(1, bins) / bins
    return _sum(_shares(edges, reference, bins), _shares(edges, current, bins))


@misconception
def outside_is_lost(reference, current, bins):
    """Values beyond the reference's smallest and largest are dropped.

    That is what `np.histogram` does with closed outer edges. What nobody has seen before is the strongest drift there
    is: let the outer bins be open."""
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1))
    r, c = (np.histogram(values, edges)[0] for values in (reference, current))
    return _sum((r + 0.5) / (len(reference) + 0.5 * bins), (c + 0.5) / (len(current) + 0.5 * bins))


@misconception
def outside_is_lost_from_the_total(reference, current, bins):
    """Values beyond the reference's smallest and largest are dropped, and the shares are of the rest.

    A week in which half of the rows are far outside then looks like the reference. Let the outer bins be open."""
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1))
    r, c = (np.histogram(values, edges)[0] for values in (reference, current))
    return _sum((r + 0.5) / (r.sum() + 0.5 * bins), (c + 0.5) / (c.sum() + 0.5 * bins))


@misconception
def empty_bins_left_out(reference, current, bins):
    """A bin that is empty on one side is left out.

    It is where the two differ most. Leaving it out makes the distance smaller the more extreme the change is."""
    edges = _edges(reference, bins)
    r, c = (np.bincount(np.searchsorted(edges, v, side="right"), minlength=bins) / len(v) for v in (reference, current))
    both = (r > 0) & (c > 0)
    return _sum(r[both], c[both])


@misconception
def tiny_share_instead(reference, current, bins):
    """Empty bins got a tiny share such as 0.0001, and the others none.

    The distance then depends on how tiny: one empty bin contributes ten times as much with 10⁻⁹ as with a half. Add
    one half to every count, as the task says."""
    edges = _edges(reference, bins)
    r, c = (np.bincount(np.searchsorted(edges, v, side="right"), minlength=bins) / len(v) for v in (reference, current))
    return _sum(np.where(r == 0, 1e-4, r), np.where(c == 0, 1e-4, c))


@misconception
def nothing_for_empty_bins(reference, current, bins):
    """An empty bin makes the result infinite or no number.

    The logarithm of 0 is −∞. No share may be 0, so a half is added to every count."""
    edges = _edges(reference, bins)
    with np.errstate(all="ignore"):
        return _sum(_shares(edges, reference, bins, add=0.0), _shares(edges, current, bins, add=0.0))


@misconception
def one_sided(reference, current, bins):
    """Only one side is weighted: Σ c ln(c / r).

    That is the Kullback-Leibler divergence. The PSI adds the other direction, which gives (c − r) ln(c / r)."""
    edges = _edges(reference, bins)
    r, c = _shares(edges, reference, bins), _shares(edges, current, bins)
    return float(np.sum(c * np.log(c / r)))


@misconception
def one_sided_other(reference, current, bins):
    """Only one side is weighted: Σ r ln(r / c).

    That is the Kullback-Leibler divergence of the reference. The PSI adds the other direction, which gives
    (c − r) ln(c / r)."""
    edges = _edges(reference, bins)
    r, c = _shares(edges, reference, bins), _shares(edges, current, bins)
    return float(np.sum(r * np.log(r / c)))


@misconception
def negative(reference, current, bins):
    """The sign is turned round: your distances are negative.

    (c − r) and ln(c / r) always have the same sign, so each term is at least 0. One of the two was turned round."""
    edges = _edges(reference, bins)
    return -_sum(_shares(edges, reference, bins), _shares(edges, current, bins))


@misconception
def edge_goes_down(reference, current, bins):
    """A value on an edge is put into the lower bin.

    With whole numbers many values lie on edges, and it makes a difference. `searchsorted` has a `side` for it."""
    edges = _edges(reference, bins)
    return _sum(_shares(edges, reference, bins, side="left"), _shares(edges, current, bins, side="left"))


@misconception
def duplicate_edges_merged(reference, current, bins):
    """Edges that coincide were merged into one.

    That changes the number of bins, and with it what is added to each count. Bins that stay empty are meant to be
    there."""
    edges = np.unique(_edges(reference, bins))
    return _sum(_shares(edges, reference, len(edges) + 1), _shares(edges, current, len(edges) + 1))


@misconception
def logarithm_of_base_two(reference, current, bins):
    """The logarithm is that of base 2.

    It is the natural one in this formula; everything is larger by 1 / ln 2."""
    edges = _edges(reference, bins)
    return _sum(_shares(edges, reference, bins), _shares(edges, current, bins)) / float(np.log(2))


@behaviour("a sample has no distance from itself")
def zero_on_itself(student, rng):
    """The shares are the same on both sides, so every term is 0: the first thing to try on any distance."""
    sample = rng.normal(size=50)
    answer = student.psi(sample, sample.copy(), 7)
    if abs(answer) > 1e-12:
        fail("The PSI of a sample against itself is not 0.", case=sample, expected=0.0, actual=answer)


@behaviour("a unit of measurement changes nothing")
def same_in_other_units(student, rng):
    """Euros or cents, meters or miles: bins are quantiles of the reference and move along with it."""
    reference, current = rng.normal(size=60), rng.normal(0.5, 1.2, size=45)
    before, after = student.psi(reference, current, 6), student.psi(8 * reference - 64, 8 * current - 64, 6)
    if not np.isclose(before, after):
        fail("In other units the PSI is another one.", expected=before, actual=after)
