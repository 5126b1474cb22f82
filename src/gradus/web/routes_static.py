"""The bundle, the pictures, the event stream."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from gradus.web import answers
from gradus.web.answers import site_of
from gradus.web.events import message

YEAR = 365 * 86400
#: A picture opened by itself may run nothing at all.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


async def static(request: Request) -> Response:
    """A file of the bundle, compressed where that helps."""
    asset = site_of(request).assets.get(request.path_params["name"])
    if asset is None:
        raise answers.NotFound("There is no such file.")
    pinned = request.query_params.get("v") == asset.hash
    packed = asset.packed is not None and "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "Cache-Control": f"max-age={YEAR}, immutable" if pinned else "no-cache",
        "ETag": f'"{asset.hash}{"-gz" if packed else ""}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.packed if packed else asset.body, media_type=asset.kind, headers=headers)


async def picture(request: Request) -> Response:
    """A figure that somebody's code drew, by its hash."""
    name = request.path_params["name"]
    body = site_of(request).pictures.get(name)
    if body is None:
        raise answers.NotFound("This figure is not kept any more.", next_step="Run the code again.")
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    headers = {"Cache-Control": f"max-age={YEAR}, immutable", "Content-Security-Policy": ALONE}
    return Response(body, media_type=kind, headers=headers)


async def events(request: Request) -> Response:
    """The stream that a page listens to."""
    site = site_of(request)
    if site.hub.full:
        return PlainTextResponse("Too many pages are open.", 503, headers={"Retry-After": "30"})
    stream = site.hub.listen(message("hello", {"server": site.id}))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


ROUTES = [
    Route("/static/{name:path}", static),
    Route("/figure/{name:str}", picture),
    Route("/api/events", events, methods=["GET"]),
]
