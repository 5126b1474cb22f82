"""OpenML, over its official client in an environment of its own.

The client brings pyarrow, which changes how pandas reads text and does not belong beside the learner's code. So a
separate interpreter runs it (:mod:`gradus.arena.connectors.openml_worker`): the one that ``GRADUS_OPENML`` names, the
one in the folder below, or this one where the client is installed in it. The key stays in the client's configuration.

A task of OpenML is played in the open: its answers are in the data, its folds are given, and what is handed in is a
prediction for each row of each test fold.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gradus.arena.connectors import HandedIn, Remote, RemoteError, RemoteStanding, RemoteSubmission
from gradus.errors import UsageError
from gradus.vault.rows import Rows, read_rows
from gradus.vault.scoring import label, listed

VARIABLE = "GRADUS_OPENML"
RUNS = "runs.jsonl"
SECONDS = 300.0
WAIT_SECONDS, PAUSE = 40.0, 3.0


def fetch(key: str, folder: Path) -> dict[str, Any]:
    """Write a task's data, its test rows and a sample submission into ``folder``. Raises UsageError or RemoteError."""
    if not key.isdigit():
        raise UsageError(
            f"“openml:{key}” names no task.", next_step="Write the task's number: openml:31, for instance."
        )
    found = ask({"do": "fetch", "task": int(key), "folder": str(folder)}, key)
    (folder / "about.md").write_text(_about(key, found), encoding="utf-8")
    more = {name: found[name] for name in ("target", "classes", "higher", "data_rows")}
    return {
        "key": key, "title": f"{found['title']} (task {key})", "files": ["about.md", *found["files"]],
        "sample": "sample_submission.csv", "columns": found["columns"], "rows": found["rows"],
        "metric": found["metric"], "more": more,
    }  # fmt: skip


def hand_in(remote: Remote, path: Path, note: str) -> HandedIn:
    """Hand predictions in as a run and wait a while for its score. Raises UsageError or RemoteError."""
    require_predictions(read_rows(path), remote, path)
    request = {"task": remote.key, "metric": remote.metric, "note": note[:200]}
    made = ask({"do": "publish", "file": str(path.absolute()), **request}, remote.key)
    _remember(remote, {"ref": made["ref"], "at": datetime.now(UTC).isoformat(timespec="seconds"), "note": note[:200]})
    until = time.monotonic() + WAIT_SECONDS
    while made["score"] is None and time.monotonic() < until:
        time.sleep(PAUSE)
        made |= ask({"do": "score", "run": made["ref"], **request}, remote.key)
    if made["score"] is None:
        return HandedIn(remote.name, remote.host, made["ref"], remote.metric, None)
    found = _standing(remote)
    return HandedIn(remote.name, remote.host, made["ref"], remote.metric, made["score"], found["rank"], found["of"])


def standing(remote: Remote) -> RemoteStanding:
    """The runs that were handed in from here, and the rank of the best among all of the task. Raises RemoteError."""
    found = _standing(remote)
    made = [
        RemoteSubmission(each["ref"], each["at"], each["note"], *_state(found["runs"][each["ref"]]))
        for each in reversed(_handed_in(remote))
    ]
    return RemoteStanding(remote.name, remote.title, remote.host, tuple(made), found["rank"], found["of"])


def require_predictions(given: Rows, remote: Remote, path: Path) -> None:
    """Classes that exist, and chances that are some. Raises UsageError in words."""
    classes = [str(name) for name in remote.more["classes"]]
    if not classes:
        return
    columns = [given.column(f"confidence.{name}") for name in classes]
    for number, cell in enumerate(given.column("prediction"), start=2):
        if label(cell) not in {label(name) for name in classes}:
            raise UsageError(
                f"Row {number}: prediction is {cell!r}, which is no class.", f"{path}:{number}",
                f"The classes are {listed(classes)}.",
            )  # fmt: skip
        chances = [float(column[number - 2]) for column in columns]
        if min(chances) < 0 or abs(sum(chances) - 1) > 0.01:
            raise UsageError(
                f"Row {number}: the confidences are {', '.join(f'{chance:g}' for chance in chances)}; they should be "
                "chances that sum to 1.", f"{path}:{number}", "`predict_proba` gives them.",
            )  # fmt: skip


def interpreter() -> Path:
    """The interpreter that has the client. Raises RemoteError when there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        found = _python_of(Path(named).expanduser())
        if found is None:
            raise RemoteError(f"{VARIABLE} names no environment of Python: {named}", named, _how_to())
        return found
    found = _python_of(own_environment())
    if found is not None:
        return found
    if find_spec("openml") is not None:
        return Path(sys.executable)
    raise RemoteError("OpenML's official client is not installed.", "", _how_to())


def own_environment() -> Path:
    """Where the client's own environment is looked for."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "gradus" / "openml"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "gradus" / "openml"


def ask(request: dict[str, Any], key: str) -> dict[str, Any]:
    """One request to the client. Raises RemoteError in words."""
    worker = Path(__file__).with_name("openml_worker.py")
    try:
        done = subprocess.run(
            [str(interpreter()), "-I", str(worker)], input=json.dumps(request), capture_output=True, text=True,
            encoding="utf-8", timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RemoteError("OpenML takes too long to answer.", "", "Try again later; nothing is lost.") from None
    except OSError as error:
        raise RemoteError(f"The client's interpreter does not start: {error}.", str(interpreter()), _how_to()) from None
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1][:200]
        raise RemoteError(f"OpenML's client broke off: {said}", str(interpreter()), _how_to()) from None
    if "error" in found:
        raise _refused(found, key)
    return found


def _refused(found: dict[str, Any], key: str) -> RemoteError:
    said, code = found.get("message", ""), found.get("code")
    if found["error"] == "client":
        return RemoteError(f"OpenML's official client cannot be loaded: {said}.", str(interpreter()), _how_to())
    if found["error"] == "network":
        return RemoteError(
            "OpenML cannot be reached: there is no network, or it does not answer.", "",
            "Nothing is lost. Local competitions need no network: `gradus arena list`.",
        )  # fmt: skip
    if found["error"] == "no_key":
        return RemoteError(
            "There is no OpenML key on this computer.", "",
            "Your profile on openml.org shows it; the client's `openml configure apikey` keeps it. Reading needs none.",
        )  # fmt: skip
    if found["error"] == "key" or code in (102, 103):
        return RemoteError(
            "OpenML does not accept the key.", "", "On openml.org your profile shows the one that holds."
        )
    if code in (150, 151):
        return RemoteError(f"OpenML has no task {key}.", "", "openml.org lists its tasks, each with a number.")
    if found["error"] in ("kind", "large"):
        return RemoteError(
            f"Task {key} cannot be played from here: {said}.", "", "Choose one that predicts classes or a number."
        )
    return RemoteError(f"OpenML answered with an error: {said or 'no reason given'}.", "", "Try again later.")


def _standing(remote: Remote) -> dict[str, Any]:
    runs = [each["ref"] for each in _handed_in(remote)]
    asked = {"task": remote.key, "metric": remote.metric, "higher": remote.more["higher"], "runs": runs}
    return ask({"do": "standing", **asked}, remote.key)


def _state(run: dict[str, Any]) -> tuple[str, float | None]:
    return run["status"], run["score"]


def _runs_file(remote: Remote) -> Path:
    return remote.folder.parent.parent / ".gradus" / "arena" / remote.name / RUNS


def _remember(remote: Remote, made: dict[str, Any]) -> None:
    with _runs_file(remote).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(made, ensure_ascii=False) + "\n")


def _handed_in(remote: Remote) -> list[dict[str, Any]]:
    """The runs handed in from this workspace, the first one first."""
    try:
        lines = _runs_file(remote).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            each = json.loads(line)
            found.append({"ref": str(each["ref"]), "at": str(each["at"]), "note": str(each["note"])})
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _python_of(place: Path) -> Path | None:
    """The interpreter at a path: itself, or that of the environment in a folder."""
    if place.is_file():
        return place.absolute()
    for name in ("bin/python", "Scripts/python.exe"):
        if (place / name).is_file():
            return (place / name).absolute()
    return None


def _how_to() -> str:
    place = own_environment()
    program = "Scripts\\pip" if sys.platform == "win32" else "bin/pip"
    return (
        f"It wants an environment of its own: `{Path(sys.executable).name} -m venv {place}`, then "
        f"`{place / program} install openml`."
    )


def _about(key: str, found: dict[str, Any]) -> str:
    asks = f"one of {listed(found['classes'])}, with a confidence for each" if found["classes"] else "a number"
    better = "higher is better" if found["higher"] else "lower is better"
    return "\n".join([
        f"# {found['title']}: OpenML task {key}", "",
        f"- `data.csv`: {found['data_rows']:,} rows, answers included, in `{found['target']}`; each has its `row_id`.",
        "- `folds.csv`: the rows to predict, by repeat and fold. For a fold, fit on all rows that it does not test.",
        f"- `sample_submission.csv`: what a submission looks like, one line for each of {found['rows']:,} ids",
        f"  (repeat-fold-row): {asks}.",
        f"- Scored by OpenML as `{found['metric']}` ({better}). The answers are public: the board is worth what those",
        "  are who hand in.", "",
        f"https://www.openml.org/t/{key}", "",
        "```", f"gradus arena submit openml-{key} submission.csv", f"gradus arena board openml-{key}", "```", "",
    ])  # fmt: skip
