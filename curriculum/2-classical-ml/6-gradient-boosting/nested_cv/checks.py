"""nested_cv(score, space, folds): the outer fold takes no part in the choice. The score is that of nearest neighbors on
a small table, computed by the judge; a spy notes which rows each fit saw."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


def _neighbors(x, y):
    """The loss of predicting the mean of the k nearest training rows; `train` in any order."""

    def score(k, train, test):
        train, test = np.sort(np.asarray(train)), np.sort(np.asarray(test))
        near = np.argsort(np.abs(x[test][:, None] - x[train]), axis=1, kind="stable")[:, :k]
        return float(((y[test] - y[train][near].mean(axis=1)) ** 2).mean())

    return score


def _without(parts, j):
    return parts[:j] + parts[j + 1 :]


def _inner_loss(score, setting, parts):
    losses = [score(setting, np.concatenate(_without(parts, j)), parts[j]) for j in range(len(parts))]
    return float(np.mean(losses))


def _nested(score, space, folds):
    losses, chosen = [], []
    for i, outer in enumerate(folds):
        inner = _without(folds, i)
        chosen.append(min(space, key=lambda setting: _inner_loss(score, setting, inner)))
        losses.append(score(chosen[-1], np.concatenate(inner), outer))
    return np.array(losses), chosen


def _problem(rng, folds):
    """Different outer folds choose differently, and looking at the outer fold would choose otherwise still."""
    space = [1, 2, 4, 7]
    while True:
        n = 5 * folds + int(rng.integers(1, folds))
        x = rng.uniform(0, 6, size=n)
        y = np.sin(x) + rng.normal(scale=0.6, size=n)
        parts = np.array_split(rng.permutation(n), folds)
        score = _neighbors(x, y)
        _, chosen = _nested(score, space, parts)
        if len(set(chosen)) < 2:
            continue
        if (
            chosen
            != choose_on_the_outer_fold(score, space, parts)[1]
            != outer_rows_in_inner_fits(score, space, parts)[1]
        ):
            return score, [int(k) for k in rng.permutation(space)], parts


@valid
def enough_folds(score, space, folds):
    if len(folds) < 3 or not space or min(map(len, folds)) < 1:
        return False
    rows = np.sort(np.concatenate(folds))
    return bool((rows == np.arange(len(rows))).all()) and len(rows) > 15


@cases
def problems(rng):
    """Folds of unequal size; three and four of them; a single setting."""
    yield _problem(rng, 3)
    score, space, folds = _problem(rng, 4)
    yield score, space[:3], folds
    score, space, folds = _problem(rng, 3)
    yield score, space[:1], folds
    yield score, space, folds


# Called above as plain functions, declared below as misconceptions.
def choose_on_the_outer_fold(score, space, folds):
    losses, chosen = [], []
    for i, outer in enumerate(folds):
        train = np.concatenate(_without(folds, i))
        found = {setting: score(setting, train, outer) for setting in space}
        chosen.append(min(found, key=found.get))
        losses.append(found[chosen[-1]])
    return np.array(losses), chosen


def outer_rows_in_inner_fits(score, space, folds):
    losses, chosen = [], []
    for i, outer in enumerate(folds):
        inner = _without(folds, i)

        def leaky(setting):
            return float(
                np.mean(
                    [score(setting, np.concatenate([*_without(inner, j), outer]), part) for j, part in enumerate(inner)]
                )
            )

        chosen.append(min(space, key=leaky))
        losses.append(score(chosen[-1], np.concatenate(inner), outer))
    return np.array(losses), chosen


@misconception
def one_setting_for_all(score, space, folds):
    """The same setting was chosen for every outer fold, by all folds together.

    That is ordinary cross-validation: the fold that scores a setting has helped to choose it. With many settings one
    of them looks good on these folds by luck, and its score is reported as if it were skill."""
    best = min(space, key=lambda setting: _inner_loss(score, setting, folds))
    losses = [score(best, np.concatenate(_without(folds, i)), outer) for i, outer in enumerate(folds)]
    return np.array(losses), [best] * len(folds)


@misconception
def best_on_the_scored_fold(score, space, folds):
    """Each outer fold got the setting that does best on that very fold.

    The losses are then the smallest of several, fold by fold: lower than any procedure could promise on new rows. A
    fold that has chosen a setting has become training data."""
    return choose_on_the_outer_fold(score, space, folds)


@misconception
def outer_fold_in_inner_training(score, space, folds):
    """The outer fold's rows helped to fit the models that were compared.

    For an inner fold you trained on *all* other rows, the outer fold among them. The setting is then chosen with the
    help of rows that are meant to be unseen. Leave two folds out: the inner one and the outer one."""
    return outer_rows_in_inner_fits(score, space, folds)


@misconception
def inner_loss_reported(score, space, folds):
    """The losses are those of the choice: the best inner losses.

    The smallest of several losses is smaller than what the same setting reaches on fresh rows, because it was picked
    for being small. The outer fold is there to measure without having chosen."""
    found = [min((_inner_loss(score, s, _without(folds, i)), s) for s in space) for i in range(len(folds))]
    return np.array([loss for loss, _ in found]), [setting for _, setting in found]


@misconception
def not_fitted_anew(score, space, folds):
    """The outer fold was scored with the models of the inner folds, averaged.

    Those have each seen fewer rows than there are. Once the setting is chosen, fit it on all inner folds together: that
    is the model one would deploy."""
    _, chosen = _nested(score, space, folds)
    losses = []
    for i, setting in enumerate(chosen):
        inner = _without(folds, i)
        losses.append(
            np.mean([score(setting, np.concatenate(_without(inner, j)), folds[i]) for j in range(len(inner))])
        )
    return np.array(losses), chosen


@misconception
def largest_loss_chosen(score, space, folds):
    """The setting with the *largest* inner loss was chosen.

    `score` returns a loss here: lower is better. Libraries that maximize return its negative."""
    return _nested_by(score, space, folds, max)


def _nested_by(score, space, folds, pick):
    chosen = [
        pick(space, key=lambda setting, i=i: _inner_loss(score, setting, _without(folds, i))) for i in range(len(folds))
    ]
    losses = [score(s, np.concatenate(_without(folds, i)), folds[i]) for i, s in enumerate(chosen)]
    return np.array(losses), chosen


@misconception
def inner_and_outer_exchanged(score, space, folds):
    """Models were fitted on one fold and scored on the rest.

    The second argument of `score` is what it fits on, the third what it is scored on. Exchanged, each model sees a
    fraction of the rows it could have."""
    return _nested(lambda setting, train, test: score(setting, test, train), space, folds)


def _spied(student, rng):
    """All calls of `score` during one run: (setting, training rows, test rows), and the folds."""
    score, space, folds = _problem(rng, 3)
    calls = []

    def spy(setting, train, test):
        calls.append((setting, frozenset(np.asarray(train).tolist()), frozenset(np.asarray(test).tolist())))
        return score(setting, train, test)

    student.nested_cv(spy, space, folds)
    return calls, [frozenset(fold.tolist()) for fold in folds]


@behaviour("no model is scored on rows it was fitted on")
def fit_and_test_apart(student, rng):
    """A model that is asked about its own training rows may recall them. Every score has to come from rows outside of
    `train`."""
    for setting, train, test in _spied(student, rng)[0]:
        if train & test:
            fail("A model was scored on rows it was fitted on.", case=setting, expected=[], actual=sorted(train & test))


@behaviour("each outer fold is opened once")
def outer_fold_opened_once(student, rng):
    """The outer fold was scored for several settings. Even if you do not use the other numbers today, they are a choice
    waiting to be made, and what was looked at cannot be unseen. Choose first, then score, once."""
    calls, folds = _spied(student, rng)
    everything = frozenset().union(*folds)
    for fold in folds:
        opened = [setting for setting, train, test in calls if test == fold and train == everything - fold]
        if len(opened) > 1:
            fail(
                "An outer fold was scored more than once by models fitted on all the others.",
                expected=1,
                actual=len(opened),
            )
