"""What crosses between the judge and the learner's process: bounded, exactly typed data, never code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradus.grader.wire.channel import Channel, ChannelClosed, DeadlinePassed
from gradus.grader.wire.codec import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    TooLarge,
    Unknown,
    WireError,
    copy,
    decode,
    encode,
    fingerprint,
)
from gradus.grader.wire.values import Callback, ErrorValue, Handle, Path, Record

if TYPE_CHECKING:
    from gradus.grader.wire.drawing import AxesDrawing, Drawing


def __getattr__(name: str) -> Any:
    """The drawings' classes need NumPy, which a process without libraries does without."""
    if name in ("AxesDrawing", "Drawing"):
        from gradus.grader.wire import drawing

        return getattr(drawing, name)
    raise AttributeError(name)


__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "AxesDrawing",
    "Callback",
    "Channel",
    "ChannelClosed",
    "DeadlinePassed",
    "Drawing",
    "ErrorValue",
    "Handle",
    "Path",
    "Record",
    "TooLarge",
    "Unknown",
    "WireError",
    "copy",
    "decode",
    "encode",
    "fingerprint",
]
