"""What a competition is, and what one drawing of it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gradus.vault import Task

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]
ID = "id"


@dataclass(frozen=True)
class Options:
    """How a simulated world is made harder. ``rows`` is the size of its train file."""

    leak: bool = False
    drift: bool = False
    missing: bool = False
    rows: int = 1200

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the options that are on."""
        return tuple(name for name in ("leak", "drift", "missing") if getattr(self, name))


@dataclass(frozen=True)
class Drawn:
    """One drawing of a competition.

    ``train`` has the id first and the target last, ``test`` is without the target; ``answers`` (m,) are texts in the
    test file's order. ``best`` (m,) holds the best possible predictions, where the process is known. ``public`` (m,)
    says which test rows the public board is scored on. ``told`` is said at the end, when the competition is over.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    answers: tuple[str, ...]
    public: Array
    task: Task
    target: str
    best: Array | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contest:
    """A competition on the shelf. ``draw(seed, options)`` makes its files anew, the same for the same seed."""

    id: str
    title: str
    story: str
    kind: Literal["real", "world"]
    source: str
    metric: str
    target: str
    draw: Callable[[int, Options], Drawn]
    daily: int = 5


def public_part(m: int, rng: np.random.Generator, share: float = 0.3) -> Array:
    """A random part of ``m`` test rows for the public board."""
    mask = np.zeros(m, dtype=bool)
    mask[rng.permutation(m)[: max(1, round(share * m))]] = True
    return mask
