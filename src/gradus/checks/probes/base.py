"""What the probes share: calling the learner's function, reordering and comparing answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Call, Driver, as_call, fail
from gradus.checks.compare_base import Difference, Rules
from gradus.checks.compare_values import compare_values
from gradus.checks.show import clip, is_pandas, is_sparse, show_call

Make = Callable[[np.random.Generator], Any]


def probe(name: str, title: str, message: str, run: Callable[[Any, np.random.Generator], None]) -> Behaviour:
    """Return a behaviour; loading replaces its name by the one it is assigned to."""
    return Behaviour(name, title, run, message)


def ask(student: Any, of: str, call: Call, run: Driver | None = None) -> Any:
    """Call the learner's function, or let a driver do it."""
    if run is not None:
        return run(student, *call.args, **dict(call.kwargs))
    return getattr(student, of)(*call.args, **dict(call.kwargs))


def driven(student: Any, of: str, run: Driver | None) -> Any:
    """Return a student whose function `of` is what the driver makes of it."""
    if run is None:
        return student
    return SimpleNamespace(**{of: lambda *args, **kwargs: run(student, *args, **kwargs)})


def drawn(make: Make, rng: np.random.Generator) -> Call:
    """Return the case a probe works on."""
    return as_call(make(rng))


def text(of: str, call: Call) -> str:
    """Return the call as a learner types it."""
    return clip(show_call(of, call.args, call.kwargs, digits=4))


def replaced(call: Call, changes: Mapping[int | str, Any]) -> Call:
    """Return a call with some arguments replaced, by position or by keyword."""
    args = tuple(changes.get(position, value) for position, value in enumerate(call.args))
    return Call(args, {name: changes.get(name, value) for name, value in call.kwargs.items()})


def argument(call: Call, where: int | str) -> Any:
    """Return one argument of a call, by position or by keyword."""
    return call.args[where] if isinstance(where, int) else call.kwargs[where]


def several(where: int | str | Sequence[int | str]) -> tuple[int | str, ...]:
    """Return one place or several as a tuple."""
    return (where,) if isinstance(where, (int, str)) else tuple(where)


def length(value: Any, axis: int) -> int:
    """Return how many rows (axis 0) or columns (axis 1) a value has."""
    if hasattr(value, "shape"):
        return int(value.shape[axis])
    return len(value) if axis == 0 else len(value[0])


def derangement(size: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Return a random order in which nothing keeps its place, so that an entry treated apart is always moved."""
    order = rng.permutation(size)
    while (order == np.arange(size)).any():
        order = rng.permutation(size)
    return order


def reorder(value: Any, order: np.ndarray[Any, Any], axis: int) -> Any:
    """Return a value with its rows or columns in another order."""
    if is_pandas(value, "DataFrame", "Series"):
        return value.iloc[order] if axis == 0 else value.iloc[:, order]
    if is_sparse(value):
        return value.tocsr()[order] if axis == 0 else value.tocsc()[:, order]
    if isinstance(value, np.ndarray):
        return np.take(value, order, axis=axis)
    if axis == 0:
        return type(value)(value[i] for i in order)
    return type(value)(type(row)(row[i] for i in order) for row in value)


def same(expected: Any, actual: Any, rtol: float, atol: float | None = None) -> Difference | None:
    """Compare two of the learner's own answers."""
    return compare_values(expected, actual, Rules(rtol=rtol, atol=atol))


def finite(value: Any) -> bool:
    """Tell whether every number in an answer is finite."""
    if isinstance(value, (list, tuple)):
        return all(finite(item) for item in value)
    if isinstance(value, Mapping):
        return all(finite(item) for item in value.values())
    try:
        return bool(np.isfinite(np.asarray(value, dtype=float)).all())
    except (TypeError, ValueError):
        return True


def input_untouched(
    of: str, make: Make, *, title: str = "leaves what it is given as it was", message: str = ""
) -> Behaviour:
    """Return the behaviour that a call does not change its arguments.

    Cases see to this already; this is for functions that have no cases. What counts as a change is decided by the
    runner, which compares the arguments' bytes before and after: no tolerance, and no false alarm from a random state
    that moved on.
    """

    def run(student: Any, rng: np.random.Generator) -> None:
        case = drawn(make, rng)
        student._mutated = False
        ask(student, of, case)
        if student._mutated:
            fail(f"`{of}` changes its input.", case=text(of, case))

    return probe(
        "input_untouched", title, message or
        "The caller's own data are different after the call. Work on a copy, or build the answer from new objects.",
        run,
    )  # fmt: skip
