"""A compact binary codec for plain data and the libraries' arrays, frames and drawings.

Why not pickle or marshal: reading those runs, or may crash in, code of the sender's choosing. Why not Arrow for
frames: it would add some 40 MB to the install, a thread in the process that forks, and a C++ parser fed with hostile
bytes; a frame is encoded column by column with the same few rules as everything else.

Every value is one tag byte and a payload. Types are matched exactly (``type(x) is float``), so a subclass with an
``__eq__`` of its own never crosses as data. A value that is not data is offered to the ``unknown`` hook, which may
replace it by a :class:`Handle` or a :class:`Callback`. Bytes, depth and the number of values are bounded both ways,
and reading hostile bytes raises :class:`WireError` and nothing else.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from gradus.grader.wire.values import Callback, Handle, Path

MAX_BYTES: Final = 64 * 2**20
"""The longest message, in bytes."""
MAX_DEPTH: Final = 64
"""How deep containers may nest."""
MAX_NODES: Final = 2_000_000
"""How many values one message may hold (an array counts as one)."""

U32: Final = struct.Struct("<I")
_THREE: Final = U32.pack(3)

TOO_LONG: Final = f"more than {MAX_BYTES >> 20} MB"
_TOO_MANY: Final = f"more than {MAX_NODES:,} values"
_ENDS_EARLY: Final = "a message ends early"


class WireError(Exception):
    """A value cannot be sent, or received bytes are not a message."""


class TooLarge(WireError):  # noqa: N818 - named after what is wrong with the value
    """A value goes beyond the bounds: bytes, depth (or it contains itself), or count."""


class Unknown(WireError):  # noqa: N818
    """A value is not data and nothing stands in for it."""


class NotData(Exception):  # noqa: N818
    """Raised by a rule for a value of its type that is not plain data after all; something stands in for the whole of
    it.
    """


@dataclass
class Hooks:
    """How values that are not data cross. Every hook that is left out refuses."""

    unknown: Callable[[Any], Any] | None = None
    """Sender: an object that is not data -> a Handle, Callback or Path to send instead, or None."""
    handle: Callable[[Handle], Any] | None = None
    callback: Callable[[Callback], Any] | None = None
    path: Callable[[Path], Any] | None = None


class Writer:
    """Collects the parts of one message."""

    __slots__ = ("depth", "hooks", "marking", "nodes", "parts", "size")

    def __init__(self, hooks: Hooks, marking: bool = False) -> None:
        self.parts: list[bytes | memoryview] = []
        self.size = 0
        self.nodes = 0
        self.depth = 0
        self.hooks = hooks
        self.marking = marking  # True: a fingerprint is taken, and random states and handles count as constants

    def raw(self, part: bytes) -> None:
        """A few bytes. Their number is bounded with the number of values; `encode` looks at the sum."""
        self.size += len(part)
        self.parts.append(part)

    def block(self, part: bytes | memoryview) -> None:
        """A length and so many bytes."""
        length = part.nbytes if isinstance(part, memoryview) else len(part)
        self.size += length + 4
        if self.size > MAX_BYTES:
            raise TooLarge(TOO_LONG)
        self.parts.append(U32.pack(length))
        self.parts.append(part)

    def text(self, text: str) -> None:
        self.block(text.encode("utf-8", "surrogatepass"))

    def room(self, length: int) -> None:
        """Refuse ``length`` more bytes before they are made."""
        if self.size + length > MAX_BYTES:
            raise TooLarge(TOO_LONG)

    def write(self, value: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooLarge(_TOO_MANY)
        whole = WHOLE.get(type(value))
        if whole is not None:
            part = whole(value)
            self.size += len(part)
            if self.size > MAX_BYTES:
                raise TooLarge(TOO_LONG)
            self.parts.append(part)
            return
        encoder = ENCODERS.get(type(value)) or _encoder_for(value)
        if encoder is None:
            self.replace(value)
            return
        parts, size, depth = len(self.parts), self.size, self.depth
        try:
            encoder(self, value)
        except NotData:
            del self.parts[parts:]
            self.size, self.depth = size, depth
            self.replace(value)

    def replace(self, value: Any) -> None:
        """Send what the ``unknown`` hook offers in place of a value that is not data."""
        stand_in = self.hooks.unknown(value) if self.hooks.unknown is not None else None
        if stand_in is None:
            raise Unknown(f"a value of type {type(value).__qualname__} is not data")
        if self.marking:
            self.raw(b"#" + U32.pack(id(value) & 0xFFFFFFFF))
        else:
            ENCODERS[type(stand_in)](self, stand_in)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooLarge(f"nested more than {MAX_DEPTH} deep, or it contains itself")

    def leave(self) -> None:
        self.depth -= 1

    def sequence(self, tag: bytes, items: Iterable[Any]) -> None:
        values = tuple(items)  # a snapshot: another thread may change the container meanwhile
        self.enter()
        self.raw(tag + U32.pack(len(values)))
        write = self.write
        for item in values:
            write(item)
        self.leave()


class Reader:
    """Walks over the bytes of one message."""

    __slots__ = ("data", "depth", "end", "hooks", "nodes", "pos")

    def __init__(self, data: bytes | bytearray | memoryview, hooks: Hooks) -> None:
        self.data = memoryview(data)
        self.pos = 0
        self.end = len(self.data)
        self.nodes = 0
        self.depth = 0
        self.hooks = hooks

    def raw(self, length: int) -> memoryview:
        stop = self.pos + length
        if length < 0 or stop > self.end:
            raise WireError(_ENDS_EARLY)
        part = self.data[self.pos : stop]
        self.pos = stop
        return part

    def u32(self) -> int:
        pos = self.pos
        if pos + 4 > self.end:
            raise WireError(_ENDS_EARLY)
        self.pos = pos + 4
        return int(U32.unpack_from(self.data, pos)[0])

    def block(self) -> memoryview:
        start = self.pos + 4
        if start > self.end:
            raise WireError(_ENDS_EARLY)
        stop = start + int(U32.unpack_from(self.data, self.pos)[0])
        if stop > self.end:
            raise WireError(_ENDS_EARLY)
        self.pos = stop
        return self.data[start:stop]

    def number(self, layout: struct.Struct) -> Any:
        """The one number that ``layout`` holds."""
        pos = self.pos
        if pos + layout.size > self.end:
            raise WireError(_ENDS_EARLY)
        self.pos = pos + layout.size
        return layout.unpack_from(self.data, pos)[0]

    def text(self) -> str:
        return str(self.block(), "utf-8", "surrogatepass")

    def count(self) -> int:
        """How many values follow; each takes a byte at least, so a small message cannot ask for much memory."""
        count = self.u32()
        if count > self.end - self.pos:
            raise WireError("a message promises more values than it holds")
        return count

    def read(self) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise WireError("a message holds too many values")
        pos = self.pos
        if pos >= self.end:
            raise WireError(_ENDS_EARLY)
        tag = self.data[pos]
        self.pos = pos + 1
        decoder = DECODERS.get(tag)
        if decoder is None:
            decoder = _decoder_for(tag)
        return decoder(self)

    def expect(self, *types: type) -> Any:
        """Read a value that must be exactly of one of ``types``."""
        value = self.read()
        if type(value) not in types:
            raise WireError(f"a message holds a {type(value).__name__} where it must not")
        return value

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise WireError("a message nests too deep")

    def leave(self) -> None:
        self.depth -= 1

    def many(self) -> list[Any]:
        self.enter()
        read = self.read
        items = [read() for _ in range(self.count())]
        self.leave()
        return items


Encoder = Callable[[Writer, Any], None]
Decoder = Callable[[Reader], Any]
ENCODERS: dict[type, Encoder] = {}
WHOLE: dict[type, Callable[[Any], bytes]] = {}
"""Rules for the simplest types, whose bytes, tag included, depend on nothing but the value."""
DECODERS: dict[int, Decoder] = {}


@dataclass
class _Parts:
    """Which library's rules are loaded: NumPy's only once NumPy is, so that a small process stays small."""

    loaded: set[str] = field(default_factory=set)


_parts = _Parts()
_MODULE_OF_ROOT = {
    "numpy": "arrays",
    "pandas": "frames",
    "scipy": "sparse",
    "matplotlib": "drawing",
}
_MODULE_OF_TAG = dict.fromkeys(b"A%BEJK", "arrays") | {
    ord("P"): "frames",
    ord("O"): "frames",
    ord("S"): "sparse",
    ord("G"): "drawing",
}


def load_rules(part: str) -> None:
    """Register the encoders and decoders of one part (``plain``, ``arrays``, ``frames``, ``sparse``, ``drawing``)."""
    if part in _parts.loaded:
        return
    from importlib import import_module

    import_module(f"gradus.grader.wire.{part}").register()
    _parts.loaded.add(part)


def _encoder_for(value: Any) -> Encoder | None:
    load_rules("plain")
    kind = type(value)
    whole = WHOLE.get(kind)
    if whole is not None:  # the very first value of all
        return lambda writer, value: writer.raw(whole(value))
    # Every base counts: a subclass of a library's class may have a rule of its own (a named tuple, say, has none).
    roots = {str(base.__module__).partition(".")[0] for base in kind.__mro__}
    for root, part in _MODULE_OF_ROOT.items():
        if root in roots and root in sys.modules:
            load_rules(part)
    found = ENCODERS.get(kind)
    if found is not None:
        return found
    for rule in FALLBACKS:
        encoder = rule(value)
        if encoder is not None:
            return encoder
    return None


FALLBACKS: list[Callable[[Any], Encoder | None]] = []
"""Rules for values that are recognized by more than their exact type (named tuples, exceptions, axes)."""


def _decoder_for(tag: int) -> Decoder:
    load_rules("plain")
    if tag in _MODULE_OF_TAG:
        load_rules(_MODULE_OF_TAG[tag])
    decoder = DECODERS.get(tag)
    if decoder is None:
        raise WireError(f"a message holds an unknown tag {tag}")
    return decoder


def encode(value: Any, hooks: Hooks | None = None) -> bytes:
    """The bytes of ``value``.

    Raises:
        Unknown: a value inside is not data and ``hooks.unknown`` offers nothing for it.
        TooLarge: it goes beyond :data:`MAX_BYTES`, :data:`MAX_DEPTH` or :data:`MAX_NODES`.
        WireError: anything else that keeps it from being sent.
    """
    writer = Writer(hooks or Hooks())
    try:
        writer.write(value)
    except RecursionError as error:
        raise TooLarge("nested too deep") from error
    if writer.size > MAX_BYTES:
        raise TooLarge(TOO_LONG)
    return b"".join(writer.parts)


def fingerprint(value: Any) -> bytes | None:
    """Bytes that change when ``value`` is changed in place; None when it cannot be told.

    Random states do not count (drawing from a generator one was given is no offense), nor does what is inside an
    object that is not data.
    """
    writer = Writer(Hooks(unknown=lambda obj: Handle(0, "")), marking=True)
    try:
        writer.write(value)
    except Exception:
        return None
    return b"".join(writer.parts)


def same_call(data: bytes, args: Any, kwargs: Any) -> bool:
    """Whether the arguments of a call are as they were sent; ``data`` is the encoding of ``(target, args, kwargs)``.

    True is certain where a named function was called with plain data. False is not: two encodings of one value may
    differ (frames are made anew on the way), so that who needs to know decodes ``data`` again and compares
    fingerprints.
    """
    now = fingerprint((args, kwargs))
    return now is not None and data[1:5] == _THREE and data[_after_name(data) :] == now[5:]


def _after_name(data: bytes) -> int:
    """Where the first item of a tuple of three ends, if it is a text; otherwise beyond the end."""
    return 10 + int(U32.unpack_from(data, 6)[0]) if data[5:6] == b"s" else len(data)


def decode(data: bytes | bytearray | memoryview, hooks: Hooks | None = None) -> Any:
    """The value that ``data`` holds.

    Raises:
        WireError: whatever is wrong with the bytes. Nothing else is raised, and memory stays within a small multiple of
            their length.
    """
    reader = Reader(data, hooks or Hooks())
    try:
        value = reader.read()
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"a message cannot be read: {type(error).__name__}") from error
    if reader.pos != reader.end:
        raise WireError("bytes are left over after a message")
    return value


def copy(value: Any, hooks: Hooks | None = None) -> Any:
    """``value`` as it looks after crossing the wire: named tuples become Records, axes become Drawings."""
    return decode(encode(value, hooks), hooks)
