"""The examinations behind ``gradus doctor``, each a small dictionary that reads the same in JSON and on the screen."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from gradus.cli.places import state_folder, workspace_root

Check = dict[str, Any]

#: The build without the part for GPUs, where there is one.
XGBOOST = "xgboost-cpu" if sys.platform in ("linux", "win32") else "xgboost"

#: What Stage 5's projects run on.
MLOPS = (
    "fastapi", "httpx", "mlflow-skinny", "wandb", "dvc", "pandera", "schemathesis", "check-jsonschema", "dask",
    "distributed",
)  # fmt: skip

#: Library set -> (essential, distributions, what to do when one is missing).
SETS: dict[str, tuple[bool, tuple[str, ...], str]] = {
    "core": (True, ("numpy", "pandas", "matplotlib", "scikit-learn", "statsmodels"), "Install gradus again."),
    "gradus": (
        True, ("click", "watchfiles", "pydantic", "sqlalchemy", "alembic", "fsrs", "icalendar"), "Install gradus again."
    ),
    "boosting": (
        False, ("lightgbm", XGBOOST), f"For unit 2.6: {sys.executable} -m pip install lightgbm {XGBOOST}"
    ),
    "notebook": (False, ("ipython", "jupytext", "nbformat"), 'pip install "gradus[notebook]", if you like notebooks.'),
    "mlops": (False, MLOPS, "For stage 5: gradus install mlops"),
    "deep": (False, ("torch",), "Comes with stage 3; nothing to do before."),
    "llm": (False, ("transformers",), "Comes with stage 4; nothing to do before."),
}  # fmt: skip

MEMORY_MB, DISK_MB = 1024, 200


def check(
    group: str, name: str, title: str, status: str, detail: str = "", remedy: str = "", essential: bool = False
) -> Check:
    """One line of the report. ``status`` is ``ok``, ``note``, ``weak`` (works, could be better) or ``missing``."""
    return {
        "id": name, "group": group, "title": title, "status": status,
        "detail": detail, "remedy": remedy, "essential": essential,
    }  # fmt: skip


def examine() -> list[Check]:
    """Every examination, in order. One that fails itself is reported; it never stops the others."""
    found: list[Check] = []
    for part in (_python, _packages, _tools, _machine, _workspace, _host, _isolation):
        found += _guarded(part)
    return found


def _guarded(part: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        return list(part())
    except Exception as error:
        name = part.__name__.strip("_")
        return [check("Examination", name, name, "weak", f"could not be examined: {type(error).__name__}: {error}")]


def _python() -> Iterator[Check]:
    from gradus import __version__

    yield check("Gradus", "gradus", "Gradus", "ok", f"{__version__} in {Path(__file__).parents[1]}")
    version = f"{platform.python_implementation()} {platform.python_version()}"
    good = sys.version_info >= (3, 11)
    remedy = "" if good else "Gradus needs Python 3.11 or later; make a new environment with one."
    status = "ok" if good else "missing"
    yield check("Gradus", "python", "Python", status, f"{version} at {sys.executable}", remedy, True)
    yield from _curriculum()


def _curriculum() -> Iterator[Check]:
    from gradus.errors import GradusError
    from gradus.roadmap import load_roadmap

    try:
        roadmap = load_roadmap()
    except GradusError as error:
        detail = f"{error.where}: {error.what}" if error.where else error.what
        yield check("Gradus", "curriculum", "Curriculum", "missing", detail, error.next_step, True)
        return
    ready = sum(not unit.coming for unit in roadmap.units)
    detail = f"{ready} of {len(roadmap.units)} units, {len(roadmap.exercises)} exercises"
    yield check("Gradus", "curriculum", "Curriculum", "ok", detail, essential=True)


def _packages() -> Iterator[Check]:
    for name, (essential, distributions, remedy) in SETS.items():
        versions = {item: _version(item) for item in distributions}
        absent = [item for item, version in versions.items() if version is None]
        present = ", ".join(f"{item} {version}" for item, version in versions.items() if version)
        if absent:
            status = "missing" if essential else "note"
            detail = f"{', '.join(absent)} not installed" + (f" (have {present})" if present else "")
            yield check("Libraries", f"set-{name}", name, status, detail, remedy, essential)
        else:
            yield check("Libraries", f"set-{name}", name, "ok", present, essential=essential)


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _tools() -> Iterator[Check]:
    yield _editor()
    git = shutil.which("git")
    if git:
        yield check("Tools", "git", "git", "ok", _first_line([git, "--version"]).removeprefix("git version "))
    else:
        yield check("Tools", "git", "git", "weak", "not found", "Install git, so that your folder keeps its history.")
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    detail = f"{os.environ.get('TERM', 'no TERM')}, {encoding}, {shutil.get_terminal_size().columns} columns"
    yield check("Tools", "terminal", "Terminal", "ok", detail)


def _editor() -> Check:
    from gradus.cli.editor import find_editor

    editor = find_editor()
    if editor is None:
        remedy = "Set EDITOR to the one you like, e.g. `export EDITOR=nano`."
        return check("Tools", "editor", "Editor", "weak", "none found", remedy)
    return check("Tools", "editor", "Editor", "ok", " ".join(editor))


def _first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "does not answer"
    return (done.stdout or done.stderr).split("\n")[0].strip()


def _machine() -> Iterator[Check]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    system = f"{platform.system()} {platform.release()} on {platform.machine()}"
    yield check("Machine", "system", "System", "ok", system)
    yield check("Machine", "cores", "Cores", "ok", str(cores))
    if memory := _available_memory_mb():
        low = memory < MEMORY_MB
        remedy = "Close other programs: a check wants some 300 MB." if low else ""
        yield check("Machine", "memory", "Memory", "weak" if low else "ok", f"{memory / 1024:.1f} GB available", remedy)
    where = workspace_root() or Path.cwd()
    free = shutil.disk_usage(where).free // 2**20
    low = free < DISK_MB
    remedy = f"Free some space on the disk of {where}." if low else ""
    yield check("Machine", "disk", "Disk", "missing" if low else "ok", f"{free / 1024:.1f} GB free", remedy, True)


def _available_memory_mb() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) // 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _workspace() -> Iterator[Check]:
    root = workspace_root()
    if root is None:
        yield check("Your folder", "workspace", "Folder", "note", "you are not inside one", "Make one: gradus init")
        return
    writable = os.access(root, os.W_OK)
    remedy = "" if writable else f"Give yourself the right to write in {root}."
    yield check("Your folder", "workspace", "Folder", "ok" if writable else "missing", str(root), remedy, True)
    yield _store(root / ".gradus" / "store.sqlite3")


def _store(path: Path) -> Check:
    import sqlite3

    if not path.exists():
        return check("Your folder", "store", "Record", "note", "nothing recorded yet; it begins with your first check")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        answer = str(error)
    if answer == "ok":
        return check("Your folder", "store", "Record", "ok", f"whole, {path.stat().st_size // 1024} KB", essential=True)
    remedy = f"Keep a copy of {path}, then move it away and `gradus import` your last export."
    return check("Your folder", "store", "Record", "missing", f"damaged: {answer}", remedy, True)


def _host() -> Iterator[Check]:
    from gradus.cli.ask import host_status

    status = host_status()
    if status is None:
        detail = "not running; the first check starts it"
    else:
        detail = f"running as process {status.get('pid')} for {status.get('uptime', 0):.0f} s"
    yield check("Checker", "host", "Background process", "note" if status is None else "ok", detail)
    log = state_folder() / "host.log"
    if log.exists():
        yield check("Checker", "host-log", "Its log", "note", str(log))


def _isolation() -> Iterator[Check]:
    """Each layer, tried. A user number of its own is something only a server that runs as root can give."""
    from gradus.grader import isolation_report

    for layer in isolation_report():
        status = "ok" if layer.active else "note" if layer.name == "uid" else "weak"
        remedy = "" if layer.active else layer.remedy
        yield check("Isolation", f"isolation-{layer.name}", layer.name, status, layer.detail, remedy)
