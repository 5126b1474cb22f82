"""How the service lives: it starts, says when it is ready, keeps its model, stops, comes back, fails without one."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradus.errors import GradusError
from gradus.provers.service.asking import Study, ask_row, ask_rows, listening, same
from gradus.provers.service.faults import Found, NotApplicable
from gradus.provers.service.identity import check_revision, is_root, reported
from gradus.provers.service.processes import listening as listened
from gradus.provers.service.processes import users_of
from gradus.provers.service.speaking import NoAnswer, Speaker
from gradus.provers.service.starting import Running, start, status_of

Said = tuple[str, dict[str, Any]]
POLL = 0.02
LOOPBACK = ("127.", "::1", "::ffff:127.")


def begin(study: Study, fault: str = "does_not_start", ask: bool = True) -> float:
    """Start the declared command, wait until it is ready, and keep it in ``study``. Returns the seconds it took.

    With ``ask`` a row is asked at once, since ready means that rows are answered.

    Raises Found: it ended, never became ready, listens elsewhere, or said yes before it could answer.
    """
    declared = study.declared
    assert study.copy is not None
    try:
        running = start(study.copy, declared.command, declared.env)
    except GradusError as error:
        raise Found("does_not_start", f"{error.what}.") from None
    study.running = running
    study.speaker = listening(running.speaker(), study)
    until = running.began + declared.start_seconds
    early: dict[str, int] = {}
    while time.monotonic() < until:
        if not running.alive:
            status = running.process.returncode
            raise Found(fault, f"It ended with status {status}. Its last words: `{_words(running)}`.")
        status = status_of(study.speaker, declared.waits_for)
        if declared.health and declared.health != declared.waits_for and status is not None and status != 200:
            health = status_of(study.speaker, declared.health)
            if health == 200 and not _can_answer(study):
                early["health"] = health
        if status == 200:
            took = time.monotonic() - running.began
            if ask:
                answers_now(study, fault)
            if early:
                raise Found(
                    "health_before_model",
                    f"`{declared.health}` said 200 while `{declared.ready}` and `{declared.predict}` did not.",
                )
            return took
        if status is None and time.monotonic() - running.began > 3.0:
            _elsewhere(study)
        time.sleep(POLL)
    _elsewhere(study)
    raise Found(
        "never_ready",
        f"`{declared.waits_for}` did not answer 200 within {declared.start_seconds:g} s (last: "
        f"{status_of(study.speaker, declared.waits_for) or 'no answer'}). Its last words: `{_words(running)}`.",
    )


def _can_answer(study: Study) -> bool:
    known = study.known(1)
    try:
        return bool(known) and ask_row(study, known[0][0]).status == 200
    except NoAnswer:
        return False


def answers_now(study: Study, fault: str) -> None:
    """Ready means that a row is answered now, not in a while."""
    known = study.known(1)
    if not known:
        return
    for attempt in range(40):
        try:
            reply = ask_row(study, known[0][0])
        except NoAnswer as error:
            if not study.service.alive:
                raise Found(fault, f"It said that it is ready, and ended: `{_words(study.service)}`.") from None
            raise Found("ready_before_model", f"Asked at once, it gave no answer: {error}.") from None
        if reply.status < 500:
            if attempt:
                raise Found(
                    "ready_before_model",
                    f"`{study.declared.waits_for}` said 200 about {attempt * 0.25:.2g} s before rows were answered.",
                )
            return
        if reply.status != 503 and attempt == 0:
            return
        time.sleep(0.25)
    raise Found("ready_before_model", f"Rows got {reply.status} for 10 s after it said that it is ready.")


def _elsewhere(study: Study) -> None:
    """Whether it answers, but on another port than the one it was given."""
    running = study.service
    ports = {port for _, port in listened(running.pids()) or ()}
    if running.port in ports:
        return
    for port in sorted(ports):
        other = replace(study.speaker, place=replace(study.speaker.place, port=port))
        if status_of(other, study.declared.waits_for) == 200:
            raise Found("ignores_port", f"It was given port {running.port} and answers on port {port}.")


def _words(running: Running) -> str:
    lines = [line for line in running.output().splitlines() if line.strip()]
    return " / ".join(lines[-3:])[-300:].replace("`", "'")


def model_files(study: Study) -> list[Path]:
    """The declared model files and folders that exist in the copy."""
    return [study.folder / name for name in study.declared.model if (study.folder / name).exists()]


def digest(paths: list[Path]) -> str:
    """A hash over the contents of files and folders."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(str(file.relative_to(path.parent)).encode())
                with file.open("rb") as stream:
                    total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()


@contextmanager
def away(paths: list[Path]) -> Iterator[None]:
    """The paths are not there within the block; what was made in their place is thrown away afterwards."""
    import shutil

    hidden = [path.with_name(f"{path.name}.away") for path in paths]
    for path, other in zip(paths, hidden, strict=True):
        path.rename(other)
    try:
        yield
    finally:
        for path, other in zip(paths, hidden, strict=True):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            other.rename(path)


def starts(study: Study) -> Said:
    """The declared command, with the model files as they are."""
    missing = [name for name in study.declared.model if not (study.folder / name).exists()]
    if missing:
        raise Found("not_declared", f"The declared model file `{missing[0]}` is not in the project.")
    before = digest(model_files(study))
    took = begin(study, ask=False)
    if digest(model_files(study)) != before:
        raise Found("trains_at_start", "The declared model file had other contents after the start than before.")
    return f"ready after {took:.1f} s", {"seconds": round(took, 2)}


def bound_as_declared(study: Study) -> Said:
    """The addresses that the service's port can be reached at."""
    places = listened(study.service.pids())
    own = {address for address, port in places or () if port == study.service.port}
    if not own:
        raise NotApplicable("This system does not say which addresses a process listens on.")
    local = all(address.startswith(LOOPBACK) for address in own)
    shown = ", ".join(sorted(own))
    if local and study.declared.bind == "all":
        raise Found("localhost_bind", f"It is declared for all interfaces and listens on {shown} only.", bound=shown)
    if not local and study.declared.bind == "loopback":
        raise Found("bound_to_all_interfaces", f"It listens on {shown}.", bound=shown)
    return f"listens on {shown}", {"bound": shown}


def keeps_the_model(study: Study) -> Said:
    """With the model file away from the very start, the running service answers; it does so at once, too."""
    paths = model_files(study)
    if not paths:
        answers_now(study, "does_not_start")
        raise NotApplicable("No model file is declared (`model` in `service.toml`).")
    known = study.known(2)
    with away(paths):
        gone = _trial(study, known)
    answers_now(study, "does_not_start")
    if gone is None:
        return "answers from memory while the file is away", {}
    back = _trial(study, known)
    if back is not None:
        return f"a row {back} with and without the file; see the next probes", {}
    with away(paths):
        again = _trial(study, known)
    fault = "reload_per_request" if again is not None else "lazy_loading"
    raise Found(fault, f"With the model file moved away, a row {gone}; with it back, all was right.")


def _trial(study: Study, known: list[tuple[dict[str, Any], float]]) -> str | None:
    """What went wrong with rows; None when each got a number. Whether it is the right one is no business of this."""
    for row, _ in known:
        try:
            reply = ask_row(study, row)
        except NoAnswer as error:
            return f"got no answer ({error})"
        if reply.value is None:
            return f"got {reply.status}: `{reply.text[:120]}`"
    return None


def says_who_it_is(study: Study) -> Said:
    """Model version and git revision, as the service reports them."""
    if study.declared.version is None:
        raise Found("no_version", "`service.toml` declares no `version` address.")
    head = study.copy.revision if study.copy is not None else None
    study.version = reported(study.speaker, study.declared.version, head)
    words = check_revision(study.version["revision"], head)
    return f"model {study.version['model']}; {words}", dict(study.version)


def not_root(study: Study) -> Said:
    """The users that the service's processes run as."""
    users = users_of(study.service.pids())
    if not users:
        raise NotApplicable("This system does not say which user a process runs as.")
    if 0 not in users:
        return f"runs as user {min(users)}", {"users": sorted(users)}
    if is_root() and (study.copy is None or study.copy.user is None):
        raise NotApplicable(
            "The prover itself was started by root, and no other user can run this Python; so the service had to be "
            "root, too. Start the prover as an ordinary user, or prove the image.",
            users=sorted(users),
        )
    raise Found("runs_as_root", "One of its processes belongs to user 0.", users=sorted(users))


def comes_back(study: Study) -> Said:
    """kill -9, the same command, the same answers."""
    rows = [row for row, _ in study.known(20)]
    before = ask_rows(study, rows)
    study.service.kill()
    took = begin(study, "does_not_restart")
    after = ask_rows(study, rows)
    changed = [
        (row, a, b)
        for row, a, b in zip(rows, before, after, strict=True)
        if a.value is not None and (b.value is None or not same(a.value, b.value))
    ]
    if changed:
        _, a, b = changed[0]
        raise Found(
            "differs_after_restart",
            f"{len(changed)} of {len(rows)} rows; the first went from {a.value:.6g} to "
            f"{f'{b.value:.6g}' if b.value is not None else b.status}.",
            rows=len(rows),
            changed=len(changed),
        )
    return f"back after {took:.1f} s, {len(rows)} answers the same", {"seconds": round(took, 2), "rows": len(rows)}


def stops_when_asked(study: Study) -> Said:
    """SIGTERM to the started process ends all of it."""
    again(study)
    began = time.monotonic()
    if left := study.service.stop(study.burst.grace):
        raise Found("ignores_sigterm", f"{study.burst.grace:g} s after SIGTERM, {left} of its processes still ran.")
    took = time.monotonic() - began
    return f"gone {took:.1f} s after SIGTERM", {"seconds": round(took, 2)}


def again(study: Study) -> None:
    """See to it that a service runs: an earlier probe may have ended it."""
    if study.running is None or not study.running.alive:
        begin(study)


def fails_without_model(study: Study) -> Said:
    """Started without its model files, it ends or says that it is not ready; it gives no answers."""
    paths = model_files(study)
    declared = study.declared
    if not paths:
        raise NotApplicable("No model file is declared (`model` in `service.toml`).")
    assert study.copy is not None
    study.service.kill()
    with away(paths), start(study.copy, declared.command, declared.env) as running:
        study.running = running
        speaker = listening(running.speaker(), study)
        statuses = _settled(study, running, speaker)
        made = [path.name for path in paths if path.exists()]
        if made:
            raise Found("trains_at_start", f"Started without `{made[0]}`, it made a new one.")
        if statuses is None:
            return "ends when its model is missing", {"ended": running.process.returncode}
        if statuses.get(declared.waits_for) == 200:
            if declared.ready is None:
                raise Found("health_always_ok", f"`{declared.waits_for}` said 200.")
            raise Found("ready_without_model", f"`{declared.ready}` said 200.")
        if declared.health and statuses.get(declared.health) == 200:
            raise Found("health_always_ok", f"`{declared.health}` said 200; `{declared.ready}` did not.")
        answered = statuses.get(declared.predict) == 200
        if answered:
            raise Found("answers_without_model", f"A row was answered with `{_trial_text(study, speaker)}`.")
    return "does not say that it is ready when its model is missing", {"statuses": statuses}


def _trial_text(study: Study, speaker: Speaker) -> str:
    try:
        return ask_row(study, study.known(1)[0][0], speaker).text[:120]
    except NoAnswer as error:
        return str(error)


def _settled(study: Study, running: Running, speaker: Speaker) -> dict[str, int | None] | None:
    """What its addresses say once it listens, worst case kept; None when the process ended."""
    declared = study.declared
    until = time.monotonic() + declared.start_seconds
    addresses = [path for path in (declared.waits_for, declared.health) if path]
    known = study.known(1)
    heard: dict[str, int | None] = {}
    listens_since: float | None = None
    while time.monotonic() < until:
        if not running.alive:
            return None
        statuses = {path: status_of(speaker, path) for path in addresses}
        if any(status is not None for status in statuses.values()):
            listens_since = listens_since or time.monotonic()
            heard |= {path: status for path, status in statuses.items() if heard.get(path) != 200}
            if known and heard.get(declared.predict) != 200:
                try:
                    heard[declared.predict] = ask_row(study, known[0][0], speaker).status
                except NoAnswer:
                    heard[declared.predict] = None
            if time.monotonic() - listens_since > 1.0 or 200 in heard.values():
                return heard if running.alive else None
        time.sleep(0.05)
    return heard


def stays_up_beside_slow_answers(study: Study) -> Said:
    """A health request sent during a slow answer comes back before it."""
    declared, speaker = study.declared, study.speaker
    path = declared.live or declared.health or declared.waits_for
    rows = [row for row, _ in study.known(200)]
    kinds: list[tuple[str, Any]] = [(declared.predict, rows[0])]
    if declared.batch:
        kinds.append((declared.batch, {declared.records: rows}))
    timed = [(min(speaker.post(where, body).seconds for _ in range(2)), where, body) for where, body in kinds]
    slow, where, body = max(timed, key=lambda item: item[0])
    if slow < 0.1:
        return f"no request takes long enough to hold up others ({slow * 1000:.0f} ms)", {"slowest_ms": slow * 1000}
    waited = []
    for _ in range(4):
        thread = threading.Thread(target=_quietly, args=(speaker, where, body))
        began = time.monotonic()
        thread.start()
        time.sleep(0.15 * slow)
        status_of(speaker, path, 30.0)
        waited.append((time.monotonic() - began) / slow)
        thread.join()
    measured = {"slow_ms": round(slow * 1000), "health_after": [round(share, 2) for share in waited]}
    if min(waited) > 0.8:
        raise Found(
            "blocking_event_loop",
            f"`{where}` takes {slow * 1000:.0f} ms; `{path}`, asked meanwhile, answered only after "
            f"{min(waited) * slow * 1000:.0f} ms, {len(waited)} times of {len(waited)}.",
            **measured,
        )
    return f"health answers while a request of {slow * 1000:.0f} ms is computed", measured


def _quietly(speaker: Speaker, path: str, body: Any) -> None:
    try:
        speaker.post(path, body)
    except NoAnswer:
        pass
