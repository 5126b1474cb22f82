"""Requests drawn from an OpenAPI document by Schemathesis, in a process of its own that never touches the network.

Reads ``{"document": …, "paths": […], "examples": n, "seed": n}`` from the input, writes a list of requests:
``{"method": …, "path": …, "headers": {…}, "body": base64 or null, "mode": "positive" | "negative"}``.
"""

import base64
import json
import sys
from typing import Any

BASE = "http://service.invalid"
KEPT = ("Content-Type", "Accept")


def drawn(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests for each of the named paths that the document describes."""
    import schemathesis
    from schemathesis import GenerationMode

    schema = schemathesis.openapi.from_dict(order["document"])
    found: list[dict[str, Any]] = []
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        if order["paths"] and operation.path not in order["paths"]:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            found += _requests(operation, mode, order["examples"], order["seed"])
    return found


def _requests(operation: Any, mode: Any, examples: int, number: int) -> list[dict[str, Any]]:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.errors import Unsatisfiable

    found: list[dict[str, Any]] = []

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        request = _prepared(case)
        if request not in found:
            found.append(request)

    try:
        collect()
    except Unsatisfiable:  # an operation without parameters cannot be asked wrongly
        pass
    return [{**request, "mode": mode.value} for request in found]


def _prepared(case: Any) -> dict[str, Any]:
    """One request as bytes, the way the requests library would send it."""
    from requests import Request

    prepared = Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    body = prepared.body
    content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None
    headers = {name: value for name, value in prepared.headers.items() if name in KEPT and isinstance(value, str)}
    return {
        "method": prepared.method,
        "path": prepared.path_url,
        "headers": headers,
        "body": base64.b64encode(content).decode() if content is not None else None,
    }


if __name__ == "__main__":
    json.dump(drawn(json.load(sys.stdin)), sys.stdout)
