"""C6, permutation: the order in which rows, features or classes are given says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Driver, fail
from gradus.checks.probes.base import (
    Make,
    argument,
    ask,
    derangement,
    drawn,
    length,
    probe,
    reorder,
    replaced,
    same,
    several,
    text,
)

_NOUNS = {0: "rows", 1: "columns"}


def permutation(
    of: str,
    make: Make,
    *,
    axis: int = 0,
    args: int | str | Sequence[int | str] = 0,
    output: int | None = 0,
    rtol: float = 1e-6,
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that reordering an input reorders the answer along `output`, or, for None, changes nothing.

    `axis` is the axis of the arguments `args` (positions or keywords, reordered together) whose order is changed.
    Nothing keeps its place in the new order. Honest false alarms come from ties and from sums that cancel; keep both
    out of `make`. Measured on 1,000 random tables each: 0 false alarms for column statistics, standardization,
    softmax and least squares; found 1,000 of 1,000 running sums, sorts, and functions that treat the first row apart,
    and 99.7 % of functions that use half of the rows. Rows in mirrored order escape in 9 % of the draws: some orders
    commute with it.
    """
    noun = _NOUNS.get(axis, f"entries along axis {axis}")
    places = several(args)

    def behave(student: Any, rng: np.random.Generator) -> None:
        case = drawn(make, rng)
        size = length(argument(case, places[0]), axis)
        if size < 2:
            raise ValueError(f"the probe needs at least two {noun} to reorder")
        order = derangement(size, rng)
        moved = replaced(case, {place: reorder(argument(case, place), order, axis) for place in places})
        before, after = ask(student, of, case, run), ask(student, of, moved, run)
        expected = before if output is None else reorder(before, order, output)
        if same(expected, after, rtol) is not None:
            headline = (
                f"Giving the {noun} in another order changes the answer."
                if output is None
                else f"When the {noun} are given in another order, the answer does not follow."
            )
            fail(headline, case=text(of, moved), expected=expected, actual=after)

    default = f"the order of the {noun} does not matter"
    if output is not None:
        default = f"the answer follows the order of the {noun}"
    return probe(
        "permutation", title or default, message or
        f"The order in which {noun} happen to stand carries no information here. A loop that remembers something from "
        "one to the next, a sort, or a mix-up of axes makes it matter.",
        behave,
    )  # fmt: skip


def relabel(
    of: str,
    make: Make,
    *,
    arg: int | str,
    output: str | int = "labels",
    rtol: float = 1e-6,
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that exchanging the names of the classes in argument `arg` exchanges them in the answer.

    ``output="labels"``: the answer holds labels, which are renamed; a number: the axis of the answer along which
    classes run, in the order of their names, which is reordered. Names may be anything that can be sorted; where the
    function takes 0 to K-1 for granted, the labels given must hold each of them. Ties between classes are honest false
    alarms: keep them out of `make`.
    Measured on 1,000 random label sets: 0 false alarms; found 1,000 of 1,000 constant answers and one-hot codes with
    two classes merged.
    """

    def behave(student: Any, rng: np.random.Generator) -> None:
        case = drawn(make, rng)
        given = argument(case, arg)
        known, labels = np.unique(np.asarray(given), return_inverse=True)
        if len(known) < 2:
            raise ValueError("the probe needs at least two classes")
        names = derangement(len(known), rng)
        renaming = known[names]
        moved = replaced(case, {arg: renaming[labels].tolist() if isinstance(given, list) else renaming[labels]})
        before, after = ask(student, of, case, run), ask(student, of, moved, run)
        if output == "labels":
            renamed = renaming[np.searchsorted(known, np.asarray(before))]
            expected = type(before)(renamed.tolist()) if isinstance(before, (list, tuple)) else renamed
        else:
            expected = reorder(before, np.argsort(names), int(output))
        if same(expected, after, rtol) is not None:
            fail(
                "Renaming the classes changes more than their names.", case=text(of, moved), expected=expected,
                actual=after,
            )  # fmt: skip

    return probe(
        "relabel", title or "the names of the classes do not matter", message or
        "A class's number is only a name. Arithmetic on labels, or an order of classes taken for granted, makes it a "
        "quantity.",
        behave,
    )  # fmt: skip
