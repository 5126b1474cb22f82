"""The pages: each asks for a view in the pages' thread and is answered as HTML or as its JSON twin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gradus.web import answers
from gradus.web.answers import site_of
from gradus.web.pages import common, exercise, map, review, road, start, unit

if TYPE_CHECKING:
    from gradus.learner.records import Record
    from gradus.web.views import Views

R = TypeVar("R", bound="Record")


async def _show(request: Request, name: str, make: Callable[[Views], R], **more: Any) -> tuple[R, Response]:
    """Make the view and the frame around it, and the page of both."""
    view, frame = await site_of(request).desk.read(lambda views: (make(views), common.chrome(views)))
    return view, answers.page(request, name, view, frame, **more)


async def show_map(request: Request) -> Response:
    """The start page; before there is a plan, the welcome."""
    view, answer = await _show(request, "map", map.map_page)
    if view.finish is None and not answers.wants_json(request):
        return RedirectResponse("/welcome", 303)
    return answer


async def show_unit(request: Request) -> Response:
    """A unit's lesson; that it was opened is remembered the first time."""
    name, site = request.path_params["unit"], site_of(request)
    view, answer = await _show(request, "unit", lambda views: unit.unit_page(views, name), editor=True)
    if view.first_visit and view.lesson is not None and request.method == "GET":

        async def remember() -> None:
            await site.desk.read(lambda views: views.learner.open_lesson(view.id))

        answer.background = BackgroundTask(remember)
    return answer


async def show_exercise(request: Request) -> Response:
    """An exercise, in its own file, a re-solve's or the entry test's (``?context=``)."""
    name, context = request.path_params["exercise"], request.query_params.get("context")
    file = request.query_params.get("name")
    _, answer = await _show(
        request, "exercise", lambda views: exercise.exercise_page(views, name, context, file), editor=True
    )
    return answer


async def show_review(request: Request) -> Response:
    """The first thing that is due."""
    skip = request.query_params.get("skip", "")
    return (await _show(request, "review", lambda views: review.review_page(views, skip)))[1]


async def show_quiz(request: Request) -> Response:
    """One question of a unit (``?n=``)."""
    asked = request.query_params.get("n", "1")
    number = int(asked) if asked.isdigit() and len(asked) < 4 else 1
    name = request.path_params["unit"]
    return (await _show(request, "quiz", lambda views: review.quiz_page(views, name, number)))[1]


async def show_plan(request: Request) -> Response:
    return (await _show(request, "plan", road.plan_page))[1]


async def show_progress(request: Request) -> Response:
    return (await _show(request, "progress", road.progress_page))[1]


async def show_resources(request: Request) -> Response:
    return (await _show(request, "resources", road.resources_page))[1]


async def show_milestone(request: Request) -> Response:
    """A stage's milestone; the examination under way, if there is one, is shown too."""
    number = request.path_params["stage"]
    job = site_of(request).jobs.running(number)
    more: dict[str, Any] = {"job": job.to_json() if job else None, "editor": True}
    return (await _show(request, "milestone", lambda views: road.milestone_page(views, number), **more))[1]


async def show_welcome(request: Request) -> Response:
    return (await _show(request, "welcome", start.welcome_page))[1]


async def show_placement(request: Request) -> Response:
    number = request.path_params["stage"]
    return (await _show(request, "placement", lambda views: start.placement_page(views, number)))[1]


async def show_settings(request: Request) -> Response:
    theme = answers.theme_of(request)
    return (await _show(request, "settings", lambda views: start.settings_page(views, theme)))[1]


async def calendar(request: Request) -> Response:
    """The plan as an iCalendar file."""
    body = await site_of(request).desk.read(lambda views: views.learner.calendar())
    head = {"Content-Disposition": 'attachment; filename="gradus-plan.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=head)


async def figure(request: Request) -> Response:
    """A figure of a lesson, by its name among those that the lesson has."""
    unit_id, name = request.path_params["unit"], request.path_params["name"]
    path = unit.figure_path(site_of(request).roadmap.unit(unit_id), name)
    if path is None:
        raise answers.NotFound("There is no such figure.")
    kind = "image/svg+xml" if path.suffix == ".svg" else "image/png"
    return Response(path.read_bytes(), media_type=kind, headers={"Cache-Control": "max-age=600"})


ROUTES = [
    Route("/", show_map),
    Route("/unit/{unit:str}", show_unit),
    Route("/unit/{unit:str}/figures/{name:str}", figure),
    Route("/exercise/{exercise:str}", show_exercise),
    Route("/review", show_review),
    Route("/quiz/{unit:str}", show_quiz),
    Route("/plan", show_plan),
    Route("/plan.ics", calendar),
    Route("/progress", show_progress),
    Route("/resources", show_resources),
    Route("/milestone/{stage:int}", show_milestone),
    Route("/welcome", show_welcome),
    Route("/placement/{stage:int}", show_placement),
    Route("/settings", show_settings),
]
