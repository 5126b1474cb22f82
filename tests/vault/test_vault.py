"""A test set sealed, opened once and seen after that; and everything that must be refused without losing a row."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.errors import UsageError
from gradus.vault import Request, VaultError, open_set, overlap, read_ledger, seal, take_rows_out, vault_folder
from gradus.vault.rows import read_rows


def patients(path: Path, rows: int = 120, **more: list) -> Path:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({
        "age": rng.integers(20, 90, rows), "note": [f"a, \"b\"\n{i}" for i in range(rows)],
        "person": rng.integers(0, 25, rows), "day": pd.date_range("2026-01-01", periods=rows).astype(str),
        "ill": np.where(rng.random(rows) < 0.4, "yes", "no"), **more,
    })  # fmt: skip
    frame.to_csv(path, index=False)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return patients(tmp_path / "patients.csv")


def answers(folder: Path, path: Path, right: float = 1.0, name: str = "patients") -> Path:
    """Predictions of which about a share is right."""
    rows = read_rows(folder / name / "sealed.csv")
    truth = rows.column("ill")
    wrong = round((1 - right) * len(truth))
    given = [{"yes": "no", "no": "yes"}[t] if i < wrong else t for i, t in enumerate(truth)]
    pd.DataFrame({"row": range(len(given)), "prediction": given}).sample(frac=1, random_state=0).to_csv(
        path, index=False
    )
    return path


class TestSealing:
    def test_the_two_parts_are_the_file(self, data: Path, tmp_path: Path) -> None:
        before = read_rows(data)
        done = seal(vault_folder(tmp_path), Request(data, "ill"))
        rest, sealed = read_rows(data), read_rows(done.folder / "sealed.csv")
        assert sorted(rest.texts + sealed.texts) == sorted(before.texts)
        assert rest.header == sealed.header == before.header
        assert len(sealed) == done.standing.sealed.rows == 24
        assert done.standing.state == "sealed"
        assert not read_ledger(vault_folder(tmp_path)).problems

    def test_questions_hold_no_answers(self, data: Path, tmp_path: Path) -> None:
        done = seal(vault_folder(tmp_path), Request(data, "ill"))
        questions = pd.read_csv(done.folder / "questions.csv")
        assert list(questions.columns) == ["row", "age", "note", "person", "day"]
        assert questions["row"].tolist() == list(range(24))

    def test_classes_are_in_proportion(self, data: Path, tmp_path: Path) -> None:
        share = (pd.read_csv(data)["ill"] == "yes").mean()
        done = seal(vault_folder(tmp_path), Request(data, "ill"))
        sealed = pd.read_csv(done.folder / "sealed.csv")
        assert abs((sealed["ill"] == "yes").mean() - share) < 0.05

    def test_groups_stay_whole(self, data: Path, tmp_path: Path) -> None:
        done = seal(vault_folder(tmp_path), Request(data, "ill", groups="person"))
        sealed, rest = pd.read_csv(done.folder / "sealed.csv"), pd.read_csv(data)
        assert not set(sealed["person"]) & set(rest["person"])
        assert done.standing.sealed.how == "groups"

    def test_the_latest_are_sealed(self, data: Path, tmp_path: Path) -> None:
        done = seal(vault_folder(tmp_path), Request(data, "ill", time="day"))
        assert pd.read_csv(done.folder / "sealed.csv")["day"].min() > pd.read_csv(data)["day"].max()

    def test_one_moment_is_on_one_side(self, tmp_path: Path) -> None:
        data = patients(tmp_path / "patients.csv", hour=[i // 7 for i in range(120)])
        done = seal(vault_folder(tmp_path), Request(data, "ill", time="hour"))
        assert pd.read_csv(done.folder / "sealed.csv")["hour"].min() > pd.read_csv(data)["hour"].max()

    def test_twins_are_named(self, tmp_path: Path) -> None:
        data = patients(
            tmp_path / "patients.csv", note=["same"] * 120, day=["d"] * 120, person=[1] * 120, age=[40] * 120
        )
        done = seal(vault_folder(tmp_path), Request(data, "ill"))
        assert done.standing.sealed.repeats == 24
        assert "24 of the sealed rows have a twin" in done.notes[0]

    def test_the_seed_is_not_the_same_twice(self, tmp_path: Path) -> None:
        parts = []
        for number in range(2):
            data = patients(tmp_path / f"p{number}.csv")
            done = seal(tmp_path / f"v{number}", Request(data, "ill"))
            parts.append((done.folder / "sealed.csv").read_bytes())
        assert parts[0] != parts[1]

    def test_the_old_file_draws_no_other_rows(self, data: Path, tmp_path: Path) -> None:
        whole = data.read_bytes()
        folder = vault_folder(tmp_path)
        first = seal(folder, Request(data, "ill"))
        rest = data.read_bytes()
        data.write_bytes(whole)
        assert [problem.kind for problem in read_ledger(folder).problems] == ["rest_unfinished"]
        again = seal(folder, Request(data, "ill", name="other"))
        assert again.standing.sealed == first.standing.sealed
        assert "already" in again.notes[0]
        assert data.read_bytes() == rest

    def test_an_edited_copy_is_refused(self, data: Path, tmp_path: Path) -> None:
        whole = data.read_bytes()
        seal(vault_folder(tmp_path), Request(data, "ill"))
        copy = tmp_path / "copy.csv"
        copy.write_bytes(whole + b'3,"x",1,2026-01-01,yes\n')
        with pytest.raises(UsageError, match="24 of the 24 rows sealed as “patients” lie in this file"):
            seal(vault_folder(tmp_path), Request(copy, "ill"))
        assert copy.read_bytes().startswith(whole)

    def test_a_crash_before_the_commitment_loses_nothing(
        self, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = data.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr("gradus.vault.sealing.append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                seal(vault_folder(tmp_path), Request(data, "ill"))
        assert data.read_bytes() == whole
        done = seal(vault_folder(tmp_path), Request(data, "ill"))
        assert done.standing.state == "sealed"
        assert (vault_folder(tmp_path) / "patients.unfinished-1" / "sealed.csv").exists()


class TestBadInput:
    CASES = (
        ({"target": "sick"}, "There is no column “sick” to be the target"),
        ({"target": "il"}, "Did you mean “ill”"),
        ({"groups": "persn"}, "Did you mean “person”"),
        ({"groups": "note"}, "another value in every row"),
        ({"groups": "few"}, "only 2 groups"),
        ({"time": "note"}, "cannot be read as moments"),
        ({"time": "few"}, "too few different moments"),
        ({"target": "one"}, "with a single class there is nothing to predict"),
        ({"target": "holes"}, "missing in 3 of 120 rows"),
        ({"metric": "rmse"}, "holds words"),
        ({"metric": "auc"}, "There is no metric “auc”"),
        ({"target": "three", "metric": "roc_auc"}, "is for two classes; “three” has 3"),
        ({"positive": "maybe"}, "“maybe” is no class of “ill”"),
        ({"share": 0.9}, "A share of 0.9"),
        ({"groups": "person", "time": "day"}, "by groups or by time"),
        ({"groups": "ill"}, "cannot be groups"),
        ({"name": "../out"}, "cannot be a set's name"),
    )

    @pytest.mark.parametrize(("changes", "words"), CASES, ids=lambda value: str(value)[:40])
    def test_it_is_refused_in_words(self, tmp_path: Path, changes: dict, words: str) -> None:
        data = patients(
            tmp_path / "patients.csv", one=["x"] * 120, holes=["", "NaN", "na", *["y", "n"] * 58, "y"],
            three=["a", "b", "c"] * 40, few=[1, 2] * 60,
        )  # fmt: skip
        before = data.read_bytes()
        with pytest.raises(UsageError) as refused:
            seal(vault_folder(tmp_path), Request(data, **{"target": "ill", **changes}))
        assert words in str(refused.value)
        assert data.read_bytes() == before
        assert not read_ledger(vault_folder(tmp_path)).entries

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "no rows"),
            (b"a,ill\n", "no rows"),
            (b"a,ill\n1,2,3\n", "Row 2 has 3 cells"),
            (b"a,a,ill\n1,2,3\n", "Two columns"),
            (b"PK\0\0", "binary"),
            (b"a,ill\n1,yes\n2,no\n", "2 rows; at least 40"),
            (b'a,ill\n"1,yes\n', "cannot be read as a CSV"),
        ],
    )
    def test_what_is_no_table(self, tmp_path: Path, content: bytes, words: str) -> None:
        (tmp_path / "data.csv").write_bytes(content)
        with pytest.raises(UsageError, match=words):
            seal(vault_folder(tmp_path), Request(tmp_path / "data.csv", "ill"))
        assert (tmp_path / "data.csv").read_bytes() == content

    def test_two_gigabytes(self, tmp_path: Path) -> None:
        path = tmp_path / "huge.csv"
        path.touch()
        os.truncate(path, 2 * 1024**3)
        with pytest.raises(UsageError, match=r"2,048 MB; at most 128 MB.*Nothing was changed"):
            seal(vault_folder(tmp_path), Request(path, "ill"))

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no such file"):
            seal(vault_folder(tmp_path), Request(tmp_path / "none.csv", "ill"))

    def test_a_name_that_is_taken(self, data: Path, tmp_path: Path) -> None:
        seal(vault_folder(tmp_path), Request(data, "ill"))
        with pytest.raises(UsageError, match="has a set “Patients” already"):
            seal(vault_folder(tmp_path), Request(patients(tmp_path / "b.csv", 90), "ill", name="Patients"))


@pytest.fixture
def vault(data: Path, tmp_path: Path) -> Path:
    seal(vault_folder(tmp_path), Request(data, "ill"))
    return vault_folder(tmp_path)


class TestOpening:
    def test_once(self, vault: Path, tmp_path: Path) -> None:
        opening = open_set(vault, "patients", answers(vault, tmp_path / "a.csv", 0.75))
        assert opening.score == 0.75
        assert opening.low < 0.75 < opening.high
        standing = read_ledger(vault).standing("patients")
        assert standing.state == "opened"
        assert standing.clean == opening
        assert not opening.seen

    def test_a_second_look_is_refused_then_marked(self, vault: Path, tmp_path: Path) -> None:
        first = open_set(vault, "patients", answers(vault, tmp_path / "a.csv", 0.5))
        better = answers(vault, tmp_path / "b.csv")
        with pytest.raises(UsageError, match=r"was opened on .*: the score was 0.5"):
            open_set(vault, "patients", better)
        assert len(read_ledger(vault).entries) == 2
        second = open_set(vault, "patients", better, again=True)
        assert second.seen
        standing = read_ledger(vault).standing("patients")
        assert standing.state == "seen"
        assert standing.clean == first
        assert [opening.score for opening in standing.openings] == [0.5, 1.0]

    def test_rows_taken_out_are_seen(self, vault: Path, tmp_path: Path) -> None:
        take_rows_out(vault, "patients", tmp_path / "rows.csv")
        assert (tmp_path / "rows.csv").read_bytes() == (vault / "patients" / "sealed.csv").read_bytes()
        standing = read_ledger(vault).standing("patients")
        assert standing.state == "seen"
        assert standing.clean is None
        with pytest.raises(UsageError, match="its rows were taken out"):
            open_set(vault, "patients", answers(vault, tmp_path / "a.csv"))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda f: f.drop(columns="prediction"), "The column “prediction” is missing"),
            (lambda f: f.assign(more=1), "columns beside the two"),
            (lambda f: f.iloc[1:], "1 of 24 ids are not answered"),
            (lambda f: f.assign(row=f["row"] + 100), "The ids do not match: 24 of 24"),
            (lambda f: pd.concat([f, f.iloc[:2]]), "2 of the ids come more than once"),
            (lambda f: pd.concat([f, f.iloc[:1].assign(row=99)]), "1 ids were never asked about: “99”"),
            (lambda f: f.assign(prediction=np.nan), "is empty, and so or likewise in 23 more rows"),
            (lambda f: f.assign(prediction="maybe"), "is 'maybe', which is none of the classes “no”, “yes”"),
        ],
    )
    def test_bad_predictions_use_nothing_up(self, vault: Path, tmp_path: Path, change, words: str) -> None:
        path = answers(vault, tmp_path / "a.csv")
        change(pd.read_csv(path)).to_csv(path, index=False)
        with pytest.raises(UsageError) as refused:
            open_set(vault, "patients", path)
        assert words in str(refused.value)
        assert read_ledger(vault).standing("patients").state == "sealed"

    @pytest.mark.parametrize(
        ("metric", "value", "words"),
        [
            ("roc_auc", "1.5", "a chance lies between 0 and 1"),
            ("log_loss", "inf", "not finite"),
            ("rmse", "x", "no number"),
        ],
    )
    def test_numbers_are_checked(self, tmp_path: Path, metric: str, value: str, words: str) -> None:
        data = patients(tmp_path / "patients.csv", cost=[i / 7 for i in range(120)])
        seal(vault_folder(tmp_path), Request(data, "cost" if metric == "rmse" else "ill", metric=metric))
        path = tmp_path / "a.csv"
        pd.DataFrame({"row": range(24), "prediction": [value, *["0.5"] * 23]}).to_csv(path, index=False)
        with pytest.raises(UsageError, match=words):
            open_set(vault_folder(tmp_path), "patients", path)

    def test_rows_found_in_other_data(self, vault: Path, data: Path) -> None:
        rest = pd.read_csv(data)
        assert overlap(vault, "patients", rest) == 0
        sealed = pd.read_csv(vault / "patients" / "sealed.csv")
        assert overlap(vault, "patients", pd.concat([rest, sealed.iloc[:5]])[["ill", "age", "note"]]) == 5


class TestTampering:
    def opened(self, vault: Path, tmp_path: Path) -> list[str]:
        open_set(vault, "patients", answers(vault, tmp_path / "a.csv", 0.5))
        return (vault / "ledger.jsonl").read_text().splitlines()

    def test_a_better_score(self, vault: Path, tmp_path: Path) -> None:
        lines = self.opened(vault, tmp_path)
        (vault / "ledger.jsonl").write_text("\n".join(lines).replace('"score": 0.5', '"score": 0.9') + "\n")
        ledger = read_ledger(vault)
        assert [problem.kind for problem in ledger.problems] == ["ledger_edited"]
        assert "Line 2 of the ledger was edited" in ledger.problems[0].words
        assert ledger.standing("patients").clean is None

    def test_the_opening_cut_off(self, vault: Path, tmp_path: Path) -> None:
        lines = self.opened(vault, tmp_path)
        (vault / "ledger.jsonl").write_text(lines[0] + "\n")
        ledger = read_ledger(vault)
        assert ledger.problems[0].words == "1 line was cut off the end of the ledger."
        with pytest.raises(VaultError, match="cut off"):
            open_set(vault, "patients", tmp_path / "a.csv")

    @pytest.mark.parametrize("kind", ["ledger_missing", "head_missing"])
    def test_a_file_taken_away(self, vault: Path, kind: str) -> None:
        (vault / ("ledger.jsonl" if kind == "ledger_missing" else "head.json")).unlink()
        assert [problem.kind for problem in read_ledger(vault).problems] == [kind]

    def test_a_ledger_written_anew(self, vault: Path, tmp_path: Path) -> None:
        seal(tmp_path / "other", Request(patients(tmp_path / "patients2.csv", 90), "ill", name="patients"))
        (vault / "ledger.jsonl").write_bytes((tmp_path / "other" / "ledger.jsonl").read_bytes())
        assert "written anew" in read_ledger(vault).problems[0].words

    def test_lines_moved(self, vault: Path, tmp_path: Path) -> None:
        lines = self.opened(vault, tmp_path)
        (vault / "ledger.jsonl").write_text("\n".join(reversed(lines)) + "\n")
        assert "put in, taken out or moved before line 1" in read_ledger(vault).problems[0].words

    def test_the_sealed_file_edited(self, vault: Path, tmp_path: Path) -> None:
        path = answers(vault, tmp_path / "a.csv")
        sealed = vault / "patients" / "sealed.csv"
        sealed.chmod(0o600)
        sealed.write_bytes(sealed.read_bytes().replace(b"yes", b"no"))
        assert [(item.kind, item.set) for item in read_ledger(vault).problems] == [("sealed_edited", "patients")]
        with pytest.raises(VaultError, match="was changed after it was sealed"):
            open_set(vault, "patients", path)
        sealed.unlink()
        assert [item.kind for item in read_ledger(vault).problems] == ["sealed_missing"]

    def test_a_power_cut_is_no_tampering(self, vault: Path, tmp_path: Path) -> None:
        with (vault / "ledger.jsonl").open("ab") as stream:
            stream.write(b'{"n": 2, "at": "20')
        ledger = read_ledger(vault)
        assert [problem.kind for problem in ledger.problems] == ["ledger_unfinished"]
        assert not ledger.tampered
        open_set(vault, "patients", answers(vault, tmp_path / "a.csv"))
        assert not read_ledger(vault).problems
        assert len(read_ledger(vault).entries) == 2

    @given(place=st.integers(0, 10**6), change=st.integers(1, 255))
    @settings(max_examples=60, deadline=None)
    def test_any_changed_byte_is_noticed(
        self, tmp_path_factory: pytest.TempPathFactory, place: int, change: int
    ) -> None:
        folder = self._shared(tmp_path_factory)
        path = folder / "ledger.jsonl"
        content = path.read_bytes()
        at = place % len(content)
        try:
            path.write_bytes(content[:at] + bytes([content[at] ^ change]) + content[at + 1 :])
            assert read_ledger(folder).tampered
        finally:
            path.write_bytes(content)

    def _shared(self, factory: pytest.TempPathFactory) -> Path:
        base = factory.getbasetemp() / "bytes"
        if not base.exists():
            base.mkdir()
            seal(base / "vault", Request(patients(base / "patients.csv"), "ill"))
            open_set(base / "vault", "patients", answers(base / "vault", base / "a.csv"))
        return base / "vault"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(TEXTS, st.integers()), min_size=2, max_size=12))
@settings(max_examples=80, deadline=None)
def test_taking_rows_out_keeps_every_cell(tmp_path_factory: pytest.TempPathFactory, table: list) -> None:
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "number"])
        writer.writerows(table)
    rows = read_rows(path)
    assert [(text, int(number)) for text, number in rows.cells] == table
    path.write_bytes(rows.only(range(1, len(rows))))
    if len(rows) > 1:
        assert read_rows(path).cells == rows.cells[1:]


class TestCommand:
    def test_from_seal_to_seen(self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        from gradus.cli.main import run

        at = ["--vault", str(tmp_path / "vault")]

        def asked(*args: str) -> tuple[int, dict]:
            code = run(["vault", *args, *at, "--json"])
            return code, json.loads(capsys.readouterr().out)

        assert asked("seal", str(data), "--target", "ill")[1]["state"] == "sealed"
        path = answers(tmp_path / "vault", tmp_path / "a.csv")
        assert asked("open", "patients", str(path))[1]["score"] == 1.0
        assert run(["vault", "open", "patients", str(path), *at]) == 2
        assert "--again" in capsys.readouterr().err
        assert asked("open", "patients", str(path), "--again")[1]["seen"] is True
        assert asked("status")[1]["sets"][0]["state"] == "seen"
        assert asked("verify")[0] == 0
        (tmp_path / "vault" / "head.json").unlink()
        assert asked("verify")[0] == 1

    def test_it_reads_well(self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        from gradus.cli.main import run

        at = ["--vault", str(tmp_path / "vault")]
        assert run(["vault", "seal", str(data), "--target", "ill", *at]) == 0
        assert "Sealed as “patients”: 24 rows, at random." in capsys.readouterr().out
        assert run(["vault", "open", "patients", str(answers(tmp_path / "vault", tmp_path / "a.csv")), *at]) == 0
        assert "accuracy 1.0000 (95 % interval 1.0000 to 1.0000" in capsys.readouterr().out
        assert run(["vault", "status", *at]) == 0
        assert "opened once" in capsys.readouterr().out
        assert run(["vault", "verify", *at]) == 0
        assert "The ledger is whole: 2 entries" in capsys.readouterr().out
