"""A new model takes the old one's place: afterwards the service answers as the new one, and says so."""

from __future__ import annotations

import subprocess
import time
from typing import Any

from gradus.provers.service.asking import Study, ask_rows, same
from gradus.provers.service.faults import Found, NotApplicable
from gradus.provers.service.identity import reported
from gradus.provers.service.living import begin
from gradus.provers.service.offline import Offline
from gradus.provers.service.rows import Row
from gradus.provers.service.speaking import Reply

Said = tuple[str, dict[str, Any]]


def promotes(study: Study) -> Said:
    """The declared command, then offline and service answers again."""
    declared, copy, promotion = study.declared, study.copy, study.declared.promote
    assert copy is not None
    if promotion is None:
        raise NotApplicable("No `[promote]` command is declared, so no new model was put into service.")
    rows = [row for row, _ in study.known(30)]
    old = [value for _, value in study.known(30)]
    study.service.kill()
    if not promotion.restart:
        begin(study, "does_not_restart")
    _run(study, promotion.command)
    assert declared.offline is not None
    with Offline(declared.offline, copy.folder, copy.environment(declared.env), copy.user) as offline:
        new = offline.answers(rows)
    if all(b is not None and same(a, b) for a, b in zip(old, new, strict=True)):
        raise Found("promote_fails", "Afterwards the offline model gives the same answers as before.")
    if promotion.restart:
        begin(study, "does_not_restart")
    replies = _await(study, rows, new, 0.0 if promotion.restart else promotion.within)
    _judge(rows, old, new, replies)
    version = ""
    if declared.version is not None and study.version is not None:
        version = reported(study.speaker, declared.version)["model"]
        if version == study.version["model"]:
            raise Found("version_not_of_model", f"Before and after it says `{version}`.", version=version)
    return f"the new model answers{f', version {version}' if version else ''}", {"version": version}


def _run(study: Study, command: tuple[str, ...]) -> None:
    copy = study.copy
    assert copy is not None
    try:
        done = subprocess.run(
            copy.command(command), cwd=copy.folder, env=copy.environment(study.declared.env), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, user=copy.user, group=copy.user,
            extra_groups=[] if copy.user is not None else None,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise Found("promote_fails", f"{type(error).__name__}: {error}.") from None
    if done.returncode != 0:
        words = done.stdout.decode("utf-8", "replace").strip()[-300:]
        raise Found("promote_fails", f"It ended with status {done.returncode}: `{words}`.")


def _await(study: Study, rows: list[Row], new: list[float | None], within: float) -> list[Reply]:
    """The answers once they are the new model's, or when the time is over."""
    until = time.monotonic() + within
    while True:
        replies = ask_rows(study, rows, at_once=4)
        if all(_is(reply, value) for reply, value in zip(replies, new, strict=True)) or time.monotonic() >= until:
            return replies
        time.sleep(0.2)


def _is(reply: Reply, value: float | None) -> bool:
    return value is None or (reply.value is not None and same(reply.value, value))


def _judge(rows: list[Row], old: list[float], new: list[float | None], replies: list[Reply]) -> None:
    moved = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if b is not None and not same(a, b)]
    fresh = [i for i in moved if _is(replies[i], new[i])]
    stale = [i for i in moved if _is(replies[i], old[i])]
    count = f"Of {len(moved)} rows whose answer the new model changes, {len(stale)} got the old one"
    if len(fresh) == len(moved):
        return
    if len(stale) == len(moved):
        raise Found("stale_after_promote", f"{count}.", rows=len(moved), stale=len(stale))
    if fresh and stale:
        raise Found("half_promoted", f"{count}, {len(fresh)} the new one.", rows=len(moved), stale=len(stale))
    other = next(i for i in moved if i not in fresh and i not in stale)
    got = replies[other]
    raise Found("skew", f"After the promotion a row got {got.value if got.value is not None else got.status}, which is "
                f"neither the old model's answer ({old[other]:.6g}) nor the new one's ({new[other]:.6g}).")  # fmt: skip
