"""The codec: everything comes back as it was, nothing but data crosses, hostile bytes raise WireError and nothing
else.
"""

from __future__ import annotations

import datetime as dt
import random
import socket
import threading
import time
import tracemalloc
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from pathlib import Path as FilePath
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from gradus.grader.wire import (
    MAX_BYTES,
    Callback,
    Channel,
    ChannelClosed,
    DeadlinePassed,
    ErrorValue,
    Handle,
    Record,
    TooLarge,
    Unknown,
    WireError,
    copy,
    decode,
    encode,
    fingerprint,
)
from gradus.grader.wire.codec import Hooks
from gradus.grader.wire.values import Path

RELAXED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**80), 2**80),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters(codec=None)),
    st.binary(),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
hashable = st.one_of(st.integers(), st.text(), st.booleans(), st.none(), st.floats(allow_nan=False))
data = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(hashable, inner),
        st.sets(hashable),
        st.frozensets(hashable),
        st.lists(inner).map(deque),
        st.dictionaries(hashable, inner).map(OrderedDict),
    ),
    max_leaves=20,
)


@RELAXED
@given(data)
def test_plain_data_comes_back_as_it_was(value: Any) -> None:
    payload = encode(value)
    again = decode(payload)
    assert type(again) is type(value)
    assert encode(again) == payload


ARRAY_DTYPES = st.one_of(
    stn.scalar_dtypes(),
    stn.unicode_string_dtypes(),
    stn.byte_string_dtypes(),
    stn.datetime64_dtypes(),
    stn.timedelta64_dtypes(),
)


@RELAXED
@given(stn.arrays(ARRAY_DTYPES, stn.array_shapes(min_dims=0, min_side=0, max_side=4)), st.sampled_from("CFT"))
def test_arrays_come_back_with_dtype_shape_and_memory_of_their_own(array: np.ndarray[Any, Any], layout: str) -> None:
    value = array.T if layout == "T" else np.asarray(array, order=layout)  # type: ignore[call-overload]
    again = decode(encode(value))
    assert type(again) is np.ndarray
    assert again.dtype == value.dtype
    assert again.shape == value.shape
    assert again.tobytes() == value.tobytes()
    assert again.flags.writeable
    assert again.flags.owndata


@RELAXED
@given(st.binary(max_size=200))
@example(b"l\xff\xff\xff\xff")
@example(b"I\xff\xff\xff\x7f")
@example(b"AC=\x03\0\0\0<f8\x02" + b"\xff" * 16 + b"\0\0\0\0")
@example(b"t\x01\0\0\0" * 1000 + b"N")
@example(b"J\x05\0\0\0PCG64N")
@example(b"PF")
@example(b"S\x09\0\0\0csr_arrayN")
@example(b"G\x00")
@example(b"g" + encode(1) + encode(2) + encode(0))
def test_hostile_bytes_raise_a_wire_error_and_nothing_else(payload: bytes) -> None:
    try:
        decode(payload)
    except WireError:
        pass


@RELAXED
@given(data, st.data())
def test_damaged_messages_raise_a_wire_error_and_nothing_else(value: Any, draw: st.DataObject) -> None:
    payload = bytearray(encode((value, EVERYTHING)))
    for _ in range(draw.draw(st.integers(1, 5))):
        payload[draw.draw(st.integers(0, len(payload) - 1))] = draw.draw(st.integers(0, 255))
    del payload[draw.draw(st.integers(0, len(payload))) :]
    try:
        decode(bytes(payload), LENIENT)
    except WireError:
        pass


LENIENT = Hooks(handle=lambda handle: handle, callback=lambda callback: callback, path=lambda path: path)
Pair = namedtuple("Pair", "left right")
FRAME = pd.DataFrame(
    {
        "whole": [1, 2, 3],
        "real": [1.5, None, 3.5],
        "text": ["x", None, "z"],
        "kind": pd.Categorical(["a", "b", "a"], categories=["b", "a"], ordered=True),
        "maybe": pd.array([1, None, 3], dtype="Int64"),
        "flag": pd.array([True, None, False], dtype="boolean"),
        "day": pd.to_datetime(["2020-01-01", "2020-01-02", None]),
        "berlin": pd.date_range("2020-03-29", periods=3, tz="Europe/Berlin"),
        "gap": pd.to_timedelta([1, 2, 3], unit="D"),
        "month": pd.period_range("2020-01", periods=3, freq="M"),
        "bin": pd.cut(pd.Series([1.0, 2.0, 3.0]), [0, 1.5, 4]),
        "mixed": [1, "a", None],
        "named": pd.Series(["a", "b", None], dtype="string"),
    },
    index=pd.Index(["r1", "r2", "r3"], name="row"),
)
KINDS: dict[str, Any] = {
    "counter": Counter("aab"),
    "defaultdict": defaultdict(list, {1: [2]}),
    "bounded deque": deque([1, 2], 3),
    "range": range(3, 9, 2),
    "slice": slice(1, None, 2),
    "decimal": Decimal("1.50"),
    "fraction": Fraction(1, 3),
    "moment": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    "class": float,
    "numpy class": np.float32,
    "dtype": np.dtype("f4"),
    "object dtype": np.dtype(object),
    "ellipsis": Ellipsis,
    "bytearray": bytearray(b"x"),
    "long list of floats": [0.5] * 100,
    "long list of whole numbers": list(range(100)),
    "long list of large whole numbers": [2**70] * 20,
    "random": random.Random(3),
    "float32": np.float32(1.5),
    "bool": np.bool_(True),
    "string": np.str_("abc"),
    "date": np.datetime64("2020-01-01"),
    "half": np.float16(0.5),
    "object array": np.array([1, "a", None, [2]], dtype=object),
    "strings": np.array(["a", "bcd"]),
    "empty": np.zeros((0, 3)),
    "zero-dimensional": np.array(3.0),
    "structured": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    "masked": np.ma.masked_array([1.0, 2.0], [False, True], fill_value=9.0),
    "matrix": np.asmatrix([[1, 2]]),
    "generator": np.random.default_rng(3),
    "philox": np.random.Generator(np.random.Philox(3)),
    "mersenne": np.random.Generator(np.random.MT19937(3)),
    "random state": np.random.RandomState(3),
    "frame": FRAME,
    "one column": FRAME[["real"]],
    "uniform frame": pd.DataFrame(np.eye(3), columns=list("abc")),
    "empty frame": pd.DataFrame(),
    "no rows": FRAME.iloc[:0],
    "two levels": FRAME.set_index(["whole", "kind"]),
    "column levels": pd.DataFrame({("a", 1): [1], ("b", 2): [2]}),
    "duplicate columns": pd.DataFrame([[1, 2.0]], columns=["a", "a"]),
    "series": pd.Series([1, 2], name="x", index=[5, 7]),
    "range index": pd.RangeIndex(2, 10, 3, name="r"),
    "daily": pd.date_range("2020", periods=3, freq="D"),
    "categories": pd.CategoricalIndex(["a", "b"]),
    "intervals": pd.interval_range(0, 3),
    "timestamp": pd.Timestamp("2020-01-01", tz="UTC"),
    "timedelta": pd.Timedelta("1D"),
    "period": pd.Period("2020-01", "M"),
    "interval": pd.Interval(1, 2, closed="left"),
    "missing": pd.NA,
    "no time": pd.NaT,
    "extension array": pd.array([1, None]),
    "error value": ErrorValue("ValueError", ("ValueError", "Exception", "BaseException"), "no"),
    "record": Record("Pair", ("left", "right"), (1, 2)),
    "path": PurePath("/a/b"),
}
for _form in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok"):
    for _kind in ("array", "matrix"):
        KINDS[f"{_form}_{_kind}"] = getattr(sp, f"{_form}_{_kind}")(np.array([[1.0, 0.0], [0.0, 2.0]]))
EVERYTHING = list(KINDS.values())


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_comes_back_as_the_same_kind(name: str) -> None:
    payload = encode(KINDS[name])
    again = decode(payload)
    assert type(again) is type(KINDS[name])
    assert encode(again) == payload


def test_frames_come_back_equal() -> None:
    pd.testing.assert_frame_equal(decode(encode(FRAME)), FRAME, check_freq=True)
    levels = FRAME.set_index(["whole", "kind"])
    pd.testing.assert_frame_equal(decode(encode(levels)), levels)


def test_a_random_state_continues_where_it_was() -> None:
    for make in (np.random.default_rng, np.random.RandomState, random.Random):
        ours = make(3)
        ours.random()
        theirs = decode(encode(ours))
        assert [ours.random() for _ in range(5)] == [theirs.random() for _ in range(5)]


def test_named_tuples_become_records_and_errors_values() -> None:
    assert copy(Pair(1, [2])) == Record("Pair", ("left", "right"), (1, [2]))
    error = copy(ZeroDivisionError("no"))
    assert (error.type, error.message) == ("ZeroDivisionError", "no")
    assert "ArithmeticError" in error.bases


class Liar(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class LyingArray(np.ndarray):  # type: ignore[type-arg]
    pass


NOT_DATA = {
    "float subclass": Liar(1.0),
    "array subclass": np.zeros(2).view(LyingArray),
    "list subclass": type("L", (list,), {})([1]),
    "dict subclass": type("D", (dict,), {})(),
    "function": lambda: 1,
    "generator": (x for x in [1]),
    "module": socket,
    "object": object(),
    "instance": FilePath,
    "frame subclass": type("F", (pd.DataFrame,), {})({"a": [1]}),
    "structure with objects": np.zeros(1, dtype=[("a", object)]),
    "column that is no plain data": pd.Series(pd.arrays.SparseArray([0, 1])),
}


@pytest.mark.parametrize("name", NOT_DATA)
def test_what_is_not_exactly_data_does_not_cross(name: str) -> None:
    with pytest.raises(Unknown):
        encode([NOT_DATA[name]])


@pytest.mark.parametrize("name", NOT_DATA)
def test_what_is_not_data_may_be_replaced_by_a_handle(name: str) -> None:
    hooks = Hooks(unknown=lambda value: Handle(7, "it"), handle=lambda handle: handle)
    assert decode(encode([NOT_DATA[name]], hooks), hooks) == [Handle(7, "it")]


def test_handles_and_functions_are_refused_where_nothing_expects_them() -> None:
    for value in (Handle(1, "x"), Callback(1, "f")):
        with pytest.raises(WireError):
            decode(encode(value))


def test_bounds_hold_on_the_way_out() -> None:
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    itself: list[Any] = []
    itself.append(itself)
    too_large = (deep, itself, np.broadcast_to(np.zeros(1), (10**6, 10**6)), b"x" * (MAX_BYTES + 1), 10 ** (10**6))
    for value in too_large:
        with pytest.raises(TooLarge):
            encode(value)
    with pytest.raises(TooLarge):
        encode([[None]] * 1_500_000)


def test_reading_takes_no_more_than_a_small_multiple_of_the_bytes() -> None:
    promises = b"l" + (2**32 - 1).to_bytes(4, "little") + b"N" * 1000
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(promises)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_keys_chosen_to_collide_are_refused() -> None:
    colliding = {(2**61 - 1) * n: None for n in range(1, 4000)}
    with pytest.raises(WireError):
        decode(encode(colliding))


def test_a_sparse_matrix_that_points_outside_itself_is_refused() -> None:
    matrix = sp.csr_array(np.eye(3))
    matrix.indices = np.array([0, 1, 999999], dtype=np.int32)
    with pytest.raises(WireError):
        decode(encode(matrix))


def test_a_random_state_out_of_bounds_is_refused() -> None:
    good = encode(np.random.Generator(np.random.MT19937(3)))
    place = good.index(b"pos") + 3
    bad = good[:place] + encode(10**6) + good[place + 9 :]
    with pytest.raises(WireError):
        decode(bad)


def test_fingerprints_tell_a_change_in_place() -> None:
    frame = FRAME.copy()
    values: list[Any] = [np.zeros(3), [1, [2]], {"a": [1]}, frame, sp.lil_array(np.eye(2))]
    before = [fingerprint(value) for value in values]
    assert [fingerprint(value) for value in values] == before
    values[0][1] = 1
    values[1][1].append(3)
    values[2]["a"][0] = 9
    frame.loc["r1", "real"] = 7.0
    values[4][0, 1] = 5.0
    after = [fingerprint(value) for value in values]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_drawing_from_a_generator_is_no_change() -> None:
    rng = np.random.default_rng(0)
    before = fingerprint([rng, {"rng": rng}])
    rng.normal(size=3)
    assert fingerprint([rng, {"rng": rng}]) == before


def pair() -> tuple[Channel, Channel]:
    ours, theirs = socket.socketpair()
    return Channel(ours), Channel(theirs)


def test_frames_cross_a_socket_whole_and_in_order() -> None:
    ours, theirs = pair()
    sent = [b"", b"x", b"y" * 100_000, b"z" * 3_000_000]
    writer = threading.Thread(target=lambda: [ours.send(payload) for payload in sent])
    writer.start()
    assert [theirs.receive(time.monotonic() + 10) for _ in sent] == sent
    writer.join()


def test_a_frame_that_comes_bit_by_bit_does_not_stretch_the_deadline() -> None:
    ours, theirs = pair()
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.01):
            ours.sock.send(b"\x10")

    thread = threading.Thread(target=drip)
    thread.start()
    begin = time.monotonic()
    with pytest.raises((DeadlinePassed, WireError)):
        theirs.receive(begin + 0.1)
    stop.set()
    thread.join()


def test_a_closed_end_and_an_oversized_frame_are_told_apart() -> None:
    ours, theirs = pair()
    ours.sock.send(b"\xff\xff\xff\xff")
    with pytest.raises(WireError):
        theirs.receive(time.monotonic() + 1)
    ours, theirs = pair()
    ours.close()
    with pytest.raises(ChannelClosed):
        theirs.receive(time.monotonic() + 1)


def test_a_peer_that_does_not_read_cannot_hold_the_sender() -> None:
    ours, _theirs = pair()
    with pytest.raises(DeadlinePassed):
        ours.send(b"x" * 10_000_000, time.monotonic() + 0.1)


def test_no_two_rules_share_a_tag() -> None:
    """Each library's rules come to those that are known already, and must not replace any."""
    from gradus.grader.wire.codec import load_rules

    frame = pd.DataFrame({"a": [1]})
    for part in ("plain", "arrays", "frames", "sparse", "drawing"):
        load_rules(part)
    sent = encode((Path("store", b"packed", folder=True), Path("a.csv", b"a"), frame))
    folder, file, back = decode(sent, Hooks(path=lambda path: path))
    assert (folder, file) == (Path("store", b"packed", folder=True), Path("a.csv", b"a"))
    assert back.equals(frame)
