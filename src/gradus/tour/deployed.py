"""The second half: the model trained and tracked, registered, put behind HTTP, and watched."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gradus.errors import HostError
from gradus.provers.apart import run_apart, small_environment
from gradus.provers.declared import declared, read_rows
from gradus.tour.story import Done, Say, Tour

GIT = ["git", "-c", "user.name=learner", "-c", "user.email=learner@example.invalid", "-c", "commit.gpgsign=false"]
START_SECONDS = 90.0


def project(tour: Tour, say: Say) -> Done:
    """Put the reference project beside the workspace, on the rows that were not sealed, requirements pinned."""
    folder = tour.project
    shutil.copytree(tour.roadmap.stage(5).folder / "milestone" / "reference", folder)
    shutil.copyfile(tour.data, folder / "survey.csv")
    recipe = folder / "dvc.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text.replace("deps: [prepare.py]", "deps: [prepare.py, survey.csv]"), encoding="utf-8")
    for name in ("requirements.txt", "requirements-train.txt"):
        _pin_installed(folder / name)
    commit(folder, "The project")
    files = sum(1 for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return Done(f"affairs/: {files} files under git, every requirement pinned", measured={"files": files})


def _pin_installed(path: Path) -> None:
    """Pin what is installed here, since it is here that the model is made."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, pinned, _ = line.partition("==")
        if pinned:
            try:
                line = f"{name}=={version(name)}"
            except PackageNotFoundError:
                continue  # needed on other systems, or by other versions
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def commit(folder: Path, message: str) -> None:
    """Commit all that is not ignored."""
    if not (folder / ".git").exists():
        _run([*GIT, "init", "--quiet", "--initial-branch=main", "."], folder)
    _run([*GIT, "add", "--all"], folder)
    _run([*GIT, "commit", "--quiet", "--message", message], folder)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HostError(f"`{' '.join(command[:1] + command[-2:])}` failed.", str(folder), done.stderr.strip()[-300:])


def tracked(tour: Tour, say: Say) -> Done:
    """Make data and model by the pipeline; every candidate is a run on the record."""
    from gradus.provers.tracking.mlflow_store import read_mlflow

    say("dvc repro")
    _own(tour, ["dvc", "repro"])
    metrics = json.loads((tour.project / "metrics.json").read_text(encoding="utf-8"))
    say("reading the store")
    store = read_mlflow(tour.project, tour.project / "mlflow.db")
    tour.facts["metrics"], tour.facts["runs"] = metrics, len(store.runs)
    tour.facts["versions"] = [vars(each) for each in store.versions]
    return Done(
        f"{len(store.runs)} runs in mlflow.db; the chosen one has {metrics['valid_roc_auc']:.3f} on validation rows",
        measured={"runs": len(store.runs), **{name: round(value, 6) for name, value in metrics.items()}},
    )


def registered(tour: Tour, say: Say) -> Done:
    """Promote the chosen version through the gate, and commit what was deployed."""
    say("python gate.py --promote")
    said = _own(tour, ["python", "gate.py", "--promote"])
    commit(tour.project, "What is deployed")
    claim = json.loads((tour.project / "model" / "model.json").read_text(encoding="utf-8"))
    tour.facts["claim"] = claim
    return Done(
        f"{claim['name']} version {claim['version']} of {len(tour.facts['versions'])}; {said.splitlines()[0]}",
        measured={"version": claim["version"], "sha256": claim["sha256"], "run": claim["run"]},
    )


def _own(tour: Tour, command: list[str]) -> str:
    ended = run_apart(command, tour.project, seconds=300)
    if ended.status:
        said = ended.stderr.decode("utf-8", "replace").strip()[-600:]
        raise HostError(f"`{' '.join(command)}` failed in the project.", str(tour.project), said)
    return ended.stdout.decode("utf-8", "replace").strip()


# ------------------------------------------------------------------------------------------------ over HTTP


def served(tour: Tour, say: Say) -> Done:
    """Start the service as anybody would, and ask it over HTTP."""
    rows = read_rows(tour.project / "data" / "holdout.csv", without="affair")[:100]
    with running(tour.project, free_port()) as (url, _):
        say(f"POST {url}/predict, {len(rows)} times")
        began = time.perf_counter()
        answers = [_post(f"{url}/predict", row)["probability"] for row in rows]
        seconds = time.perf_counter() - began
        said = _get(f"{url}/version")
    offline = _offline(tour, rows)
    off = max(abs(a - b) for a, b in zip(answers, offline, strict=True))
    tour.facts["row"], tour.facts["answer"] = rows[0], answers[0]
    as_offline = "exactly as offline" if off == 0 else f"as offline within {off:.0e}"
    return Done(
        f"model {said['model']} at revision {said['revision'][:9]}: {len(rows)} answers over HTTP, "
        f"{1000 * seconds / len(rows):.1f} ms each, {as_offline}",
        "done" if off < 1e-6 else "failed",
        measured={
            "answers": len(rows),
            "milliseconds": round(1000 * seconds / len(rows), 2),
            "largest_difference": off,
        },
    )


def _offline(tour: Tour, rows: list[dict[str, Any]]) -> list[float]:
    code = "import json, sys, offline; print(json.dumps(offline.predict(json.load(sys.stdin))))"
    ended = run_apart(["python", "-c", code], tour.project, stdin=json.dumps(rows).encode(), seconds=120)
    if ended.status:
        raise HostError("The offline model did not answer.", str(tour.project), ended.last_line)
    answers: list[float] = json.loads(ended.stdout)
    return answers


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(folder: Path, port: int, output: Any = subprocess.DEVNULL) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The project's service on ``port``, ready: its address and process. It is ended afterwards.

    Raises HostError when it does not get ready.
    """
    process = start(folder, port, output)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield url, process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(folder: Path, port: int, output: Any) -> subprocess.Popen[bytes]:
    """Start the command that ``service.toml`` declares."""
    service = declared(folder)["service"]
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=False)
    words = [str(port) if word == "$PORT" else word for word in service["command"]]
    words = [sys.executable if word == "python" and place == 0 else word for place, word in enumerate(words)]
    env = small_environment(str(folder / ".git")) | {"REVISION": revision.stdout.strip(), "PORT": str(port)}
    return subprocess.Popen(words, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise HostError("The service did not get ready.", url, "Start it by hand in affairs/ to see what it says.")


def _post(url: str, value: Any) -> Any:
    body = json.dumps(value).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def serve(folder: Path, port: int = 8000, ready: Callable[[str], None] | None = None) -> None:
    """Run the service that a tour left in ``folder`` until it ends or is interrupted; ``ready`` is told its address.

    SIGTERM ends it as Ctrl-C does, so call it from the main thread. Raises HostError when it does not start.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), running(folder / "affairs", port, None) as (url, process):
        if ready is not None:
            ready(url)
        process.wait()


def curl_line(row: dict[str, Any], port: int = 8000) -> str:
    """The command that asks the deployed model about one row, as a shell takes it."""
    import shlex

    body = shlex.quote(json.dumps(row))
    return f"curl -s http://127.0.0.1:{port}/predict -H 'Content-Type: application/json' -d {body}"


# ------------------------------------------------------------------------------------------------ the world changes


def drifted(tour: Tour, say: Say) -> Done:
    """Show the monitor rows as they were, and rows of a world that has changed."""
    import numpy as np

    from gradus.provers.drift_streams import Streams, ask

    table = declared(tour.project)["monitor"]
    rows = read_rows(tour.project / table["reference"], without="affair")
    streams = Streams(rows, table["feature"], np.random.default_rng(tour.seed))
    shift = table["shift"] * streams.spread(table["feature"])
    quiet = [streams.stationary(table["n"]) for _ in range(10)]
    moved = [streams.shifted(table["n"], {table["feature"]: shift}) for _ in range(10)]
    say(f"{table['feature']} + {shift:.1f} years")
    said = ask(run_apart, tour.project, table["check"], [*quiet, *moved], 120.0).said
    false, caught = sum(map(bool, said[:10])), sum(map(bool, said[10:]))
    return Done(
        f"people {shift:.1f} years older: {caught} of 10 shifted streams raise the alarm, {false} of 10 unchanged ones",
        "caught" if caught >= 8 and false <= 2 and len(said) == 20 else "failed",
        measured={"caught": caught, "false_alarms": false, "streams": 20, "shift": round(shift, 3)},
    )
