"""The learner's files: read, save with a version, look back, restore, start over. No side of an edit is lost."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gradus.errors import UsageError
from gradus.learner.editing import ConflictError, Draft, begin_save, keep_copy, read_draft, save_draft
from gradus.web import answers
from gradus.web.answers import fields, site_of, text
from gradus.web.pages.common import exercise_url
from gradus.web.pages.exercise import find_exercise, past
from gradus.web.render import fragment

if TYPE_CHECKING:
    from gradus.learner import Workspace
    from gradus.roadmap import Exercise
    from gradus.web.site import Site
    from gradus.web.views import Views

Json = dict[str, Any]
_AROUND = 3
MOST_LINES = 2000


def context_in(request: Request, sent: Json | None = None) -> str | None:
    """The context asked for, in the address or among the fields."""
    named = request.query_params.get("context") or (sent or {}).get("context")
    return str(named) if named else None


def name_in(request: Request) -> str | None:
    """Which file of a project is asked for, in the address."""
    return request.query_params.get("name") or None


async def read_file(request: Request) -> Response:
    """The file as it lies on disk."""

    def read(views: Views) -> Json:
        name = request.path_params["exercise"]
        exercise, context, path = find_exercise(views.learner, name, context_in(request), name_in(request))
        return file_json(views, read_draft(views.learner.workspace, path), exercise.id, context)

    return JSONResponse(await site_of(request).desk.read(read))


async def write_file(request: Request) -> Response:
    """Save over the version that was seen; 409 with both sides when another one lies on disk."""
    sent = await fields(request)
    source, version = text(sent, "source"), text(sent, "version")

    def write(views: Views) -> Json:
        name = request.path_params["exercise"]
        _, _, path = find_exercise(views.learner, name, context_in(request, sent), name_in(request))
        return save_json(site_of(request), views.learner.workspace, path, source, version)

    try:
        return JSONResponse(await site_of(request).desk.read(write))
    except ConflictError as conflict:
        return conflict_answer(request, conflict)


def save_json(site: Site, workspace: Workspace, path: Path, source: str, version: str) -> Json:
    """Save, and keep what lay there first when the two sides had been shown against each other."""
    save = begin_save(workspace, path, source, version)
    contest = (str(path), version)
    kept = keep_copy(workspace, path) if save.needed and contest in site.contested else None
    saved = save.write()
    site.contested.discard(contest)
    return {"version": saved, "saved": True, "kept": _name(workspace.root, kept)}


def file_json(views: Views, draft: Draft, exercise: str, context: str) -> Json:
    """A draft as the editor takes it."""
    name = draft.path.relative_to(views.learner.workspace.root)
    newline = "\r\n" if "\r\n" in draft.source else "\n"
    return {**replace(draft, path=name).to_json(), "exercise": exercise, "context": context, "newline": newline}


def conflict_answer(request: Request, conflict: ConflictError) -> Response:
    """Both sides, to choose between: 409; 200 for a page that expects it, whose console would call 409 an error."""
    theirs = conflict.theirs
    site_of(request).contested.add((str(theirs.path), theirs.version))
    diff = list(differences(theirs.source, conflict.mine))
    data = {
        "error": {"what": conflict.what, "where": theirs.path.name, "next_step": conflict.next_step},
        "conflict": {"mine": conflict.mine, "theirs": theirs.source, "version": theirs.version, "diff": diff},
    }
    html = fragment("_conflict.html", file=theirs.path.name, diff=diff)
    return JSONResponse({**data, "html": html}, 200 if request.headers.get("x-gradus-conflict") == "expected" else 409)


def differences(old: str, new: str) -> Iterator[Json]:
    """Lines that stay, go and come, with three lines around each change; long stretches in between are gaps."""
    before, after = old.splitlines()[:MOST_LINES], new.splitlines()[:MOST_LINES]
    groups = list(difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_AROUND))
    for number, group in enumerate(groups):
        if number or group[0][1] or group[0][3]:
            yield {"op": "gap", "text": "", "old": None, "new": None}
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (_line("same", before[i1 + k], i1 + k, j1 + k) for k in range(i2 - i1))
            else:
                yield from (_line("remove", before[i], i, None) for i in range(i1, i2))
                yield from (_line("add", after[j], None, j) for j in range(j1, j2))


def _line(op: str, words: str, old: int | None, new: int | None) -> Json:
    return {"op": op, "text": words, "old": None if old is None else old + 1, "new": None if new is None else new + 1}


# ------------------------------------------------------------------------------------------------ history


async def history(request: Request) -> Response:
    """The attempts of an exercise, latest first."""

    def read(views: Views) -> tuple[str, Any]:
        exercise, _, _ = find_exercise(views.learner, request.path_params["exercise"], None)
        return exercise.id, past(views, exercise.id)

    name, rows = await site_of(request).desk.read(read)
    data = {"attempts": [row.to_json() for row in rows]}
    return answers.answer(request, data, "_history.html", exercise=name, rows=rows[:100], more=max(0, len(rows) - 100))


async def old_work(request: Request) -> Response:
    """What one attempt held, beside what the file holds now."""

    def read(views: Views) -> Json:
        name = request.path_params["exercise"]
        exercise, context, path = find_exercise(views.learner, name, context_in(request), name_in(request))
        row = next((row for row in past(views, exercise.id) if row.id == request.path_params["event"]), None)
        body = views.learner.old_work(row.id) if row else None
        if row is None or body is None:
            raise answers.NotFound("There is no such attempt, or its text is not kept any more.")
        source, now = _text_of(views, exercise, body, path), read_draft(views.learner.workspace, path)
        diff = list(differences(now.source, source))
        return {"id": row.id, "source": source, "diff": diff, "version": now.version, "row": row, "context": context,
                "exercise": exercise.id, "part": name_in(request)}  # fmt: skip

    found = await site_of(request).desk.read(read)
    row = found.pop("row")
    return answers.answer(request, found, "_attempt.html", **found, row=row)


async def restore(request: Request) -> Response:
    """Put an earlier attempt's text into the file; what stood there is kept."""
    sent = await fields(request)
    event, version = text(sent, "event"), text(sent, "version")

    def write(views: Views) -> Json:
        learner = views.learner
        name = request.path_params["exercise"]
        exercise, context, path = find_exercise(learner, name, context_in(request, sent), name_in(request))
        if not any(row.id == event for row in past(views, exercise.id)):
            raise answers.NotFound("There is no such attempt.")
        body = learner.old_work(event)
        if body is None:
            raise UsageError("The text of this attempt is not kept any more.")
        source = _text_of(views, exercise, body, path)
        kept = keep_copy(learner.workspace, path)
        saved = save_draft(learner.workspace, path, source, version)
        return {"source": source, "version": saved, "kept": _name(learner.workspace.root, kept), "context": context}

    try:
        done = await site_of(request).desk.read(write)
    except ConflictError as conflict:
        return conflict_answer(request, conflict)
    target = exercise_url(request.path_params["exercise"], done["context"])
    return answers.answer(request, done, then=target)


def _text_of(views: Views, exercise: Exercise, body: bytes, path: Path) -> str:
    """What an attempt held: its text, or of a project's files the one at ``path``."""
    if not exercise.is_project:
        return body.decode("utf-8", "replace")
    from gradus.grader.projects import unpack

    folder = next(folder for folder in path.parents if folder.name == exercise.id)
    return unpack(body, exercise.starter_files).get(path.relative_to(folder).as_posix(), b"").decode("utf-8", "replace")


def _name(root: Path, path: Path | None) -> str | None:
    return str(path.relative_to(root)) if path is not None else None


async def reset(request: Request) -> Response:
    """Put the starter back; the old work becomes part of the history."""
    sent = await fields(request)
    if sent.get("confirm") not in (True, "true", "yes"):
        raise UsageError("Resetting needs a confirmation.", next_step="Confirm it; your work is kept in the history.")

    def write(views: Views) -> Json:
        laid = views.learner.reset(request.path_params["exercise"])
        _, _, path = find_exercise(views.learner, laid.exercise, None, name_in(request))
        draft = read_draft(views.learner.workspace, path)
        return {**laid.to_json(), "source": draft.source, "version": draft.version}

    done = await site_of(request).desk.read(write)
    return answers.answer(request, done, then=exercise_url(done["exercise"]))


async def resolve(request: Request) -> Response:
    """Lay out a fresh file to solve an exercise again."""
    laid = await site_of(request).desk.read(lambda views: views.learner.start_review(request.path_params["exercise"]))
    url = exercise_url(laid.exercise, "review")
    return answers.answer(request, {**laid.to_json(), "url": url}, then=url)


ROUTES = [
    Route("/api/file/{exercise:str}", read_file, methods=["GET"]),
    Route("/api/file/{exercise:str}", write_file, methods=["PUT"]),
    Route("/api/history/{exercise:str}", history),
    Route("/api/history/{exercise:str}/{event:str}", old_work),
    Route("/api/restore/{exercise:str}", restore, methods=["POST"]),
    Route("/api/reset/{exercise:str}", reset, methods=["POST"]),
    Route("/api/resolve/{exercise:str}", resolve, methods=["POST"]),
]
