"""Requests drawn from the service's own OpenAPI document (Schemathesis): none of them may make it fail."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gradus.provers.service.asking import Study
from gradus.provers.service.faults import Found, NotApplicable
from gradus.provers.service.living import again
from gradus.provers.service.speaking import NoAnswer

Said = tuple[str, dict[str, Any]]
CHILD = Path(__file__).with_name("schema_child.py")
PLACES = ("/openapi.json", "/openapi.yaml")
MOST = 2000


def document_of(study: Study) -> dict[str, Any] | None:
    """The service's OpenAPI document; None when it offers none. Raises Found when what it offers cannot be read."""
    try:
        answer = study.speaker.get(PLACES[0])
    except NoAnswer:
        return None
    if answer.status != 200:
        return None
    try:
        document = answer.json()
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise Found("schema_unreadable", f"`{PLACES[0]}` holds `{answer.text[:80]}`.")
    return document


def drawn_from_schema(study: Study) -> Said:
    """Good and bad requests made from the document: a status below 500 for each."""
    if not study.remote:
        again(study)
    document = document_of(study)
    if document is None:
        return "offers no OpenAPI document; the other junk was sent", {"requests": 0}
    if find_spec("schemathesis") is None:
        raise NotApplicable(
            "The service describes itself with OpenAPI; Schemathesis, which draws requests from it, is not installed."
        )
    requests = _draw(study, document)
    statuses: dict[str, int] = {}
    for request in requests:
        body = base64.b64decode(request["body"]) if request["body"] is not None else None
        what = f"`{request['method']} {request['path'][:80]}` with `{(body or b'')[:160].decode('utf-8', 'replace')}`"
        try:
            answer = study.speaker.ask(request["method"], request["path"], body, request["headers"])
        except NoAnswer as error:
            if study.running is not None and not study.running.alive:
                raise Found("crash_on_junk", f"After {what} the process was gone.") from None
            raise Found(
                "hangs_on_junk" if error.timed_out else "schema_500", f"{what} got no answer: {error}."
            ) from None
        if answer.status >= 500:
            raise Found("schema_500", f"{what} got {answer.status}: `{answer.text[:160]}`.", mode=request["mode"])
        statuses[str(answer.status)] = statuses.get(str(answer.status), 0) + 1
    return f"{len(requests)} requests drawn from it, none failed", {"requests": len(requests), "statuses": statuses}


def _draw(study: Study, document: dict[str, Any]) -> list[dict[str, Any]]:
    declared = study.declared
    known = [declared.predict, declared.batch, declared.version, declared.ready, declared.health]
    order = {
        "document": document,
        "paths": [path for path in known if path] if study.remote else [],
        "examples": study.burst.examples,
        "seed": int(study.rng.integers(2**31)),
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith("SCHEMATHESIS_")}
    child = subprocess.Popen(
        [sys.executable, "-P", str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=env | {"DO_NOT_TRACK": "1"}, cwd=study.copy.home if study.copy is not None else None,
    )  # fmt: skip
    try:
        out, words = child.communicate(json.dumps(order).encode(), timeout=180)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise NotApplicable("Drawing requests from the OpenAPI document took longer than three minutes.") from None
    if child.returncode != 0:
        last = (words.decode("utf-8", "replace").strip().splitlines() or ["no reason"])[-1]
        raise Found("schema_unreadable", f"Schemathesis says: `{last[:200]}`.")
    found: list[dict[str, Any]] = json.loads(out)
    return found[:MOST]


def drawn_rows(study: Study, document: dict[str, Any]) -> list[dict[str, Any]]:
    """JSON objects for the predicting address that fit the document."""
    rows = []
    for request in _draw(study, document):
        fits = request["mode"] == "positive" and request["method"] == "POST" and request["body"]
        if fits and request["path"] == study.declared.predict:
            row = json.loads(base64.b64decode(request["body"]))
            if isinstance(row, dict):
                rows.append(row)
    return rows[: study.count]
