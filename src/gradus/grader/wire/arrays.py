"""The codec's rules for NumPy: arrays and scalars of every plain dtype, masked arrays, random states."""

from __future__ import annotations

import re
import struct
import sys
from typing import Any

import numpy as np

from gradus.grader.wire.codec import (
    DECODERS,
    ENCODERS,
    FALLBACKS,
    MAX_NODES,
    U32,
    Encoder,
    NotData,
    Reader,
    WireError,
    Writer,
)
from gradus.grader.wire.plain import TYPES, type_name

_SIMPLE = re.compile(r"[<>|=][biufcmMSU]\d{1,8}(\[\d{0,6}[A-Za-zμ]{1,3}\])?\Z")
_SHAPES = tuple(struct.Struct(f"<B{ndim}Q") for ndim in range(65))
_SIDES = tuple(struct.Struct(f"<{ndim}Q") for ndim in range(33))
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
_TYPE_NAMES = (
    *("bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble"),
    *("longlong", "ulonglong", "str_", "bytes_", "datetime64", "timedelta64"),
    *("number", "integer", "signedinteger", "unsignedinteger", "floating", "inexact", "complexfloating", "generic"),
    "ndarray",
)


_BUILT_IN = tuple(np.dtype(code) for code in "?bhilqBHILQefdgFDG")
_READ: dict[str, np.dtype[Any]] = {dtype.str: dtype for dtype in reversed(_BUILT_IN)}
_WRITTEN = {dtype.num: b"=" + U32.pack(len(dtype.str)) + dtype.str.encode() for dtype in _BUILT_IN}


def write_dtype(writer: Writer, dtype: np.dtype[Any]) -> None:
    """Write a dtype. Raises NotData when it does not hold plain data."""
    known = _WRITTEN.get(dtype.num) if dtype.isbuiltin == 1 else None
    if known is not None:
        writer.raw(known)
        return
    if dtype.hasobject:
        raise NotData
    if dtype.names is not None:
        names = [str(name) for name in dtype.names]
        if dtype.metadata or dtype.isalignedstruct or np.dtype([(n, dtype[n]) for n in names]) != dtype:
            raise NotData
        writer.raw(b"{" + U32.pack(len(names)))
        for name in names:
            if dtype[name].base.names is not None:
                raise NotData
            writer.text(name)
            write_dtype(writer, dtype[name].base)
            writer.write(tuple(dtype[name].shape))
        return
    if not _SIMPLE.match(dtype.str):
        raise NotData
    writer.raw(b"=")
    writer.text(dtype.str)


def read_dtype(reader: Reader) -> np.dtype[Any]:
    tag = bytes(reader.raw(1))
    if tag == b"=":
        text = reader.text()
        known = _READ.get(text)
        if known is not None:
            return known
        if not _SIMPLE.match(text):
            raise WireError("a message holds a dtype that is not plain data")
        return np.dtype(text)
    if tag == b"{":
        fields: list[Any] = []
        for _ in range(reader.count()):
            name, dtype, shape = reader.text(), read_dtype(reader), reader.expect(tuple)
            if dtype.names is not None or any(type(side) is not int or not 0 <= side < 1 << 20 for side in shape):
                raise WireError("a message holds a dtype that is not plain data")
            fields.append((name, dtype, shape))
        dtype = np.dtype(fields)
        if dtype.itemsize > 1 << 24:
            raise WireError("a message holds a dtype that is too wide")
        return dtype
    raise WireError("a message holds no dtype where there should be one")


def write_array(writer: Writer, value: np.ndarray[Any, Any]) -> None:
    """An array: layout, dtype, shape, and its buffer, or its items one by one when they are objects."""
    if value.dtype.hasobject or value.dtype.kind == "T":
        if value.dtype.names is not None:
            raise NotData
        writer.raw(b"AT" if value.dtype.kind == "T" else b"AO")
        _write_shape(writer, value.shape)
        writer.sequence(b"l", value.ravel().tolist() if value.ndim else [value.item()])
        return
    writer.room(value.nbytes)
    fortran = value.flags.f_contiguous and not value.flags.c_contiguous
    writer.raw(b"AF" if fortran else b"AC")
    write_dtype(writer, value.dtype)
    _write_shape(writer, value.shape)
    writer.block(value.tobytes("F" if fortran else "C"))


def _write_shape(writer: Writer, shape: tuple[int, ...]) -> None:
    writer.raw(_SHAPES[len(shape)].pack(len(shape), *shape))


def _read_shape(reader: Reader) -> tuple[int, ...]:
    ndim = reader.raw(1)[0]
    if ndim > 32:
        raise WireError("an array has too many axes")
    shape: tuple[int, ...] = _SIDES[ndim].unpack(reader.raw(8 * ndim))
    return shape


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        if side >= 1 << 62:
            raise WireError("an array's shape is out of bounds")
        size *= side
    return size


def read_array(reader: Reader) -> np.ndarray[Any, Any]:
    """The array that starts here. It owns its memory and may be written to."""
    kind = bytes(reader.raw(1))
    if kind == b"M":
        return _read_masked(reader)  # type: ignore[no-any-return]
    if kind in (b"O", b"T"):
        shape = _read_shape(reader)
        items = reader.expect(list)
        if len(items) != _size(shape):
            raise WireError("an array does not fit its shape")
        flat = np.empty(len(items), dtype=object)
        for place, item in enumerate(items):
            flat[place] = item
        return (flat if kind == b"O" else flat.astype(np.dtypes.StringDType())).reshape(shape)
    if kind not in (b"C", b"F"):
        raise WireError("an array of an unknown layout")
    dtype = read_dtype(reader)
    shape = _read_shape(reader)
    data = reader.block()
    if _size(shape) * dtype.itemsize != len(data):
        raise WireError("an array does not fit its shape")
    if not data:
        if dtype.itemsize == 0 and _size(shape) > MAX_NODES:
            raise WireError("an array's shape is out of bounds")
        return np.zeros(shape, dtype)
    order = "C" if kind == b"C" else "F"
    flat = np.frombuffer(data, dtype)
    if len(shape) == 1:
        return flat.copy()
    return flat.reshape(shape, order=order).copy(order=order)  # type: ignore[call-overload,no-any-return]


def _masked(writer: Writer, value: np.ma.MaskedArray[Any, Any]) -> None:
    writer.raw(b"AM")
    writer.write(np.asarray(value.data))
    writer.write(np.asarray(np.ma.getmaskarray(value)))
    fill = np.asarray(value.fill_value)
    writer.write(fill if fill.dtype == value.dtype and not fill.dtype.hasobject else None)


def _read_masked(reader: Reader) -> Any:
    data, mask = reader.expect(np.ndarray), reader.expect(np.ndarray)
    if mask.shape != data.shape or mask.dtype != bool:
        raise WireError("a masked array does not fit its mask")
    fill = reader.expect(np.ndarray, type(None))
    return np.ma.MaskedArray(data, mask=mask, fill_value=None if fill is None else fill[()])


def _matrix(writer: Writer, value: Any) -> None:
    writer.raw(b"%")
    write_array(writer, np.asarray(value))


def _read_matrix(reader: Reader) -> Any:
    import warnings

    array = reader.expect(np.ndarray)
    if array.ndim != 2:
        raise WireError("a matrix has two axes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return np.asmatrix(array)


def _scalar(writer: Writer, value: np.generic) -> None:
    writer.room(value.nbytes)
    writer.raw(b"B")
    write_dtype(writer, value.dtype)
    writer.block(value.tobytes())


def _read_scalar(reader: Reader) -> Any:
    dtype = read_dtype(reader)
    data = reader.block()
    if dtype.names is not None or len(data) != dtype.itemsize:
        raise WireError("a number does not fit its dtype")
    return np.frombuffer(data, dtype)[0] if data else np.zeros((), dtype)[()]


def _dtype(writer: Writer, value: np.dtype[Any]) -> None:
    writer.raw(b"E")
    if value == np.dtype(object):
        writer.raw(b"O")
    else:
        write_dtype(writer, value)


def _read_dtype_value(reader: Reader) -> np.dtype[Any]:
    if reader.pos < reader.end and reader.data[reader.pos] == ord("O"):
        reader.raw(1)
        return np.dtype(object)
    return read_dtype(reader)


def _generator(writer: Writer, value: Any) -> None:
    bits = value.bit_generator if isinstance(value, np.random.Generator) else value._bit_generator
    name = type(bits).__name__
    if name not in _BIT_GENERATORS or type(bits) is not getattr(np.random, name):
        raise NotData
    writer.raw(b"J" if isinstance(value, np.random.Generator) else b"K")
    if writer.marking:
        return
    writer.text(name)
    writer.write(bits.state if isinstance(value, np.random.Generator) else value.get_state(legacy=False))


def _read_bits(reader: Reader) -> tuple[Any, dict[str, Any]]:
    name = reader.text()
    if name not in _BIT_GENERATORS:
        raise WireError("an unknown bit generator")
    state = reader.expect(dict)
    inner = state.get("state")
    # C code trusts these positions, so they are checked before it sees them.
    if type(inner) is not dict or not 0 <= int(inner.get("pos", 0)) <= 624:
        raise WireError("a random state is out of bounds")
    if not 0 <= int(state.get("buffer_pos", 0)) <= 4 or state.get("bit_generator") != name:
        raise WireError("a random state is out of bounds")
    bits = getattr(np.random, name)(0)
    bits.state = state
    return bits, state


def _read_generator(reader: Reader) -> np.random.Generator:
    return np.random.Generator(_read_bits(reader)[0])


def _read_random_state(reader: Reader) -> np.random.RandomState:
    bits, state = _read_bits(reader)
    legacy = np.random.RandomState(bits)
    if "has_gauss" in state:
        legacy.set_state(state)
    return legacy


def register() -> None:
    """Make the rules known to the codec."""
    ENCODERS[np.ndarray] = write_array
    ENCODERS[np.matrix] = _matrix
    for scalar in np.sctypeDict.values():
        if scalar is not np.object_ and scalar is not np.void:
            ENCODERS[scalar] = _scalar
    for dtype in (*np.sctypeDict.values(), np.void):
        ENCODERS[type(np.dtype(dtype))] = _dtype
    ENCODERS[np.random.Generator] = _generator
    ENCODERS[np.random.RandomState] = _generator
    DECODERS[ord("A")] = read_array
    DECODERS[ord("%")] = _read_matrix
    DECODERS[ord("B")] = _read_scalar
    DECODERS[ord("E")] = _read_dtype_value
    DECODERS[ord("J")] = _read_generator
    DECODERS[ord("K")] = _read_random_state
    for kind in (getattr(np, name) for name in _TYPE_NAMES):
        TYPES[type_name(kind)] = kind
    FALLBACKS.append(_masked_rule)


def _masked_rule(value: Any) -> Encoder | None:
    """Masked arrays, without importing their module for those who have none."""
    masked = sys.modules.get("numpy.ma")
    return _masked if masked is not None and type(value) is masked.MaskedArray else None
