"""C9 and C13 at the file: what ``load`` makes of a row must not depend on rows that it will be tested with."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.milestones.stage1 import ProbeFailed
from gradus.milestones.stage2_data import as_moments

if TYPE_CHECKING:
    import pandas as pd

    from gradus.milestones.stage2_data import Array
    from gradus.milestones.stage2_declared import Declared
    from gradus.milestones.stage2_work import Work
    from gradus.milestones.table import Table

Found = tuple[str, dict[str, Any]]


def rows_alone(work: Work, table: Table, name: str, whole: pd.DataFrame, declared: Declared) -> Found:
    """``load`` of the file with some rows taken out gives the other rows as before.

    With a time declared, later rows are overwritten instead, and the earlier ones must stay: a row may look back.
    """
    if declared.data.time is not None:
        return _past_alone(work, table, name, whole, declared)
    removed, words = _removed(table, declared)
    again = work.load(table.take(sorted(set(range(len(table.rows))) - removed)), name)
    for column in again.columns:
        if column not in whole.columns:
            continue
        extra = (_counts(again[column]) - _counts(whole[column])).total()
        if extra:
            raise ProbeFailed(
                f"With {words} taken out of the file, `load` gives {extra:,} other values in “{column}” for rows that "
                "stayed. It is computed over all rows before any split: a mean, a scale, a fill value, a mean of the "
                "target. Compute it in the model that `build` returns.",
                leak="preprocessing", column=str(column), changed=extra,
            )  # fmt: skip
    return f"With {words} taken out, `load` gives the other rows as before.", {"taken_out": len(removed)}


def _past_alone(work: Work, table: Table, name: str, whole: pd.DataFrame, declared: Declared) -> Found:
    import pandas as pd

    moment, n = str(declared.data.time), len(table.rows)
    written = as_moments(pd.Series(_typed(table.column(moment)))) if moment in table.header else None
    if written is None or np.isnan(written).any():
        written = np.arange(n, dtype=float)
    cut = float(np.quantile(written, 0.75))
    later = np.flatnonzero(written > cut)
    donors = np.random.default_rng(n).integers(n, size=n)
    places = set(later.tolist())
    altered = table
    for column in table.header:
        if column not in (moment, declared.data.groups):
            altered = altered.mapped(column, partial(_other, table.column(column), places, donors))
    again = work.load(altered, name)
    before, after = _until(whole, moment, cut, written), _until(again, moment, cut, written)
    for column in whole.columns:
        if column in (declared.data.target, moment) or column not in after.columns:
            continue
        changed = (_counts(after[column]) - _counts(before[column])).total()
        if changed:
            raise ProbeFailed(
                f"With everything after a moment overwritten, `load` gives {changed:,} other values in “{column}” "
                "for rows "
                "before it. Something looks ahead: a centered window, a backward fill, a shift by a negative number, a "
                "statistic over the whole series.",
                leak="future", column=str(column), changed=changed,
            )  # fmt: skip
    return f"With {len(later):,} later rows overwritten, `load` gives the earlier ones as before.", {
        "later": len(later)
    }


def _other(cells: tuple[str, ...], places: set[int], donors: Array, place: int, cell: str) -> str:
    return cells[donors[place]] if place in places else cell


def _until(frame: pd.DataFrame, moment: str, cut: float, written: Array) -> pd.DataFrame:
    """The rows up to the cut; by their place where ``load`` writes moments in another way than the file."""
    moments = as_moments(frame[moment]) if moment in frame.columns else None
    if moments is not None and np.isin(moments, written).mean() > 0.9:
        return frame[moments <= cut]
    return frame.iloc[: int(0.7 * len(frame))]


def _removed(table: Table, declared: Declared) -> tuple[set[int], str]:
    rng = np.random.default_rng(len(table.rows))
    groups, n = declared.data.groups, len(table.rows)
    if groups is not None and groups in table.header:
        cells = table.column(groups)
        names = sorted(set(cells))
        gone = set(rng.choice(names, max(1, len(names) // 10), replace=False).tolist())
        return {i for i, cell in enumerate(cells) if cell in gone}, f"{len(gone)} groups"
    needed: set[int] = {0}
    for column in table.header:
        if column not in table.numeric:
            seen: dict[str, int] = {}
            for place, cell in enumerate(table.column(column)):
                seen.setdefault(cell, place)
            if len(seen) <= n // 2:
                needed |= set(seen.values())
    free = np.array(sorted(set(range(n)) - needed))
    chosen = rng.choice(free, min(len(free), max(10, n // 20)), replace=False) if len(free) else np.array([n - 1])
    return {int(i) for i in chosen}, f"{len(chosen)} rows"


def _typed(cells: tuple[str, ...]) -> Any:
    from gradus.milestones.table import as_number

    numbers = [as_number(cell) for cell in cells]
    return numbers if all(number is not None for number in numbers) else list(cells)


def _counts(column: pd.Series[Any]) -> Counter[str]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return Counter(f"{value:.9g}" for value in column.to_numpy(dtype=float, na_value=np.nan).tolist())
    return Counter(map(str, column.tolist()))
