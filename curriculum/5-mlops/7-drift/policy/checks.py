"""policy(distances, m, n, bins, level): limits that follow the numbers of rows and columns."""

import numpy as np
from scipy.stats import chi2

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def a_look(distances, m, n, bins, level):
    return m >= 1 and n >= 1 and bins >= 2 and 0 < level < 1 and all(0 <= d < 100 for d in distances.values())


def _limit(m, n, bins, level):
    return float(chi2.isf(level, bins - 1) * (1 / m + 1 / n))


def _rules(m, n, bins, k, level):
    """The limits of every rule one could take for the right one."""
    tail = float(chi2.isf(level / k, bins - 1))
    low = float(chi2.ppf(level / k, bins - 1)) * (1 / m + 1 / n)
    return [
        *(_limit(m, n, bins, level / k), _limit(m, n, bins, level), _limit(m, n, bins, min(level * k, 1.0))),
        *(_limit(m, n, bins + 1, level / k), tail / n, tail / m, tail / (m + n), low, 0.1, 0.25),
    ]


@cases
def looks(rng):
    """Few rows and many, one column and many; distances between the limits of all rules."""
    names = ["age", "income", "visits", "city", "tenure", "plan", "clicks", "score"]
    for m, n, bins, k, level in (
        (1000, 100, 10, 8, 0.05),
        (300, 250, 5, 4, 0.05),
        (1500, 60, 10, 1, 0.01),
        (200, 4000, 6, 8, 0.1),
        (40000, 30000, 20, 8, 0.05),
        (80, 90, 4, 2, 0.02),
    ):
        limits = np.unique(np.round(_rules(m, n, bins, k, level), 12))
        between = np.concatenate([[limits[0] / 2], (limits[1:] + limits[:-1]) / 2, [limits[-1] * 1.5]])
        between = between[np.abs(between / _limit(m, n, bins, level / k) - 1) > 1e-6]
        for part in np.array_split(rng.permutation(between), -(-len(between) // k)):
            values = np.resize(part, k) * (1 + 1e-4 * np.arange(k))
            yield dict(zip(rng.permutation(names)[:k].tolist(), values.tolist(), strict=True)), m, n, bins, level
    yield {}, 100, 100, 10, 0.05
    yield {"b": 0.5, "a": 0.5, "c": 0.9, "d": 0.0}, 500, 500, 10, 0.05
    yield {"only": 0.02}, 200, 200, 2, 0.05


def _above(distances, limit):
    return sorted((name for name in distances if distances[name] > limit), key=lambda name: -distances[name])


@misconception
def fixed_limit(distances, m, n, bins, level):
    """The alarm is raised above a fixed PSI of 0.1, with a hundred rows as with a hundred thousand.

    Two samples of 100 rows of one source, in ten bins, have a PSI above 0.1 four times out of five; with 100,000 rows
    a real change of 0.05 goes unseen. What chance makes depends on the numbers of rows, and so must the limit."""
    return _above(distances, 0.1)


@misconception
def fixed_limit_high(distances, m, n, bins, level):
    """The alarm is raised above a fixed PSI of 0.25, with a hundred rows as with a hundred thousand.

    What chance makes depends on the numbers of rows, and so must the limit."""
    return _above(distances, 0.25)


@misconception
def each_at_the_whole_level(distances, m, n, bins, level):
    """Each column is tested at the whole level.

    Any of them may raise the alarm: thirty columns at 5 % each alarm in 79 % of the weeks in which nothing has changed.
    Share the level out."""
    return _above(distances, _limit(m, n, bins, level))


@misconception
def level_times_columns(distances, m, n, bins, level):
    """With more columns your limits are lower; they should be higher.

    The level was multiplied by the number of columns. Each test must become harder
    to alarm, so its share is smaller."""
    return _above(distances, _limit(m, n, bins, min(level * max(len(distances), 1), 1.0)))


@misconception
def reference_is_the_truth(distances, m, n, bins, level):
    """The reference's own noise is not counted: 1/n instead of 1/m + 1/n.

    The reference is a sample, too. With as many reference rows as current ones half of the noise is missing, and the
    monitor cries wolf."""
    return _above(distances, float(chi2.isf(level / max(len(distances), 1), bins - 1) / n))


@misconception
def only_the_reference_counts(distances, m, n, bins, level):
    """Only the reference's rows are counted: 1/m instead of 1/m + 1/n.

    The current rows are usually the fewer and bring most of the noise."""
    return _above(distances, float(chi2.isf(level / max(len(distances), 1), bins - 1) / m))


@misconception
def rows_added_first(distances, m, n, bins, level):
    """The noise is taken as 1 / (m + n): as if all rows were one sample.

    Each sample has its own noise, and the two add up: 1/m + 1/n."""
    return _above(distances, float(chi2.isf(level / max(len(distances), 1), bins - 1) / (m + n)))


@misconception
def one_degree_too_many(distances, m, n, bins, level):
    """There are as many degrees of freedom as bins; it should be one less.

    The shares add up to 1, so the last bin follows from the others."""
    return _above(distances, _limit(m, n, bins + 1, level / max(len(distances), 1)))


@misconception
def the_wrong_tail(distances, m, n, bins, level):
    """The limit is the value that is *fallen below* with probability `level`.

    Nearly every quiet look is above that one. `isf` counts from above, `ppf` from below."""
    return _above(distances, float(chi2.ppf(level / max(len(distances), 1), bins - 1) * (1 / m + 1 / n)))


@misconception
def in_the_order_of_the_dict(distances, m, n, bins, level):
    """The columns come in the dict's order, not with the largest distance first.

    Who is woken by the alarm looks at the first name first."""
    limit = _limit(m, n, bins, level / max(len(distances), 1))
    return [name for name in distances if distances[name] > limit]


@misconception
def smallest_first(distances, m, n, bins, level):
    """The smallest distance comes first.

    `sorted` goes upwards unless it is told otherwise."""
    limit = _limit(m, n, bins, level / max(len(distances), 1))
    return sorted((name for name in distances if distances[name] > limit), key=lambda name: distances[name])


@behaviour("keeps its level when nothing changes, whatever n")
def keeps_its_level(student, rng):
    """Samples of one source are compared again and again. At most one look in twenty may raise an alarm, with few rows
    and with many."""
    m, bins, columns = 1500, 5, 6
    for n in (60, 400, 3000):
        quiet = 40
        r, c = (rng.multinomial(size, [1 / bins] * bins, size=(quiet, columns)) for size in (m, n))
        r, c = (r + 0.5) / (m + bins / 2), (c + 0.5) / (n + bins / 2)
        psi = ((c - r) * np.log(c / r)).sum(axis=2)
        alarms = sum(
            bool(student.policy(dict(zip("abcdef", row, strict=True)), m, n, bins, 0.05)) for row in psi.tolist()
        )
        if alarms > 12:  # 2 expected; more than 12 once in ten million
            fail(
                f"With n = {n}, {alarms} of {quiet} looks at unchanged rows raise an alarm.",
                expected="about 2 of 40",
                actual=alarms,
            )
