"""What crosses between the judge and the learner's process: bounded, exactly typed data, never code."""

from gradus.grader.wire.channel import Channel, ChannelClosed, DeadlinePassed
from gradus.grader.wire.codec import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Callback,
    ErrorValue,
    Handle,
    Path,
    Record,
    TooLarge,
    Unknown,
    WireError,
    copy,
    decode,
    encode,
    fingerprint,
)
from gradus.grader.wire.drawing import AxesDrawing, Drawing

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
