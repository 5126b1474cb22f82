"""Clone, check the pins, run the declared command, compare the metrics; name what went astray where they differ."""

from __future__ import annotations

import json
import math
import platform
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gradus.provers.apart import Ended, run_apart
from gradus.provers.declared import declared, number
from gradus.provers.findings import Found, NotTried, look
from gradus.provers.report import Probe
from gradus.provers.reproduction import cloning, notebooks, pins, watching
from gradus.provers.tracking.recompute import Runner

TOLERANCE = 1e-6
SECONDS = 600.0
_MISSING = re.compile(r"(?:No such file or directory|does not exist|not found|missing)[^'\"]*['\"]([^'\"]+)['\"]|"
                      r"['\"]([^'\"]+)['\"][^'\"]*(?:does not exist|not found|is missing)")  # fmt: skip
_NO_MODULE = re.compile(r"No module named ['\"]([\w.]+)['\"]")

Numbers = dict[str, float]


def examine(
    folder: Path | str,
    rng: Any = None,
    *,
    settings: Mapping[str, Any] | None = None,
    run: Runner = run_apart,
    seconds: float = SECONDS,
) -> Iterator[Probe]:
    """Reproduce what ``[reproduce]`` of the project's ``service.toml`` declares, or ``settings`` in its place.

    ``run`` starts the command; ``seconds`` bound each run of it. ``rng`` is not used: no chance here.
    """
    root = Path(folder).resolve()
    table = settings if settings is not None else declared(root).get("reproduce")
    title = "What is committed can be had: a clean clone"
    if not isinstance(table, Mapping):
        why = "service.toml has no [reproduce], so nothing was made again."
        yield Probe("reproduce.clone", title, "not_applicable", why)
        return
    with TemporaryDirectory(prefix="gradus-") as place:
        bench = _Bench(root, Path(place).resolve(), table, run, seconds)
        yield (first := look("reproduce.clone", title, bench.clone))
        if first.outcome != "passed":
            return
        yield look("reproduce.pins", "Requirements are pinned, and are what is installed here", bench.pins)
        yield (made := look("reproduce.command", "The command runs in the clone", bench.command))
        if made.outcome != "passed":
            return
        yield look("reproduce.inside", "It reads nothing from outside the project", bench.inside)
        yield look("reproduce.metrics", "The metrics come out again", bench.metrics)


@dataclass
class _Bench:
    folder: Path
    place: Path
    table: Mapping[str, Any]
    run: Runner
    seconds: float
    copy: Path = Path()
    committed: Numbers | None = None
    runs: int = 0

    # ---------------------------------------------------------------------------------------------- clone and pins

    def clone(self) -> dict[str, Any]:
        state = cloning.look_at(self.folder)
        self.copy = cloning.clone(self.folder, self.place / "clone", state)
        name = self._metrics_name()
        self.committed = _numbers(self.copy / name)
        if self.committed is None and (self.folder / name).is_file():
            raise Found(
                "metrics_not_committed",
                f"{name} is in your folder, but not in the commit. It is what a reproduction is held against: commit "
                "it with the code that gave it.",
            )
        if self.committed is None:
            raise Found("metrics_missing", f"There is no {name} with numbers in the commit. Run your command, commit.")
        said = {"revision": state.revision}
        if state.changed or state.untracked:
            # Only said: what is examined is the commit, whatever lies beside it.
            said["uncommitted"] = ", ".join([*state.changed, *state.untracked][:6])
        return said

    def pins(self) -> dict[str, Any]:
        names = [str(name) for name in self.table.get("requirements") or ("requirements.txt",)]
        try:
            required = list(pins.read_requirements(self.copy, names))
        except (OSError, ValueError):
            raise Found(
                "requirements_missing",
                f"{', '.join(names)} should say what the project runs on, and is not in the commit. Write the exact "
                "versions that you used into it: `pip freeze` is a start.",
            ) from None
        open_ones = [requirement for requirement in required if not requirement.version]
        if open_ones:
            first = open_ones[0]
            raise Found(
                "unpinned_requirement",
                f"{first.where} says `{first.line}`, which is another version every month, and another model with it. "
                "Pin what you used: name==version.",
                open=[requirement.line for requirement in open_ones[:8]],
            )
        if lacking := pins.unlisted(self.copy, required):
            module, file = next(iter(lacking.items()))
            raise Found(
                "requirement_missing",
                f"{file} imports {module}, and no requirement brings it. It works here because it happens to be "
                "installed; add it, pinned.",
                modules=sorted(lacking),
            )
        differ = pins.differences(required)
        measured = {"pinned": len(required), "python": platform.python_version()}
        if differ:
            more = " …" if len(differ) > 4 else ""
            raise NotTried(
                f"{len(differ)} of {len(required)} pinned packages are not what is installed here, so the command "
                f"below runs in another environment than yours: {'; '.join(differ[:4])}{more}.",
                **measured, differ=differ[:20],
            )  # fmt: skip
        return measured

    # ---------------------------------------------------------------------------------------------- the command

    def command(self) -> dict[str, Any]:
        (self.copy / self._metrics_name()).unlink(missing_ok=True)
        ended = self._run()
        if ended.timed_out:
            raise Found("command_slow", f"`{self._words()}` did not end within {self.seconds:.0f} seconds.")
        if ended.status:
            raise self._failure(ended)
        if _numbers(self.copy / self._metrics_name()) is None:
            raise Found(
                "metrics_not_written",
                f"`{self._words()}` ended well and did not write {self._metrics_name()}: the committed numbers came "
                "from somewhere else. Let the command that trains write the numbers, too.",
            )
        return {"command": self._words(), "status": ended.status}

    def _run(self, **env: str) -> Ended:
        self.runs += 1
        watch = self.place / f"watch-{self.runs}"
        watch.mkdir()
        said = {**watching.install(watch), "DVC_SITE_CACHE_DIR": str(watch), "GIT_CEILING_DIRECTORIES": str(self.place)}
        return self.run(self._command(), self.copy, env={**said, **env}, seconds=self.seconds)

    def _failure(self, ended: Ended) -> Found:
        text = ended.stderr.decode("utf-8", "replace") + ended.stdout.decode("utf-8", "replace")
        for match in _MISSING.finditer(text):
            if (found := self._absent(match[1] or match[2])) is not None:
                return found
        for match in _NO_MODULE.finditer(text):
            if (found := self._absent(match[1].replace(".", "/") + ".py")) is not None:
                return found
        if "NameError" in text and (book := notebooks.out_of_order(self.copy)) is not None:
            return _notebook_order(*book)
        why = ended.last_line or "it gave no reason"
        return Found(
            "command_failed",
            f"`{self._words()}` ended with status {ended.status} in a clean clone: {why}. It has only what is "
            "committed there; your folder has more.",
            status=ended.status,
        )

    def _absent(self, name: str) -> Found | None:
        """When the file that was missed is in the working folder, and not in the clone."""
        path = Path(name)
        if path.is_absolute():
            if not path.is_relative_to(self.copy):
                return _outside(str(path)) if not path.is_relative_to(self.place) else None
            path = path.relative_to(self.copy)
        if not (self.folder / path).is_file() or (self.copy / path).exists():
            return None
        return Found(
            "file_not_committed",
            f"The command needs {path.as_posix()}, which is in your folder and not in the commit. Commit it, or let "
            "the command make it; look at .gitignore, too.",
            file=path.as_posix(),
        )

    def inside(self) -> dict[str, Any]:
        watches = [self.place / f"watch-{number}" for number in range(1, self.runs + 1)]
        opened = [path for watch in watches for path in watching.opened(watch)]
        if strange := watching.outside(opened, self.place, self.folder):
            raise _outside(str(strange[0]))
        return {"files": sum(path.is_relative_to(self.copy) and path.is_file() for path in opened)}

    # ---------------------------------------------------------------------------------------------- the metrics

    def metrics(self) -> dict[str, Any]:
        allowed = number(self.table, "tolerance", TOLERANCE) or 0.0
        committed, again = self.committed or {}, _numbers(self.copy / self._metrics_name()) or {}
        if not (differ := _first_difference(committed, again, allowed)):
            some = {name: again[name] for name in list(committed)[:4]}
            return {"metrics": len(committed), "tolerance": allowed, **some}
        old, new = committed.get(differ), again.get(differ)
        measured = {"metric": differ, "committed": old, "again": new, "tolerance": allowed}
        seen = f"{differ} is {_shown(old)} in the commit and {_shown(new)} in a clean clone."
        if (book := notebooks.out_of_order(self.copy)) is not None and notebooks.is_run_by(self._command(), book[0]):
            raise _notebook_order(*book, seen)
        raise self._why(seen, again, allowed, measured)

    def _why(self, seen: str, again: Numbers, allowed: float, measured: dict[str, Any]) -> Found:
        name = self._metrics_name()
        shutil.copyfile(self.copy / name, self.place / "first")
        twice = self._again()
        if twice is not None and not _first_difference(again, twice, allowed):
            return Found(
                "metrics_differ",
                f"{seen} A second run in the clone gives the same again, so training is repeatable, but the committed "
                "numbers are of another code, data or environment. Run the command once more, and commit what it "
                "writes.",
                **measured,
            )
        fixed = [self._again(PYTHONHASHSEED="0") for _ in range(2)]
        if None not in fixed and not _first_difference(fixed[0] or {}, fixed[1] or {}, allowed):
            return Found(
                "hash_order",
                f"{seen} With Python's hash seed fixed the runs agree: something walks through a set of texts, whose "
                "order is another one in every process. Sort it first.",
                **measured,
            )
        return Found(
            "unseeded_training",
            f"{seen} A second run in the clone gives {_shown((twice or {}).get(measured['metric']))}: training is left "
            "to chance. Give every generator a seed: the split, the model, NumPy, the framework.",
            **measured,
        )

    def _again(self, **env: str) -> Numbers | None:
        path = self.copy / self._metrics_name()
        path.unlink(missing_ok=True)
        return _numbers(path) if self._run(**env).status == 0 else None

    # ---------------------------------------------------------------------------------------------- what is declared

    def _command(self) -> list[str]:
        command = self.table.get("command")
        if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
            raise Found("command_missing", 'service.toml needs command = ["…"] under [reproduce], a list of words.')
        return command

    def _words(self) -> str:
        return " ".join(self._command())

    def _metrics_name(self) -> str:
        return str(self.table.get("metrics", "metrics.json"))


def _outside(path: str) -> Found:
    return Found(
        "path_outside_project",
        f"The command reads {path}, which is outside the project: on another machine there is nothing. Keep inputs in "
        "the project, make them by a step of the pipeline, and write paths relative to the script.",
        path=path,
    )


def _notebook_order(name: str, order: list[int], seen: str = "") -> Found:
    shown = ", ".join(map(str, order[:10]))
    return Found(
        "notebook_order",
        f"{seen} The cells of {name} were run in the order {shown}, not from top to bottom: what it shows depends on "
        "cells that were changed or run twice since. Restart the kernel, run all, and commit that; better, make it a "
        "script.".strip(),
        notebook=name, order=order[:30],
    )  # fmt: skip


def _numbers(path: Path) -> Numbers | None:
    """The numbers of a JSON file, nested ones under a dotted name; None when there are none."""
    try:
        found = dict(_flat(json.loads(path.read_bytes())))
    except (OSError, ValueError):
        return None
    return found or None


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{name}.{place}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, float(value)


def _first_difference(one: Numbers, other: Numbers, allowed: float) -> str:
    """The first number that is missing on one side or differs by more than ``allowed``; NaN equals NaN."""
    for name in dict.fromkeys([*one, *other]):
        a, b = one.get(name), other.get(name)
        if a is None or b is None:
            return name
        if not (abs(a - b) <= allowed or (math.isnan(a) and math.isnan(b)) or a == b):
            return name
    return ""


def _shown(value: float | None) -> str:
    return "missing" if value is None else f"{value:.6g}"
