"""safe_load(data, allowed): a pickle may look up exactly the allowed names; everything else is refused before it
runs."""

import datetime as dt
import io
import pickle
from collections import OrderedDict
from decimal import Decimal
from fractions import Fraction

from gradus.checks import cases, misconception


class Calls:
    """Pickled, it becomes a call of `function`. All that is called here is harmless."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def dumped(value, protocol=4):
    return pickle.dumps(value, protocol=protocol)


@cases
def honest(rng):
    """Plain data, and objects of allowed classes, in several protocols."""
    third, day = Fraction(1, int(rng.integers(2, 99))), dt.date(2026, int(rng.integers(1, 13)), 5)
    plain = {
        "weights": rng.normal(size=3).tolist(),
        "columns": ("age", "days"),
        "raw": b"\x00",
        "none": None,
        "on": True,
    }
    yield dumped(plain), []
    yield dumped(plain, 2), ["fractions.Fraction"]
    yield dumped({"rate": third, "since": day}), ["fractions.Fraction", "datetime.date"]
    yield dumped([OrderedDict(a=third), third], 2), ["collections.OrderedDict", "fractions.Fraction"]
    yield dumped({1, 2}, 4), []


@cases
def hostile(rng):
    """Calls of functions, at the top and deep inside, that would come back as data of the right kind."""
    weight = float(rng.integers(1, 99))
    evil = Calls(eval, f"{{'weights': [{weight}]}}")
    good = ["fractions.Fraction", "collections.OrderedDict", "datetime.date"]
    yield dumped(evil), good
    yield dumped({"weights": [weight], "more": evil}), good
    yield dumped({"weights": [weight], "more": evil}, 2), []
    yield b"cposixpath\nbasename\n(V/etc/passwd\ntR.", good
    yield b"cos\nfspath\n(V/etc/passwd\ntR.", good
    yield dumped([Fraction(1, 3), evil]), ["fractions.Fraction", "builtins.complex"]
    yield dumped(Calls(getattr, dt.date, "today")), ["datetime.date"]
    yield dumped({"rate": Decimal("0.1")}), good
    yield dumped({"weights": [weight], "when": dt.timedelta(1)}), ["datetime.date"]
    yield dumped({"rate": Fraction(1, 3)}), ["collections.OrderedDict", "numbers.Fraction"]
    yield dumped([OrderedDict(a=1)]), ["Fraction", "OrderedDict", "collections"]
    yield dumped(Calls(pow, 2, 3)), ["math.pow", "operator.pow"]


def _guarded(data, fine):
    class Guarded(pickle.Unpickler):
        def find_class(self, module, name):
            if not fine(module, name):
                raise pickle.UnpicklingError(f"{module}.{name}")
            return super().find_class(module, name)

    return Guarded(io.BytesIO(data)).load()


@misconception
def trusts_everybody(data, allowed):
    """The pickle is run as it comes.

    `pickle.loads` does what the file says, whatever that is: there is no file of which that is harmless until you
    know who wrote it."""
    return pickle.loads(data)


@misconception
def looks_afterwards(data, allowed):
    """What is inside is called first, and the result examined afterwards.

    When the object is there the code has run. And it can return just what you like to see: a dictionary of
    weights. The question has to be asked at the look-up, before the call."""

    def harmless(value):
        if isinstance(value, dict):
            return all(harmless(item) for pair in value.items() for item in pair)
        if isinstance(value, (list, tuple, set)):
            return all(map(harmless, value))
        kind = type(value)
        plain = kind in (int, float, str, bytes, bool, type(None))
        return plain or f"{kind.__module__}.{kind.__qualname__}" in allowed

    value = pickle.loads(data)
    if not harmless(value):
        raise pickle.UnpicklingError("not allowed")
    return value


@misconception
def known_evils_only(data, allowed):
    """What is not on a list of dangerous modules is called.

    A list of what is forbidden has to be complete, and nobody knows all the ways to run code that an installation
    holds: `builtins`, `importlib`, `runpy`, `timeit`, a debugger. List what is *allowed*; that list is short, and
    you know it."""
    evil = {"os", "posix", "nt", "sys", "subprocess", "shutil", "socket", "posixpath"}
    return _guarded(data, lambda module, name: module not in evil)


@misconception
def no_builtins(data, allowed):
    """Functions such as `eval` are refused, and everything else is called.

    Striking out what one has seen in examples is a list of forbidden things again. Here `os.fspath` and
    `decimal.Decimal` came through: the one might have been `os.system`, the other is just not what was allowed."""
    return _guarded(data, lambda module, name: module != "builtins" or f"{module}.{name}" in allowed)


@misconception
def whole_modules(data, allowed):
    """A name that was not allowed is looked up, because another one of its module was.

    Allowing `builtins.complex` must not allow `builtins.eval`. Compare module and name together."""
    modules = {entry.rpartition(".")[0] for entry in allowed}
    return _guarded(data, lambda module, name: module in modules)


@misconception
def names_alone(data, allowed):
    """The name was compared without its module.

    Anybody can call a function `Fraction`. `math.pow` and `builtins.pow` are two functions; which of them is meant
    is said by the module."""
    names = {entry.rpartition(".")[2] for entry in allowed}
    return _guarded(data, lambda module, name: name in names)


@misconception
def none_instead(data, allowed):
    """A refused pickle gives None in place of an error.

    Nobody has to look at a return value. The caller goes on with a model that is None, and the reason is lost. Let
    the exception through: it says what was asked for."""
    try:
        return _guarded(data, lambda module, name: f"{module}.{name}" in allowed)
    except pickle.UnpicklingError:
        return None
