"""Hints, solution, other ways, what is checked, cards, reading: help that is taken and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gradus.learner.editing import read_draft
from gradus.web import answers
from gradus.web.answers import fields, number, site_of, text
from gradus.web.pages import common, review
from gradus.web.pages.common import exercise_url
from gradus.web.pages.exercise import find_exercise, what_is_checked
from gradus.web.render import fragment
from gradus.web.routes_files import Json, context_in, differences

if TYPE_CHECKING:
    from pathlib import Path

    from gradus.learner import Solution
    from gradus.roadmap import Exercise
    from gradus.web.views import Views

LONGEST_READING = 24 * 3600


async def hint(request: Request) -> Response:
    """The next hint."""
    sent, name = await fields(request), request.path_params["exercise"]
    found = await site_of(request).desk.read(lambda views: views.learner.hint(name))
    then = exercise_url(name, context_in(request, sent) or "work")
    return answers.answer(request, found.to_json(), "_hint.html", then=f"{then}#hints", hint=found)


async def solution(request: Request) -> Response:
    """The reference, after a pass or after all hints; after a pass with what differs from the learner's own."""
    name = request.path_params["exercise"]

    def read(views: Views) -> tuple[Solution, list[Json] | None]:
        found = views.learner.solution(name)
        exercise, _, path = find_exercise(views.learner, name, None)
        passed = views.history().log(exercise.id).finished
        mine = _mine(views, exercise, path, found) if passed else ""
        return found, list(differences(mine, found.source)) if passed else None

    found, diff = await site_of(request).desk.read(read)
    if answers.accepts_html(request) and not answers.is_htmx(request):
        return _sheet(request, name, fragment("_solution.html", solution=found, diff=diff))
    return answers.answer(request, {**found.to_json(), "diff": diff}, "_solution.html", solution=found, diff=diff)


def _mine(views: Views, exercise: Exercise, path: Path, found: Solution) -> str:
    """The learner's own text; of a project those files that the reference shows."""
    if not exercise.is_project:
        return read_draft(views.learner.workspace, path).source
    from gradus.learner.project_files import read_project
    from gradus.roadmap.folders import as_text

    own = read_project(views.learner.workspace.file_for(exercise), views.learner.workspace.root)
    return as_text({name: body for name, body in own.items() if f"# ==== {name} ====" in found.source})


async def ways(request: Request) -> Response:
    """Other good ways, timed beside the learner's own."""
    site, name = site_of(request), request.path_params["exercise"]
    async with site.turns.take(("ways", name)):
        found = await site.desk.work(lambda learner: learner.ways(name, site.desk.lend()))
    if answers.accepts_html(request) and not answers.is_htmx(request):
        return _sheet(request, name, fragment("_ways.html", ways=found))
    return answers.answer(request, found.to_json(), "_ways.html", ways=found)


def _sheet(request: Request, name: str, inner: str) -> Response:
    title = site_of(request).roadmap.exercise(name).title
    return answers.sheet(request, "sheet", title=title, inner=inner, back=exercise_url(name))


async def checks(request: Request) -> Response:
    """What the checks of an exercise look at."""
    site = site_of(request)
    exercise = site.roadmap.exercise(request.path_params["exercise"])
    checked = await site.desk.aside(lambda: what_is_checked(exercise, site.desk.lend()))
    if answers.accepts_html(request) and not answers.is_htmx(request):
        return _sheet(request, exercise.id, fragment("_checked.html", checked=checked))
    return answers.answer(request, checked.to_json(), "_checked.html", checked=checked)


async def card(request: Request) -> Response:
    """An answer to a card: recorded, explained, and where to go on."""
    sent = await fields(request)
    name, choice, seed = text(sent, "card"), number(sent, "choice", 20), number(sent, "seed", 2**31)
    came_from = text(sent, "from", "review")

    def answered(views: Views) -> tuple[review.AnswerPage, common.Chrome]:
        view = review.answer_page(views, name, choice, seed, came_from)
        views.refresh()
        return view, common.chrome(views)

    view, frame = await site_of(request).desk.read(answered)
    if answers.accepts_html(request) and not answers.is_htmx(request):
        return answers.page(request, "answer", view, frame)
    data = {**view.answer.to_json(), "id": view.question.id, "next": view.next}
    return answers.answer(request, data, "_answer.html", page=view)


async def reading(request: Request) -> Response:
    """How long a lesson was read."""
    sent, name = await fields(request), request.path_params["unit"]
    seconds = sent.get("seconds")
    spent = float(seconds) if isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_READING else None
    await site_of(request).desk.read(lambda views: views.learner.open_lesson(name, spent))
    return answers.answer(request, {"unit": name}, then=f"/unit/{name}")


ROUTES = [
    Route("/api/hint/{exercise:str}", hint, methods=["POST"]),
    Route("/api/solution/{exercise:str}", solution, methods=["POST"]),
    Route("/api/ways/{exercise:str}", ways, methods=["POST"]),
    Route("/api/checks/{exercise:str}", checks),
    Route("/api/card", card, methods=["POST"]),
    Route("/api/lesson/{unit:str}", reading, methods=["POST"]),
]
