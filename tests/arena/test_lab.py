"""The lab on boosting and networks with a tiny budget: kept, gone on with, summed up, shown."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gradus.arena import lab
from gradus.arena.lab import design, read_rounds, run_lab
from gradus.arena.lab_findings import NETWORK, findings_of, interval
from gradus.arena.lab_report import markdown, write_lab
from gradus.arena.lab_rounds import Design, Round, guess, inner_folds, rows_of
from gradus.arena.shelf import contest, contests
from gradus.cli.main import run
from gradus.errors import UsageError
from gradus.learner import Workspace
from gradus.roadmap import load_roadmap

pytest.importorskip("xgboost")

TINY = Design(("wines", "flats"), rounds=2, settings=2, folds=2, rows=60)


def rounds(name: str, scores: Sequence[tuple[float, float]], guess: float = 0.5) -> list[Round]:
    """Rounds with the scores of boosting and network; forest and line are as the network."""
    return [
        Round(name, number, 100, 50, 8, guess, None, {"xgboost": a, "network": b, "forest": b, "line": b}, {},
              dict.fromkeys(("xgboost", "network", "forest", "line"), 1.0), {})
        for number, (a, b) in enumerate(scores)
    ]  # fmt: skip


def test_it_is_measured_kept_and_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, said = tmp_path / "lab" / "r.jsonl", []
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 6

    first = run_lab(TINY, record, lambda what, done, of: said.append((what, done, of)), stopped)
    assert [(each.data, each.round) for each in first] == [("wines", 0)]
    assert said[0] == ("wines, XGBoost", 1, 16)
    whole = run_lab(TINY, record)
    assert [(each.data, each.round) for each in whole] == [("wines", 0), ("flats", 0), ("wines", 1), ("flats", 1)]
    assert whole[0] == first[0]
    for each in whole:
        assert set(each.scores) == {"xgboost", "network", "forest", "line"}
        assert all(math.isfinite(score) for score in each.scores.values())
        assert each.train <= 120
        assert (each.optimum is None) == (each.data == "wines")
    monkeypatch.setattr(lab, "measure", lambda *args: pytest.fail("measured twice"))
    assert run_lab(TINY, record) == whole
    record.write_text(record.read_text() + '{"key": "torn')
    assert run_lab(replace(TINY, rounds=1), record) == whole[:2]
    assert read_rounds(record, replace(TINY, settings=3)) == []

    found = findings_of(TINY, whole)
    files = write_lab(found, tmp_path / "out")
    page = files["report.html"].read_text()
    assert page.count("data:image/png;base64,") == 2
    assert "<script" not in page
    assert files["difference.png"].read_bytes().startswith(b"\x89PNG")
    assert files["results.md"].read_text() == markdown(found)
    assert json.loads(files["results.json"].read_text())["done"] == 4


def test_all_families_get_the_same_rows_folds_and_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradus.arena import lab_rounds
    from gradus.arena.lab_models import families

    fits: list[tuple[str, int, int]] = []

    class Guesser:
        def predict(self, X: pd.DataFrame) -> np.ndarray:
            return np.zeros(len(X))

    def fitted(family, setting, given, X, y, seed):  # type: ignore[no-untyped-def]
        fits.append((family.id, len(X), hash(tuple(X.index))))
        return Guesser()

    monkeypatch.setattr(lab_rounds, "_fitted", fitted)
    lab_rounds.measure(contest("flats"), replace(TINY, settings=3), 0, families())
    by = {name: [fit[1:] for fit in fits if fit[0] == name] for name in ("xgboost", "network", "forest", "line")}
    assert len(by["xgboost"]) == 3 * 2 + 1
    assert by["xgboost"] == by["network"] == by["forest"] == by["line"]


class TestWhatIsFound:
    def test_ahead_behind_and_open(self) -> None:
        plan = Design(("loans", "rings", "flats"), rounds=3)
        made = [
            *rounds("loans", [(0.80, 0.70), (0.82, 0.71), (0.81, 0.72)]),
            *rounds("rings", [(0.60, 0.70), (0.61, 0.72), (0.62, 0.71)]),
            *rounds("flats", [(20.0, 21.0), (23.0, 22.0), (22.0, 22.0)], guess=60.0),
        ]
        found = findings_of(plan, made)
        assert [each.differences[NETWORK].verdict for each in found.findings] == ["ahead", "behind", "open"]
        words = " ".join(found.sentences())
        assert (
            "Of 3 data sets, boosting is ahead of the network on 1, behind on 1, and 1 cannot be told apart." in words
        )
        assert "It holds on loans. The network is ahead on rings." in words
        assert "The interval holds zero." in words

    def test_lower_errors_count_for_boosting(self) -> None:
        found = findings_of(Design(("flats",), rounds=2), rounds("flats", [(20, 25), (21, 26)], guess=60))
        assert found.findings[0].differences[NETWORK].mean == 5
        assert found.findings[0].best == "xgboost"

    def test_one_round_decides_nothing(self) -> None:
        found = findings_of(Design(("loans",), rounds=1), rounds("loans", [(0.9, 0.5)]))
        assert found.findings[0].differences[NETWORK].verdict == "open"
        assert found.to_json()["findings"][0]["differences"]["network"]["low"] is None

    def test_the_interval_is_students_and_wider_for_rows_in_common(self) -> None:
        low, high = interval([1.0, 2.0, 3.0], 0.0)
        assert (round(low, 3), round(high, 3)) == (2 - 2.484, 2 + 2.484)
        assert interval([1.0, 2.0, 3.0], 0.5)[0] < low

    def test_nothing_yet(self) -> None:
        assert findings_of(TINY, []).sentences() == ["Nothing is measured yet."]


class TestRounds:
    def test_rounds_of_a_series_move_on_in_time(self) -> None:
        ends = []
        for number in range(5):
            train, y, test, *_ = rows_of(contest("sunspots"), TINY, number)
            assert train["year"].max() < test["year"].min()
            assert len(train) == len(y)
            ends.append(test["year"].max())
        assert ends == sorted(set(ends))

    def test_inner_folds_of_a_series_only_look_back(self) -> None:
        task = contest("sunspots").draw(0, lab_options()).task
        assert all(a.max() < b.min() for a, b in inner_folds(np.zeros(60), TINY, 0, task, ordered=True))

    @pytest.mark.parametrize(("name", "expected"), [("wines", 1.0), ("flats", 2.5)])
    def test_guessing(self, name: str, expected: float) -> None:
        task = contest(name).draw(0, lab_options()).task
        y = np.array([1, 1, 0, 2] if name == "wines" else [1.0, 2.0, 3.0, 4.0])
        assert guess(y, 2, task).tolist() == [expected] * 2

    def test_the_full_design_takes_every_data_set(self) -> None:
        assert design().data == tuple(each.id for each in contests())
        assert len(design().data) == 15
        with pytest.raises(UsageError, match="no competition “tumor”"):
            design(data=("tumor",))


def lab_options():  # type: ignore[no-untyped-def]
    from gradus.arena import Options

    return Options()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace.create(tmp_path / "mine", load_roadmap(), git=False)
    monkeypatch.chdir(tmp_path / "mine")
    args = ["lab", "boosting-vs-networks", "--quick", "--data", "wines", "--rounds", "2", "--settings", "2",
            "--rows", "60"]  # fmt: skip
    assert run([*args, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["done"], told["steps"]) == (2, 2)
    assert Path(told["files"]["report.html"]).is_file()
    monkeypatch.setattr(lab, "measure", lambda *args: pytest.fail("measured twice"))
    assert run(args) == 0
    out = capsys.readouterr().out
    assert "wines" in out
    assert "Of 1 data set, boosting is ahead" in " ".join(out.split())
    assert run(["lab", "boosting-vs-networks", "--data", "wine"]) == 2
    assert "Did you mean wines" in capsys.readouterr().err
    monkeypatch.setattr("gradus.arena.lab.boosting_version", lambda: "")
    assert run(args) == 2
    assert "gradus-ml[boosting]" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert run(args) == 2
