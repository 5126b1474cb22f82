"""The codec's rules for what stands for something else: named tuples, exceptions, handles, functions, files."""

from __future__ import annotations

from typing import Any

from gradus.grader.wire.codec import DECODERS, ENCODERS, FALLBACKS, U32, Encoder, Reader, WireError, Writer
from gradus.grader.wire.values import Callback, ErrorValue, Handle, Path, Record


def _fields(kind: type) -> tuple[str, ...]:
    """The names a named tuple's class gives its items; none for any other tuple."""
    for base in kind.__mro__:
        fields = base.__dict__.get("_fields")
        if type(fields) is tuple and all(type(name) is str for name in fields):
            return fields
    return ()


def _record(writer: Writer, value: Any) -> None:
    writer.raw(b"n")
    writer.text(str(type(value).__qualname__)[:200])
    writer.sequence(b"t", _fields(type(value)))
    writer.sequence(b"t", tuple.__iter__(value))


def _sent_record(writer: Writer, value: Record) -> None:
    writer.raw(b"n")
    writer.text(value.type)
    writer.sequence(b"t", value.fields)
    writer.sequence(b"t", value.values)


def _read_record(reader: Reader) -> Record:
    name, fields, values = reader.text(), reader.expect(tuple), reader.expect(tuple)
    if len(fields) != len(values) or any(type(field) is not str for field in fields):
        raise WireError("a named tuple does not fit its names")
    return Record(name, fields, values)


def type_name(kind: type) -> str:
    """``kind``'s name, with its module unless it is built in: ``ValueError``, ``numpy.linalg.LinAlgError``."""
    module, name = str(getattr(kind, "__module__", "")), str(getattr(kind, "__qualname__", kind))
    full = name if module in ("builtins", "") else f"{module}.{name}"
    return full[:300]


def describe_error(error: BaseException) -> ErrorValue:
    """``error`` as data; a message that cannot be made, or is very long, is cut."""
    try:
        message = str(error)
    except Exception:
        message = "(its message cannot be shown)"
    bases = tuple(type_name(kind) for kind in type(error).__mro__ if kind is not object)[:50]
    return ErrorValue(type_name(type(error)), bases, message[:4000])


def _error(writer: Writer, value: BaseException) -> None:
    _error_value(writer, describe_error(value))


def _error_value(writer: Writer, value: ErrorValue) -> None:
    writer.raw(b"x")
    writer.text(value.type)
    writer.sequence(b"t", value.bases)
    writer.text(value.message)


def _read_error(reader: Reader) -> ErrorValue:
    name, bases, message = reader.text(), reader.expect(tuple), reader.text()
    if any(type(base) is not str for base in bases):
        raise WireError("an exception's bases must be names")
    return ErrorValue(name, bases, message)


def _handle(writer: Writer, value: Handle) -> None:
    writer.raw(b"H" + U32.pack(value.id))
    for text in (value.type, value.kind, value.name):
        writer.text(text)


def _read_handle(reader: Reader) -> Any:
    handle = Handle(reader.u32(), reader.text(), reader.text(), reader.text())
    if reader.hooks.handle is None:
        raise WireError("a message holds a handle where it must not")
    return reader.hooks.handle(handle)


def _callback(writer: Writer, value: Callback) -> None:
    writer.raw(b"C" + U32.pack(value.id))
    writer.text(value.name)


def _read_callback(reader: Reader) -> Any:
    callback = Callback(reader.u32(), reader.text())
    if reader.hooks.callback is None:
        raise WireError("a message holds a function where it must not")
    return reader.hooks.callback(callback)


def _path(writer: Writer, value: Path) -> None:
    writer.raw(b"/" if value.folder else b"p")
    writer.text(value.name)
    writer.block(value.content)


def _read_path(reader: Reader) -> Any:
    return _placed(reader, Path(reader.text(), bytes(reader.block())))


def _read_folder(reader: Reader) -> Any:
    return _placed(reader, Path(reader.text(), bytes(reader.block()), folder=True))


def _placed(reader: Reader, path: Path) -> Any:
    if reader.hooks.path is None:
        raise WireError("a message holds a file where it must not")
    return reader.hooks.path(path)


def _fallback(value: Any) -> Encoder | None:
    kind = type(value)
    if issubclass(kind, tuple):
        fields = _fields(kind)
        return _record if fields and len(fields) == tuple.__len__(value) else None
    if issubclass(kind, BaseException):
        return _error
    return None


def register() -> None:
    """Make the rules known to the codec."""
    rules: tuple[tuple[type, Encoder], ...] = (
        (Record, _sent_record),
        (ErrorValue, _error_value),
        (Handle, _handle),
        (Callback, _callback),
        (Path, _path),
    )
    ENCODERS.update(rules)
    DECODERS.update(
        {
            ord("n"): _read_record,
            ord("x"): _read_error,
            ord("H"): _read_handle,
            ord("C"): _read_callback,
            ord("p"): _read_path,
            ord("/"): _read_folder,
        }
    )
    FALLBACKS.append(_fallback)
