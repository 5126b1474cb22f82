"""best_split(X, y): the cheapest of all questions; cases are drawn so that one question is the best by a margin."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


def _questions(X, y):
    """Every question there is: (feature, threshold), and arrays of left sizes, and of both sides' means and spreads."""
    asked, numbers = [], []
    n, y = len(y), y.astype(float)
    for j in range(X.shape[1]):
        order = np.argsort(X[:, j], kind="stable")
        values, target = X[order, j].astype(float), y[order]
        cuts = np.flatnonzero(values[1:] != values[:-1])  # the left side ends at this position
        asked += [(j, (values[k] + values[k + 1]) / 2) for k in cuts.tolist()]
        left_n, right_n = cuts + 1, n - cuts - 1
        left, right = target.cumsum()[cuts] / left_n, target[::-1].cumsum()[::-1][cuts + 1] / right_n
        squares = (target**2).cumsum()
        left_spread = squares[cuts] - left_n * left**2
        numbers.append([left_n, left, right, left_spread, squares[-1] - squares[cuts] - right_n * right**2])
    return asked, np.concatenate(numbers, axis=1)


def _sides(X, y, side_cost):
    """Every question, as (cost, feature, threshold), cheapest first."""
    asked, numbers = _questions(X, y)
    costs = side_cost(len(y), *numbers).tolist()
    return sorted((cost, j, float(t)) for cost, (j, t) in zip(costs, asked))


def _both(n, left_n, left, right, left_spread, right_spread):
    return left_spread + right_spread


def _mean_of_variances(n, left_n, left, right, left_spread, right_spread):
    return (left_spread / left_n + right_spread / (n - left_n)) / 2


def _gap(n, left_n, left, right, left_spread, right_spread):
    return -np.abs(left - right)


def _spread(y):
    return float(((y - y.mean()) ** 2).sum())


def _first(questions):
    return questions[0][1:] if questions else None


def _clear(questions):
    """One question is better than every other, by far more than rounding."""
    return len(questions) < 2 or questions[1][0] - questions[0][0] > 1e-6 * (1 + questions[0][0])


@valid
def one_best(X, y):
    return X.ndim == 2 and len(X) == len(y) >= 1 and X.shape[1] >= 1 and _clear(_sides(X, y, _both))


def _table(rng, labels):
    """A step in one column, amid noise and ties: slicing off a row or two looks tempting to wrong costs."""
    while True:
        n, d = int(rng.integers(9, 15)), int(rng.integers(2, 5))
        X = np.round(rng.normal(size=(n, d)) * rng.uniform(1, 9, size=d), 1)
        X[:, 0] = rng.integers(0, 5, size=n)
        j = int(rng.integers(d))
        high = X[:, j] > np.median(X[:, j])
        y = (rng.random(n) < np.where(high, 0.8, 0.2)).astype(int) if labels else 2.0 * high + rng.normal(size=n)
        right = _sides(X, y, _both)
        tempting = {_first(_sides(X, y, _mean_of_variances)), _first(_sides(X, y, _gap))}
        if np.ptp(y) and _clear(right) and _first(right) not in tempting and (labels or len(tempting) == 2):
            return X, y


@cases
def noisy_steps(rng):
    yield _table(rng, labels=False)
    yield _table(rng, labels=True)
    X, y = _table(rng, labels=False)
    yield X + 100, y * 10 + 1000


@cases
def equal_values(rng):
    """The step falls amid equal values: only an impossible question would meet it."""
    n = int(rng.integers(4, 7))
    column = np.concatenate([np.zeros(2), np.ones(2 * n), np.full(3, 2.0)]) + int(rng.integers(9))
    y = np.concatenate([np.zeros(n + 2), np.full(n + 3, 5.0)]) + rng.normal(scale=0.1, size=2 * n + 5)
    yield np.column_stack([rng.permutation(2 * n + 5) // (n + 3), column]), y


@cases
def little_to_ask(rng):
    n = int(rng.integers(3, 6))
    yield np.full((n, 2), 4.0), rng.normal(size=n)
    yield rng.normal(size=(1, 3)), np.array([1.0])
    yield np.array([[1], [1], [4], [4]]), np.array([0, 1, 0, 1])  # the only question, though it gains nothing
    yield np.column_stack([np.full(n, 7), np.arange(n)]), (np.arange(n) == 0).astype(int)


@misconception
def sizes_forgotten(X, y):
    """A question that slices off a row or two was preferred.

    You averaged the impurities of the two sides as if they were of equal size. A single row has no spread at all, so
    cutting one off looks half perfect. Each row counts once: weigh each side by how many rows it has."""
    return _first(_sides(X, y, _mean_of_variances))


@misconception
def equal_values_parted(X, y):
    """The question parts rows that have the same value.

    After sorting, every gap between neighbors looks like a place to cut. But rows with equal values give the same
    answer to every question, so no threshold can send one left and the other right. The cost was that of a split that
    cannot be made."""
    best, answer = np.inf, None
    for j in range(X.shape[1]):
        order = np.argsort(X[:, j], kind="stable")
        for k in range(1, len(y)):
            cost = _spread(y[order[:k]]) + _spread(y[order[k:]])
            if cost < best:
                best, answer = cost, (j, (float(X[order[k - 1], j]) + float(X[order[k], j])) / 2)
    return answer


@misconception
def threshold_on_a_value(X, y):
    """The threshold lies on a value of the data, not halfway to the next.

    On these rows the same ones go left. A new row just above that value, closer to it than to any other, would go to
    the far side, though. Halfway between the neighbors is the fairest guess."""
    questions = _sides(X, y, _both)
    if not questions:
        return None
    _, j, t = questions[0]
    return j, float(X[X[:, j] <= t, j].max())


@misconception
def largest_gap_of_means(X, y):
    """The question makes the two means as different as possible; that is not the smallest cost.

    The means differ most where one side is a single extreme row. How many rows gain from the question counts, too:
    the cost adds up over all of them."""
    return _first(_sides(X, y, _gap))


@misconception
def mean_as_threshold(X, y):
    """You only asked about the mean of each column.

    The mean of a feature knows nothing about `y`. Where the target jumps may be anywhere, so every gap between two
    neighboring values has to be tried."""
    best, answer = np.inf, None
    for j in range(X.shape[1]):
        t = float(X[:, j].mean())
        left = X[:, j] <= t
        if left.any() and not left.all() and (cost := _spread(y[left]) + _spread(y[~left])) < best:
            best, answer = cost, (j, t)
    return answer


@misconception
def worst_question(X, y):
    """This is the worst question of all, not the best.

    Cost is what is left over after the split: the smaller, the purer the sides. A *gain* would be made as large as
    possible."""
    questions = _sides(X, y, _both)
    return questions[-1][1:] if questions else None


@misconception
def first_column_only(X, y):
    """Only the first column was asked about.

    Keep the best question of *all* columns: a `return` inside the loop, or a best cost that starts anew for each
    column, loses the others."""
    return _first(_sides(X[:, :1], y, _both))


@behaviour("stretching a column, order kept, parts the rows in the same way")
def order_is_all(student, rng):
    """A question only asks whether a value lies above or below another, so taking logarithms, cubes or ranks of a
    column moves the threshold and nothing else. That is why trees need no scaling. Something in your search depends
    on distances between values of `X`."""
    X, y = _table(rng, labels=False)
    stretched = X**3 + X
    parts = []
    for table in (X, stretched):
        answer = student.best_split(table, y)
        if answer is None:
            fail("On a table with a step you found no question.", case=(table, y), actual=answer)
        j, t = answer
        parts.append(table[:, int(j)] <= float(t))
    if not np.array_equal(*parts):
        fail(
            "After stretching the columns, other rows go left.", case=(stretched, y), expected=parts[0], actual=parts[1]
        )
