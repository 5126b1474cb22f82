"""What a tour shows: in a pipe, at its end, and what a step's trouble looks like."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from gradus.cli.term import Terminal
from gradus.cli.tour import PlainShow, end_lines, step_lines
from gradus.errors import HostError
from gradus.provers import Probe
from gradus.tour import Done, Step, Walked, proof, walking
from gradus.tour.deployed import curl_line
from gradus.tour.story import Say, Tour

TERM = Terminal(color=False, width=80)


def nothing(tour: Tour, say: Say) -> Done:
    return Done("nothing")


STEP = Step("served", "A deployed model", "Served over HTTP", nothing)


def test_a_step_in_a_pipe() -> None:
    lines = step_lines(STEP, Done("100 answers", "partial", tuple(f"detail {n}" for n in range(6))), 1.23, TERM)
    assert lines == [
        "  ◐ Served over HTTP  1.2 s",
        "    100 answers",
        "      detail 0",
        "      detail 1",
        "      detail 2",
        "      detail 3",
        "      … 2 more in evidence.html",
    ]


def test_a_chapter_is_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    show = PlainShow(TERM)
    for _ in range(2):
        show.begin(STEP)
        show.say(STEP, "at work")
        show.end(STEP, Done("done"), 0.5)
    show.close()
    assert capsys.readouterr().out.count("A deployed model") == 1


def test_the_last_lines_hold_the_line_to_copy() -> None:
    row = {"age": 32.0, "occupation": "it's", "children": None}
    curl = curl_line(row)
    words = shlex.split(curl)
    assert json.loads(words[words.index("-d") + 1]) == row
    walked = Walked(
        Path("/somewhere/tour"), ((STEP, Done("done"), 61.0),), curl, None, Path("/somewhere/tour/evidence.html")
    )
    shown = end_lines(walked, TERM)
    assert shown[-1].strip() == curl
    assert any("1:01 minutes" in line for line in shown)
    assert not walked.failed


def test_trouble_in_a_step_is_a_failed_step(tmp_path: Path) -> None:
    def breaks(tour: Tour, say: Say) -> Done:
        raise HostError("It did not start.", "here", "Look at its log.")

    tour = Tour(tmp_path, None, None, 0, "none")  # type: ignore[arg-type]
    step = Step("served", "A deployed model", "Served over HTTP", breaks)
    show = PlainShow(TERM)
    _, done, _ = walking._take(tour, step, show)
    assert done == Done("It did not start.", "failed", ("here", "Look at its log."))
    walked = Walked(tmp_path, ((step, done, 0.0),), "", None, None)
    assert walked.failed
    assert "did not come through" in " ".join(end_lines(walked, TERM))


def test_the_first_number_of_each_prover() -> None:
    burst = {"levels": [{"per_second": 90.0, "p99_ms": 12.0}, {"per_second": 120.4, "p99_ms": 31.2}]}
    metric = {"valid_roc_auc": 0.75, "recomputed": 0.75, "tolerance": 1e-6}
    assert proof.highlight([probe("service.burst", burst)]) == "; 120 answers a second, p99 31 ms"
    assert proof.highlight([probe("tracking.metric", metric)]).startswith("; 0.750000 on the record")
    assert proof.highlight([probe("reproduce.metrics", {"tolerance": 1e-6})]).endswith("within 1e-06")
    assert proof.highlight([probe("monitor.quiet", {"all": {"rate": 0.02}})]) == "; 2.0% false alarms"
    assert proof.highlight([probe("monitor.quiet", {"something": 1}), probe("x", {})]) == ""


def probe(name: str, measured: dict[str, object]) -> Probe:
    return Probe(name, "a title", "passed", "", measured)
