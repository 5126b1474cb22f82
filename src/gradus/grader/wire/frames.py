"""The codec's rules for pandas: indexes, series and frames, column by column; scalars such as Timestamp and NA."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gradus.grader.wire.codec import DECODERS, ENCODERS, NotData, Reader, WireError, Writer
from gradus.grader.wire.plain import distinct_hashes

_MASKED = {
    name: getattr(pd, name)
    for name in (
        *("Int8Dtype", "Int16Dtype", "Int32Dtype", "Int64Dtype", "UInt8Dtype", "UInt16Dtype", "UInt32Dtype"),
        *("UInt64Dtype", "Float32Dtype", "Float64Dtype", "BooleanDtype"),
    )
}


def write_values(writer: Writer, values: Any) -> None:
    """A column's values: a NumPy array or one of pandas' own arrays."""
    if type(values) is pd.arrays.NumpyExtensionArray:
        values = np.asarray(values)
    if type(values) is np.ndarray:
        writer.raw(b"n")
        writer.write(values)
        return
    dtype = values.dtype
    kind = type(dtype)
    if kind is pd.CategoricalDtype:
        writer.raw(b"c")
        writer.write(np.asarray(values.codes))
        _index(writer, values.categories)
        writer.write(bool(values.ordered))
    elif kind is pd.StringDtype:
        writer.raw(b"s")
        writer.write("nan" if dtype.na_value is np.nan else "NA")
        texts = values.to_numpy(dtype=object).tolist()
        missing = np.asarray(values.isna()).tolist()
        writer.sequence(b"l", [None if gone else str(text) for text, gone in zip(texts, missing, strict=True)])
    elif kind.__name__ in _MASKED and kind is _MASKED[kind.__name__]:
        writer.raw(b"m")
        writer.text(kind.__name__)
        missing = np.asarray(values.isna(), dtype=bool)
        writer.write(missing)
        writer.write(values.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0)))
    elif kind is pd.DatetimeTZDtype:
        writer.raw(b"z")
        writer.text(str(dtype.tz))
        writer.write(np.asarray(values.tz_convert("UTC").tz_localize(None)))
    elif isinstance(values, pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray):
        writer.raw(b"n")
        writer.write(np.asarray(values))
    elif kind is pd.PeriodDtype:
        writer.raw(b"p")
        writer.text(str(dtype)[len("period[") : -1])
        writer.write(np.asarray(values.asi8))
    elif kind is pd.IntervalDtype:
        writer.raw(b"i")
        writer.text(values.closed)
        _index(writer, pd.Index(values.left))
        _index(writer, pd.Index(values.right))
    else:
        raise NotData


def read_values(reader: Reader) -> Any:
    kind = bytes(reader.raw(1))
    if kind == b"n":
        return reader.expect(np.ndarray)
    if kind == b"c":
        codes, categories, ordered = reader.expect(np.ndarray), read_index(reader), reader.expect(bool)
        if codes.ndim != 1 or codes.dtype.kind != "i":
            raise WireError("a categorical column's codes must be whole numbers")
        return pd.Categorical.from_codes(codes, categories=categories, ordered=ordered)
    if kind == b"s":
        missing = reader.expect(str)
        items = reader.expect(list)
        dtype: Any = pd.StringDtype(na_value=np.nan if missing == "nan" else pd.NA)  # storage: as here
        return pd.array(items, dtype=dtype)
    if kind == b"m":
        masked = _MASKED[reader.text()]()
        gone, data = reader.expect(np.ndarray), reader.expect(np.ndarray)
        if gone.dtype != bool or gone.shape != data.shape or data.dtype != masked.numpy_dtype or data.ndim != 1:
            raise WireError("a nullable column does not fit its mask")
        return masked.construct_array_type()(data, gone)
    if kind == b"z":
        zone, moments = reader.text(), reader.expect(np.ndarray)
        if moments.dtype.kind != "M" or moments.ndim != 1:
            raise WireError("a column of moments must hold moments")
        return pd.DatetimeIndex(moments).tz_localize("UTC").tz_convert(zone).array
    if kind == b"p":
        frequency, ordinals = reader.text(), reader.expect(np.ndarray)
        if ordinals.dtype != np.int64 or ordinals.ndim != 1:
            raise WireError("a column of periods must hold whole numbers")
        return pd.arrays.PeriodArray(ordinals, dtype=pd.PeriodDtype(frequency))
    if kind == b"i":
        closed, left, right = reader.text(), read_index(reader), read_index(reader)
        return pd.arrays.IntervalArray.from_arrays(left, right, closed=closed)  # type: ignore[arg-type]
    raise WireError("a column of an unknown kind")


def _index(writer: Writer, value: pd.Index[Any]) -> None:
    writer.raw(b"PI")
    writer.enter()
    if type(value) is pd.RangeIndex:
        writer.raw(b"r")
        for part in (value.start, value.stop, value.step):
            writer.write(int(part))
        writer.write(value.name)
    elif type(value) is pd.MultiIndex:
        writer.raw(b"m")
        writer.write(list(value.names))
        writer.raw(bytes([min(value.nlevels, 255)]))
        for level, codes in zip(value.levels, value.codes, strict=True):
            _index(writer, level)
            writer.write(np.asarray(codes))
    else:
        writer.raw(b"v")
        writer.write(value.name)
        frequency = getattr(value, "freq", None) if isinstance(value, pd.DatetimeIndex | pd.TimedeltaIndex) else None
        writer.write(None if frequency is None else str(frequency.freqstr))
        write_values(writer, value.array)
    writer.leave()


def read_index(reader: Reader) -> Any:
    if bytes(reader.raw(2)) != b"PI":
        raise WireError("a message holds no index where there should be one")
    return _read_index(reader)


def _read_index(reader: Reader) -> Any:
    reader.enter()
    kind = bytes(reader.raw(1))
    index: Any
    if kind == b"r":
        start, stop, step = (reader.expect(int) for _ in range(3))
        index = pd.RangeIndex(start, stop, step, name=_name(reader))
    elif kind == b"m":
        names = reader.expect(list)
        levels, codes = [], []
        for _ in range(reader.raw(1)[0]):
            levels.append(read_index(reader))
            codes.append(reader.expect(np.ndarray))
        index = pd.MultiIndex(levels, codes, names=names, verify_integrity=True)
    elif kind == b"v":
        name = _name(reader)
        frequency = reader.expect(str, type(None))
        values = read_values(reader)
        if values.ndim != 1:
            raise WireError("an index has one axis")
        if type(values) is np.ndarray and values.dtype == object:
            distinct_hashes(values.tolist())
            index = pd.Index(values, name=name, dtype=object, tupleize_cols=False)
        else:
            index = pd.Index(values, name=name, tupleize_cols=False)
        if frequency is not None:
            index = type(index)(index, freq=frequency)
    else:
        raise WireError("an index of an unknown kind")
    reader.leave()
    return index


def _name(reader: Reader) -> Any:
    name = reader.read()
    hash(name)
    return name


def _series(writer: Writer, value: pd.Series[Any]) -> None:
    writer.enter()
    writer.raw(b"PS")
    _index(writer, value.index)
    writer.write(value.name)
    write_values(writer, value.array)
    writer.leave()


def _frame(writer: Writer, value: pd.DataFrame) -> None:
    writer.enter()
    writer.raw(b"PF")
    _index(writer, value.index)
    _index(writer, value.columns)
    columns = [column for _, column in value.items()]
    dtype = columns[0].dtype if len(columns) > 1 else None
    if isinstance(dtype, np.dtype) and all(column.dtype == dtype for column in columns):
        writer.raw(b"w")
        writer.write(value.to_numpy())
    else:
        writer.raw(b"c")
        for column in columns:
            write_values(writer, column.array)
    writer.leave()


def _read_pandas(reader: Reader) -> Any:
    kind = bytes(reader.raw(1))
    if kind == b"I":
        return _read_index(reader)
    reader.enter()
    result: Any
    if kind == b"S":
        index, name = read_index(reader), _name(reader)
        values = read_values(reader)
        if values.ndim != 1 or len(values) != len(index):
            raise WireError("a series does not fit its index")
        result = pd.Series(values, index=index, name=name, dtype=values.dtype, copy=False)
    elif kind == b"F":
        index, columns = read_index(reader), read_index(reader)
        form = bytes(reader.raw(1))
        if form == b"w":
            table = reader.expect(np.ndarray)
            if table.shape != (len(index), len(columns)):
                raise WireError("a frame does not fit its index")
            result = pd.DataFrame(table, index=index, columns=columns, dtype=table.dtype)
        elif form == b"c":
            if len(columns) > reader.end - reader.pos:
                raise WireError("a frame promises more columns than it holds")
            data = {place: read_values(reader) for place in range(len(columns))}
            if any(column.ndim != 1 or len(column) != len(index) for column in data.values()):
                raise WireError("a frame does not fit its index")
            # Objects in an array of their own would be looked at, and taken for text.
            made = {
                place: pd.Series(values, index=index, dtype=object) if values.dtype == object else values
                for place, values in data.items()
            }
            result = pd.DataFrame(made, index=index, copy=False)
            result.columns = columns
        else:
            raise WireError("a frame of an unknown form")
    elif kind == b"t":
        result = _read_moment(reader)
    else:
        raise WireError("an unknown pandas value")
    reader.leave()
    return result


def _timestamp(writer: Writer, value: pd.Timestamp) -> None:
    writer.raw(b"Pts")
    writer.text(value.unit)
    writer.write(None if value.tz is None else str(value.tz))
    writer.write(int(value.asm8.view("i8")))


def _timedelta(writer: Writer, value: pd.Timedelta) -> None:
    writer.raw(b"Ptd")
    writer.text(value.unit)
    writer.write(int(value.asm8.view("i8")))


def _period(writer: Writer, value: pd.Period) -> None:
    writer.raw(b"Ptp")
    writer.text(value.freqstr)
    writer.write(int(value.ordinal))


def _interval(writer: Writer, value: pd.Interval[Any]) -> None:
    writer.raw(b"Pti")
    writer.text(value.closed)
    writer.write(value.left)
    writer.write(value.right)


def _read_moment(reader: Reader) -> Any:
    kind = bytes(reader.raw(1))
    if kind == b"a":
        return pd.NA
    if kind == b"n":
        return pd.NaT
    text = reader.text()
    if kind == b"s":
        zone, count = reader.expect(str, type(None)), reader.expect(int)
        moment = pd.Timestamp(np.datetime64(count, _unit(text)))
        return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)
    if kind == b"d":
        return pd.Timedelta(np.timedelta64(reader.expect(int), _unit(text)))
    if kind == b"p":
        return pd.Period(ordinal=reader.expect(int), freq=text)
    if kind == b"i":
        return pd.Interval(reader.read(), reader.read(), closed=text)  # type: ignore[arg-type]
    raise WireError("an unknown pandas value")


def _unit(text: str) -> Any:
    if text not in ("s", "ms", "us", "ns"):
        raise WireError("an unknown unit of time")
    return text


def register() -> None:
    """Make the rules known to the codec."""
    ENCODERS[pd.Series] = _series
    ENCODERS[pd.DataFrame] = _frame
    for kind in (
        *(pd.Index, pd.RangeIndex, pd.MultiIndex, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex),
        *(pd.IntervalIndex, pd.CategoricalIndex),
    ):
        ENCODERS[kind] = _index
    for array in (pd.Categorical, type(pd.array([1])), type(pd.array([1.5])), type(pd.array([True]))):
        ENCODERS[array] = _array
    ENCODERS[pd.Timestamp] = _timestamp
    ENCODERS[pd.Timedelta] = _timedelta
    ENCODERS[pd.Period] = _period
    ENCODERS[pd.Interval] = _interval
    ENCODERS[type(pd.NA)] = lambda writer, value: writer.raw(b"Pta")
    ENCODERS[type(pd.NaT)] = lambda writer, value: writer.raw(b"Ptn")
    DECODERS[ord("P")] = _read_pandas
    DECODERS[ord("O")] = read_values


def _array(writer: Writer, value: Any) -> None:
    writer.raw(b"O")
    write_values(writer, value)
