"""Values as a person wants to read them: short, with the digits that matter, and cut with `…` where they are long."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

#: How many items of a sequence, or rows of a table, are shown before the cut.
ITEMS = 12
ROWS = 6
#: No text grows longer than this many characters.
WIDTH = 400


def show(value: Any, digits: int = 6) -> str:
    """Return a short text for any value; `digits` is the number of significant digits of a fraction."""
    return clip(_show(value, digits, depth=0))


def show_call(name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None, digits: int = 6) -> str:
    """Return a call as the learner would type it: `standardize([[0.0], [2.0]])`."""
    parts = [show(value, digits) for value in args]
    parts += [f"{key}={show(value, digits)}" for key, value in (kwargs or {}).items()]
    return f"{name}({', '.join(parts)})"


def show_pair(expected: Any, actual: Any) -> tuple[str, str]:
    """Return both values with just enough digits that they read differently where they differ."""
    for digits in (3, 4, 6, 9, 12, 17):
        left, right = show(expected, digits), show(actual, digits)
        if left != right:
            break
    return left, right


def number(value: Any, digits: int = 6) -> str:
    """Return a number's text: whole floats keep their `.0`, so that a float can be told from an int."""
    if isinstance(value, (bool, np.bool_)):
        return "True" if value else "False"
    if isinstance(value, (int, np.integer)):
        return str(int(value)) if -(10**30) < int(value) < 10**30 else f"{float_or_inf(value):.3g}"
    if isinstance(value, (complex, np.complexfloating)):
        pair = complex(value)
        real, imaginary = number(pair.real, digits), number(abs(pair.imag), digits)
        sign = "-" if pair.imag < 0 else "+"
        return f"({real}{sign}{imaginary}j)"
    real_value = float_or_inf(value)
    if real_value != real_value:
        return "nan"
    if real_value in (float("inf"), float("-inf")):
        return "inf" if real_value > 0 else "-inf"
    if real_value == int(real_value) and abs(real_value) < 10 ** max(digits, 6):
        return f"{real_value:.1f}"
    if 100 <= abs(real_value) < 1e6:  # 318.4, not 318: a fraction is seen to be one
        return f"{real_value:.{max(1, digits - 3)}f}"
    return f"{real_value:.{digits}g}"


def float_or_inf(value: Any) -> float:
    """Return an integer as a float, infinite where it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def count(amount: int, singular: str, plural: str = "") -> str:
    """Return `1 row` or `3 rows`."""
    return f"{amount:,} {singular if amount == 1 else plural or singular + 's'}"


def clip(text: str, width: int = WIDTH) -> str:
    """Cut a text to `width` characters, its end marked with `…`."""
    return text if len(text) <= width else text[: width - 1] + "…"


def kind_of(value: Any) -> str:
    """Return what a value is, with its article: `a NumPy array`, `a list`, `a float`, `None`."""
    name = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return "a bool"
    if isinstance(value, (int, np.integer)):
        return "an int"
    if isinstance(value, (float, np.floating)):
        return "a float"
    if isinstance(value, (complex, np.complexfloating)):
        return "a complex number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, np.ndarray):
        return "a NumPy array"
    known = {
        "list": "a list", "tuple": "a tuple", "dict": "a dict", "set": "a set", "frozenset": "a frozenset",
        "bytes": "bytes", "DataFrame": "a pandas DataFrame", "Series": "a pandas Series", "Index": "a pandas Index",
        "Drawing": "a Matplotlib drawing", "function": "a function", "generator": "a generator",
        "range": "a range", "slice": "a slice",
    }  # fmt: skip
    if name in known:
        return known[name]
    if is_sparse(value):
        return "a SciPy sparse matrix"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def is_sparse(value: Any) -> bool:
    """Tell whether a value is one of SciPy's sparse matrices or arrays."""
    sparse = sys.modules.get("scipy.sparse")
    return sparse is not None and bool(sparse.issparse(value))


def is_pandas(value: Any, *names: str) -> bool:
    """Tell whether a value is one of the named pandas classes, without importing pandas."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, tuple(getattr(pandas, name) for name in names))


def _show(value: Any, digits: int, depth: int) -> str:
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(bool(value)) if value is not None else "None"
    if isinstance(value, (int, float, complex, np.number)):
        return number(value, digits)
    if isinstance(value, str):
        return _quoted(str(value))
    if isinstance(value, (bytes, bytearray)):
        return repr(bytes(value)) if len(value) <= 60 else f"{bytes(value[:40])!r}…"
    if isinstance(value, np.ndarray):
        return _array(value, digits)
    if isinstance(value, (list, tuple)):
        return _sequence(value, digits, depth)
    if isinstance(value, Mapping):
        return _mapping(value, digits, depth)
    if isinstance(value, (set, frozenset)):
        return _set(value, digits, depth)
    if is_pandas(value, "DataFrame", "Series", "Index"):
        return _pandas(value, digits)
    if is_sparse(value):
        return _sparse(value, digits)
    return _other(value)


def _sparse(value: Any, digits: int) -> str:
    if value.shape[0] * value.shape[-1] <= 400:
        return f"sparse {_array(value.toarray(), digits)}"
    stored = value.tocoo()
    cells = zip(stored.coords if hasattr(stored, "coords") else (stored.row, stored.col), strict=False)
    axes = [axis for (axis,) in cells]
    texts = [
        f"({', '.join(str(int(axis[i])) for axis in axes)}): {_show(stored.data[i], digits, 1)}"
        for i in range(min(5, len(stored.data)))
    ]
    more = ", …" if len(stored.data) > 5 else ""
    size = f"sparse of shape {shape_text(value.shape)}, {count(len(stored.data), 'stored value')}"
    return f"{size}: {', '.join(texts)}{more}"


def _other(value: Any) -> str:
    kind = type(value)
    if isinstance(value, np.random.Generator):
        return "rng"
    if kind.__name__ in ("File", "Folder", "Path") and hasattr(value, "name"):
        return _quoted(str(value.name))
    if kind.__name__ == "Drawing":
        return f"a drawing: {value.summary()}" if hasattr(value, "summary") else "a drawing"
    if callable(value):
        return getattr(value, "__name__", kind.__name__)
    try:
        return repr(value)
    except Exception:
        return f"<{kind.__name__}>"


def _quoted(text: str) -> str:
    shown = text if len(text) <= 80 else text[:60] + "…" + text[-15:]
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def _cut(items: Sequence[str], limit: int) -> str:
    if len(items) <= limit:
        return ", ".join(items)
    return ", ".join([*items[: limit - 3], "…", *items[-2:]])


def _few(length: int, limit: int) -> list[int]:
    """Return the positions worth rendering: all of a short sequence, the ends of a long one."""
    return list(range(length)) if length <= limit else [*range(limit - 2), length - 2, length - 1]


def _array(array: np.ndarray[Any, Any], digits: int) -> str:
    if array.ndim == 0:
        return _show(array.item() if array.dtype.kind != "O" else array[()], digits, 0)
    if array.size == 0:
        return f"an empty array of shape {shape_text(array.shape)}" if array.ndim > 1 else "[]"
    suffix = "" if array.dtype.name in ("float64", "int64", "bool") or array.dtype.kind in "OUS" else array.dtype.name
    text = _nested(array, digits, ROWS if array.ndim > 1 else ITEMS)
    return f"{text} ({suffix})" if suffix else text


def _nested(array: np.ndarray[Any, Any], digits: int, limit: int) -> str:
    if array.ndim == 0:
        return _show(array.item(), digits, 1)
    positions = _few(len(array), limit)
    items = [
        _nested(array[i], digits, max(4, limit)) if array.ndim > 1 else _show(array[i], digits, 1) for i in positions
    ]
    if len(positions) < len(array):
        items.insert(len(items) - 2, "…")
    return "[" + ", ".join(items) + "]"


def _sequence(value: Sequence[Any], digits: int, depth: int) -> str:
    limit = ITEMS if depth < 2 else 6
    items = [_show(value[i], digits, depth + 1) for i in _few(len(value), limit)]
    if len(items) < len(value):
        items.insert(len(items) - 2, "…")
    body = ", ".join(items)
    if isinstance(value, tuple):
        return f"({body},)" if len(value) == 1 else f"({body})"
    return f"[{body}]"


def _mapping(value: Mapping[Any, Any], digits: int, depth: int) -> str:
    items = []
    for position, (key, item) in enumerate(value.items()):
        if position >= ITEMS:
            items.append("…")
            break
        items.append(f"{_show(key, digits, depth + 1)}: {_show(item, digits, depth + 1)}")
    return "{" + ", ".join(items) + "}"


def _set(value: Any, digits: int, depth: int) -> str:
    if not value:
        return "set()"
    try:
        ordered = sorted(value)
    except TypeError:
        ordered = sorted(value, key=repr)
    return "{" + _cut([_show(item, digits, depth + 1) for item in ordered[: ITEMS * 2]], ITEMS) + "}"


def _pandas(value: Any, digits: int) -> str:
    if is_pandas(value, "Index"):
        return f"Index({_list(value, digits)})"
    index = "" if _is_default_index(value.index) else f", index={_list(value.index, digits)}"
    if is_pandas(value, "Series"):
        name = f", name={_show(value.name, digits, 1)}" if value.name is not None else ""
        return f"Series({_list(value, digits)}{index}{name})"
    columns = [
        f"{_show(name, digits, 1)}: {_list(value.iloc[:, i], digits)}" for i, name in enumerate(value.columns[:ITEMS])
    ]
    if len(value.columns) > ITEMS:
        columns.append("…")
    return f"DataFrame({{{', '.join(columns)}}}{index})"


def _is_default_index(index: Any) -> bool:
    return type(index).__name__ == "RangeIndex" and index.start == 0 and index.step == 1


def _list(values: Any, digits: int) -> str:
    length = len(values)
    positions = _few(length, ITEMS)
    pick = values.iloc if hasattr(values, "iloc") else values
    items = [_show(_missing(pick[i]), digits, 1) for i in positions]
    if len(items) < length:
        items.insert(len(items) - 2, "…")
    return "[" + ", ".join(items) + "]"


def _missing(value: Any) -> Any:
    """Return pandas' several spellings of a missing value as themselves, and plain scalars otherwise."""
    name = type(value).__name__
    return _Bare(name) if name in ("NaTType",) else _Bare(str(value)) if name in ("Timestamp", "NAType") else value


class _Bare:
    """A text that is shown without quotes."""

    def __init__(self, text: str) -> None:
        self.text = {"NaTType": "NaT", "<NA>": "NA"}.get(text, text).removesuffix(" 00:00:00")

    def __repr__(self) -> str:
        return self.text


def shape_text(shape: Sequence[int]) -> str:
    """Return a shape as NumPy prints it: `(3, 2)`, `(3,)`, `()`."""
    return f"({shape[0]},)" if len(shape) == 1 else "(" + ", ".join(str(side) for side in shape) + ")"
