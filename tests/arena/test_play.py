"""A competition played from start to finish, and everything that is refused on the way."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gradus.arena import Options, board_of, compute_field, contest, contests, find_play, finish, plays, start, submit
from gradus.arena.field import cached_field, field_key
from gradus.arena.pipelines import entries
from gradus.arena.play import Play
from gradus.arena.report import draw_pictures, write_report
from gradus.errors import UsageError

SMALL = Options(leak=True, missing=True, rows=150)
WORDS = "I fitted a logistic regression on four columns, left the leaking one out, and checked it on five folds of it. "


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return start(tmp_path, "loans", SMALL, seed=4)[0]


def chances(play: Play, path: Path, noise: float = 0.0) -> Path:
    """The best possible chances, made worse by noise."""
    drawn = play.drawn
    rng = np.random.default_rng(0)
    values = np.clip(drawn.best + rng.normal(scale=noise, size=len(drawn.best)), 0, 1)
    pd.DataFrame({"id": drawn.test["id"], "defaulted": values}).sample(frac=1, random_state=1).to_csv(path, index=False)
    return path


def write_up(play: Play) -> None:
    path = play.folder / "writeup.md"
    lines = [f"{line}\n\n{WORDS}" if line.startswith("## ") else line for line in path.read_text().splitlines()]
    path.write_text("\n".join(lines) + "\n\n<script>alert(1)</script>\n")


def test_from_start_to_finish(play: Play, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert {path.name for path in play.folder.iterdir()} == {
        "about.md", "train.csv", "test.csv", "sample_submission.csv", "writeup.md",
    }  # fmt: skip
    assert "defaulted" not in pd.read_csv(play.folder / "test.csv").columns
    steps: list[tuple[int, int]] = []
    field = compute_field(play.drawn, lambda done, of: steps.append((done, of)), cache=cache)
    assert len(field) >= 40
    assert steps[-1] == (len(field), len(field))
    assert not [each.name for each in field if each.public != each.public]

    submit(play, play.folder / "sample_submission.csv", "the sample")
    made = submit(play, chances(play, tmp_path / "mine.csv", 0.05), "close to the best")
    board = board_of(play, field, len(field))
    assert board.which == "public"
    assert board.you is not None
    assert board.you.score == made.public
    assert board.you.rank <= len(board.rows) / 2
    assert board.standing_words().endswith("on the public board, in the top half.")
    assert board.optimum is not None
    assert [row.score for row in board.rows] == sorted((row.score for row in board.rows), reverse=True)

    with pytest.raises(UsageError, match="“What I built” holds 0 words"):
        finish(play)
    write_up(play)
    assert finish(play)["chosen"] == [2, 1]
    private = board_of(play, field, len(field))
    assert private.which == "private"
    assert private.you is not None
    assert private.you.score == made.private
    with pytest.raises(UsageError, match="is finished"):
        submit(play, tmp_path / "mine.csv")

    page = write_report(play, field, len(field)).read_text()
    assert page.count("data:image/png;base64,") == 3
    assert "collection_calls" in page
    assert "<script>" not in page
    for name in ("board.png", "shake.png", "progress.png"):
        assert (play.folder / name).read_bytes().startswith(b"\x89PNG")
    assert [each.name for each in plays(tmp_path)] == ["loans"]


class TestTheField:
    def test_it_is_documented_and_large(self) -> None:
        listed = entries()
        assert len(listed) >= 40
        assert len({entry.name for entry in listed}) == len(listed)
        assert all(entry.about.endswith(".") for entry in listed)

    def test_it_is_computed_once(self, play: Play, tmp_path: Path) -> None:
        names = ["Majority", "Stump", "Line"]
        first = compute_field(play.drawn, cache=tmp_path / "c", only=names)
        assert compute_field(play.drawn, cache=tmp_path / "c", only=names) == first
        assert cached_field(play.drawn, tmp_path / "c") == (first, len(entries()))

    def test_it_is_stopped_and_gone_on_with(self, play: Play, tmp_path: Path) -> None:
        names = ["Majority", "Stump", "Line"]
        asked: list[int] = []

        def stopped() -> bool:
            asked.append(1)
            return len(asked) > 1

        assert [each.name for each in compute_field(play.drawn, stopped=stopped, cache=tmp_path, only=names)] == [
            "Majority"
        ]
        assert len(compute_field(play.drawn, cache=tmp_path, only=names)) == 3

    def test_a_torn_line_is_computed_again(self, play: Play, tmp_path: Path) -> None:
        compute_field(play.drawn, cache=tmp_path, only=["Majority"])
        path = tmp_path / f"field-{field_key(play.drawn)}.jsonl"
        path.write_text(path.read_text()[:30])
        assert len(compute_field(play.drawn, cache=tmp_path, only=["Majority"])) == 1

    @pytest.mark.parametrize("name", ["wines", "diabetes", "sunspots", "votes"])
    def test_it_plays_real_data(self, name: str, tmp_path: Path) -> None:
        drawn = contest(name).draw(1, Options())
        field = compute_field(drawn, cache=tmp_path, only=["Majority", "Line", "Calm forest"])
        gains = [drawn.task.measure.gain(each.private) for each in field]
        assert min(gains[1:]) > gains[0]


class TestSubmitting:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda f: f.drop(columns="defaulted"), "The column “defaulted” is missing"),
            (lambda f: f.rename(columns={"id": "ID"}), "The column “id” is missing"),
            (lambda f: f.assign(more=1), "columns beside the two"),
            (lambda f: f.iloc[1:], "ids are not answered"),
            (lambda f: f.assign(id=f["id"] + 10_000), "The ids do not match"),
            (lambda f: pd.concat([f, f.iloc[:1]]), "1 of the ids come more than once"),
            (lambda f: f.assign(defaulted=np.nan), "is empty"),
            (lambda f: f.assign(defaulted="yes"), "is 'yes', which is no number"),
            (lambda f: f.assign(defaulted=1.2), "a chance lies between 0 and 1"),
        ],
    )
    def test_what_does_not_fit_uses_nothing_up(self, play: Play, tmp_path: Path, change, words: str) -> None:
        frame = pd.read_csv(play.folder / "sample_submission.csv")
        change(frame).to_csv(tmp_path / "s.csv", index=False)
        with pytest.raises(UsageError) as refused:
            submit(play, tmp_path / "s.csv")
        assert words in str(refused.value)
        assert not play.submissions()
        assert play.left_today() == 5

    def test_two_gigabytes(self, play: Play, tmp_path: Path) -> None:
        (tmp_path / "huge.csv").touch()
        os.truncate(tmp_path / "huge.csv", 2 * 1024**3)
        with pytest.raises(UsageError, match="2,048 MB; at most 64 MB"):
            submit(play, tmp_path / "huge.csv")

    def test_five_a_day(self, play: Play) -> None:
        sample, today = play.folder / "sample_submission.csv", date(2026, 5, 2)
        for _ in range(5):
            submit(play, sample, today=today)
        with pytest.raises(UsageError, match="Today's 5 submissions are used up"):
            submit(play, sample, today=today)
        with pytest.raises(UsageError, match="used up"):
            submit(play, sample, today=date(2026, 5, 1))
        assert submit(play, sample, today=date(2026, 5, 3)).n == 6

    def test_private_scores_stay_private(self, play: Play) -> None:
        made = submit(play, play.folder / "sample_submission.csv")
        assert "private" not in made.to_json()

    def test_the_learners_copy_does_not_matter(self, play: Play) -> None:
        sample = (play.folder / "sample_submission.csv").read_bytes()
        (play.folder / "test.csv").write_text("id\n1\n")
        (play.folder / "s.csv").write_bytes(sample)
        assert submit(play, play.folder / "s.csv").public == 0.5


class TestStarting:
    def test_the_same_seed_gives_the_same_files(self, tmp_path: Path) -> None:
        one, other = (start(tmp_path / name, "flats", seed=9)[0] for name in "ab")
        for name in ("train.csv", "test.csv"):
            assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()
        assert one.meta["answers"] == other.meta["answers"]

    def test_what_is_missing_comes_back_and_edits_stay(self, play: Play, tmp_path: Path) -> None:
        (play.folder / "train.csv").unlink()
        (play.folder / "writeup.md").write_text("mine")
        again, is_new = start(tmp_path, "loans")
        assert not is_new
        assert again.meta == play.meta
        assert (play.folder / "train.csv").exists()
        assert (play.folder / "writeup.md").read_text() == "mine"

    def test_again_is_beside_it(self, play: Play, tmp_path: Path) -> None:
        other, is_new = start(tmp_path, "loans", again=True)
        assert is_new
        assert other.name == "loans-2"
        assert find_play(tmp_path, "loans").meta == play.meta

    @pytest.mark.parametrize(
        ("name", "options", "words"),
        [
            ("laons", Options(), "Did you mean loans"),
            ("wines", Options(leak=True), "is real data"),
            ("flats", Options(rows=3), "A world of 3 rows"),
            ("loans", Options(drift=True), "with other options"),
        ],
    )
    def test_it_is_refused_in_words(self, play: Play, tmp_path: Path, name: str, options: Options, words: str) -> None:
        with pytest.raises(UsageError, match=words):
            start(tmp_path, name, options)

    def test_what_is_not_played(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="You do not play"):
            find_play(tmp_path, "loans")
        with pytest.raises(UsageError, match="cannot be"):
            find_play(tmp_path, "../loans")


class TestFinishing:
    def test_nothing_submitted(self, play: Play) -> None:
        write_up(play)
        with pytest.raises(UsageError, match="Nothing was submitted"):
            finish(play)

    def test_choosing(self, play: Play) -> None:
        submit(play, play.folder / "sample_submission.csv")
        write_up(play)
        with pytest.raises(UsageError, match="There is no submission 7"):
            finish(play, [7])
        (play.folder / "writeup.md").write_text("# nothing")
        with pytest.raises(UsageError, match="has no section"):
            finish(play, [1])
        assert play.finished() is None

    def test_a_board_before_anything(self, play: Play) -> None:
        board = board_of(play, [], 55)
        assert board.you is None
        assert board.standing_words() == "You have not submitted yet."
        assert not draw_pictures(play, [], 55)


def test_every_competition_can_be_drawn() -> None:
    for each in contests():
        drawn = each.draw(3, Options(rows=200))
        assert drawn.train.columns[0] == "id" == drawn.test.columns[0]
        assert drawn.train.columns[-1] == drawn.target
        assert list(drawn.train.columns[:-1]) == list(drawn.test.columns), each.id
        assert len(drawn.answers) == len(drawn.test) == len(drawn.public)
        assert 0 < drawn.public.mean() < 0.5
        assert not set(drawn.train["id"]) & set(drawn.test["id"])
        assert np.isfinite(
            drawn.task.score(
                drawn.task.truth(drawn.answers)[drawn.public], drawn.task.truth(drawn.answers)[drawn.public]
            )
        )


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from gradus.cli.main import run

    (tmp_path / "gradus.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def asked(*args: str) -> dict:
        assert run(["arena", *args, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert len(asked("list")["contests"]) == 15
    assert asked("start", "rings", "--drift", "--rows", "150", "--no-field")["options"] == ["drift"]
    assert asked("submit", "rings", "arena/rings/sample_submission.csv")["submission"]["n"] == 1
    for words in (["list"], ["submit", "rings", "arena/rings/sample_submission.csv"]):
        assert run(["arena", *words]) == 0
    assert "left today" in capsys.readouterr().out
    assert run(["arena", "finish", "rings"]) == 2
    assert "holds 0 words" in capsys.readouterr().err
