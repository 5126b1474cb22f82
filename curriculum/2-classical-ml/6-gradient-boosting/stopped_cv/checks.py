"""stopped_cv(X, y, folds, settings): fitted, watched and scored rows are three different parts."""

import numpy as np
from xgboost import XGBClassifier

from gradus.checks import cases, compare, misconception, valid


def _turn(i, folds, n):
    scored, watched = folds[i], folds[(i + 1) % len(folds)]
    return scored, watched, np.setdiff1d(np.arange(n), np.concatenate([scored, watched]))


def _model(X, y, fitted, watched, settings):
    model = XGBClassifier(**settings)
    return model.fit(X[fitted], y[fitted], eval_set=[(X[watched], y[watched])], verbose=False)


def _log_loss(labels, p):
    return float(-np.log(np.where(labels == 1, p[:, 1], p[:, 0]).astype(float)).mean())


def _turns(X, y, folds, settings, choose, answer=None):
    """`choose(scored, watched, fitted)` says which rows are scored, watched and fitted instead."""
    found = []
    for i in range(len(folds)):
        scored, watched, fitted = choose(*_turn(i, folds, len(y)))
        model = _model(X, y, fitted, watched, settings)
        loss = _log_loss(y[scored], model.predict_proba(X[scored]))
        found.append((model.best_iteration + 1, loss) if answer is None else answer(model, loss))
    rounds, losses = zip(*found)
    return np.array(rounds), np.array(losses)


@valid
def three_parts(X, y, folds, settings):
    if X.ndim != 2 or len(X) != len(y) or len(folds) < 3 or len(X) < 30:
        return False
    rows = np.sort(np.concatenate(folds))
    if len(rows) != len(X) or (rows != np.arange(len(X))).any() or settings.get("n_jobs") != 1:
        return False
    return all(len(np.unique(y[fold])) == 2 for fold in folds)


def _problem(rng, k):
    """Noisy labels: the watched loss turns after a few trees. Every wrong choice of rows gives other numbers."""
    settings = {
        "n_estimators": 16,
        "learning_rate": 0.5,
        "max_depth": 2,
        "early_stopping_rounds": int(rng.integers(2, 4)),
        "random_state": 0,
        "n_jobs": 1,
    }
    while True:
        n = 14 * k + int(rng.integers(1, k))
        X = rng.normal(size=(n, 3))
        y = (rng.random(n) < 1 / (1 + np.exp(-2 * X[:, 0]))).astype(int)
        folds = np.array_split(rng.permutation(n), k)
        if not all(3 < y[fold].sum() < len(fold) - 3 for fold in folds):
            continue
        patience = settings["early_stopping_rounds"]
        last = [_best_tree(curve, patience) for curve in _curves(X, y, *_turn(0, folds, n), settings)]
        if max(last) < 12 and last[0] != last[1]:  # both stop, and not at the same tree
            return X, y, folds, settings


def _curves(X, y, scored, watched, fitted, settings):
    """The losses of a run that nothing stops, tree by tree, on the watched and on the scored rows: one fit for both."""
    parts = [(X[rows], y[rows]) for rows in (watched, scored)]
    model = XGBClassifier(**{**settings, "early_stopping_rounds": None}).fit(
        X[fitted], y[fitted], eval_set=parts, verbose=False
    )
    return [found["logloss"] for found in model.evals_result().values()]


def _best_tree(curve, patience):
    """The tree that a run of this patience would keep."""
    best = 0
    for k, loss in enumerate(curve):
        if loss < curve[best]:
            best = k
        elif k - best >= patience:
            break
    return best


@cases(compare=compare.close(rtol=1e-4))
def problems(rng):
    """Few rows and few trees: a fit takes milliseconds, whatever it is fitted to."""
    yield _problem(rng, 3)


@misconception
def stopped_on_the_scored_fold(X, y, folds, settings):
    """The scored fold decided when to stop.

    The number of trees was then the best for exactly these rows, and the loss on them is lower than it would be on new
    ones. A fold that stops the training has become training data; score on another."""
    return _turns(X, y, folds, settings, lambda scored, watched, fitted: (scored, scored, fitted))


@misconception
def stopped_on_the_scored_fold_all_else_fitted(X, y, folds, settings):
    """There are only two parts: the scored fold was also the one to watch, and all the rest was fitted.

    It is the shortest way to write it, and many examples on the web do. But the rows that stopped the training then
    also grade it. Put a third part aside."""
    return _turns(
        X, y, folds, settings, lambda scored, watched, fitted: (scored, scored, np.sort(np.append(fitted, watched)))
    )


@misconception
def stopped_on_fitted_rows(X, y, folds, settings):
    """Training was hardly ever stopped: the fitted rows were watched, or none at all.

    The loss on rows that trees are fitted to falls with nearly every tree, long after the noise has become the only
    thing left to learn. Only rows that are not fitted show when it turns."""
    return _turns(X, y, folds, settings, lambda scored, watched, fitted: (scored, fitted, fitted))


@misconception
def watched_rows_fitted(X, y, folds, settings):
    """The watched fold was among the fitted rows.

    Then its loss falls because its rows are learned, and it raises the alarm late or never. In each turn every row
    has exactly one part to play."""
    return _turns(
        X, y, folds, settings, lambda scored, watched, fitted: (scored, watched, np.sort(np.append(fitted, watched)))
    )


@misconception
def watched_loss_reported(X, y, folds, settings):
    """The losses are those of the watched folds.

    `best_score` is the lowest of many losses on the watched rows, chosen because it is the lowest. What new rows will
    bring is measured on the scored fold."""
    return _turns(
        X,
        y,
        folds,
        settings,
        lambda *parts: parts,
        lambda model, loss: (model.best_iteration + 1, float(model.best_score)),
    )


@misconception
def iteration_for_count(X, y, folds, settings):
    """The numbers of trees are one too low.

    `best_iteration` is the position of the best tree, counted from 0. Up to and including it there is one more."""
    return _turns(X, y, folds, settings, lambda *parts: parts, lambda model, loss: (model.best_iteration, loss))


@misconception
def trees_grown_for_trees_used(X, y, folds, settings):
    """The numbers are those of the trees grown, not of those used.

    Training goes on for `early_stopping_rounds` trees after the best one, to see whether it gets better again. Those
    are not used for predictions."""
    return _turns(
        X,
        y,
        folds,
        settings,
        lambda *parts: parts,
        lambda model, loss: (model.get_booster().num_boosted_rounds(), loss),
    )


@misconception
def fold_before_is_watched(X, y, folds, settings):
    """The fold *before* the scored one was watched, not the one after it.

    Any third fold would be honest; this exercise fixes which, so that your numbers can be compared. Position `i - 1`
    comes before, `(i + 1) % len(folds)` after."""
    n = len(y)
    rounds, losses = [], []
    for i, scored in enumerate(folds):
        watched = folds[i - 1]
        fitted = np.setdiff1d(np.arange(n), np.concatenate([scored, watched]))
        model = _model(X, y, fitted, watched, settings)
        rounds.append(model.best_iteration + 1)
        losses.append(_log_loss(y[scored], model.predict_proba(X[scored])))
    return np.array(rounds), np.array(losses)
