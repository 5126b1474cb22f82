"""`gradus install`: what is run, what is shown, and what is said when it cannot be."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from gradus.cli import installing
from gradus.errors import HostError, UsageError

ROOT = Path(__file__).parents[2]


def scripted(text: str, status: int) -> installing.Plan:
    """An installer that says this and ends so."""
    code = f"import sys; sys.stdout.write({text!r}); sys.exit({status})"
    return installing.Plan("mlops", (sys.executable, "-c", code), 2, None)


def test_a_checkout_installs_its_lock_with_hashes() -> None:
    chosen = installing.plan("mlops")
    assert chosen.command[-3:] == ("--require-hashes", "-r", str(ROOT / "requirements" / "mlops.txt"))
    assert chosen.packages > 50


def test_a_wheel_installs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "lib" / "python" / "site-packages" / "gradus" / "cli" / "installing.py"
    monkeypatch.setattr(installing, "__file__", str(place))
    assert installing.plan("mlops").command[-1] == "gradus-ml[mlops]"


def test_an_unknown_set_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="nope"):
        installing.plan("nope")


def test_each_package_is_shown_with_how_far_it_is() -> None:
    told = []
    text = "Collecting mlflow-skinny==3.1 (from x)\n  Downloading mlflow_skinny-3.1.whl\nCollecting dvc\n"
    installing.install(scripted(text + "Installing collected packages: a, b\n", 0), lambda _, what: told.append(what))
    assert told == ["mlflow-skinny (1 of 2)", "mlflow_skinny (1 of 2)", "dvc (2 of 2)", "Putting the packages in place"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "cannot be reached"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "not the one that the lock names",
        ),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("error: externally-managed-environment", "belongs to the system"),
        ("ERROR: No matching distribution found for torch==99", "no fitting version"),
        ("something else", "The libraries are not installed."),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do(said: str, words: str) -> None:
    with pytest.raises(HostError) as raised:
        installing.install(scripted(f"Collecting a\n{said}\n", 1), lambda *_: None)
    assert words in raised.value.what
    assert raised.value.where == said
    assert raised.value.next_step


def test_the_command_says_how_in_json(gradus) -> None:  # type: ignore[no-untyped-def]
    done = gradus("install", "mlops", "--how", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert "--require-hashes" in data["command"]
    assert data["installed"] == (not data["missing"])


def test_doctor_says_how_to_get_the_libraries(gradus) -> None:  # type: ignore[no-untyped-def]
    checks = json.loads(gradus("doctor", "--json").stdout)["checks"]
    row = next(check for check in checks if check["id"] == "set-mlops")
    assert row["status"] in ("ok", "note")
    assert row["status"] == "ok" or "gradus install mlops" in row["remedy"]
