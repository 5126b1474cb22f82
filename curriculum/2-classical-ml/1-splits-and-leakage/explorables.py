"""A study with leaks to open and close: the score that it claims, and the score that new people get."""

from functools import lru_cache

import numpy as np

from gradus.roadmap.explorables import Explored, Toggle, panels

WORLDS, PEOPLE, VISITS, COLUMNS, KEPT, FOLDS = 30, 36, 3, 120, 8, 4
LEAKS = (
    "columns chosen on all rows",
    "minority copied before the split",
    "a person's rows on both sides",
    "scaled on all rows",
)


def leakage_lab(
    columns: Toggle("choose the columns on all rows") = False,
    copies: Toggle("copy the minority's rows before the split") = False,
    people: Toggle("let one person's rows fall on both sides") = False,
    scale: Toggle("scale with the mean and deviation of all rows") = False,
) -> Explored:
    """The score that cross-validation claims beside the score on new people, for the leaks that are open, and for
    each leak alone.

    Predict: In this study nothing can be predicted: the labels are tossed coins. Which leak makes a useless model
    look best?
    - Scaling with all rows: every number has seen the test rows
    - * Rows of one person on both sides, or copies of a row
    - None: without a signal the score stays at one half
    """
    chosen = (columns, copies, people, scale)
    claimed, deployed = scores(*chosen)
    figure, (now, each) = panels("With these leaks", "Each leak alone", shares=(1, 1.9))
    heights = (claimed.mean(), deployed.mean())
    now.bar((0, 1), heights, 0.62, color=("C1", "C0"))
    paper = now.get_facecolor()
    for at, height in enumerate(heights):
        now.text(at, height - 0.02, f"{height:.2f}", ha="center", va="top", color=paper, fontweight="bold")
    now.axhline(0.5, color="0.55", linewidth=1, linestyle=":")
    now.set(xlabel="measured on", ylabel="AUC", xlim=(-0.6, 1.6), ylim=(0, 1.1), yticks=(0, 0.5, 1))
    now.set_xticks((0, 1), ("test folds", "new people"))

    names, rows = ("no leak", "columns", "copies", "people", "scaling"), []
    for number, name in enumerate(names):
        alone, fresh = (part.mean() for part in scores(*(number - 1 == place for place in range(4))))
        rows.append((alone, fresh))
        on = chosen[number - 1] if number else not any(chosen)
        each.plot((fresh, alone), (number, number), color="C6" if on else "0.55", linewidth=2.5 if on else 1)
        each.plot(fresh, number, "o", color="C0", markersize=8)
        each.plot(alone, number, "D", color="C1", markersize=8)
    each.axvline(0.5, color="0.55", linewidth=1, linestyle=":")
    each.set(
        xlabel="AUC (diamond: claimed, circle: new people)",
        xlim=(0.3, 1.03),
        ylim=(4.6, -0.6),
        xticks=(0.4, 0.6, 0.8, 1),
    )
    each.set_yticks(range(5), names)
    each.set_ylabel("leak", visible=False)  # the names say it

    table = {
        "leaks": ["those that are open", "none", *LEAKS],
        "claimed": [claimed.mean(), *(alone for alone, _ in rows)],
        "new people": [deployed.mean(), *(fresh for _, fresh in rows)],
    }
    opened = ", ".join(name for name, on in zip(LEAKS, chosen) if on) or "no leak"
    caption = (
        f"With {opened}: the study claims {claimed.mean():.2f}, new people get {deployed.mean():.2f}. "
        f"There is no signal, so 0.50 is all there can be; {WORLDS} studies were averaged."
    )
    return Explored(figure, table, caption)


@lru_cache(maxsize=16)
def scores(columns, copies, people, scale):
    """The claimed AUC and the AUC on new people, one of each for every study."""
    pairs = [study(world, columns, copies, people, scale) for world in range(WORLDS)]
    return np.array(pairs).T


@lru_cache(maxsize=WORLDS)
def world(number):
    """Rows, labels and whose each row is; the same of new people. A person's visits are alike; labels are coins."""
    rng = np.random.default_rng(number)

    def gather(count, visits):
        someone = np.repeat(np.arange(count), visits)
        alike = rng.normal(size=(count, COLUMNS))[someone]
        label = rng.permutation(np.arange(count) < count / 3)[someone]
        return (alike + 0.6 * rng.normal(size=(count * visits, COLUMNS))) * rng.uniform(0.5, 2, COLUMNS), label, someone

    return gather(PEOPLE, VISITS), gather(150, 1)


def study(number, columns, copies, people, scale):
    (X, y, someone), (new_X, new_y, _) = world(number)
    rng = np.random.default_rng(100 + number)
    groups = np.arange(len(y)) if people else someone
    if copies:
        extra = rng.choice(np.flatnonzero(y), (~y).sum() - y.sum())
        kept = np.concatenate([np.arange(len(y)), extra])
        # A copy is a row of its own to a split that does not know better.
        groups = np.concatenate([groups, groups.max() + 1 + np.arange(len(extra))])
        X, y = X[kept], y[kept]
    fold = rng.permutation(groups.max() + 1)[groups] % FOLDS
    best = choose(X, y) if columns else None
    scaler = (X.mean(axis=0), X.std(axis=0)) if scale else None
    claimed = np.mean([
        auc(y[fold == k], nearest(X[fold != k], y[fold != k], X[fold == k], best, scaler)) for k in range(FOLDS)
    ])  # fmt: skip
    return claimed, auc(new_y, nearest(X, y, new_X, best, scaler))


def choose(X, y):
    """The columns in which the classes' means differ most."""
    gap = X[y].mean(axis=0) - X[~y].mean(axis=0)
    return np.argsort(-np.abs(gap) / X.std(axis=0))[:KEPT]


def nearest(X, y, other, columns, scaler):
    """A score for each other row: how much nearer its nearest row of the class is than its nearest of the rest."""
    columns = choose(X, y) if columns is None else columns
    mean, deviation = (X.mean(axis=0), X.std(axis=0)) if scaler is None else scaler
    own, asked = ((Z[:, columns] - mean[columns]) / deviation[columns] for Z in (X, other))
    away = ((asked**2).sum(axis=1)[:, None] + (own**2).sum(axis=1) - 2 * asked @ own.T).clip(0)
    return np.sqrt(away[:, ~y].min(axis=1)) - np.sqrt(away[:, y].min(axis=1))


def auc(y, score):
    """The share of pairs, one of each class, that the score puts in order; ties count half."""
    gap = score[y][:, None] - score[~y]
    return ((gap > 0).mean() + (gap == 0).mean() / 2) if gap.size else 0.5
