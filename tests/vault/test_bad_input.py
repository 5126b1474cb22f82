"""Bad input to ``gradus vault`` on the command line: a clear error, exit code 2, and every file as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gradus.cli.main import run

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a table in it."""
    (tmp_path / "gradus.toml").touch()
    monkeypatch.chdir(tmp_path)
    table().to_csv("patients.csv", index=False)
    return tmp_path


def table() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame({"age": rng.integers(20, 90, 60), "ill": np.where(rng.random(60) < 0.4, "yes", "no")})


def files(root: Path) -> dict[str, bytes]:
    """Every file but the lock, which is empty."""
    found = (path for path in root.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def refused(root: Path, capsys: pytest.CaptureFixture[str], args: list[str], words: str) -> None:
    """The command says the words, leaves with 2, and changes no file; with --json the error is data."""
    before = files(root)
    assert run(["vault", *args]) == 2
    said = capsys.readouterr()
    assert words in " ".join(said.err.split())
    assert "Traceback" not in said.err + said.out
    assert run(["vault", *args, "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert words in f"{error['what']} {error['next_step']}"
    assert files(root) == before


class TestSealing:
    @pytest.mark.parametrize(
        ("change", "more", "words"),
        [
            (lambda f: f.drop(columns="ill"), (), "There is no column “ill” to be the target"),
            (lambda f: f.assign(ill="no"), (), "with a single class there is nothing to predict"),
            (lambda f: f.assign(ill=f["ill"].where(f.index > 2)), (), "The target “ill” is missing in 3 of 60 rows"),
            (lambda f: f, ("--groups", "person"), "There is no column “person”"),
            (lambda f: f, ("--time", "day"), "There is no column “day”"),
            (lambda f: f, ("--metric", "rmse"), "holds words"),
            (lambda f: f, ("--positive", "maybe"), "“maybe” is no class of “ill”"),
            (lambda f: f.head(5), (), "rows"),
        ],
    )  # fmt: skip
    def test_it_is_refused_and_nothing_is_lost(
        self, root: Path, capsys: pytest.CaptureFixture[str], change: Change, more: tuple[str, ...], words: str
    ) -> None:
        change(table()).to_csv("patients.csv", index=False)
        refused(root, capsys, ["seal", "patients.csv", "--target", "ill", *more], words)

    def test_two_gigabytes_are_not_read(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with Path("huge.csv").open("wb") as stream:
            stream.write(b"age,ill\n")
        os.truncate("huge.csv", 2 * 1024**3)  # sparse: it takes no room
        assert run(["vault", "seal", "huge.csv", "--target", "ill"]) == 2
        assert "2,048 MB" in " ".join(capsys.readouterr().err.split())
        assert Path("huge.csv").stat().st_size == 2 * 1024**3
        assert not (root / "vault" / "ledger.jsonl").exists()

    def test_outside_a_workspace(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        table().to_csv("patients.csv", index=False)
        refused(tmp_path, capsys, ["seal", "patients.csv", "--target", "ill"], "not in a Gradus workspace")


class TestOpening:
    @pytest.fixture
    def sealed(self, root: Path, capsys: pytest.CaptureFixture[str]) -> Path:
        scored = ["--metric", "roc_auc", "--positive", "yes"]
        assert run(["vault", "seal", "patients.csv", "--target", "ill", *scored]) == 0
        capsys.readouterr()
        return root

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda f: f.assign(row=f["row"] + 500), "do not match"),
            (lambda f: f.iloc[2:], "2 of 12 ids are not answered"),
            (lambda f: pd.concat([f, f.iloc[:1]]), "more than once"),
            (lambda f: f.rename(columns={"prediction": "ill"}), "“prediction” is missing"),
            (lambda f: f.rename(columns={"row": "id"}), "“row” is missing"),
            (lambda f: f.assign(more=1), "columns beside the two"),
            (lambda f: f.assign(prediction=np.nan), "is empty"),
            (lambda f: f.assign(prediction=7), "a chance lies between 0 and 1"),
            (lambda f: f.assign(prediction="yes"), "which is no number"),
        ],
    )
    def test_it_is_refused_and_uses_nothing_up(
        self, sealed: Path, capsys: pytest.CaptureFixture[str], change: Change, words: str
    ) -> None:
        good = pd.DataFrame({"row": range(12), "prediction": 0.5})
        change(good).to_csv("p.csv", index=False)
        refused(sealed, capsys, ["open", "patients", "p.csv"], words)
        good.to_csv("p.csv", index=False)
        assert run(["vault", "open", "patients", "p.csv", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["seen"] is False

    def test_two_gigabytes_are_not_read(self, sealed: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Path("p.csv").touch()
        os.truncate("p.csv", 2 * 1024**3)
        assert run(["vault", "open", "patients", "p.csv"]) == 2
        assert "2,048 MB" in " ".join(capsys.readouterr().err.split())

    def test_no_such_set(self, sealed: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pd.DataFrame({"row": range(12), "prediction": 0.5}).to_csv("p.csv", index=False)
        refused(sealed, capsys, ["open", "patient", "p.csv"], "“patient”")

    def test_a_sealed_file_that_was_edited(self, sealed: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = sealed / "vault" / "patients" / "sealed.csv"
        path.chmod(0o600)
        edited = path.read_text().replace("yes", "no", 1)
        path.write_text(edited)
        pd.DataFrame({"row": range(12), "prediction": 0.5}).to_csv("p.csv", index=False)
        before = files(sealed)
        assert run(["vault", "open", "patients", "p.csv"]) != 0
        assert "changed" in capsys.readouterr().err
        assert run(["vault", "verify"]) == 1
        assert "changed" in capsys.readouterr().out
        assert run(["vault", "status"]) == 0
        assert "changed" in capsys.readouterr().out
        assert files(sealed) == before
        assert path.read_text() == edited
