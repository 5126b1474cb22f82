"""The library sets an exercise may ask for, and how a process gets one ready before any learner's code arrives."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gradus.errors import UsageError
from gradus.pandas_alike import import_pandas

ENVIRONMENT: Final[Mapping[str, str]] = {
    # One thread each, before the imports: a second thread in the process that forks makes forked children hang.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "LOKY_MAX_CPU_COUNT": "1",
    # Verdicts do not depend on the hash seed of the day.
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "MPLBACKEND": "Agg",
    "PATH": "/usr/bin:/bin",
}
"""The whole environment of a process that runs learners' code; ``HOME``, ``TMPDIR``, ``MPLCONFIGDIR`` come on top."""


@dataclass(frozen=True)
class LibrarySet:
    """Modules that are imported once, before the first submission.

    ``modules`` are what the set is for; ``also`` are submodules that would otherwise be imported late, on the press
    path.
    """

    name: str
    modules: tuple[str, ...]
    also: tuple[str, ...] = ()
    objects_mb: int = 0
    """About how much memory Python objects take in such a process."""

    def missing(self) -> tuple[str, ...]:
        """The modules that are not installed."""
        return tuple(name for name in self.modules if importlib.util.find_spec(name) is None)


# NumPy's other parts (testing, ma, polynomial) take a fifth of the memory that every fork copies the map of; the few
# who use them wait 40 ms at most.
_NUMPY = ("numpy.random", "numpy.linalg", "numpy.fft")
_CORE = LibrarySet(
    "core",
    ("numpy", "pandas", "scipy", "sklearn", "matplotlib"),
    (
        *_NUMPY,
        *("scipy.stats", "scipy.linalg", "scipy.optimize", "scipy.sparse", "scipy.special", "scipy.spatial"),
        *("matplotlib.pyplot", "matplotlib.figure", "matplotlib.backends.backend_agg"),
        *("sklearn.linear_model", "sklearn.model_selection", "sklearn.preprocessing", "sklearn.pipeline"),
        *("sklearn.metrics", "sklearn.compose", "sklearn.impute", "sklearn.tree", "sklearn.ensemble"),
        *("sklearn.neighbors", "sklearn.cluster", "sklearn.decomposition", "sklearn.datasets"),
    ),
    objects_mb=80,
)
SETS: Final[Mapping[str, LibrarySet]] = {
    "bare": LibrarySet("bare", (), objects_mb=6),
    "numpy": LibrarySet("numpy", ("numpy",), _NUMPY, objects_mb=12),
    "core": _CORE,
    "boosting": LibrarySet("boosting", (*_CORE.modules, "xgboost", "lightgbm"), _CORE.also, objects_mb=88),
}
"""By name, smaller ones first. ``deep`` and ``llm`` join when their stages do."""

_STANDARD = (
    *("collections", "csv", "dataclasses", "datetime", "decimal", "fractions", "functools", "glob", "gzip", "heapq"),
    *("inspect", "itertools", "json", "linecache", "math", "operator", "os", "pathlib", "random", "re", "statistics"),
    *("string", "tempfile", "textwrap", "time", "traceback", "typing", "warnings", "zoneinfo"),
)


def library_set(name: str) -> LibrarySet:
    """The set called ``name``.

    Raises:
        UsageError: there is none.
    """
    try:
        return SETS[name]
    except KeyError:
        known = ", ".join(sorted(SETS))
        raise UsageError(f"there is no library set {name!r}", next_step=f"The sets are: {known}.") from None


_IMPORTED = re.compile(rb"\b(?:import|from)\s+([A-Za-z_]\w*)|,\s*([A-Za-z_]\w*)")


@functools.lru_cache(maxsize=64)
def _words_imported(source: bytes) -> frozenset[str]:
    """The words after ``import`` and ``from``, and between commas: whatever a file may import is among them."""
    return frozenset(word.decode() for pair in _IMPORTED.findall(source) for word in pair if word)


def smallest_set(name: str, sources: Iterable[bytes]) -> str:
    """The smallest set that holds what ``sources`` seem to import, at most the one called ``name``.

    A smaller set makes a lighter process, which is forked and ended in a fraction of the time. It is no promise: code
    that imports more finds it installed all the same, and only waits for the import. Give it the reference and the
    checks, too: what they send has to be read there. Not even NumPy is left out of a set that has it.
    """
    words: set[str] = set().union(*map(_words_imported, sources))
    needed = words & {module for libraries in SETS.values() for module in libraries.modules}
    for known, libraries in SETS.items():
        if known == name or (
            known != "bare" and needed <= set(libraries.modules) and set(libraries.modules) <= set(SETS[name].modules)
        ):
            return known
    return name


def import_all(libraries: LibrarySet) -> tuple[str, ...]:
    """Import everything in the set; the top-level names that cannot be imported are returned, not raised."""
    missing: set[str] = set()
    for name in (*_STANDARD, *libraries.modules, *libraries.also):
        top = name.partition(".")[0]
        if top in missing:
            continue
        try:
            if name == "pandas":
                import_pandas()
            else:
                importlib.import_module(name)
        except ImportError:
            if name == top or name in libraries.modules:
                missing.add(top)
    return tuple(sorted(missing))


def warm_up(libraries: LibrarySet) -> None:
    """Use the libraries once, with one thread, so that what they put off until the first use is done."""
    import sys

    if "numpy" in sys.modules:
        import numpy as np

        table = np.random.default_rng(0).normal(size=(8, 3))
        np.linalg.lstsq(table, table[:, 0], rcond=None)
        (table @ table.T).mean(axis=0).std()
        repr(table)
    if "pandas" in sys.modules:
        import io

        import pandas as pd

        frame = pd.read_csv(io.StringIO("a,b,c\n1,x,2020-01-01\n2,y,2020-01-02\n"), parse_dates=["c"])
        frame.groupby("b").a.mean()
        frame.merge(frame, on="a").describe()
        repr(frame)
        pd.cut(frame.a, 2).value_counts()
    if "matplotlib.pyplot" in sys.modules:
        import io

        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        axes.plot([1, 2], [3, 4], label="line")
        axes.hist([1, 2, 2])
        axes.legend()
        axes.set_title("$x^2$")
        figure.savefig(io.BytesIO(), format="png", dpi=20)
        plt.close("all")
    if "joblib" in sys.modules:
        # There are no processes to share work with; threads, of which there may be a few, give the same answers.
        sys.modules["joblib.parallel"].DEFAULT_BACKEND = "threading"  # type: ignore[attr-defined]
    if "sklearn" in sys.modules:
        from sklearn.linear_model import LinearRegression, LogisticRegression

        LinearRegression().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]).predict([[3.0]])
        LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]).predict_proba([[3.0]])
    if "xgboost" in sys.modules:
        from xgboost import XGBClassifier

        XGBClassifier(n_estimators=2, max_depth=1, n_jobs=1).fit([[0.0], [1.0]], [0, 1]).predict_proba([[3.0]])
    if "lightgbm" in sys.modules:
        import numpy as np
        from lightgbm import LGBMClassifier

        # Below 40 rows LightGBM's defaults leave nothing to split.
        table = np.arange(8.0)[:, None]
        model = LGBMClassifier(n_estimators=2, num_leaves=2, min_child_samples=1, n_jobs=1, verbose=-1)
        model.fit(table, table[:, 0] > 3).predict_proba(table)
