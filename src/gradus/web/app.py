"""The app: routes behind the doorkeeper, a desk for what blocks, and what runs beside the requests."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from gradus.errors import GradusError
from gradus.web import answers, routes_files, routes_help, routes_pages, routes_road, routes_static, routes_work
from gradus.web.desk import Desk
from gradus.web.events import Hub, Watcher
from gradus.web.explore import Studio
from gradus.web.jobs import Jobs
from gradus.web.security import Doorkeeper, Keys
from gradus.web.site import Site
from gradus.web.turns import Turns

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Learner, Workspace
    from gradus.roadmap import Roadmap

ROUTES = [
    *routes_pages.ROUTES,
    *routes_files.ROUTES,
    *routes_work.ROUTES,
    *routes_help.ROUTES,
    *routes_road.ROUTES,
    *routes_static.ROUTES,
]


def create_app(
    workspace: Workspace,
    roadmap: Roadmap,
    lend: Callable[[], Grader],
    *,
    keys: Keys,
    port: int,
    open_learner: Callable[[], Learner] | None = None,
    watch: bool = True,
    warm: bool = True,
) -> Doorkeeper:
    """The web app for one workspace, listening on ``port`` of the loopback address.

    ``lend`` lends the grader (opened at the first check, or at once with ``warm``); ``open_learner`` opens the record,
    once for each thread that needs one; ``watch``: look for files that change on disk.
    """
    from gradus.learner import Learner

    opened = open_learner or (lambda: Learner.open(workspace, roadmap))
    hub = Hub()
    site = Site(roadmap, workspace, Desk(opened, lend), hub, Jobs(hub.publish), Studio(lend), Turns())
    app = Starlette(
        routes=ROUTES,
        lifespan=_lifespan(site, watch, warm),
        exception_handlers={
            GradusError: answers.gradus_error,
            HTTPException: answers.http_error,
            Exception: answers.fault,
        },
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return Doorkeeper(app, keys, port)


def _lifespan(
    site: Site, watch: bool, warm: bool
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        site.hub.open()
        watcher = Watcher(site)
        beside = [asyncio.create_task(watcher.run())] if watch else []
        beside += [asyncio.create_task(_warm(site))] if warm else []
        try:
            yield
        finally:
            watcher.stop()
            site.hub.close()
            for task in beside:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*beside, return_exceptions=True)
            await asyncio.to_thread(_close, site)

    return lifespan


async def _warm(site: Site) -> None:
    """Tell the learner's story once and let the checker load its libraries, while the first page is read."""

    def warm() -> bool:
        grader = site.desk.lend()
        return grader.ready()

    try:
        await site.desk.read(lambda views: (views.queue(), views.progress(), views.next()))
        ready = await site.desk.aside(warm)
    except Exception as error:
        if os.environ.get("GRADUS_DEBUG"):
            raise
        print(f"The checker could not be made ready: {error}", file=sys.stderr)
        site.hub.publish("host", {"state": "failed", "what": "The checker could not be made ready."})
        return
    gc.collect()
    gc.freeze()  # the learner's story and the libraries stay: no later collection walks through them again
    site.hub.publish("host", {"state": "ready" if ready else "warming", "what": ""})


def _close(site: Site) -> None:
    site.studio.close()
    site.desk.close()
