"""``gradus arena`` on the command line: board, finish and report, and bad input that is refused and loses nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gradus.arena import pipelines
from gradus.cli.main import run

FEW = {"Majority", "Stump", "Line", "Calm forest"}
WORDS = "I fitted a logistic regression on four columns, left the leaking one out, and checked it on five folds of it. "


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which the field has four entries."""
    few = tuple(entry for entry in pipelines.entries() if entry.name in FEW)
    assert len(few) == len(FEW)
    monkeypatch.setattr(pipelines, "entries", lambda: few)
    (tmp_path / "gradus.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def asked(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """The answer of a command as data."""

    def ask(*args: str) -> Any:
        assert run(["arena", *args, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def playing(asked: Callable[..., Any], root: Path) -> Path:
    """`loans` laid out, small, with a leak; its folder."""
    asked("start", "loans", "--leak", "--rows", "150", "--seed", "4", "--no-field")
    return root / "arena" / "loans"


def sample(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "sample_submission.csv")


def write_up(folder: Path) -> None:
    path = folder / "writeup.md"
    lines = [f"{line}\n\n{WORDS}" if line.startswith("## ") else line for line in path.read_text().splitlines()]
    path.write_text("\n".join(lines))


def screen(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What a command prints, as one line of words."""
    assert run(["arena", *args]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_board_finish_and_report(playing: Path, asked: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    board = asked("board", "loans")
    assert (board["board"], board["computed"], board["entries"], board["rank"]) == ("public", 4, 4, None)
    assert {row["name"] for row in board["rows"]} == FEW
    assert Path(board["pictures"]["board.png"]).read_bytes().startswith(b"\x89PNG")
    asked("submit", "loans", str(playing / "sample_submission.csv"), "-m", "the sample")
    words = screen(capsys, "board", "loans", "--all")
    assert "Loans that default: the public board, ROC AUC (higher is better)" in words
    assert "Best possible" in words
    assert "You are" in words
    assert "4 submissions left today." in words
    report = asked("report", "loans")["report"]
    assert "The competition is still open" in Path(report).read_text()

    assert run(["arena", "finish", "loans"]) == 2
    assert "“What I built” holds 0 words" in " ".join(capsys.readouterr().err.split())
    write_up(playing)
    assert run(["arena", "finish", "loans", "--choose", "7"]) == 2
    assert "There is no submission 7. " in " ".join(capsys.readouterr().err.split()) + " "
    done = asked("finish", "loans", "--choose", "1")
    assert (done["board"], done["finished"], done["of"]) == ("private", True, 5)
    assert "collection_calls" in done["told"][0]
    page = Path(done["report"]).read_text()
    assert page.count("data:image/png;base64,") == 3
    assert "The trap" in page
    assert "so that somebody could build it again" not in page
    words = screen(capsys, "board", "loans")
    assert "the private board" in words
    assert asked("board", "loans", "--public")["board"] == "public"
    words = screen(capsys, "finish", "loans")
    assert "The trap: collection_calls" in words
    assert "The report, to keep or to show: arena/loans/report.html" in words
    assert screen(capsys, "report", "loans") == "The report is in arena/loans/report.html."
    assert run(["arena", "submit", "loans", str(playing / "sample_submission.csv")]) == 2
    assert "is finished" in capsys.readouterr().err
    assert screen(capsys, "list").count("loans (finished)") == 1


def test_ctrl_c_leaves_the_rest_of_the_field_for_later(
    playing: Path, asked: Callable[..., Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradus.arena import field

    score, made = field.score_entry, []

    def interrupted(entry: Any, drawn: Any) -> Any:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(entry.name)
        return score(entry, drawn)

    with monkeypatch.context() as patch:
        patch.setattr(field, "score_entry", interrupted)
        assert "2 of 4 entries are computed; `gradus arena board` goes on." in screen(capsys, "board", "loans")
    assert asked("board", "loans")["computed"] == 4


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda f: f.drop(columns="defaulted"), "The column “defaulted” is missing"),
            (lambda f: f.assign(id=f["id"] + 10_000), "The ids do not match"),
            (lambda f: f.iloc[3:], "3 of 200 ids are not answered"),
            (lambda f: pd.concat([f, f.iloc[:1]]), "come more than once"),
            (lambda f: f.rename(columns={"id": "row"}), "The column “id” is missing"),
            (lambda f: f.assign(more=1), "columns beside the two"),
            (lambda f: f.assign(defaulted=np.nan), "is empty"),
            (lambda f: f.assign(defaulted=2), "a chance lies between 0 and 1"),
        ],
    )
    def test_a_submission_that_does_not_fit_uses_nothing_up(
        self, playing: Path, asked: Callable[..., Any], capsys: pytest.CaptureFixture[str], change: Any, words: str
    ) -> None:
        change(sample(playing)).to_csv("s.csv", index=False)
        assert run(["arena", "submit", "loans", "s.csv"]) == 2
        assert words in " ".join(capsys.readouterr().err.split())
        assert run(["arena", "submit", "loans", "s.csv", "--json"]) == 2
        assert words in json.loads(capsys.readouterr().out)["error"]["what"]
        assert asked("board", "loans")["left_today"] == 5

    def test_files_that_are_no_submission(
        self, playing: Path, asked: Callable[..., Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("huge.csv").touch()
        os.truncate("huge.csv", 2 * 1024**3)  # sparse: it takes no room
        Path("none.csv").write_bytes(b"")
        Path("bytes.csv").write_bytes(b"\xff\xfe\x00id,defaulted\n")
        for name, words in (
            ("huge.csv", "2,048 MB"),
            ("none.csv", "no rows"),
            ("bytes.csv", "binary data"),
            ("gone.csv", "gone.csv"),
        ):
            assert run(["arena", "submit", "loans", name]) == 2
            said = " ".join(capsys.readouterr().err.split())
            assert words in said
            assert "Traceback" not in said
        assert asked("board", "loans")["left_today"] == 5

    def test_answers_that_were_edited(self, playing: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = root / ".gradus" / "arena" / "loans" / "answers.csv"
        path.write_text(path.read_text().replace(",no,", ",yes,", 5))
        for args in (
            ["submit", "loans", str(playing / "sample_submission.csv")],
            ["board", "loans"],
            ["report", "loans"],
        ):
            assert run(["arena", *args]) == 3
            said = " ".join(capsys.readouterr().err.split())
            assert "were changed since they were drawn" in said
            assert "--again" in said
        assert not (path.parent / "submissions.jsonl").exists()

    def test_answers_that_are_gone(self, playing: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (root / ".gradus" / "arena" / "loans" / "answers.csv").unlink()
        assert run(["arena", "board", "loans"]) == 3
        assert "was damaged" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (["board", "loanz"], "You do not play “loanz”"),
            (["report", "loanz"], "You do not play “loanz”"),
            (["finish", "loanz"], "You do not play “loanz”"),
            (["finish", "loans"], "Nothing was submitted yet"),
            (["start", "loanz"], "Did you mean loans"),
            (["start", "wines", "--drift"], "options are for simulated worlds"),
            (["start", "rings", "--rows", "7"], "A world of 7 rows cannot be drawn"),
            (["start", "loans", "--drift"], "with other options"),
            (["board", "../loans"], "cannot be a competition's name"),
        ],
    )
    def test_commands_that_do_not_fit(
        self, playing: Path, capsys: pytest.CaptureFixture[str], args: list[str], words: str
    ) -> None:
        assert run(["arena", *args]) == 2
        assert words in " ".join(capsys.readouterr().err.split())
