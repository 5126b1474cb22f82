"""Plan, welcome, placement, settings, milestones: the road's forms."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gradus.errors import UsageError
from gradus.learner.editing import ConflictError, read_draft
from gradus.web import answers
from gradus.web.answers import fields, site_of, text
from gradus.web.pages.start import THEMES, placement_page
from gradus.web.routes_files import conflict_answer, file_json, save_json

if TYPE_CHECKING:
    from gradus.learner import Learner, Plan
    from gradus.web.jobs import Job
    from gradus.web.views import Views

Json = dict[str, Any]
YEAR = 365 * 86400


async def plan(request: Request) -> Response:
    """Make the plan anew from what was given."""
    made = await _planned(request)
    return answers.answer(request, made.to_json(), then="/plan")


async def welcome(request: Request) -> Response:
    """The three answers of a first visit."""
    made = await _planned(request)
    return answers.answer(request, made.to_json(), then="/welcome")


async def _planned(request: Request) -> Plan:
    sent = await fields(request)
    hours, start = sent.get("hours_per_week"), sent.get("start")
    try:
        spent = float(hours) if hours not in (None, "") else None
        day = date.fromisoformat(str(start)) if start else None
    except (TypeError, ValueError):
        raise UsageError("Hours a week must be a number, and the start a date such as 2027-01-04.") from None
    background, track = text(sent, "background", "") or None, text(sent, "track", "") or None
    return await site_of(request).desk.read(lambda views: views.learner.plan(background, spent, track, day))


async def place(request: Request) -> Response:
    """Lay out a stage's entry test."""
    number = request.path_params["stage"]

    def laid(views: Views) -> Json:
        views.learner.place(number)
        views.refresh()
        return placement_page(views, number).to_json()

    done = await site_of(request).desk.read(laid)
    return answers.answer(request, done, then=f"/placement/{number}")


# ------------------------------------------------------------------------------------------------ settings


async def settings(request: Request) -> Response:
    """Switch the theme (a cookie, for this browser) and the rhythm (``gradus.toml``)."""
    from gradus.learner.settings import write_settings

    site, sent = site_of(request), await fields(request)
    theme = text(sent, "theme", answers.theme_of(request))
    if theme not in THEMES:
        raise UsageError(f"“{theme}” is no theme.", next_step=f"Choose one of {', '.join(THEMES)}.")
    form = answers.accepts_html(request) and not answers.is_htmx(request)
    wanted = sent.get("rhythm")
    rhythm = wanted in (True, "true", "on", "1") if wanted is not None or (form and "switches" in sent) else None

    def switched(views: Views) -> bool:
        learner = views.learner
        if rhythm is not None and rhythm != learner.workspace.settings.rhythm:
            learner.workspace = write_settings(learner.workspace, rhythm=rhythm)
            views.forget()
        return learner.workspace.settings.rhythm

    shown = await site.desk.read(switched)
    done = answers.answer(request, {"theme": theme, "rhythm": shown}, then="/settings")
    done.set_cookie("gradus-theme", theme, max_age=YEAR, samesite="strict", path="/")
    return done


async def doctor(request: Request) -> Response:
    """What stands between the learner's code and their machine, each layer tried."""
    from gradus.grader import isolation_report

    layers = await site_of(request).desk.aside(isolation_report)
    data = [
        {"name": row.name, "active": row.active, "detail": row.detail, "remedy": "" if row.active else row.remedy}
        for row in layers
    ]
    return answers.answer(request, {"layers": data}, "_doctor.html", layers=data)


async def export(request: Request) -> Response:
    """The whole record as a file."""
    record = await site_of(request).desk.work(lambda learner: learner.export())
    head = {"Content-Disposition": f'attachment; filename="gradus-{date.today().isoformat()}.json"'}
    return Response(json.dumps(record, indent=1), media_type="application/json", headers=head)


# ------------------------------------------------------------------------------------------------ milestones


async def prove(request: Request) -> Response:
    """Begin an examination; its probes come over the event stream."""
    site, sent = site_of(request), await fields(request)
    stage = site.roadmap.stage(request.path_params["stage"])
    data = text(sent, "data", "") or None
    job = site.jobs.running(stage.number)
    if job is not None:
        return JSONResponse(job.to_json(), 202)
    job = site.jobs.start(stage.number)

    def run(learner: Learner) -> None:
        site.jobs.run(job, learner, site.desk.lend(), _data_path(learner, data))

    async def begin() -> None:
        await site.desk.work(run)

    done = answers.answer(request, job.to_json(), status=202, then=f"/milestone/{stage.number}")
    done.background = BackgroundTask(begin)
    return done


def _data_path(learner: Learner, data: str | None) -> str | None:
    """The data file that was named: inside the workspace when it is not absolute."""
    if data is None:
        return None
    path = Path(data).expanduser()
    return str(path if path.is_absolute() else learner.workspace.root / path)


def _job(request: Request) -> Job:
    job = site_of(request).jobs.get(request.path_params["stage"], request.path_params["job"])
    if job is None:
        raise answers.NotFound("There is no such examination (any more).")
    return job


async def job_state(request: Request) -> Response:
    """How an examination stands."""
    data = _job(request).to_json()
    return answers.answer(request, data, "_report.html", job=data)


async def cancel(request: Request) -> Response:
    """Stop an examination before its next probe."""
    job = _job(request)
    job.cancelled.set()
    return answers.answer(request, job.to_json(), then=f"/milestone/{job.stage}")


async def read_milestone(request: Request) -> Response:
    """The stage's ``milestone.py`` as it lies on disk."""
    return JSONResponse(await site_of(request).desk.read(lambda views: _milestone_json(views, request)))


def _milestone_json(views: Views, request: Request) -> Json:
    draft = read_draft(views.learner.workspace, _milestone_file(views, request))
    return file_json(views, draft, f"milestone-{request.path_params['stage']}", "work")


def _milestone_file(views: Views, request: Request) -> Path:
    from gradus.milestones import milestone_file

    return milestone_file(views.learner.workspace, views.roadmap.stage(request.path_params["stage"]))


async def write_milestone(request: Request) -> Response:
    """Save the stage's ``milestone.py`` over the version that was seen."""
    sent = await fields(request)
    source, version = text(sent, "source"), text(sent, "version")

    def write(views: Views) -> Json:
        path = _milestone_file(views, request)
        return save_json(site_of(request), views.learner.workspace, path, source, version)

    try:
        done = await site_of(request).desk.read(write)
    except ConflictError as conflict:
        return conflict_answer(request, conflict)
    return answers.answer(request, done, then=f"/milestone/{request.path_params['stage']}")


async def lay_out(request: Request) -> Response:
    """Put the milestone's task and starter into the workspace."""
    number = request.path_params["stage"]

    def laid(views: Views) -> Json:
        from gradus.milestones import lay_out_milestone

        lay_out_milestone(views.learner.workspace, views.roadmap.stage(number))
        return _milestone_json(views, request)

    return answers.answer(request, await site_of(request).desk.read(laid), then=f"/milestone/{number}")


ROUTES = [
    Route("/api/plan", plan, methods=["POST"]),
    Route("/api/welcome", welcome, methods=["POST"]),
    Route("/api/place/{stage:int}", place, methods=["POST"]),
    Route("/api/settings", settings, methods=["POST"]),
    Route("/api/doctor", doctor),
    Route("/export.json", export),
    Route("/api/milestone/{stage:int}", prove, methods=["POST"]),
    Route("/api/milestone/{stage:int}/file", read_milestone, methods=["GET"]),
    Route("/api/milestone/{stage:int}/file", write_milestone, methods=["PUT"]),
    Route("/api/milestone/{stage:int}/file", lay_out, methods=["POST"]),
    Route("/api/milestone/{stage:int}/{job:str}", job_state, methods=["GET"]),
    Route("/api/milestone/{stage:int}/{job:str}/cancel", cancel, methods=["POST"]),
]
