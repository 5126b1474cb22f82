"""What the page's script asks: files with versions, checks, runs, hints, history, marks, completions, pictures."""

from __future__ import annotations

import base64
import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from webclient import ORIGIN, Open

from gradus.errors import HostError
from gradus.grader import Grader

GOOD = "import numpy as np\n\n\ndef doubled(x):\n    return 2 * x\n"
SQUARED = "import numpy as np\n\n\ndef doubled(x):\n    print('in', x.shape)\n    return x**2\n"


def on_disk(web: Open, exercise: str = "doubled") -> Path:
    return web.site.workspace.file_for(web.site.roadmap.exercise(exercise))


def version(web: Open) -> str:
    found: str = web.twin("/api/file/doubled")["version"]
    return found


def check(web: Open, source: str | None = None, **more: Any) -> Any:
    body = {} if source is None else {"source": source, "version": version(web)}
    return web.send("/api/check/doubled", {**body, **more})


# ------------------------------------------------------------------------------------------------ files


def test_a_save_is_on_disk_and_has_a_new_version(planned: Open) -> None:
    old = version(planned)
    done = planned.send("/api/file/doubled", {"source": GOOD, "version": old}, "PUT").json()
    assert on_disk(planned).read_text() == GOOD
    assert done["version"] == version(planned) != old
    again = planned.send("/api/file/doubled", {"source": GOOD, "version": "anything"}, "PUT")
    assert again.status_code == 200  # it is there already


def test_neither_side_of_a_conflict_is_lost(planned: Open) -> None:
    seen = version(planned)
    on_disk(planned).write_text("theirs = 1\n")
    refused = planned.send("/api/file/doubled", {"source": "mine = 1\n", "version": seen}, "PUT")
    assert refused.status_code == 409
    conflict = refused.json()["conflict"]
    assert (conflict["mine"], conflict["theirs"]) == ("mine = 1\n", "theirs = 1\n")
    mine = {"source": "mine = 1\n", "version": seen}
    expected = planned.send("/api/file/doubled", mine, "PUT", **{"x-gradus-conflict": "expected"})
    assert expected.status_code == 200  # a page that is ready for it: its console notes no error
    assert expected.json() == refused.json()
    assert on_disk(planned).read_text() == "theirs = 1\n"
    assert [line["op"] for line in conflict["diff"]] == ["remove", "add"]
    assert on_disk(planned).read_text() == "theirs = 1\n"
    done = planned.send("/api/file/doubled", {"source": "mine = 1\n", "version": conflict["version"]}, "PUT").json()
    assert on_disk(planned).read_text() == "mine = 1\n"
    assert (planned.site.workspace.root / done["kept"]).read_text() == "theirs = 1\n"


def test_a_check_of_an_old_text_is_a_conflict_too(planned: Open) -> None:
    seen = version(planned)
    on_disk(planned).write_text("theirs = 1\n")
    refused = planned.send("/api/check/doubled", {"source": GOOD, "version": seen})
    assert refused.status_code == 409
    assert planned.twin("/exercise/doubled")["attempts"] == 0


def test_line_ends_and_foreign_bytes_stay_as_they_are(planned: Open) -> None:
    on_disk(planned).write_bytes(b"a = 1\r\nb = 2\r\n")
    shown = planned.twin("/api/file/doubled")
    assert shown["newline"] == "\r\n"
    planned.send("/api/file/doubled", {"source": "a = 1\nb = 3\n", "version": shown["version"]}, "PUT")
    assert on_disk(planned).read_bytes() == b"a = 1\r\nb = 3\r\n"
    on_disk(planned).write_bytes(b"name = '\xe4'\n")
    shown = planned.twin("/api/file/doubled")
    assert shown["readonly"]
    assert "not UTF-8" in shown["reason"]
    refused = planned.send("/api/file/doubled", {"source": "x", "version": shown["version"]}, "PUT")
    assert refused.status_code == 422
    assert on_disk(planned).read_bytes() == b"name = '\xe4'\n"
    assert planned.get("/exercise/doubled").status_code == 200


@pytest.mark.parametrize("text", ["\ud800", "x" * 300_000])
def test_what_no_file_can_hold_is_refused_in_words(planned: Open, text: str) -> None:
    before = on_disk(planned).read_bytes()
    import json

    body = json.dumps({"source": text, "version": version(planned)}).encode()
    headers = {"origin": ORIGIN, "x-csrf-token": planned.keys.csrf, "content-type": "application/json"}
    answer = planned.client.put("/api/file/doubled", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["error"]["what"]
    assert on_disk(planned).read_bytes() == before


def test_a_link_out_of_the_folder_is_not_followed(planned: Open, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("password = 1\n")
    on_disk(planned).unlink()
    on_disk(planned).symlink_to(secret)
    answer = planned.client.get("/api/file/doubled", headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "password" not in answer.text
    planned.send("/api/file/doubled", {"source": "gone", "version": ""}, "PUT")
    assert secret.read_text() == "password = 1\n"


@pytest.mark.parametrize("body", ["[]", "{", '"x"', "null", "[" * 50_000, '{"source": 1, "version": ""}', "{}"])
def test_malformed_requests_are_refused_in_words(planned: Open, body: str) -> None:
    headers = {"origin": ORIGIN, "x-csrf-token": planned.keys.csrf, "content-type": "application/json"}
    answer = planned.client.put("/api/file/doubled", content=body.encode(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["what"]


# ------------------------------------------------------------------------------------------------ check


def test_a_check_names_the_mistake_and_marks_what_differs(planned: Open) -> None:
    done = check(planned, SQUARED).json()
    assert on_disk(planned).read_text() == SQUARED
    assert done["version"] == version(planned)
    assert done["verdict"]["diagnosis"]["id"] == "squared"
    assert 'data-outcome="not_yet"' in done["html"]
    assert "Your entries are squared, not doubled." in done["html"]
    assert '<div class="side side-expected">' in done["html"]
    assert "What your code printed" in done["html"]
    assert planned.twin("/exercise/doubled")["attempts"] == 1


def test_a_pass_leads_on(planned: Open) -> None:
    done = check(planned, GOOD).json()
    assert done["verdict"]["outcome"] == "passed"
    assert done["screen"]["next"]["url"] == "/exercise/centered"
    assert planned.twin("/")["passed"] == 1
    plain = planned.submit("/api/check/doubled", source=GOOD, version=version(planned))
    assert 'data-page="verdict"' in plain.text
    assert "Back to the exercise" in plain.text
    assert "data-action" not in plain.text.partition("<article")[2].partition("</article>")[0]


def test_the_same_inputs_are_drawn_for_the_same_seed(planned: Open) -> None:
    first = check(planned, SQUARED, seed=5).json()["verdict"]
    second = check(planned, seed="5").json()["verdict"]
    assert first["seed"] == second["seed"] == 5
    assert first["findings"] == second["findings"]
    assert check(planned, seed="-1").status_code == 400


def test_a_file_that_does_not_load_is_shown_at_its_line(planned: Open) -> None:
    done = check(planned, "def doubled(x):\n    return (\n").json()
    assert done["verdict"]["outcome"] == "broken"
    assert "Go to line" in done["html"]


def test_of_many_checks_at_once_the_last_one_counts(planned: Open) -> None:
    source = "import time\n\n\ndef doubled(x):\n    time.sleep(0.05)\n    return 2 * x\n"
    planned.send("/api/file/doubled", {"source": source, "version": version(planned)}, "PUT")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: planned.send("/api/check/doubled", {}).json(), range(6)))
    judged = [answer for answer in answers if "verdict" in answer]
    assert all(answer.get("superseded") for answer in answers if answer not in judged)
    assert 1 <= len(judged) <= 6
    assert all(answer["verdict"]["outcome"] == "passed" for answer in judged)
    assert planned.twin("/exercise/doubled")["attempts"] == len(judged)


def test_a_fault_of_the_checker_is_not_held_against_the_learner(planned: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the checks cannot be loaded")

    monkeypatch.setattr(planned.site.desk.lend(), "checks", broken)
    done = check(planned, GOOD).json()
    assert done["verdict"]["outcome"] == "grader_error"
    assert "Our fault, not yours" in done["html"]
    assert not done["screen"]["recorded"]
    assert planned.twin("/exercise/doubled")["attempts"] == 0


# ------------------------------------------------------------------------------------------------ run


def test_run_shows_prints_and_the_value_and_records_nothing(planned: Open) -> None:
    body = {"source": SQUARED, "scratch": "doubled(np.array([3.0]))"}
    done = planned.send("/api/run/exercise/doubled", body).json()
    assert done["ok"]
    assert done["stdout"] == "in (1,)\n"
    assert done["value"] == "array([9.])"
    assert on_disk(planned).read_text() != SQUARED
    assert planned.twin("/exercise/doubled")["attempts"] == 0


@pytest.mark.parametrize(
    ("source", "scratch", "said"),
    [
        ("def doubled(x):\n    return 1 / 0\n", "doubled(1)", "ZeroDivisionError on line 2"),
        ("def doubled(x):\n    return (\n", "", "not valid Python"),
        ("import sys\nsys.exit(3)\n", "", "ends the program"),
        ("x = 1\n", "x +", "Line 1 of your line is not valid Python"),
        ("open('/etc/passwd').read()\n", "", ""),
    ],
)
def test_run_says_what_went_wrong(planned: Open, source: str, scratch: str, said: str) -> None:
    done = planned.send("/api/run/exercise/doubled", {"source": source, "scratch": scratch}).json()
    if said:
        assert not done["ok"]
        assert said in done["error"]["headline"]
        assert "gradus_try__" not in done["html"]


def test_cells_share_names_and_the_last_one_is_shown(planned: Open) -> None:
    cells = ["print('first')\nx = 20", "def f():\n    return x + 1", "print('third')\nf() * 2"]
    done = planned.send("/api/run/lesson/arrays", {"cells": cells}).json()
    assert done["stdout"] == "third\n"
    assert done["value"] == "42"
    failed = planned.send("/api/run/lesson/arrays", {"cells": ["y = 1", "z", "1"]}).json()
    assert failed["error"]["headline"].startswith("NameError on line 1 of cell 2")
    for senseless in ([], "x", [1], ["x"] * 99):
        assert planned.send("/api/run/lesson/arrays", {"cells": senseless}).status_code == 400


def test_a_run_that_nobody_waits_for_is_stopped(grader: Grader) -> None:
    from gradus.roadmap import Limits
    from gradus.web.sandbox import Stop, run_cells

    stop = Stop()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_cells, grader, ["print('begun')\nwhile True: pass"], Limits(seconds=60.0), stop)
        while not stop._process:
            time.sleep(0.01)
        time.sleep(0.1)
        stop()
        with pytest.raises(HostError, match="was stopped"):
            running.result(timeout=10)


# ------------------------------------------------------------------------------------------------ help


def test_hints_come_one_by_one_then_the_solution(planned: Open) -> None:
    assert planned.send("/api/solution/doubled", {}).status_code == 400
    levels = [planned.send("/api/hint/doubled", {}).json() for _ in range(3)]
    assert [hint["level"] for hint in levels] == [1, 2, 3]
    assert levels[0]["html"].startswith('<li class="hint" data-level="1">')
    assert planned.twin("/exercise/doubled")["hints_left"] == 0
    shown = planned.send("/api/solution/doubled", {}).json()
    assert shown["aided"]
    assert shown["diff"] is None
    assert planned.submit("/api/hint/doubled", context="work").headers["location"] == "/exercise/doubled#hints"
    assert '<pre class="code">' in planned.submit("/api/solution/doubled").text


def test_after_a_pass_the_solution_stands_beside_ones_own(planned: Open) -> None:
    check(planned, GOOD)
    shown = planned.send("/api/solution/doubled", {}).json()
    assert not shown["aided"]
    assert any(line["op"] == "same" and line["text"] == "    return 2 * x" for line in shown["diff"])


def test_other_ways_are_timed_after_a_pass(planned: Open) -> None:
    assert planned.send("/api/ways/doubled", {}).status_code == 400
    check(planned, GOOD)
    done = planned.send("/api/ways/doubled", {}).json()
    assert done["yours"] > 0
    assert [way["name"] for way in done["ways"]] == ["reference", "addition"]
    assert all(way["milliseconds"] > 0 for way in done["ways"])


def test_what_is_checked_tells_no_input(planned: Open) -> None:
    done = planned.twin("/api/checks/doubled")
    assert done["inputs"] == ["vectors, for `doubled`"]
    assert done["known_mistakes"] == 1


def test_marks_and_completions(planned: Open) -> None:
    marks = planned.send("/api/lint/doubled", {"source": "def doubled(x):\n    return y\n"}).json()["marks"]
    assert [(mark["line"], mark["code"], mark["severity"]) for mark in marks] == [(2, "F821", "error")]
    assert planned.twin("/api/lint/doubled")["marks"] == []
    body = {"imports": {"np": "numpy"}, "path": "np.linalg", "prefix": "no"}
    assert [item["label"] for item in planned.send("/api/complete", body).json()["items"]] == ["norm"]
    for path, imports in (("os", {}), ("x", {"x": "os"}), ("np.__class__()", {"np": "numpy"}), ("x", {"x": 3})):
        answer = planned.send("/api/complete", {"imports": imports, "path": path, "prefix": ""}).json()
        assert answer["items"] == []


# ------------------------------------------------------------------------------------------------ history


def test_an_attempt_is_compared_and_put_back(planned: Open) -> None:
    check(planned, SQUARED)
    check(planned, GOOD)
    rows = planned.twin("/api/history/doubled")["attempts"]
    assert [row["outcome"] for row in rows] == ["passed", "not_yet"]
    old = planned.twin(f"/api/history/doubled/{rows[1]['id']}")
    assert old["source"] == SQUARED
    assert {"op": "add", "text": "    return x**2", "old": None, "new": 6} in old["diff"]
    done = planned.send("/api/restore/doubled", {"event": rows[1]["id"], "version": old["version"]}).json()
    assert done["source"] == SQUARED == on_disk(planned).read_text()
    assert (planned.site.workspace.root / done["kept"]).read_text() == GOOD
    stale = planned.send("/api/restore/doubled", {"event": rows[0]["id"], "version": old["version"]})
    assert stale.status_code == 409
    assert planned.send("/api/restore/doubled", {"event": "x", "version": ""}).status_code == 404
    assert planned.send("/api/restore/centered", {"event": rows[0]["id"], "version": ""}).status_code == 404


def test_starting_over_wants_a_word_and_keeps_the_work(planned: Open) -> None:
    planned.send("/api/file/doubled", {"source": GOOD, "version": version(planned)}, "PUT")
    assert planned.send("/api/reset/doubled", {}).status_code == 400
    done = planned.send("/api/reset/doubled", {"confirm": True}).json()
    assert done["source"] == on_disk(planned).read_text() != GOOD
    rows = planned.twin("/api/history/doubled")["attempts"]
    assert rows[0]["kind"] == "reset"
    assert planned.twin(f"/api/history/doubled/{rows[0]['id']}")["source"] == GOOD


def test_what_was_solved_can_be_solved_again(planned: Open) -> None:
    assert planned.send("/api/resolve/doubled", {}).status_code == 400
    check(planned, GOOD)
    assert planned.submit("/api/resolve/doubled").headers["location"] == "/exercise/doubled?context=review"
    twin = planned.twin("/exercise/doubled?context=review")
    assert twin["file"] == "review/doubled.py"
    assert not twin["finished"]
    body = {"source": GOOD, "version": twin["draft"]["version"], "context": "review"}
    assert planned.send("/api/check/doubled", body).json()["screen"]["finished"]


# ------------------------------------------------------------------------------------------------ figures, stopping


def test_an_expected_figure_stands_beside_ones_own(planned: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(color: int) -> str:
        return base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes([color]) * 40).decode()

    judged = Grader.check

    def check_with_figures(self: Grader, *given: Any, **named: Any) -> Any:
        verdict = judged(self, *given, **named)
        return dataclasses.replace(verdict, figures=(drawn(1),), expected_figures=(drawn(2),))

    monkeypatch.setattr(Grader, "check", check_with_figures)
    done = check(planned, SQUARED).json()
    mine, expected = done["screen"]["figures"], done["screen"]["expected_figures"]
    assert (len(mine), len(expected)) == (1, 1)
    assert mine[0]["url"] != expected[0]["url"]
    assert expected[0]["alt"] == "What was expected"
    assert done["verdict"]["figures"] == done["verdict"]["expected_figures"] == []
    figures = done["html"].partition('class="figures"')[2]
    assert figures.index("Expected") < figures.index(expected[0]["url"]) < figures.index("Yours")
    assert figures.index("Yours") < figures.index(mine[0]["url"])


def test_a_check_whose_page_is_gone_is_stopped(planned: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    monkeypatch.setattr(Grader, "supersede", lambda self, name: stopped.append(name))

    async def gone(request: Any) -> bool:
        return True

    monkeypatch.setattr("starlette.requests.Request.is_disconnected", gone)
    monkeypatch.setattr("gradus.web.answers.LOOK", 0.0)
    check(planned, GOOD)
    assert set(stopped) == {"doubled"}
