"""From a failing case to the smallest one that still fails in the same way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.checks.show import is_pandas, is_sparse
from gradus.grader.diagnose import weight
from gradus.grader.placing import pack, unpack
from gradus.grader.wire import Path

#: How long and how often a failing case may be tried again.
MAX_TRIES = 60
MAX_SECONDS = 0.06
#: A word of up to so many characters is a name, and left alone.
_LONG_WORD = 16

Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


@dataclass
class Budget:
    """What is left to spend on one failing case."""

    tries: int = MAX_TRIES
    seconds: float = MAX_SECONDS

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds

    def spend(self) -> bool:
        """Take one try; False when none is left."""
        self.tries -= 1
        return self.tries >= 0 and time.monotonic() < self._until


def shrink(start: Arguments, fails: Callable[[Arguments], bool], budget: Budget | None = None) -> Arguments:
    """Return the smallest arguments found for which ``fails`` still holds.

    First things are dropped, in halves and then one by one, in all arguments of one length together and in each alone;
    then what is left is made plain: small whole numbers, short texts.
    """
    budget = budget or Budget()
    best = start
    for steps in (dropped, simplified):
        improved = True
        while improved:
            improved = False
            for candidate in steps(best):
                if not budget.spend():
                    return best
                if fails(candidate):
                    best, improved = candidate, True
                    break
    return best


def dropped(arguments: Arguments) -> Iterator[Arguments]:
    """Yield the arguments with rows, columns or items left out, the largest cuts first."""
    slots = _slots(arguments)
    for axis in (0, 1):
        lengths = {key: _length(value, axis) for key, value in slots.items()}
        sizes = sorted({length for length in lengths.values() if length > 1}, reverse=True)
        for size in sizes:
            together = [key for key, length in lengths.items() if length == size]
            groups = [together, *([key] for key in together)] if len(together) > 1 else [together]
            for keep in _kept(size):
                for group in groups:
                    yield _with(arguments, {key: _take(slots[key], axis, keep) for key in group})
    for key, value in slots.items():
        for smaller in _inner(value):
            yield _with(arguments, {key: smaller})


def _kept(size: int) -> Iterator[list[int]]:
    """Yield positions to keep: halves, then all but a quarter, then all but one."""
    half = size // 2
    yield list(range(half))
    yield list(range(half, size))
    if size > 8:
        quarter = size // 4
        for start in range(0, size, quarter):
            yield [*range(start), *range(min(size, start + quarter), size)]
    if size <= 12:
        for position in reversed(range(size)):
            yield [i for i in range(size) if i != position]


def simplified(arguments: Arguments) -> Iterator[Arguments]:
    """Yield the arguments with plainer values."""
    slots = _slots(arguments)
    for how in (_counted, _rounded, _one_digit, _small, _halved, _nearer):
        changed = {key: how(value) for key, value in slots.items()}
        changed = {key: value for key, value in changed.items() if value is not None}
        if len(changed) > 1:
            yield _with(arguments, changed)
        for key, value in changed.items():
            yield _with(arguments, {key: value})


def _slots(arguments: Arguments) -> dict[int | str, Any]:
    args, kwargs = arguments
    slots: dict[int | str, Any] = dict(enumerate(args))
    slots.update(kwargs)
    return slots


def _with(arguments: Arguments, changes: Mapping[int | str, Any]) -> Arguments:
    args, kwargs = arguments
    return (
        tuple(changes.get(position, value) for position, value in enumerate(args)),
        {name: changes.get(name, value) for name, value in kwargs.items()},
    )


def _length(value: Any, axis: int) -> int:
    if isinstance(value, np.ndarray):
        return value.shape[axis] if value.ndim > axis else 0
    if is_pandas(value, "DataFrame", "Series"):
        return int(value.shape[axis]) if len(value.shape) > axis else 0
    if is_sparse(value):
        return int(value.shape[axis]) if len(value.shape) > axis else 0
    if isinstance(value, Path):
        if value.folder:
            return len(list(unpack(value.content))) if axis == 0 else 0
        return max(0, value.content.count(b"\n") - 1) if axis == 0 else 0
    if isinstance(value, str) and axis == 0:
        return len(_pieces(value))
    if isinstance(value, (list, tuple, dict, set)) and axis == 0:
        return len(value)
    if isinstance(value, list) and value and all(isinstance(row, list) for row in value):
        widths = {len(row) for row in value}
        return widths.pop() if len(widths) == 1 else 0
    return 0


def _take(value: Any, axis: int, keep: list[int]) -> Any:
    if isinstance(value, np.ndarray):
        return np.take(value, keep, axis=axis)
    if is_pandas(value, "DataFrame", "Series"):
        return value.iloc[keep] if axis == 0 else value.iloc[:, keep]
    if is_sparse(value):
        return value.tocsr()[keep] if axis == 0 else value.tocsc()[:, keep]
    if isinstance(value, Path) and value.folder:
        entries = list(unpack(value.content))
        return Path(value.name, pack(entries[i] for i in keep), folder=True)
    if isinstance(value, Path):
        lines = value.content.splitlines(keepends=True)
        return Path(value.name, b"".join([lines[0], *(lines[1 + i] for i in keep if 1 + i < len(lines))]))
    if isinstance(value, str):
        pieces = _pieces(value)
        return "".join(pieces[i] for i in keep)
    if axis == 1:
        return [[row[i] for i in keep] for row in value]
    if isinstance(value, dict):
        items = list(value.items())
        return dict(items[i] for i in keep)
    if isinstance(value, set):
        items = sorted(value, key=repr)
        return {items[i] for i in keep}
    return type(value)(value[i] for i in keep)


def _pieces(text: str) -> list[str]:
    """Return what a text can lose: its lines, its words, or, if it is one long word, its characters."""
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        return lines
    words = re.findall(r"\S+\s*|\s+", text)
    if len(words) > 1:
        return words
    return list(text) if len(text) > _LONG_WORD else [text]


def _inner(value: Any) -> Iterator[Any]:
    """Yield lists and dicts whose own items lost something: `[[1, 2], [3]]` to `[[1], [3]]`."""
    if isinstance(value, (list, tuple)) and len(value) <= 8:
        for position, item in enumerate(value):
            length = _length(item, 0) if isinstance(item, (list, dict, str, tuple)) else 0
            if length > 1:
                for keep in _kept(length):
                    yield type(value)(_take(item, 0, keep) if i == position else other for i, other in enumerate(value))


def _counted(value: Any) -> Any:
    """Replace numbers by small whole ones in the same order: the plainest values with the same ranks."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.size and np.isfinite(value).all():
        ranks = np.unique(value, return_inverse=True)[1].reshape(value.shape)
        return _if_new(value, ranks.astype(value.dtype))
    if isinstance(value, list) and value and all(type(item) is float for item in value):
        order = sorted(set(value))
        return _if_new(value, [float(order.index(item)) for item in value]) if len(order) <= 50 else None
    return None


def _rounded(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return _if_new(value, np.round(value))
    if type(value) is float and value == value and abs(value) < 1e15:
        return _if_new(value, float(round(value)))
    if isinstance(value, list) and value and all(type(item) is float and abs(item) < 1e15 for item in value):
        return _if_new(value, [float(round(item)) for item in value])
    if is_pandas(value, "DataFrame", "Series"):
        return _if_new(value, value.round(0))
    return None


def _small(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.size:
        return _if_new(value, np.clip(value, 0, 3))
    if type(value) is int and abs(value) > 3:
        return 2 if value > 0 else -2
    return None


def _halved(value: Any) -> Any:
    return int(value / 2) if type(value) is int and 3 < abs(value) < 2**53 else None


def _nearer(value: Any) -> Any:
    """Take one step toward zero."""
    return (value - 1 if value > 0 else value + 1) if type(value) is int and abs(value) > 3 else None


def _one_digit(value: Any) -> Any:
    """Keep one digit after the point."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return _if_new(value, np.round(value, 1))
    if type(value) is float and value == value and abs(value) < 1e15:
        return _if_new(value, round(value, 1))
    if isinstance(value, list) and value and all(type(item) is float for item in value):
        return _if_new(value, [round(item, 1) for item in value])
    if is_pandas(value, "DataFrame", "Series"):
        return _if_new(value, value.round(1))
    return None


def _if_new(old: Any, new: Any) -> Any:
    same = old.equals(new) if hasattr(old, "equals") else np.array_equal(old, new)
    return None if same else new


def size_of(arguments: Arguments) -> int:
    """Return about how much a case asks a person to read."""
    args, kwargs = arguments
    return weight(args) + weight(kwargs)
