"""balance_folds(y, folds, rng): judged by what all right answers have in common, not by which rows were repeated."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def facts(submission, y, folds, seed):
    """What must hold of the training rows of each fold, in words."""
    answer = submission.balance_folds(y, folds, np.random.default_rng(seed))
    told = {"the answer is a list with one array for each fold": isinstance(answer, list)}
    names = np.unique(folds)
    if not told["the answer is a list with one array for each fold"] or len(answer) != len(names):
        return {"the answer is a list with one array for each fold": False}
    parts = [np.asarray(rows) for rows in answer]
    if not all(rows.ndim == 1 and rows.dtype.kind == "i" and np.isin(rows, np.arange(len(y))).all() for rows in parts):
        return told | {"row numbers are ints from 0 to n - 1": False}
    pairs = list(zip(names, parts, strict=True))
    counts = [np.bincount(np.searchsorted(np.unique(y), y[rows]), minlength=len(np.unique(y))) for rows in parts]
    most = [max(np.sum((folds != name) & (y == label)) for label in np.unique(y)) for name in names]
    return told | {
        "no row of the fold is trained on": all(bool((folds[rows] != name).all()) for name, rows in pairs),
        "every row outside the fold is there": all(
            set(np.flatnonzero(folds != name).tolist()) <= set(rows.tolist()) for name, rows in pairs
        ),
        "all classes are equally frequent": all(int(np.ptp(count)) == 0 for count in counts),
        "the most frequent class is not copied": all(
            int(count.max()) == size for count, size in zip(counts, most, strict=True)
        ),
    }


@valid
def classes_outside_each_fold(y, folds, seed):
    if len(y) != len(folds) or len(np.unique(folds)) < 2 or len(np.unique(y)) < 2:
        return False
    return all(np.isin(np.unique(y), y[folds != fold]).all() for fold in np.unique(folds))


@cases(run=facts)
def rare_classes(rng):
    """Two classes and three, the rare one first or last; folds of unequal sizes whose numbers are not positions."""
    for shares in ([0.15, 0.85], [0.5, 0.3, 0.2]):
        n = int(rng.integers(30, 40))
        counts = np.maximum(np.round(np.multiply(rng.permutation(shares), n)).astype(int), 4)
        y = np.repeat(rng.choice(90, size=len(counts), replace=False), counts)
        folds = rng.choice([3, 8, 20], size=len(y), p=[0.5, 0.2, 0.3])
        for label in np.unique(y):
            folds[np.flatnonzero(y == label)[:3]] = [3, 8, 20]
        order = rng.permutation(len(y))
        yield y[order], folds[order], int(rng.integers(2**32))
    order = rng.permutation(32)
    yield np.repeat([1, 0], [4, 28])[order], (np.arange(32) % 2)[order], int(rng.integers(2**32))


def _outside(y, folds, fold):
    return [np.flatnonzero((folds != fold) & (y == label)) for label in np.unique(y)]


@misconception
def copies_from_all_rows(y, folds, rng):
    """Copies of held-out rows are among the training rows.

    The copies were drawn from all rows of the class, those of the fold included. It is the same as copying before the
    split: the model has seen the row that it is then asked about. Draw from the class's training rows."""
    answer = []
    for fold in np.unique(folds):
        classes = _outside(y, folds, fold)
        wanted = max(len(rows) for rows in classes)
        pools = [np.flatnonzero(y == label) for label in np.unique(y)]
        copies = [rng.choice(pool, size=wanted - len(rows)) for pool, rows in zip(pools, classes, strict=True)]
        answer.append(np.concatenate([*classes, *copies]))
    return answer


@misconception
def training_rows_of_the_fold_itself(y, folds, rng):
    """Each array holds the rows *of* the fold, not the rows outside it.

    The mask is the wrong way round: the rows of a fold are those that are held out."""
    answer = []
    for fold in np.unique(folds):
        classes = [np.flatnonzero((folds == fold) & (y == label)) for label in np.unique(y)]
        wanted = max(len(rows) for rows in classes)
        answer.append(np.concatenate([*classes, *(rng.choice(r, size=wanted - len(r)) for r in classes if len(r))]))
    return answer


@misconception
def rows_thrown_away(y, folds, rng):
    """The classes are equally frequent because rows of the frequent ones are missing.

    Cutting the frequent class down is another way to balance, undersampling. It throws away most of what is known about
    that class. Here every training row stays, and rare ones are repeated."""
    answer = []
    for fold in np.unique(folds):
        classes = _outside(y, folds, fold)
        wanted = min(len(rows) for rows in classes)
        answer.append(np.concatenate([rng.choice(rows, size=wanted, replace=False) for rows in classes]))
    return answer


@misconception
def all_drawn_with_replacement(y, folds, rng):
    """Some training rows are missing, while others are repeated.

    You drew the whole class with replacement. Of the rare class, whose rows are precious, about a third is then lost by
    luck. Keep each row once, and draw only what is missing."""
    answer = []
    for fold in np.unique(folds):
        classes = _outside(y, folds, fold)
        wanted = max(len(rows) for rows in classes)
        answer.append(np.concatenate([rng.choice(rows, size=wanted) for rows in classes]))
    return answer


@misconception
def size_of_the_whole_table(y, folds, rng):
    """The frequent class is repeated, too.

    Each class was filled up to the largest class of the *whole table*. Outside the fold even that class has fewer rows,
    so it is copied for nothing, and how much depends on the held-out rows. Count within the training rows."""
    answer = []
    wanted = max(np.unique(y, return_counts=True)[1])
    for fold in np.unique(folds):
        classes = _outside(y, folds, fold)
        answer.append(np.concatenate([*classes, *(rng.choice(rows, size=wanted - len(rows)) for rows in classes)]))
    return answer


@misconception
def not_balanced(y, folds, rng):
    """The rare classes are as rare as before.

    These are the training rows of each fold, each once. That is an honest start; the copies are missing."""
    return [np.flatnonzero(folds != fold) for fold in np.unique(folds)]


def _labels(rng):
    return np.repeat([5, 2], [30, 8]), np.tile([0, 1], 19)


repeatable = probes.determinism(of="balance_folds", make=_labels, rng="rng")


@behaviour("every rare row has a chance to be repeated")
def copies_differ(student, rng):
    """Rows of a rare class are repeated, but always the same one. Twenty copies of one row teach the model that row.
    Draw each
    copy from all the class's training rows."""
    y, folds = np.repeat([0, 1], [60, 12]), np.tile([0, 1], 36)
    rows = np.asarray(student.balance_folds(y, folds, np.random.default_rng(int(rng.integers(2**32))))[0])
    rare = rows[y[rows] == 1]
    if len(rare) > len(set(rare.tolist())) and np.sum(np.unique(rare, return_counts=True)[1] > 1) < 2:
        fail("All copies of the rare class are copies of one row.", actual=rare)
