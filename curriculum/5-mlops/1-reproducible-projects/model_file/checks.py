"""save(model) and load(text): an equal model out of plain JSON, every digit kept; equal models, equal texts."""

import base64
import binascii
import json

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid

ARRAYS = ("mean", "scale", "weights", "bias")


def there_and_back(submission, model):
    return submission.load(submission.save(model))


@valid(of="load")
def a_model(model):
    try:
        d, k = model["weights"].shape
        return (
            set(model) == {"columns", "labels", "fill", *ARRAYS} and min(d, k) >= 1
            and model["mean"].shape == model["scale"].shape == (d,) and model["bias"].shape == (k,)
            and all(np.isfinite(model[name]).all() and model[name].dtype == float for name in ARRAYS)
            and all(type(key) is int and type(name) is str for key, name in model["labels"].items())
            and all(type(key) is str and type(value) in (float, type(None)) for key, value in model["fill"].items())
            and all(type(name) is str for name in model["columns"]) and len(model["columns"]) == d
        )  # fmt: skip
    except (KeyError, AttributeError, ValueError, TypeError):
        return False


def _model(rng, d, k):
    """Columns and classes in no order, gaps that were filled with 0 and gaps that never were."""
    columns = [str(name) for name in rng.permutation(["age", "zinc", "height, cm", "Größe", "iron", "lead"])[:d]]
    numbers = [int(number) for number in rng.permutation([10, 2, 0, 7, -1, 33])[:k]]
    fill = {name: (None, 0.0, float(rng.normal()))[j % 3] for j, name in enumerate(rng.permutation(columns))}
    return {
        "columns": columns,
        "mean": rng.normal(0, 10, size=d) * 10.0 ** rng.integers(-12, 12, size=d),
        "scale": np.exp(rng.normal(size=d)),
        "weights": rng.normal(size=(d, k)) / 3,
        "bias": rng.normal(size=k),
        "labels": {number: f"class {j}" for j, number in enumerate(numbers)},
        "fill": {str(name): value for name, value in fill.items()},
    }


@cases(of="load", run=there_and_back, compare=compare.close(rtol=1e-15, atol=0.0))
def models(rng):
    """Wide, tall and square weights, one column, one class."""
    for d, k in ((4, 3), (3, 5), (6, 2), (5, 1), (1, 4)):
        yield _model(rng, d, k)
    yield _model(rng, 3, 3) | {"fill": {}, "bias": np.zeros(3)}


def _loaded(text, arrays=np.array, label=int, fill=lambda value: value):
    model = json.loads(text)
    return (
        model
        | {name: arrays(model[name]) for name in ARRAYS}
        | {"labels": {label(key): name for key, name in model["labels"].items()}}
        | {"fill": {key: fill(value) for key, value in model["fill"].items()}}
    )


@misconception(of="load")
def labels_by_text(text):
    """The classes' numbers have come back as strings.

    A JSON object has only strings for keys: `0` becomes `"0"` on the way out, without a word, and looking up class 0
    then finds nothing. Turn the keys back, or store pairs."""
    return _loaded(text, label=str)


@misconception(of="load")
def lists_for_arrays(text):
    """Lists came back where arrays were given.

    They print alike, and then `mean * 2` makes a list twice as long. JSON has no arrays; `load` has to make them
    again."""
    return _loaded(text, arrays=list)


@misconception(of="load")
def nothing_turned_back(text):
    """What came back is what JSON knows: lists for arrays, and strings for the classes' numbers.

    JSON has neither arrays nor numbers as keys. `load` has to turn both back."""
    return json.loads(text)


@misconception(of="load")
def weights_flattened(text):
    """The weights have lost their shape.

    A flat list of `d` times `k` numbers does not say what `d` and `k` were. Nested lists do, or the shape stored beside
    it."""
    model = _loaded(text)
    return model | {"weights": model["weights"].ravel()}


@misconception(of="load")
def gaps_become_zero(text):
    """`None` in `fill` has become 0.

    `value or 0.0` says that nothing and zero are one. Here 0.0 is a value to fill in, and `None` says that this column
    never had a gap: an empty cell in it is then a fault, to be noticed."""
    return _loaded(text, fill=lambda value: value or 0.0)


@misconception(of="load")
def zeros_become_gaps(text):
    """A fill value of 0.0 has become `None`.

    `value or None` takes 0.0 for nothing, as every test of truth does. Ask for `None` itself."""
    return _loaded(text, fill=lambda value: value or None)


@misconception(of="load")
def columns_sorted(text):
    """The columns came back in alphabetical order.

    The first weight belongs to the first column. Sorted, every weight meets another column, and the model still
    answers, wrongly and without a word. The keys of a dict may be sorted; a list may not."""
    model = _loaded(text)
    return model | {"columns": sorted(model["columns"])}


@behaviour("every digit of the floats comes back")
def every_digit(student, rng):
    """The floats come back slightly different. Rounding them, printing an array (eight digits) or half-long floats
    (`float32`) look harmless; then the saved model disagrees with the one you tested, in rows near the threshold, and
    nobody can say which of them was measured. Python writes a float with just enough digits to read it back exactly."""
    model = _model(rng, 4, 3)
    again = student.load(student.save(model))
    for name in ARRAYS:
        try:
            there, back = model[name], np.asarray(again[name], dtype=float)
        except (TypeError, ValueError, KeyError):
            return
        if there.shape == back.shape and not np.array_equal(there, back) and np.allclose(there, back, 1e-2, 1e-3):
            fail(f"`{name}` has lost digits.", expected=repr(there.ravel()[0]), actual=repr(back.ravel()[0]))


@behaviour("the text is JSON")
def is_json(student, rng):
    """The text cannot be read as JSON. A text of your own needs a reader of your own in every program that wants the
    model; and if `load` evaluates it, whoever writes the file decides what runs. `json.dumps` makes a text that every
    language reads."""
    text = student.save(_model(rng, 3, 2))
    try:
        json.loads(text, parse_constant=lambda word: fail(f"`{word}` is not JSON.", case=text))
    except (ValueError, TypeError) as error:
        fail(f"It is not JSON: {error}.", actual=text if isinstance(text, str) else repr(text))


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


@behaviour("opening the text runs nothing")
def opens_without_running_anything(student, rng):
    """Inside the text there is a pickle. `pickle.loads` calls whatever functions the pickle names, so a model from a
    stranger, or one that was exchanged on the way, is a program on your machine. It also opens only with the libraries,
    and often the versions, that it was made with. Names and numbers need nothing of the kind."""
    for text in _strings(json.loads(student.save(_model(rng, 3, 2)))):
        for unpacked in (_unpack(base64.b64decode, text), _unpack(bytes.fromhex, text), _unpack(_latin, text)):
            if unpacked[:1] == b"\x80" and unpacked[-1:] == b".":
                fail("The text holds a pickle.", actual=text)


def _latin(text):
    return text.encode("latin-1")


def _unpack(unpack, text):
    try:
        return unpack(text)
    except (ValueError, binascii.Error, UnicodeError):
        return b""


@behaviour("equal models give equal texts")
def equal_models_equal_texts(student, rng):
    """Dicts remember in which order their keys were put in, and two dicts that differ only in that are equal. Written
    in that order, the same model has two texts, and two hashes: you can no longer tell by the hash whether two models
    are one. `sort_keys` settles it."""
    model = _model(rng, 3, 3)
    other = {key: model[key] for key in list(model)[::-1]}
    for name in ("labels", "fill"):
        other[name] = dict(list(model[name].items())[::-1])
    first, second = student.save(model), student.save(other)
    if first != second:
        fail("The same model, its keys put in another order, gives another text.", expected=first, actual=second)
