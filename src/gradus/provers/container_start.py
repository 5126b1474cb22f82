"""What a running container of the image shows: address, user, answers, health, the model's part, and how it ends."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gradus.errors import UsageError
from gradus.provers import images
from gradus.provers.container_build import Kept
from gradus.provers.container_faults import failed, not_applicable, passed
from gradus.provers.container_run import Container, StartRefusedError, started, told
from gradus.provers.project import Difference, Project, ask, compare, wait_until
from gradus.provers.report import Probe

GRACE = 8
MISSING_SECONDS = (15.0, 3.0)
"""How long a container without its model may take to answer at all, and then to claim that it is ready."""


def examine(
    kept: Kept,
    project: Project,
    tag: str,
    archive: Path,
    contents: images.Contents,
    rng: np.random.Generator,
    *,
    rows: int,
    seconds: float,
) -> Iterator[Probe]:
    """Run the image twice, the second time without its model."""
    inside = _inside_port(project, contents)
    title = "it answers on a published port"
    try:
        with started(kept, tag, inside) as container:
            ready = container.wait_ready(project, seconds)
            yield _user(container)
            if not ready:
                yield _silent(container, project, title, contents)
                return
            yield passed("container_serves", title, f"Ready on port {inside}, published on loopback.", port=inside)
            drawn = project.rows(rng, rows)
            yield from answered(
                project, container.port, drawn, "container_answers", "the image answers as the model does"
            )
            yield _healthcheck_passes(container, contents)
            changed = container.changed()
            said = [ask(container.port, "POST", project.text("predict", "/predict"), row).body for row in drawn[:5]]
            yield from _stop_and_start(container, project, drawn[:5], said, seconds)
        yield from _without_model(kept, project, archive, contents, changed, drawn, inside)
    except StartRefusedError as refused:
        yield failed("container_serves", title, "exits_at_start", f"The engine cannot start it: {refused}.")


def _inside_port(project: Project, contents: images.Contents) -> int:
    """The declared port, or the first one that the image exposes, or 8000."""
    declared = project.service.get("port")
    if isinstance(declared, int):
        return declared
    exposed = [str(port).partition("/")[0] for port in contents.settings.get("ExposedPorts") or {}]
    return next((int(port) for port in exposed if port.isdigit()), 8000)


def _user(container: Container) -> Probe:
    """No process is root."""
    id, title = "container_user", "no process in the container is root"
    processes = container.processes()
    user = container.engine.inspect(".Config.User", container.id) or ""
    measured: dict[str, Any] = {"processes": [vars(process) for process in processes[:20]], "declared_user": user}
    roots = [process for process in processes if process.user == 0]
    if roots:
        seen = f"Process {roots[0].pid} (`{roots[0].name}`) runs as user 0."
        return failed(id, title, "runs_as_root", seen, **measured)
    if processes:
        return passed(id, title, f"All run as user {processes[0].user}.", **measured)
    if str(user).partition(":")[0] in ("", "0", "root"):
        return failed(id, title, "runs_as_root", "The image names no user, so its command starts as root.", **measured)
    return passed(id, title, f"The image's user is {user} (the image has no shell to look closer).", **measured)


def _silent(container: Container, project: Project, title: str, contents: images.Contents) -> Probe:
    """Why nobody answers."""
    id = "container_serves"
    ready = project.text("ready", "/ready")
    said = container.said()
    command = told([*(contents.settings.get("Entrypoint") or []), *(contents.settings.get("Cmd") or [])])
    if not container.running:
        seen = f"`{command}` ended with status {container.exit_code}:\n{said}\n"
        return failed(id, title, "exits_at_start", seen, output=said)
    sockets = container.listening()
    measured: dict[str, Any] = {"listening": [vars(socket) for socket in sockets], "output": said}
    here = [socket for socket in sockets if socket.port == container.inside]
    if here and all(socket.loopback for socket in here):
        seen = f"It listens on 127.0.0.1:{container.inside} inside the container, and nobody outside reaches it."
        return failed(id, title, "localhost_bind", seen, **measured)
    if not here and sockets:
        ports = ", ".join(sorted({str(socket.port) for socket in sockets}))
        fault = "localhost_bind" if all(socket.loopback for socket in sockets) else "wrong_port"
        seen = f"Port {container.inside} is published (PORT says so, too), and the process listens on {ports}."
        return failed(id, title, fault, seen, **measured)
    answer = ask(container.port, "GET", ready)
    seen = f"GET {ready} gives {answer.status or answer.body}."
    return failed(id, title, "never_ready", seen, **measured)


def answered(project: Project, port: int, rows: list[dict[str, Any]], id: str, title: str) -> Iterator[Probe]:
    """The answers equal the offline model's."""
    if not rows or not project.offline.get("predict"):
        yield not_applicable(id, title, "service.toml declares no [offline] rows and function to compare with.")
        return
    try:
        offline = project.offline_answers(rows)
    except UsageError as error:
        yield not_applicable(id, title, f"The comparison is not possible: {error}")
        return
    different = compare(project, port, rows, offline)
    if not different:
        yield passed(id, title, f"{len(rows)} of {len(rows)} rows as offline.", rows=len(rows))
        return
    yield _differs(different[0], id, title, len(different), len(rows))


def _differs(one: Difference, id: str, title: str, count: int, rows: int) -> Probe:
    measured = {
        "differ": count,
        "rows": rows,
        "row": one.row,
        "expected": one.expected,
        "answer": one.answer.body[:400],
    }
    if one.answer.status != 200 or one.actual is None:
        seen = (
            f"{count} of {rows} rows get no number; the first gets status {one.answer.status}: {one.answer.body[:200]}"
        )
        return failed(id, title, "answers_fail", seen, **measured)
    seen = f"{count} of {rows} rows differ; offline the first is {one.expected:.6g}, served it is {one.actual:.6g}."
    return failed(id, title, "answers_differ", seen, **measured)


def _healthcheck_passes(container: Container, contents: images.Contents) -> Probe:
    id, title = "container_healthcheck", "the image's health check passes while it answers"
    test = _test(contents)
    if not test:
        return failed(id, title, "no_healthcheck", "The image has no HEALTHCHECK.")
    ran = container.healthcheck(test)
    if not ran.ok:
        seen = f"`{told(test[1:])}` ends with status {ran.status} ({ran.said[-200:]}) while the service answers."
        return failed(id, title, "healthcheck_fails", seen, test=test, output=ran.said)
    return passed(id, title, f"`{told(test[1:])}` passes.", test=test)


def _test(contents: images.Contents) -> list[Any]:
    test = (contents.settings.get("Healthcheck") or {}).get("Test") or []
    return list(test) if test and test[0] in ("CMD", "CMD-SHELL") else []


def _stop_and_start(
    container: Container, project: Project, rows: list[dict[str, Any]], said: list[str], seconds: float
) -> Iterator[Probe]:
    """It ends when asked to, and is the same service afterwards."""
    title = "it ends in time when asked to"
    code = container.stop(GRACE)
    if code == 137:
        seen = f"After {GRACE} seconds it had to be killed."
        yield failed("container_stop", title, "ignores_stop", seen, exit_code=code)
    else:
        yield passed("container_stop", title, f"It ended by itself with status {code}.", exit_code=code)
    title = "started again, it gives the same answers"
    again = container.engine.ask("start", container.id)
    port = container.engine.ask("port", container.id, f"{container.inside}/tcp").stdout.strip().rpartition(":")[2]
    restarted = Container(container.engine, container.id, container.inside, int(port) if port.isdigit() else 0)
    if not again.ok or not restarted.wait_ready(project, seconds):
        seen = f"Started again, it is not ready: {restarted.said()[-300:]}"
        yield failed("container_restart", title, "restart_differs", seen)
        return
    now = [ask(restarted.port, "POST", project.text("predict", "/predict"), row).body for row in rows]
    if now != said:
        at = next(at for at, (before, after) in enumerate(zip(said, now, strict=True)) if before != after)
        seen = f"The same row got {said[at][:80]} before and {now[at][:80]} after."
        yield failed("container_restart", title, "restart_differs", seen, row=rows[at])
    else:
        yield passed("container_restart", title, f"{len(rows)} rows, the same answers after a restart.")


def _without_model(
    kept: Kept,
    project: Project,
    archive: Path,
    contents: images.Contents,
    changed: list[str],
    rows: list[dict[str, Any]],
    inside: int,
) -> Iterator[Probe]:
    """The image carries its model, and is not ready without it."""
    id, title = "container_model", "the image carries a finished model, and is not ready without it"
    if not project.model:
        yield not_applicable(id, title, "service.toml names no file of the model.")
        return
    paths = sorted({found.path for found in contents.found if found.what.startswith("model:")})
    wrote = [path for path in changed for name in project.model if path.endswith(name)]
    if wrote:
        seen = f"`/{wrote[0]}` was written after the container had started."
        yield failed(id, title, "trains_at_start", seen, written=wrote)
        return
    if not paths:
        seen = f"It answers, and no layer of the image holds {project.model[0]}."
        yield failed(id, title, "trains_at_start", seen)
        return
    without, tag = archive.with_name("without-model.tar"), f"localhost/gradus-proof:{secrets.token_hex(6)}"
    images.without(archive, paths, tag, without)
    loaded = kept.engine.ask("load", "--input", str(without), seconds=300)
    if not loaded.ok:
        yield not_applicable(id, title, f"The engine does not load an image without the model: {loaded.said}")
        return
    kept.images.append(tag)
    with started(kept, tag, inside) as container:
        address = project.text("ready", "/ready")
        wait_until(
            lambda: ask(container.port, "GET", address).status > 0, lambda: container.running, MISSING_SECONDS[0]
        )
        if container.wait_ready(project, MISSING_SECONDS[1]):
            answer = ask(container.port, "POST", project.text("predict", "/predict"), rows[0]) if rows else None
            if answer is not None and answer.status == 200:
                seen = f"Without {paths[0]} in the image it becomes ready all the same, and answers."
                yield failed(id, title, "trains_at_start", seen, deleted=paths)
            else:
                seen = f"Without {paths[0]} in the image, GET {address} says 200."
                yield failed(id, title, "ready_without_model", seen, deleted=paths)
            return
        test = _test(contents)
        if test and container.running and container.healthcheck(test).ok:
            seen = f"Without the model, `{told(test[1:])}` still passes."
            yield failed(id, title, "healthcheck_always_ok", seen, deleted=paths, test=test)
            return
        how = "runs and says that it is not ready" if container.running else "ends at once"
        yield passed(id, title, f"It holds {', '.join(paths)}; without, it {how}.", model=paths)
