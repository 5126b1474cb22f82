"""What a runner sent, turned into replies: nothing is believed that has not been looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradus.grader.replies import (
    LIMITS,
    Crashed,
    Defined,
    Failure,
    LimitHit,
    RaisedError,
    Reply,
    Returned,
    TraceFrame,
)
from gradus.grader.wire import ErrorValue, WireError


def reply_from(word: str, rest: list[Any], most: int, read: Callable[[bytes], Any]) -> Reply:
    """The reply that a message holds, every part of it looked at; ``most`` bounds how much it may say was printed, and
    ``read`` decodes a value.

    Raises:
        WireError: it is no reply.
    """
    match word, rest:
        case "returned", [bytes(value), tuple(mutated), int(printed), float(seconds)]:
            labels = tuple(label for label in mutated[:100] if type(label) in (int, str))
            return Returned(read(value), labels, _between(printed, most), seconds)
        case "raised", [ErrorValue() as error, list(frames), dict(details), int(printed), float(seconds)]:
            trace = tuple(TraceFrame(*_typed(frame, str, int, str, str)) for frame in frames[:50])
            line = details.get("line") or (trace[-1].line if trace else None)
            return RaisedError(
                error.type,
                _typed(error.bases, *[str] * len(error.bases)),
                error.message,
                line if type(line) is int else None,
                trace,
                {str(key): value for key, value in details.items() if type(value) in (str, int)},
                _between(printed, most),
                seconds,
            )
        case "limit", [str(kind), str(detail), int(printed), float(seconds)] if kind in LIMITS:
            return LimitHit(kind, detail[:1000], _between(printed, most), seconds)
    raise WireError("not a reply")


def _between(printed: int, most: int) -> int:
    return max(0, min(printed, most))


def _typed(values: Any, *types: type) -> tuple[Any, ...]:
    if type(values) is not tuple or tuple(map(type, values)) != types:
        raise WireError("not a reply")
    return values


def outline(value: Any) -> dict[str, Defined]:
    """What a loaded file defines, by name.

    Raises:
        WireError: it is no outline.
    """
    if type(value) is not list:
        raise WireError("not an outline")
    found = (Defined(*_typed(entry, str, str, int)) for entry in value)
    return {defined.name: defined for defined in found}


def failure(reply: RaisedError | Crashed | LimitHit, file: str) -> Failure:
    """What kept the learner's file from loading."""
    if isinstance(reply, Crashed):
        return Failure("crashed", message=reply.reason, file=file)
    if isinstance(reply, LimitHit):
        return Failure("limit", reply.kind, reply.detail, file=file)
    details = reply.details
    if reply.trace and not details.get("file"):
        file = reply.trace[-1].file
    kind = "raised"
    if reply.type == "SystemExit":
        kind = "exited"
    elif "SyntaxError" in reply.bases:
        kind = "null_bytes" if "null bytes" in reply.message else "syntax"
    elif reply.type == "UnicodeDecodeError" and not reply.trace:
        kind = "encoding"
    offset = details.get("offset")
    return Failure(
        kind,
        reply.type,
        str(details.get("message") or reply.message),
        reply.line,
        offset if type(offset) is int else None,
        str(details.get("text", "")).rstrip(),
        str(details.get("module", "")),
        reply.trace,
        str(details.get("file") or file),
        str(details.get("shadowed", "")),
    )
