"""The codec's rules for the standard library's types."""

from __future__ import annotations

import array
import datetime as dt
import random
import struct
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from pathlib import Path as FilePath
from pathlib import PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any

from gradus.grader.wire import special
from gradus.grader.wire.codec import (
    DECODERS,
    ENCODERS,
    FALLBACKS,
    MAX_BYTES,
    TOO_LONG,
    U32,
    WHOLE,
    Encoder,
    NotData,
    Reader,
    TooLarge,
    WireError,
    Writer,
    load_rules,
)
from gradus.grader.wire.special import describe_error, type_name

__all__ = ["TYPES", "describe_error", "distinct_hashes", "register", "type_name"]

_I64, _F64 = struct.Struct("<q"), struct.Struct("<d")
_INT, _FLOAT, _COMPLEX = struct.Struct("<cq"), struct.Struct("<cd"), struct.Struct("<cdd")
_BLOCK = struct.Struct("<cI")  # a tag and a length
_MAX_INT_BYTES = 1 << 16
_FACTORIES: dict[str, Any] = {kind.__name__: kind for kind in (int, float, list, dict, set, str, tuple)} | {"": None}
_PLAIN_TYPES = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, object, type(None))
TYPES: dict[str, type] = {kind.__name__: kind for kind in _PLAIN_TYPES}
"""The classes that cross by name; libraries add theirs (``numpy.float32``)."""
_LITTLE = sys.byteorder == "little"


def _int(value: int) -> bytes:
    if -(2**63) <= value < 2**63:
        return _INT.pack(b"i", value)
    length = value.bit_length() // 8 + 1
    if length > _MAX_INT_BYTES:
        raise TooLarge("a whole number of more than 150,000 digits")
    return b"I" + U32.pack(length) + value.to_bytes(length, "little", signed=True)


def _big_int(reader: Reader) -> int:
    data = reader.block()
    if len(data) > _MAX_INT_BYTES:
        raise WireError("a whole number is too long")
    return int.from_bytes(data, "little", signed=True)


def _str(value: str) -> bytes:
    data = value.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        raise TooLarge(TOO_LONG)
    return _BLOCK.pack(b"s", len(data)) + data


def _bytes(writer: Writer, value: bytes) -> None:
    writer.raw(b"b")
    writer.block(value)


def _bytearray(writer: Writer, value: bytearray) -> None:
    writer.raw(b"y")
    writer.block(bytes(value))


def _list(writer: Writer, value: list[Any]) -> None:
    if len(value) > 8:
        kinds = set(map(type, value))
        if kinds == {float}:
            _packed(writer, b"F", "d", value)
            return
        if kinds == {int}:
            try:
                _packed(writer, b"Q", "q", value)
                return
            except OverflowError:
                pass
    writer.sequence(b"l", value)


def _packed(writer: Writer, tag: bytes, code: str, value: list[Any]) -> None:
    packed = array.array(code, value)
    if not _LITTLE:
        packed.byteswap()
    writer.raw(tag)
    writer.block(packed.tobytes())


def _unpacked(code: str) -> Any:
    def read(reader: Reader) -> list[Any]:
        packed = array.array(code)
        packed.frombytes(reader.block())
        if not _LITTLE:
            packed.byteswap()
        return packed.tolist()

    return read


def _pairs(writer: Writer, tag: bytes, value: dict[Any, Any]) -> None:
    items = tuple(dict.items(value))
    writer.enter()
    writer.raw(tag + U32.pack(len(items)))
    for key, item in items:
        writer.write(key)
        writer.write(item)
    writer.leave()


def _read_pairs(reader: Reader) -> dict[Any, Any]:
    reader.enter()
    pairs = [(reader.read(), reader.read()) for _ in range(reader.count())]
    reader.leave()
    distinct_hashes([key for key, _ in pairs])
    return dict(pairs)


def distinct_hashes(keys: list[Any]) -> None:
    """Refuse keys chosen to collide: building a table of them would take quadratic time."""
    if len(keys) > 1000 and len({hash(key) for key in keys}) < len(keys) // 4:
        raise WireError("a message holds keys that collide")


def _set(tag: bytes) -> Encoder:
    def write(writer: Writer, value: Any) -> None:
        # Sorted by their bytes, so that equal sets have equal encodings.
        items = tuple(value)
        parts = []
        for item in items:
            inner = Writer(writer.hooks, writer.marking)
            inner.depth, inner.nodes, inner.size = writer.depth + 1, writer.nodes, writer.size
            inner.write(item)
            writer.nodes = inner.nodes
            parts.append(b"".join(inner.parts))
        writer.raw(tag + U32.pack(len(parts)))
        for part in sorted(parts):
            writer.raw(part)

    return write


def _read_set(reader: Reader) -> set[Any]:
    items = reader.many()
    distinct_hashes(items)
    return set(items)


def _defaultdict(writer: Writer, value: defaultdict[Any, Any]) -> None:
    factory = value.default_factory
    name = next((name for name, known in _FACTORIES.items() if known is factory), "")
    writer.raw(b"e")
    writer.text(name)
    _pairs(writer, b"d", value)


def _read_defaultdict(reader: Reader) -> defaultdict[Any, Any]:
    factory = _FACTORIES.get(reader.text())
    return defaultdict(factory, reader.expect(dict))


def _deque(writer: Writer, value: deque[Any]) -> None:
    writer.raw(b"q")
    writer.write(value.maxlen)
    writer.sequence(b"l", value)


def _read_deque(reader: Reader) -> deque[Any]:
    longest = reader.expect(int, type(None))
    return deque(reader.expect(list), longest)


def _datetime(writer: Writer, value: dt.datetime) -> None:
    zone = value.tzinfo
    if zone is not None and type(zone) is not dt.timezone and type(zone).__module__ not in ("zoneinfo",):
        raise NotData
    writer.raw(b"D" + bytes([value.fold]))
    writer.text(value.replace(tzinfo=None).isoformat())
    _zone(writer, zone)


def _zone(writer: Writer, zone: dt.tzinfo | None) -> None:
    if zone is None:
        writer.write(None)
    elif type(zone) is dt.timezone:
        offset = zone.utcoffset(None)
        writer.write(offset)
    else:
        writer.write(str(zone))


def _read_zone(reader: Reader) -> dt.tzinfo | None:
    zone = reader.expect(type(None), dt.timedelta, str)
    if isinstance(zone, dt.timedelta):
        return dt.timezone(zone)
    if isinstance(zone, str):
        from zoneinfo import ZoneInfo

        return ZoneInfo(zone)
    return None


def _read_datetime(reader: Reader) -> dt.datetime:
    fold = reader.raw(1)[0]
    moment = dt.datetime.fromisoformat(reader.text())
    return moment.replace(tzinfo=_read_zone(reader), fold=fold)


def _time(writer: Writer, value: dt.time) -> None:
    if value.tzinfo is not None:
        raise NotData
    writer.raw(b"h" + bytes([value.fold]))
    writer.text(value.isoformat())


def _read_time(reader: Reader) -> dt.time:
    fold = reader.raw(1)[0]
    return dt.time.fromisoformat(reader.text()).replace(fold=fold)


def _timedelta(writer: Writer, value: dt.timedelta) -> None:
    writer.raw(b"w" + struct.pack("<iii", value.days, value.seconds, value.microseconds))


def _tagged_text(tag: bytes, text: Any) -> Encoder:
    def write(writer: Writer, value: Any) -> None:
        writer.raw(tag)
        writer.text(text(value))

    return write


def _read_decimal(reader: Reader) -> Decimal:
    text = reader.text()
    if len(text) > 20_000:
        raise WireError("a decimal number is too long")
    return Decimal(text)


def _fraction(writer: Writer, value: Fraction) -> None:
    writer.raw(b"r")
    writer.write(value.numerator)
    writer.write(value.denominator)


def _triple(tag: bytes) -> Encoder:
    def write(writer: Writer, value: Any) -> None:
        writer.enter()
        writer.raw(tag)
        for part in (value.start, value.stop, value.step):
            writer.write(part)
        writer.leave()

    return write


def _read_slice(reader: Reader) -> slice:
    reader.enter()
    parts = reader.read(), reader.read(), reader.read()
    reader.leave()
    return slice(*parts)


def _random(writer: Writer, value: random.Random) -> None:
    writer.raw(b"R")
    if not writer.marking:
        _version, words, gauss = value.getstate()
        writer.write(list(words))
        writer.write(gauss)


def _read_random(reader: Reader) -> random.Random:
    words = reader.expect(list)
    gauss = reader.expect(float, type(None))
    generator = random.Random(0)
    generator.setstate((3, tuple(words), gauss))
    return generator


def _type(writer: Writer, value: type) -> None:
    name = type_name(value)
    if name.startswith("numpy.") and "numpy" in sys.modules:
        load_rules("arrays")
    if TYPES.get(name) is not value:
        raise NotData
    writer.raw(b"T")
    writer.text(name)


def _class(value: Any) -> Encoder | None:
    return _type if issubclass(type(value), type) else None


def _read_type(reader: Reader) -> type:
    name = reader.text()
    if name.startswith("numpy."):
        load_rules("arrays")
    return TYPES[name]


def register() -> None:
    """Make the rules known to the codec."""
    constants: dict[Any, bytes] = {None: b"N", True: b"+", False: b"-", Ellipsis: b".", NotImplemented: b"!"}
    for constant, tag in constants.items():
        DECODERS[tag[0]] = lambda reader, constant=constant: constant  # type: ignore[misc]
    WHOLE[type(None)] = lambda value: b"N"
    WHOLE[bool] = lambda value: b"+" if value else b"-"
    WHOLE[int] = _int
    WHOLE[float] = lambda value: _FLOAT.pack(b"f", value)
    WHOLE[complex] = lambda value: _COMPLEX.pack(b"c", value.real, value.imag)
    WHOLE[str] = _str
    ENCODERS[type(Ellipsis)] = lambda writer, value: writer.raw(b".")
    ENCODERS[type(NotImplemented)] = lambda writer, value: writer.raw(b"!")
    rules: tuple[tuple[type, Encoder], ...] = (
        (bytes, _bytes),
        (bytearray, _bytearray),
        (list, _list),
        (tuple, lambda writer, value: writer.sequence(b"t", value)),
        (dict, lambda writer, value: _pairs(writer, b"d", value)),
        (OrderedDict, lambda writer, value: _pairs(writer, b"o", value)),
        (Counter, lambda writer, value: _pairs(writer, b"k", value)),
        (defaultdict, _defaultdict),
        (set, _set(b"u")),
        (frozenset, _set(b"z")),
        (deque, _deque),
        (dt.datetime, _datetime),
        (dt.date, _tagged_text(b"a", dt.date.isoformat)),
        (dt.time, _time),
        (dt.timedelta, _timedelta),
        (Decimal, _tagged_text(b"m", str)),
        (Fraction, _fraction),
        (range, _triple(b"g")),
        (slice, _triple(b"j")),
        (random.Random, _random),
        (type, _type),
    )
    ENCODERS.update(rules)
    for kind in (FilePath, PosixPath, WindowsPath, PurePath, PurePosixPath, PureWindowsPath):
        ENCODERS[kind] = _tagged_text(b"v", str)
    DECODERS.update(
        {
            ord("i"): lambda reader: reader.number(_I64),
            ord("I"): _big_int,
            ord("f"): lambda reader: reader.number(_F64),
            ord("c"): lambda reader: complex(*struct.unpack("<dd", reader.raw(16))),
            ord("s"): Reader.text,
            ord("b"): lambda reader: bytes(reader.block()),
            ord("y"): lambda reader: bytearray(reader.block()),
            ord("l"): Reader.many,
            ord("F"): _unpacked("d"),
            ord("Q"): _unpacked("q"),
            ord("t"): lambda reader: tuple(reader.many()),
            ord("d"): _read_pairs,
            ord("o"): lambda reader: OrderedDict(_read_pairs(reader)),
            ord("k"): lambda reader: Counter(_read_pairs(reader)),
            ord("e"): _read_defaultdict,
            ord("u"): _read_set,
            ord("z"): lambda reader: frozenset(_read_set(reader)),
            ord("q"): _read_deque,
            ord("D"): _read_datetime,
            ord("a"): lambda reader: dt.date.fromisoformat(reader.text()),
            ord("h"): _read_time,
            ord("w"): lambda reader: dt.timedelta(*struct.unpack("<iii", reader.raw(12))),
            ord("m"): _read_decimal,
            ord("r"): lambda reader: Fraction(reader.expect(int), reader.expect(int)),
            ord("g"): lambda reader: range(reader.expect(int), reader.expect(int), reader.expect(int)),
            ord("j"): _read_slice,
            ord("R"): _read_random,
            ord("T"): _read_type,
            ord("v"): lambda reader: PurePath(reader.text()),
        }
    )
    special.register()
    FALLBACKS.append(_class)
