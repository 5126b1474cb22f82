"""Check, run, lint, complete, explore: what happens while somebody writes code."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gradus.errors import UsageError
from gradus.learner.editing import ConflictError, begin_save, read_draft, version_of
from gradus.roadmap import Limits
from gradus.web import answers
from gradus.web.answers import fields, number, site_of, text
from gradus.web.looks import Look
from gradus.web.pages.common import exercise_url, next_link
from gradus.web.pages.exercise import find_exercise
from gradus.web.render import fragment
from gradus.web.routes_files import conflict_answer, context_in, name_in
from gradus.web.sandbox import Ran, Stop, run_cells, run_file

if TYPE_CHECKING:
    from gradus.grader import Verdict
    from gradus.learner import Learner
    from gradus.roadmap import Exercise
    from gradus.web.site import Site
    from gradus.web.views import Views

Json = dict[str, Any]
#: A cell of a lesson may load a data set and fit a model.
LESSON = Limits(seconds=20.0, memory_mb=1024, output_kb=256)
MOST_CELLS = 60


async def check(request: Request) -> Response:
    """Save, check, record; a newer check of the same file takes the place of one that waits."""
    site, sent = site_of(request), await fields(request)
    source = text(sent, "source") if "source" in sent else None
    version = text(sent, "version", "") if source is not None else ""
    seed = number(sent, "seed", 2**64 - 1) if sent.get("seed") not in (None, "") else None
    name, context = request.path_params["exercise"], context_in(request, sent)
    versions: list[str] = []  # of the file that was sent, as it lies on disk now

    def run(learner: Learner) -> tuple[Exercise, str, Verdict, str | None]:
        exercise, chosen, path = find_exercise(learner, name, context, name_in(request))
        save = begin_save(learner.workspace, path, source, version) if source is not None else None
        written = site.desk.beside(save.write) if save is not None and save.needed else None
        if exercise.is_project and written is not None:
            written.result()  # it is read back with the rest of its folder
        # While the disk is being written, the same text is judged already.
        submission = learner.workspace.snapshot(exercise, path)
        if save is not None:
            versions.append(version_of(save.body))
        if save is not None and not exercise.is_project:
            submission = replace(submission, source=save.body)
        verdict = site.desk.lend().check(exercise, submission, seed)
        if written is not None:
            written.result()
        return exercise, chosen, verdict, _unsaved(learner, exercise, verdict, submission.source, chosen)

    async with site.turns.take((name, context)) as mine:
        if not mine:
            return JSONResponse({"superseded": True})
        try:
            stop = partial(_stop, site, name)
            exercise, chosen, verdict, unsaved = await answers.unless_left(request, site.desk.work(run), stop)
        except ConflictError as conflict:
            return conflict_answer(request, conflict)
    screen = await site.desk.read(lambda views: _screen(views, exercise, chosen, verdict, unsaved))
    expected = getattr(verdict, "expected_figures", ())
    screen["figures"] = figures(site, [base64.b64decode(item) for item in verdict.figures])
    screen["expected_figures"] = [
        {**figure, "alt": "What was expected"}
        for figure in figures(site, [base64.b64decode(item) for item in expected])
    ]
    told = {**verdict.to_json(), "figures": [], "expected_figures": []}
    if answers.accepts_html(request) and not answers.is_htmx(request):
        back = exercise_url(exercise.id, chosen)
        return answers.sheet(request, "verdict", verdict=told, screen=screen, back=back, plain=True)
    html = fragment("_verdict.html", verdict=told, screen=screen)
    if answers.is_htmx(request):
        return HTMLResponse(html)
    data = {
        "version": versions[0] if versions else verdict.source_sha256,
        "verdict": told,
        "screen": screen,
        "html": html,
    }
    return JSONResponse(data, background=BackgroundTask(_look_again, site))


def _stop(site: Site, name: str) -> None:
    """Nobody waits for this check any more: its processes end, and nothing is recorded."""
    site.desk.lend().supersede(site.roadmap.exercise(name).id)


async def _look_again(site: Site) -> None:
    """Make the views anew that the next page will ask for, while nobody waits."""
    await site.desk.read(lambda views: (views.progress(), views.next()))


def _unsaved(learner: Learner, exercise: Exercise, verdict: Verdict, source: bytes, context: str) -> str | None:
    """Record the attempt; why that was not possible, if it was not."""
    from gradus.learner import NotSavedError

    try:
        learner.record(exercise, verdict, source, context)
    except NotSavedError as error:
        return f"{error.what} {error.next_step}".strip()
    return None


def _screen(views: Views, exercise: Exercise, context: str, verdict: Verdict, unsaved: str | None) -> Json:
    """What stands around a verdict."""
    log = views.history().log(exercise.id)
    unit = views.roadmap.unit(exercise.unit)
    notices, views.notices = list(views.notices), []
    return {
        "title": exercise.title,
        "exercise": exercise.id,
        "kind": exercise.kind,
        "context": context,
        "unit": {"id": unit.id, "number": unit.number, "title": unit.title},
        "passed": log.passed,
        "finished": log.finished,
        "attempts": log.attempts,
        "hints_left": max(0, len(exercise.hints) - log.hints_now),
        "next": next_link(views).to_json() if verdict.outcome == "passed" else None,
        "ways": bool(exercise.ways),
        "notices": notices,
        "recorded": verdict.outcome != "grader_error" and unsaved is None,
        "unsaved": unsaved,
        "lines": _lines_around(views, exercise, context, verdict),
        "figures": [],
        "expected_figures": [],
    }


def _lines_around(views: Views, exercise: Exercise, context: str, verdict: Verdict) -> list[Json]:
    """The line of the learner's file at fault, and a few around it."""
    at = next((finding.line for finding in verdict.findings if finding.line), None)
    if at is None or exercise.is_project:
        return []
    path = views.learner.workspace.file_for(exercise, context)
    lines = read_draft(views.learner.workspace, path).source.split("\n")
    span = range(max(1, at - 2), min(len(lines), at + 1) + 1) if at <= len(lines) else ()
    return [{"number": line, "text": lines[line - 1][:300], "fault": line == at} for line in span]


def figures(site: Site, pictures: list[bytes]) -> list[Json]:
    """Keep pictures and say where they are."""
    count = len(pictures)
    return [
        {"url": site.pictures.put(body), "alt": f"Figure {n} of {count}, drawn by your code" if count > 1 else
         "The figure that your code drew"}
        for n, body in enumerate(pictures, start=1)
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ run


async def run_exercise(request: Request) -> Response:
    """Run the learner's text, then the line to try. Nothing is saved, nothing is recorded."""
    site, sent = site_of(request), await fields(request)
    source = text(sent, "source") if "source" in sent else None
    scratch, name, stop = text(sent, "scratch", ""), request.path_params["exercise"], Stop()

    def run(learner: Learner) -> Ran:
        exercise, _, path = find_exercise(learner, name, context_in(request, sent))
        if exercise.is_project:
            raise UsageError("A project is not run line by line here.", next_step="Check it, or run it in a terminal.")
        submission = learner.workspace.snapshot(exercise, path)
        if source is not None:
            submission = replace(submission, source=_encoded(source))
        return run_file(site.desk.lend(), submission, scratch, exercise.limits, exercise.libraries, stop)

    return _ran(request, await answers.unless_left(request, site.desk.work(run), stop))


async def run_lesson(request: Request) -> Response:
    """Run the cells of a lesson up to one, and show what that one printed and drew."""
    site, sent = site_of(request), await fields(request)
    unit = site.roadmap.unit(request.path_params["unit"])
    cells = sent.get("cells")
    if not isinstance(cells, list) or not 0 < len(cells) <= MOST_CELLS or not all(type(c) is str for c in cells):
        raise UsageError(f"“cells” must be a list of 1 to {MOST_CELLS} texts.")
    for cell in cells:
        _encoded(cell)

    stop = Stop()

    def run() -> Ran:
        return run_cells(site.desk.lend(), cells, LESSON, stop)

    async with site.turns.take(("lesson", unit.id)) as mine:
        if not mine:
            return JSONResponse({"superseded": True})
        return _ran(request, await answers.unless_left(request, site.desk.aside(run), stop))


def _ran(request: Request, ran: Ran) -> Response:
    shown = figures(site_of(request), list(ran.pictures))
    return answers.answer(request, {**ran.to_json(), "figures": shown}, "_run.html", ran=ran, figures=shown)


def _encoded(source: str) -> bytes:
    try:
        return source.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("This text holds half a character (a lone surrogate), which Python cannot read.") from None


# ------------------------------------------------------------------------------------------------ lint, complete


async def lint_text(request: Request) -> Response:
    """Ruff's marks of a text that may not be saved yet; of the file for GET."""
    from gradus.web.lint import lint

    site, name = site_of(request), request.path_params["exercise"]
    exercise = site.roadmap.exercise(name)
    if request.method == "POST":
        source = text(await fields(request), "source")
    else:
        source = (
            await site.desk.read(
                lambda views: read_draft(
                    views.learner.workspace,
                    find_exercise(views.learner, name, context_in(request), name_in(request))[2],
                )
            )
        ).source
    async with site.turns.take(("lint", name)) as mine:
        if not mine:
            return JSONResponse({"superseded": True, "marks": []})
        file = (name_in(request) or "").rpartition("/")[2] if exercise.is_project else f"{exercise.id}.py"
        marks = await site.desk.aside(lambda: lint(source, file) if file.endswith(".py") else [])
    return JSONResponse({"marks": [mark.to_json() for mark in marks]})


async def complete(request: Request) -> Response:
    """Names of libraries that go on from what was typed."""
    from gradus.web.complete import complete as complete_names

    site, sent = site_of(request), await fields(request)
    imports = sent.get("imports")
    known = imports if isinstance(imports, dict) else {}
    path, prefix = text(sent, "path", ""), text(sent, "prefix", "")
    items = await site.desk.aside(lambda: complete_names(known, path, prefix))
    return JSONResponse({"items": [item.to_json() for item in items]})


# ------------------------------------------------------------------------------------------------ explore


async def explore(request: Request) -> Response:
    """Draw one position of an explorable's controls; a request that a later one overtook is dropped."""
    site, sent = site_of(request), await fields(request)
    unit, name = site.roadmap.unit(request.path_params["unit"]), request.path_params["name"]
    values, turn = sent.get("values"), number(sent, "turn") if "turn" in sent else 0
    if not isinstance(values, dict):
        raise UsageError("“values” must hold the controls' values.")
    look = Look.of(sent.get("theme"), sent.get("width"), sent.get("ratio"))
    async with site.turns.take(("explore", unit.id, name)) as mine:
        if not mine:
            return JSONResponse({"turn": turn, "dropped": True})
        drawn = await site.desk.aside(lambda: site.studio.draw(unit.folder, name, values, look))
    table = {"columns": list(drawn.columns), "rows": [list(row) for row in drawn.rows]}
    data = {
        "turn": turn, "picture": site.pictures.put(drawn.picture), "alt": drawn.alt, "caption": drawn.caption,
        "table": table, "milliseconds": round(drawn.milliseconds, 1),
    }  # fmt: skip
    return answers.answer(request, data, "_table.html", table=table)


ROUTES = [
    Route("/api/check/{exercise:str}", check, methods=["POST"]),
    Route("/api/run/exercise/{exercise:str}", run_exercise, methods=["POST"]),
    Route("/api/run/lesson/{unit:str}", run_lesson, methods=["POST"]),
    Route("/api/lint/{exercise:str}", lint_text, methods=["GET", "POST"]),
    Route("/api/complete", complete, methods=["POST"]),
    Route("/api/explore/{unit:str}/{name:str}", explore, methods=["POST"]),
]
