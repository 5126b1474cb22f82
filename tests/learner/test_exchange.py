"""Export and import: nothing lost, nothing doubled, nothing half done."""

from __future__ import annotations

import copy
import hashlib
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradus.errors import UsageError
from gradus.learner import Imported, Store
from gradus.learner.events import KINDS
from gradus.learner.exchange import export, import_events
from tests.learner.conftest import Desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Second = Callable[[str], Desk]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
records = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.text(max_size=30).filter(lambda text: "\ud800" not in text),
        st.dictionaries(st.text(max_size=10), json_values, max_size=4),
        st.none() | st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
        st.none() | st.dictionaries(st.text(max_size=10), json_values, max_size=3),
        st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)),
    ),
    max_size=8,
)


@given(records, st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_export_read_into_an_empty_record_is_the_same_record(rows: list[Any], as_text: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, _store(folder, "a") as first, _store(folder, "b") as second:
        for kind, subject, data, source, verdict, shift in rows:
            first.append(kind, subject, data, at=NOON + shift, source=source, verdict=verdict)
        written = export(first, NOON)
        content: Any = json.dumps(written) if as_text else json.dumps(written).encode()
        assert import_events(second, content) == Imported(len(rows), 0)
        assert import_events(second, content) == Imported(0, len(rows))
        again = export(second, NOON)
        assert again["events"] == written["events"]
        assert again["sources"] == written["sources"]
        assert _kept(first) == _kept(second)


def _store(folder: str, name: str) -> Store:
    return Store(Path(folder) / name / "store.sqlite3", backups=False)


def _kept(store: Store) -> list[Any]:
    events = sorted(store.events()[0], key=lambda event: event.order)
    return [(e, store.source(e.source) if e.source else None, store.verdict(e.id)) for e in events]


def test_moving_to_a_new_machine_keeps_everything(desk: Desk, second_desk: Second) -> None:
    desk.learner.plan("developer")
    desk.learner.hint("add")
    desk.finish_stage_one()
    desk.answer("first/plus-card-1", days=2)
    desk.learner.reset("add")
    moved = second_desk("moved")
    moved.learner.import_(json.dumps(desk.learner.export()))

    def shown(at: Desk) -> list[Any]:
        learner = at.learner
        answers = [learner.progress(), learner.mastery(), learner.review_queue(), learner.plan(), learner.next()]
        text = json.dumps([answer.to_json() for answer in answers])
        return [text.replace(str(learner.workspace.root), "")]

    assert shown(moved) == shown(desk)


def test_two_machines_that_exchange_agree(desk: Desk, second_desk: Second) -> None:
    other = second_desk("laptop")
    desk.submit("add", "not yet")
    other.submit("add")
    desk.submit("double")
    for _ in range(2):
        desk.learner.import_(other.learner.export())
        other.learner.import_(desk.learner.export())
    mine, theirs = desk.learner.export(), other.learner.export()
    assert mine["events"] == theirs["events"]
    assert desk.statuses() == other.statuses()
    assert desk.statuses()["add"] == "passed"


def damage(written: dict[str, Any], place: str) -> tuple[Any, str]:
    """The export with one thing wrong, and how its place is named."""
    event = written["events"][1]
    sha = next(iter(written["sources"]))
    match place:
        case "time":
            event["at"] = "noon"
            return written, r"events\[1\]\.at"
        case "far future":
            event["tick"] = 2**62
            return written, r"events\[1\]\.tick"
        case "kind":
            event["kind"] = "praise"
            return written, r"events\[1\]\.kind"
        case "missing":
            del event["id"]
            return written, r"events\[1\]\.id"
        case "extra":
            event["mood"] = "good"
            return written, r"events\[1\]\.mood"
        case "id":
            event["id"] = "x"
            return written, r"events\[1\]\.id"
        case "twice":
            written["events"].append(copy.deepcopy(event))
            return written, r"events\[2\]\.id: it stands in the file twice"
        case "source":
            written["sources"][sha] = {"text": "something else"}
            return written, "does not have this SHA-256"
        case "base64":
            written["sources"][sha] = {"base64": "***"}
            return written, f"sources.{sha}"
        case "two forms":
            written["sources"][sha] = {"base64": "", "text": ""}
            return written, "either text or base64"
        case "number":
            event["data"] = {"x": float("nan")}
            return json.dumps(written), "NaN is not a JSON number"
        case "infinite":
            event["data"] = {"x": float("inf")}
            return written, r"events\[1\]\.data"
        case "version":
            written["version"] = 2
            return written, "version"
        case "cut":
            return json.dumps(written)[:-20], "line 1, column"
        case "list":
            return "[]", "the whole file"
        case "bytes":
            return b"\xff\xfe{}", "UTF-8|column"
        case "deep":
            return "[" * 100_000, "nested|column"
    raise AssertionError(place)


PLACES = (
    "time", "far future", "kind", "missing", "extra", "id", "twice", "source", "base64", "two forms", "number",
    "infinite", "version", "cut", "list", "bytes", "deep",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_malformed_export_is_refused_with_its_place_and_loses_nothing(
    desk: Desk, second_desk: Second, place: str
) -> None:
    desk.submit("add")
    desk.submit("double", "not yet")
    other = second_desk("other")
    other.submit("square")
    before = other.learner.export()["events"]
    content, reason = damage(json.loads(json.dumps(desk.learner.export())), place)
    with pytest.raises(UsageError, match=reason) as caught:
        other.learner.import_(content)
    assert caught.value.next_step == "Nothing was imported."
    assert other.learner.export()["events"] == before


def test_a_failure_while_writing_imports_nothing(desk: Desk, second_desk: Second, monkeypatch: Any) -> None:
    from gradus.learner import exchange

    for name in ("add", "double", "negate"):
        desk.submit(name)
    content = desk.learner.export()
    other = second_desk("other")
    insert, count = exchange.insert_event, iter(range(10))

    def dies_on_the_third(*arguments: Any) -> None:
        if next(count) == 2:
            raise KeyboardInterrupt
        insert(*arguments)

    monkeypatch.setattr(exchange, "insert_event", dies_on_the_third)
    with pytest.raises(KeyboardInterrupt):
        other.learner.import_(content)
    monkeypatch.undo()
    assert other.learner.export()["events"] == []
    assert other.learner.import_(content).new == 3


def test_a_source_that_is_not_text_survives(desk: Desk, second_desk: Second) -> None:
    body = b"x = 1\xff\0"
    sha = hashlib.sha256(body).hexdigest()
    desk.learner.store.append("attempt", "add", {"outcome": "broken"}, at=NOON, source=body)
    written = desk.learner.export()
    assert set(written["sources"][sha]) == {"base64"}
    other = second_desk("other")
    other.learner.import_(json.dumps(written))
    assert other.learner.store.source(sha) == body


def test_an_export_without_a_source_still_imports(desk: Desk, second_desk: Second) -> None:
    desk.submit("add")
    written = desk.learner.export()
    written["sources"] = {}
    other = second_desk("other")
    assert other.learner.import_(written).new == 1
    assert other.statuses()["add"] == "passed"
    assert other.learner.store.source(str(other.learner.history().times[0][1].source)) is None
