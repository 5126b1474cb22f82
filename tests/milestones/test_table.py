"""A learner's CSV is read in its own dialect, altered exactly, and refused in words when it cannot be examined."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.errors import UsageError
from gradus.milestones import table as tables
from gradus.milestones.table import Table, as_number, read_table

RNG = np.random.default_rng(3)


def frame(rows: int = 40) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city, name": [f"town “{i}”; nr" for i in range(rows)],
            "height": RNG.normal(170, 9, rows).round(2),
            "people": RNG.integers(0, 10_000, rows),
        }
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_any_dialect_is_read_and_written_back(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "data.csv"
    data = frame()
    data.to_csv(path, sep=delimiter, index=False, encoding=encoding)
    table, content = read_table(path)
    assert content == path.read_bytes()
    assert table.numeric == ("height", "people")
    again = pd.read_csv(io.BytesIO(table.to_bytes()), sep=delimiter, encoding=encoding)
    pd.testing.assert_frame_equal(again, data)


def test_windows_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    frame().assign(note="café").drop(columns="city, name").to_csv(path, index=False, encoding="cp1252")
    table, _ = read_table(path)
    assert table.column("note")[0] == "café"
    assert b"caf\xe9" in table.to_bytes()


def numbers(table: Table, name: str) -> np.ndarray:
    return pd.read_csv(io.BytesIO(table.to_bytes()))[name].to_numpy()


def test_copies_change_what_they_say_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    data = frame()
    data.to_csv(path, index=False)
    table, _ = read_table(path)
    scaled = table.scaled("people", 7)
    assert (numbers(scaled, "people") == data["people"] * 7).all()
    assert (numbers(scaled, "height") == data["height"]).all()
    blanked, taken = table.blanked("height", np.random.default_rng(1), 5)
    assert taken == 5
    assert np.isnan(numbers(blanked, "height")).sum() == 5
    assert (numbers(blanked, "people") == data["people"]).all()
    longer = table.with_column("new", ["1"] * 40)
    assert longer.header[-1] == "new"
    assert (numbers(longer, "height") == data["height"]).all()
    order = np.random.default_rng(2).permutation(40)
    assert (numbers(table.take(order), "people") == data["people"].to_numpy()[order]).all()


def test_blanking_leaves_two_numbers() -> None:
    table = Table(("x",), (("1",), ("2",), ("3",), ("",)), ",", "utf-8")
    blanked, taken = table.blanked("x", np.random.default_rng(0), 10)
    assert taken == 1
    assert sum(cell != "" for cell in blanked.column("x")) == 2


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(2, 9))
def test_scaling_a_cell_scales_its_number(value: float, factor: int) -> None:
    table = Table(("x",), ((repr(value),),), ",", "utf-8")
    assert float(table.scaled("x", factor).rows[0][0]) == pytest.approx(value * factor)


@given(st.text(max_size=12))
def test_only_plain_finite_numbers_are_numbers(text: str) -> None:
    value = as_number(text)
    assert value is None or np.isfinite(value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "has 1 rows"),
        (b"", "has 0 rows"),
        (b"a,a\n" + b"1,2\n" * 30, "same name"),
        (b"a,b\n" + b"1,2\n" * 20 + b"1,2,3\n", "Row 22 has 3 cells"),
        (b"a,b\n" + b"x,y\n" * 30, "No column of this CSV holds plain numbers"),
        (b"PK\x03\x04\x00\x00" * 50, "binary data"),
    ],
)
def test_unusable_files_are_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_table(path)
    assert caught.value.next_step
    assert str(path) in caught.value.where


def test_missing_folders_and_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(UsageError, match="not a file"):
        read_table(tmp_path)
    path = tmp_path / "large.csv"
    path.write_bytes(b"x\n" * 1000)
    monkeypatch.setattr(tables, "MOST_BYTES", 1000)
    with pytest.raises(UsageError, match="at most"):
        read_table(path)
