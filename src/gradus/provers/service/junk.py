"""Junk: whatever is sent, the service says 4xx; it neither fails, nor falls over, nor answers it as a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradus.provers.service.asking import Study, ask_rows, read, same, wrapped
from gradus.provers.service.faults import Found
from gradus.provers.service.parity import shown
from gradus.provers.service.rows import Row
from gradus.provers.service.speaking import Answer, NoAnswer, encoded

Said = tuple[str, dict[str, Any]]
JSON = "application/json"


@dataclass(frozen=True)
class Junk:
    """One request that no honest caller means."""

    name: str
    body: bytes
    on_500: str = "junk_500"
    on_200: str | None = None
    """The fault when it is answered with 200; None where an answer may be right (a finite number all the same)."""
    like: Row | None = None
    """A row that may be answered instead, with the offline answer; otherwise 200 is a fault."""
    method: str = "POST"
    content_type: str = JSON
    whole: bool = False
    """Whether ``body`` is the whole request, also where rows are asked in batches of one."""


def junk_for(row: Row, numbers: list[str], texts: list[str]) -> Iterator[Junk]:
    """Junk made from a good row. ``numbers`` and ``texts`` name its columns by kind."""
    plain = encoded(row)
    yield Junk("an empty body", b"", "not_json_500", "junk_accepted", whole=True)
    yield Junk("half a document", plain[: len(plain) // 2], "not_json_500", "junk_accepted")
    yield Junk("words", b"age=41&income=high", "not_json_500", "junk_accepted", content_type="text/plain", whole=True)
    yield Junk("bytes that are no text", b"\xff\xfe\x00\x81" + plain, "not_json_500", "junk_accepted", whole=True)
    for text in (b"null", b"[]", b"17", b'"row"', b"true"):
        yield Junk(f"`{text.decode()}` instead of an object", text, "wrong_type_500", "junk_accepted")
    yield Junk("an object without any field", b"{}", "missing_field_500", like=dict.fromkeys(row))
    for name in numbers[:3]:
        for value in ("plenty", [1, 2], {"a": 1}, "12; DROP TABLE"):
            body = encoded(row | {name: value})
            yield Junk(f"`{name}` = {json.dumps(value)}", body, "wrong_type_500", "junk_accepted")
        for value in ("NaN", "Infinity", "-Infinity"):
            body = _raw(row, name, value)
            like = row | {name: None} if value == "NaN" else None
            yield Junk(f"`{name}` = {value}", body, "nonfinite_500", None if like else "nonfinite_accepted", like)
        yield Junk(f"`{name}` = 1 with 400 zeros", _raw(row, name, "1" + "0" * 400), "junk_500")
        yield Junk(f"`{name}` = -1e308", _raw(row, name, "-1e308"), "junk_500")
    for name in texts[:2]:
        for other in ("[]", '{"a": [1]}'):
            yield Junk(f"`{name}` = {other}", _raw(row, name, other), "wrong_type_500", "junk_accepted")
        yield Junk(f"`{name}` = 7", encoded(row | {name: 7}), "wrong_type_500")
        yield Junk(f"`{name}` = 100,000 letters", encoded(row | {name: "x" * 100_000}), "junk_500")
        yield Junk(f"`{name}` with a NUL and an unpaired surrogate", _raw(row, name, '"\\u0000\\ud800"'), "junk_500")
    for name in row:
        left = {key: value for key, value in row.items() if key != name}
        yield Junk(f"no `{name}`", encoded(left), "missing_field_500", like=row | {name: None})
    yield Junk("an unknown field", encoded(row | {"gradus": "?"}), "junk_500")
    yield Junk("a megabyte of blanks", b" " * 2**20 + plain, "junk_500")
    yield Junk("GET", b"", "junk_500", "junk_accepted", method="GET")
    yield Junk("DELETE", b"", "junk_500", "junk_accepted", method="DELETE")


def _raw(row: Row, name: str, literal: str) -> bytes:
    """The row with a literal that Python's own encoder would not write."""
    return encoded(row | {name: "@@@"}).replace(b'"@@@"', literal.encode())


def junk(study: Study) -> Said:
    """Every kind of junk, then the good rows again."""
    row, _ = next(((r, v) for r, v in study.known(50) if None not in r.values()), study.known(1)[0])
    texts = [name for name in row if name in study.data.texts]
    numbers = [name for name, value in row.items() if isinstance(value, int | float) and not isinstance(value, bool)]
    refused = answered = 0
    for item in junk_for(row, numbers, texts):
        answer = _send(study, item)
        refused += 400 <= answer.status < 500
        answered += answer.status == 200
        _judge(study, item, answer)
    _unharmed(study)
    _heard(study)
    total = refused + answered
    return f"{total} requests, {refused} refused with 4xx, none failed", {"requests": total, "refused": refused}


def _send(study: Study, item: Junk) -> Answer:
    body: bytes | None = item.body if item.whole else wrapped(study, item.body)
    headers = {"Content-Type": item.content_type}
    if item.method != "POST":
        body, headers = None, {}
    patience = min(15.0, study.speaker.seconds)
    try:
        return study.speaker.ask(item.method, study.declared.predict, body, headers, patience)
    except NoAnswer as error:
        if study.running is not None and not study.running.alive:
            status = study.running.process.returncode
            raise Found("crash_on_junk", f"After {item.name} the process was gone (status {status}).") from None
        if error.timed_out:
            raise Found("hangs_on_junk", f"{item.name}: {error}.") from None
        if study.running is not None:
            _gone_soon(study, item)
        raise Found(item.on_500, f"{item.name} got no answer: {error}.", junk=item.name) from None


def _gone_soon(study: Study, item: Junk) -> None:
    """A process that ends after a request may still be on its way out."""
    import time

    for _ in range(20):
        time.sleep(0.05)
        if not study.service.alive:
            status = study.service.process.returncode
            raise Found("crash_on_junk", f"After {item.name} the process was gone (status {status}).")


def _judge(study: Study, item: Junk, answer: Answer) -> None:
    if answer.status >= 500 and not (answer.status == 501 and item.method != "POST"):
        _heard(study)
        raise Found(item.on_500, f"{item.name} got {answer.status}: `{answer.text[:160]}`.", junk=item.name)
    if answer.status != 200:
        return
    reply = read(study, answer)
    if reply.problem == "error_as_200":
        raise Found("error_as_200", f"{item.name} got 200 and `{reply.text[:160]}`.", junk=item.name)
    if item.on_200:
        raise Found(item.on_200, f"{item.name} got 200 and `{reply.text[:120]}`.", junk=item.name)
    if reply.problem:
        raise Found(reply.problem, f"{item.name} got `{reply.text[:160]}`.", junk=item.name)
    if item.like is not None and reply.value is not None and study.offline is not None:
        expected = study.model.one_by_one([item.like])[0]
        if expected is None or not same(expected, reply.value):
            offline = "refuses such a row" if expected is None else f"says {expected:.6g} for {shown(item.like)}"
            fault = "nonfinite_accepted" if "NaN" in item.name else "missing_field_filled"
            raise Found(fault, f"{item.name} got {reply.value:.6g}; the model {offline}.", junk=item.name)


def _unharmed(study: Study) -> None:
    pairs = study.known(10)
    replies = ask_rows(study, [row for row, _ in pairs], at_once=1)
    for (row, expected), reply in zip(pairs, replies, strict=True):
        if reply.value is None or (study.offline is not None and not same(reply.value, expected)):
            value = f"{reply.value:.6g}" if reply.value is not None else str(reply.status or "no answer")
            raise Found("junk_changes_answers", f"{shown(row)} got {value} instead of {expected:.6g}.")


def _heard(study: Study) -> None:
    """What was heard in any answer so far."""
    if study.heard:
        fault, where = study.heard[0]
        raise Found(fault, f"It stood in an answer to `{where}`.")


def tells_nothing(study: Study) -> Said:
    """Addresses that nobody should find, and everything that was answered so far."""
    tried = ("/", "/debug", "/env", "/config", "/metrics", "/openapi.json", "/no/such/address", "/.env", "/settings")
    for path in tried:
        try:
            study.speaker.ask("GET", path, seconds=min(10.0, study.speaker.seconds))
        except NoAnswer:
            continue
    _heard(study)
    return f"no traceback, no secret in any answer ({len(tried)} addresses more)", {}
