"""From a view to a response: a page or its JSON twin, a fragment or JSON with the fragment in it, an error in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from gradus.errors import ContentError, GradusError, HostError, StoreError, UsageError, WorkspaceError
from gradus.learner.editing import ConflictError
from gradus.web.render import environment, fragment
from gradus.web.security import style_nonce

if TYPE_CHECKING:
    from gradus.learner.records import Record
    from gradus.web.pages.common import Chrome
    from gradus.web.site import Site

T = TypeVar("T")
Json = dict[str, Any]
LOOK: Final = 0.25  # seconds between two looks whether the browser is still there
VARY = {"Vary": "Accept, HX-Request"}
THEMES = ("auto", "light", "dark")


class NotFound(UsageError):  # noqa: N818 - the web's word for it
    """The address names nothing."""


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    site: Site = request.app.state.site
    return site


def accepts_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def is_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def wants_json(request: Request) -> bool:
    """Whether a page's twin was asked for."""
    return "application/json" in request.headers.get("accept", "") and not accepts_html(request)


def page(request: Request, name: str, view: Record, frame: Chrome, status: int = 200, **more: Any) -> Response:
    """A page from its template, or as JSON for who asks for that."""
    if wants_json(request):
        return JSONResponse({"page": name, **view.to_json(), "chrome": frame.to_json()}, status, headers=VARY)
    nonce = style_nonce(request.scope) if more.pop("editor", False) else ""
    html = (
        environment()
        .get_template(f"{name}.html")
        .render(page=view, name=name, frame=frame, nonce=nonce, **shared(request), **more)
    )
    return HTMLResponse(html, status, headers=VARY)


def sheet(request: Request, name: str, **context: Any) -> Response:
    """A page without a frame around it, for what a browser without JavaScript asked for."""
    template = environment().get_template(f"{name}.html")
    return HTMLResponse(template.render(name=name, frame=None, nonce="", **shared(request), **context), headers=VARY)


def shared(request: Request) -> Json:
    """What every template may use."""
    site = site_of(request)
    return {
        "csrf": request.scope.get("gradus.csrf", ""),
        "theme": theme_of(request),
        "asset": site.assets.url,
        "server": site.id,
        "path": request.url.path,
    }


def theme_of(request: Request) -> str:
    chosen = request.cookies.get("gradus-theme", "auto")
    return chosen if chosen in THEMES else "auto"


def answer(
    request: Request, data: Json, template: str = "", status: int = 200, then: str = "", **more: Any
) -> Response:
    """An API's answer: a bare fragment for htmx, a redirect to ``then`` for a plain form, else JSON with ``html``."""
    html = fragment(template, csrf=request.scope.get("gradus.csrf", ""), **more) if template else ""
    if is_htmx(request):
        return HTMLResponse(html, status, headers=VARY)
    if then and accepts_html(request):
        return RedirectResponse(then, 303)
    return JSONResponse({**data, **({"html": html} if template else {})}, status, headers=VARY)


async def fields(request: Request) -> Json:
    """The request's fields, from JSON or a form. Raises HTTPException when they are malformed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == "application/x-www-form-urlencoded":
        try:
            return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200))
        except ValueError:
            raise HTTPException(400, "The form cannot be read.") from None
    try:
        sent = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(400, "The request is not valid JSON.") from None
    if not isinstance(sent, dict):
        raise HTTPException(400, "The request must be a JSON object.")
    return sent


def text(sent: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A text among the fields. Raises UsageError when it is missing or none."""
    value = sent.get(name, default)
    if not isinstance(value, str):
        raise UsageError(f"“{name}” must be a text.")
    return value


def number(sent: Mapping[str, Any], name: str, most: int = 2**63) -> int:
    """A whole number among the fields. Raises UsageError when it is missing, none, or out of range."""
    value = sent.get(name)
    if isinstance(value, str) and value.strip().lstrip("-").isdigit() and len(value) < 24:
        value = int(value)
    if type(value) is not int or not 0 <= value <= most:
        raise UsageError(f"“{name}” must be a whole number.")
    return value


async def unless_left(request: Request, work: Awaitable[T], stop: Callable[[], None]) -> T:
    """Wait for work; when the browser leaves meanwhile, stop it. Work that is done at once is not looked after."""
    watching: list[asyncio.Task[None]] = []

    async def watch() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(LOOK)
        stop()

    timer = asyncio.get_running_loop().call_later(LOOK, lambda: watching.append(asyncio.ensure_future(watch())))
    try:
        return await work
    finally:
        timer.cancel()
        for watcher in watching:
            watcher.cancel()


# ------------------------------------------------------------------------------------------------ errors


def status_of(error: GradusError) -> int:
    """The status that stands for an error."""
    kinds: tuple[tuple[type[GradusError], int], ...] = (
        (ConflictError, 409), (NotFound, 404), (UsageError, 400), (WorkspaceError, 422),
        (HostError, 503), (StoreError, 500), (ContentError, 500),
    )  # fmt: skip
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


async def gradus_error(request: Request, error: Exception) -> Response:
    """An error in words."""
    assert isinstance(error, GradusError)
    status = status_of(error)
    if isinstance(error, UsageError) and request.method == "GET" and error.what.startswith("There is no "):
        status = 404
    return await failure(request, status, error.what, error.where, error.next_step)


async def http_error(request: Request, error: Exception) -> Response:
    """What Starlette raises: no such route, no such method, or one of ours."""
    assert isinstance(error, HTTPException)
    words = {
        404: ("There is no such page.", "The map leads to everything there is."),
        405: ("This address does not answer that kind of request.", "Go back and try again."),
    }
    own = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    what, step = words.get(error.status_code, ("The request cannot be answered.", ""))
    return await failure(request, error.status_code, own or what, "", step, error.headers)


async def fault(request: Request, error: Exception) -> Response:
    """A fault of ours: said so, and written to the terminal."""
    what = "Something of ours broke. Nothing of your work is lost."
    step = "Load the page again. If it stays, the terminal where you started Gradus says what happened."
    return await failure(request, 500, what, "", step)


async def failure(
    request: Request, status: int, what: str, where: str = "", next_step: str = "", headers: Any = None
) -> Response:
    """An error as a page, a fragment or JSON."""
    data = {"error": {"what": what, "where": where, "next_step": next_step}}
    head = {**VARY, **(headers or {})}
    notice = fragment("_error.html", what=what, where=where, next_step=next_step)
    if is_htmx(request):
        return HTMLResponse(notice, status, headers=head)
    if not accepts_html(request):
        return JSONResponse({**data, "html": notice}, status, headers=head)
    html = environment().get_template("error.html").render(
        name="error", status=status, what=what, where=where, next_step=next_step, frame=None, nonce="",
        **shared(request),
    )  # fmt: skip
    return HTMLResponse(html, status, headers=head)
