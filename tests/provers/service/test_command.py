"""``gradus prove service``: exit codes, JSON, and the words on the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradus.cli.commands.prove import Live, command
from gradus.cli.main import run
from gradus.cli.term import Terminal
from tests.provers.service.projects import planted


def test_a_fault_exits_1_and_is_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["service", str(planted("not_declared", tmp_path)), "--seed", "7"])
    assert done.exit_code == 1
    assert "Not proved: not_declared" in done.output
    assert "service.predict" in done.output
    assert "--seed 7" in done.output


def test_json_holds_faults_and_probes(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["service", str(planted("does_not_start", tmp_path)), "--rows", "5", "--json"])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["outcome"], found["faults"]) == (1, "not_proved", ["does_not_start"])
    assert [probe["id"] for probe in found["probes"]] == ["offline", "starts"]
    assert "settings_of_my_laptop" in found["probes"][1]["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/no/such/folder"], "neither a folder nor a URL"),
        (["http://169.254.169.254/"], "not asked"),
        (["http://127.0.0.1:1/"], "--loopback"),
        (["ftp://example.org/"], "http"),
    ],
)
def test_what_cannot_be_asked_exits_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", "service", *words]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_the_line_of_progress_comes_and_goes(capsys: pytest.CaptureFixture[str]) -> None:
    live = Live(Terminal(interactive=True))
    live.begin("answers as the model does offline")
    live.close()
    live.close()
    shown = capsys.readouterr().out
    assert "answers as the model does offline" in shown
    assert shown.endswith("\r\x1b[K")
    Live(None).begin("nothing on a pipe")
    assert capsys.readouterr().out == ""
