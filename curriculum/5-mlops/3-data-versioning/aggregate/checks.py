"""aggregate(parts): (n, mean, variance) of the whole table by group, from those of its parts."""

from math import fsum, isnan, nan

from gradus.checks import behaviour, cases, compare, fail, misconception


def summary(values):
    """(n, mean, population variance) of some rows, computed in one place."""
    n = len(values)
    if not n:
        return 0, nan, nan
    mean = fsum(values) / n
    return n, mean, fsum((x - mean) ** 2 for x in values) / n


def dealt(rng, rows, workers, empties=False):
    """The rows, pairs of group and value, dealt out to workers at random; what each of them sends."""
    groups = sorted({group for group, _ in rows})
    cut = rng.integers(workers, size=len(rows)).tolist()
    parts = []
    for worker in range(workers):
        own = {g: [x for (group, x), k in zip(rows, cut, strict=True) if k == worker and group == g] for g in groups}
        parts.append({g: summary(values) for g, values in own.items() if values or empties})
    return parts


def table(rng, n, offset=0.0):
    """Rows of three groups of unequal sizes, centers and spreads."""
    groups = rng.choice(["north", "south", "west"], size=n, p=[0.6, 0.3, 0.1]).tolist()
    center = {"north": 3.0, "south": -8.0, "west": 20.0}
    return [(group, float(offset + center[group] + rng.normal() * 4)) for group in groups]


@cases(compare=compare.close(rtol=1e-9, atol=1e-12))
def tables(rng):
    """Parts of unequal size; groups that only one worker met; workers without rows; one part only; none."""
    yield dealt(rng, table(rng, 40), 3)
    yield dealt(rng, table(rng, 30), 8, empties=True)
    yield [
        {"a": summary(rng.normal(5, 1, 2).tolist())},
        {"b": summary(rng.normal(0, 1, 3).tolist()), "a": summary(rng.normal(-5, 3, 9).tolist())},
        {"a": summary([float(rng.normal(40))])},
    ]
    yield [{"a": (0, nan, nan), "b": (0, nan, nan)}, {"a": summary(rng.normal(1, 1, 4).tolist())}, {"b": (0, nan, nan)}]
    yield [{"a": summary(rng.normal(1, 1, 4).tolist())}, {"a": (0, nan, nan)}]
    yield dealt(rng, table(rng, 12), 1)
    yield [{"a": (2, 7.0, 0.0)}, {"a": (3, 7.0, 0.0)}, {}]
    yield []


def _by_group(parts):
    groups = {}
    for part in parts:
        for group, sent in part.items():
            groups.setdefault(group, []).append(sent)
    return groups


def _merged(parts, mean_of, variance_of):
    found = {}
    for group, sent in _by_group(parts).items():
        full = [one for one in sent if one[0]]
        mean = mean_of(full) if full else nan
        found[group] = (sum(n for n, _, _ in full), mean, variance_of(full, mean) if full else nan)
    return found


def _weighted(full):
    return fsum(n * m for n, m, _ in full) / sum(n for n, _, _ in full)


def _right_variance(full, mean):
    return fsum(n * (v + (m - mean) ** 2) for n, m, v in full) / sum(n for n, _, _ in full)


@misconception
def average_of_averages(parts):
    """Every worker's mean counts the same, whether it saw a thousand rows or two.

    The average of averages is the average only when all parts are equally large. Otherwise a small part pulls as
    hard as a big one, and the answer depends on how the rows happened to be dealt out. Weight by the counts: they
    are what the counts are sent for."""
    return _merged(
        parts,
        lambda full: fsum(m for _, m, _ in full) / len(full),
        lambda full, mean: fsum(v for _, _, v in full) / len(full),
    )


@misconception
def plain_means_of_right_variances(parts):
    """The means are averaged without their weights.

    The variances were merged with care and the means were not: `sum(means) / len(means)` lets a worker with two
    rows count as much as one with a thousand."""
    return _merged(
        parts,
        lambda full: fsum(m for _, m, _ in full) / len(full),
        lambda full, mean: _right_variance(full, _weighted(full)),
    )


@misconception
def within_only(parts):
    """The variance leaves out that the parts lie apart from each other.

    A weighted average of the variances is the spread *within* the parts. If one part lies around 5 and the next
    around 40, most of the spread is between them, and no part can see it. Add what the means contribute."""
    return _merged(parts, _weighted, lambda full, mean: fsum(n * v for n, _, v in full) / sum(n for n, _, _ in full))


@misconception
def variances_added(parts):
    """The variance grows with the number of workers: theirs were added up.

    Variances add for a *sum* of independent quantities. Here nothing is summed: the rows of all parts are laid
    together, and the spread of the pile is no sum of spreads."""
    return _merged(parts, _weighted, lambda full, mean: fsum(v for _, _, v in full))


@misconception
def unweighted_between(parts):
    """The distances between the parts count the same for large parts and small ones.

    The spread between the means has to be weighted by the numbers of rows, as the means themselves are. A lone row
    far out moves the variance of a thousand only a little."""
    return _merged(
        parts,
        _weighted,
        lambda full, mean: (
            fsum(n * v for n, _, v in full) / sum(n for n, _, _ in full)
            + fsum((m - mean) ** 2 for _, m, _ in full) / len(full)
        ),
    )


@misconception
def last_part_wins(parts):
    """A group that several workers met has the numbers of the last of them.

    `dict.update` and `{**a, **b}` merge dictionaries by replacing what was there. The counts should have added up
    to the table's rows: a cheap check after every aggregation."""
    found = {}
    for part in parts:
        found.update(part)
    return found


@misconception
def poisoned_by_empty_parts(parts):
    """One worker without rows makes the whole group nan.

    `0 * nan` is nan, not 0, so a weighted sum does not get rid of an empty part by itself. Nothing has no mean;
    leave it out before you multiply."""
    found = {}
    for group, sent in _by_group(parts).items():
        total = sum(n for n, _, _ in sent)
        mean = sum(n * m for n, m, _ in sent) / total if total else nan
        found[group] = (total, mean, sum(n * (v + (m - mean) ** 2) for n, m, v in sent) / total if total else nan)
    return found


@misconception
def groups_everybody_met(parts):
    """Groups that some worker did not meet are missing.

    Going by the groups of the first worker, or by those that all have in common, loses the rare ones: a rare group
    is exactly what many parts lack."""
    right = _merged(parts, _weighted, _right_variance)
    common = set.intersection(*map(set, parts)) if parts else set()
    return {group: sent for group, sent in right.items() if group in common}


@misconception
def divided_by_one_less(parts):
    """The variance is slightly too large: it is divided by one less than the number of rows.

    The workers sent population variances, and the whole is to be described in the same way. pandas and Dask divide
    by `n - 1` unless told otherwise (`ddof=0`); mixing the two is a quiet error, largest for small groups."""
    right = _merged(parts, _weighted, _right_variance)
    return {group: (n, m, v * n / (n - 1) if n > 1 else v) for group, (n, m, v) in right.items()}


@behaviour("how the rows are dealt out makes no difference")
def partition_invariant(student, rng):
    """This is the test of every distributed aggregation: cut the same rows in two ways, and expect one answer. If it
    depends on the cut, something is weighted wrongly or lost, and the result changes whenever the cluster does."""
    rows = table(rng, 50)
    one, other = student.aggregate(dealt(rng, rows, 2)), student.aggregate(dealt(rng, rows, 9))
    for group in sorted({group for group, _ in rows}):
        want, got = one.get(group), other.get(group)
        if want is None or got is None or any(abs(a - b) > 1e-9 * (1 + abs(a)) for a, b in zip(want, got, strict=True)):
            where = f"the group {group!r} of the same 50 rows, dealt out to 2 workers and to 9"
            fail("Another partition of the same rows gives another answer.", case=where, expected=want, actual=got)


@behaviour("which worker answers first makes no difference")
def order_invariant(student, rng):
    """Summaries arrive in whatever order the workers finish. Merging is like adding: it must not matter what comes
    first."""
    parts = dealt(rng, table(rng, 40), 5, empties=True)
    one, other = student.aggregate(parts), student.aggregate(parts[::-1])
    for group, want in one.items():
        got = other.get(group, (nan, nan, nan))
        if any(abs(a - b) > 1e-9 * (1 + abs(a)) or isnan(b) for a, b in zip(want, got, strict=True)):
            where = f"the group {group!r}, parts in order and reversed"
            fail("The same parts in another order give another answer.", case=where, expected=want, actual=got)


@behaviour("the variance is right far from zero")
def far_from_zero(student, rng):
    """On paper the variance is the mean of the squares minus the square of the mean, and sums of squares are easy to
    add up. In floats both are around 1e14 here, and of 16 digits the subtraction leaves two. Use the distances
    between the means: they are small."""
    rows = table(rng, 40, offset=1e7)
    got = student.aggregate(dealt(rng, rows, 4))
    for group in sorted({group for group, _ in rows}):
        want = summary([x for name, x in rows if name == group])
        if not abs(got[group][2] - want[2]) <= 1e-5 * (1 + want[2]):
            where = f"the group {group!r}, {want[0]} rows around 10,000,000"
            fail("Far from zero the variance is off.", case=where, expected=want[2], actual=got[group][2])
