"""Explorables: controls from a function's signature, pictures from a runner that is kept warm for them."""

from __future__ import annotations

import ast
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from gradus.errors import ContentError, HostError, UsageError
from gradus.learner.records import Record
from gradus.roadmap import explorables as vocabulary
from gradus.roadmap.explorables import Explorable, describe
from gradus.web.looks import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradus.grader import Grader
    from gradus.grader.client import Runner

FILE: Final = "explorables.py"
MOST_RUNNERS: Final = 4
SECONDS: Final = 5.0  # one picture may take so long
_LIFE: Final = 600.0
_VOCABULARY: Final = "explorable_words"
_IMPORT: Final = re.compile(r"\bgradus\.roadmap\.explorables\b")
_DRAW: Final = "gradus_draw__"
# The canvas is drawn once and written as it is: `savefig` draws twice, which on every move is half of the time.
_HARNESS: Final = f"""


def {_DRAW}(name, values, style):
    import io
    import matplotlib
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image
    from {_VOCABULARY} import table_of
    colors = style.pop("colors")
    matplotlib.rcParams.update(style, **{{"axes.prop_cycle": matplotlib.cycler(color=colors)}})
    explored = globals()[name](**values)
    columns, rows = table_of(explored.table)
    canvas = FigureCanvasAgg(explored.figure)
    canvas.draw()
    picture = io.BytesIO()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    image.save(picture, "png", compress_level=2)
    plt.close("all")
    return picture.getvalue(), columns, rows, str(explored.caption)
"""


@dataclass(frozen=True)
class Drawn(Record):
    """One position of the controls, drawn."""

    picture: bytes
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    caption: str
    alt: str
    milliseconds: float


@lru_cache(maxsize=64)
def explorables_of(folder: Path, stamp: int) -> Mapping[str, Explorable]:
    """The explorables of a unit's folder by name. Raises ContentError with the reason.

    Only signatures and docstrings are looked at here; what the functions do happens in the sandbox.
    """
    path = folder / FILE
    module = ModuleType(f"explorables_of_{folder.name}")
    try:
        outline = _outline(ast.parse(path.read_bytes(), str(path)))
        exec(compile(outline, str(path), "exec"), module.__dict__)
        return {node.name: describe(vars(module)[node.name]) for node in outline.body if _shows(node)}
    except (ValueError, SyntaxError, ImportError, NameError, TypeError) as error:
        raise ContentError(f"{type(error).__name__}: {error}", str(path)) from error


def _shows(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Whether it is a function that shows something: helpers return something else."""
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.returns is None:
        return False
    return ast.unparse(node.returns).strip("'\"").rpartition(".")[2] == "Explored"


def _outline(tree: ast.Module) -> ast.Module:
    """A module without its work: the vocabulary's imports, plain constants, functions with nothing but a docstring."""
    kept: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in ("__future__", vocabulary.__name__):
            kept.append(node)
        elif _shows(node):
            node.decorator_list, node.body = [], [*node.body[:1], ast.Pass(lineno=node.lineno, col_offset=0)]
            kept.append(node)
        elif isinstance(node, ast.Assign) and _is_plain(node.value):
            kept.append(node)
    return ast.Module(kept, [])


def _is_plain(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def find_explorable(folder: Path, name: str) -> Explorable:
    """One explorable. Raises UsageError when there is none of that name."""
    path = folder / FILE
    known = explorables_of(folder, path.stat().st_mtime_ns) if path.is_file() else {}
    if name not in known:
        raise UsageError(f"There is no explorable “{name}” here.")
    return known[name]


def explorable_form(unit: str, folder: Path, name: str) -> str:
    """The controls as HTML."""
    from gradus.web.render import fragment

    return fragment("_explorable.html", unit=unit, explorable=find_explorable(folder, name), kinds=KINDS)


KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "slider": lambda control: isinstance(control, vocabulary.Slider),
    "choice": lambda control: isinstance(control, vocabulary.Choice),
    "toggle": lambda control: isinstance(control, vocabulary.Toggle),
}


class Studio:
    """Keeps a runner for each explorable that was moved lately. Safe for threads; one picture at a time for each."""

    def __init__(self, lend: Callable[[], Grader]) -> None:
        self._lend = lend
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[Path, int], _Easel] = OrderedDict()

    def draw(self, folder: Path, name: str, values: Mapping[str, Any], look: Look = Look()) -> Drawn:  # noqa: B008
        """Draw one position. Raises UsageError for values that mean nothing, ContentError when the function fails."""
        explorable = find_explorable(folder, name)
        try:
            given = explorable.read(values)
        except ValueError as error:
            raise UsageError(f"{error}.") from None
        begun = time.perf_counter()
        from gradus.grader.replies import RunnerFault

        try:
            with self._easel(folder) as easel:
                picture, columns, rows, caption = easel.draw(name, given, look)
        except RunnerFault as fault:
            raise HostError(f"The picture could not be drawn: {fault}.", next_step="Move the control again.") from fault
        took = (time.perf_counter() - begun) * 1000
        return Drawn(picture, tuple(columns), tuple(tuple(row) for row in rows), caption, explorable.alt, took)

    def close(self) -> None:
        """Let every runner go."""
        with self._guard:
            easels, self._kept = list(self._kept.values()), OrderedDict()
        for easel in easels:
            easel.close()

    def _easel(self, folder: Path) -> _Easel:
        key = (folder, (folder / FILE).stat().st_mtime_ns)
        with self._guard:
            easel = self._kept.get(key)
            if easel is None:
                easel = self._kept[key] = _Easel(self._lend, folder)
            self._kept.move_to_end(key)
            old = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - MOST_RUNNERS)]
        for one in old:
            one.close()
        return easel


class _Easel:
    """One warm runner with a unit's explorables in it."""

    def __init__(self, lend: Callable[[], Grader], folder: Path) -> None:
        self._lend = lend
        self._folder = folder
        self._lock = threading.Lock()
        self._runner: Runner | None = None

    def __enter__(self) -> _Easel:
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def draw(self, name: str, values: Mapping[str, Any], look: Look) -> tuple[bytes, list[str], list[list[Any]], str]:
        from gradus.grader.replies import Returned

        runner = self._ready()
        runner.seconds_left = SECONDS
        reply = runner.call(_DRAW, [name, dict(values), look.style()])
        if isinstance(reply, Returned) and _is_drawn(reply.value):
            picture, columns, rows, caption = reply.value
            return picture, columns, rows, caption
        self._let_go()
        raise ContentError(f"“{name}” could not be drawn: {_reason(reply)}.", str(self._folder / FILE))

    def _ready(self) -> Runner:
        if self._runner is None or not self._runner.alive:
            self._let_go()
            self._runner = self._load()
        return self._runner

    def _load(self) -> Runner:
        from gradus.grader import Submission
        from gradus.grader.replies import Failure
        from gradus.roadmap import Limits

        runner = self._lend().pool("core").acquire(Limits(_LIFE, 1024, 256), kept=True)
        source = _IMPORT.sub(_VOCABULARY, (self._folder / FILE).read_text(encoding="utf-8")) + _HARNESS
        words = Path(vocabulary.__file__).read_bytes()
        loaded = runner.load(Submission(source.encode(), FILE, {f"{_VOCABULARY}.py": words}))
        if isinstance(loaded, Failure):
            runner.close()
            raise ContentError(f"{loaded.error}: {loaded.message}", f"{self._folder / FILE}:{loaded.line or 1}")
        return runner

    def _let_go(self) -> None:
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    def close(self) -> None:
        with self._lock:
            self._let_go()


def _is_drawn(value: Any) -> bool:
    """What came from the runner, looked at before it is used."""
    return (
        type(value) is tuple
        and len(value) == 4
        and type(value[0]) is bytes
        and value[0].startswith(b"\x89PNG\r\n\x1a\n")
        and type(value[1]) is list
        and type(value[2]) is list
        and all(type(row) is list for row in value[2])
        and type(value[3]) is str
    )


def _reason(reply: Any) -> str:
    for name in ("message", "reason", "detail", "kind"):
        if text := getattr(reply, name, ""):
            return str(text)[:300]
    return "the answer has another form than a picture, a table and a caption"
