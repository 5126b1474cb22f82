"""What one running server holds: the desk, the secrets, the pictures, the listeners."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gradus.web.assets import Assets, Pictures

if TYPE_CHECKING:
    from gradus.learner import Workspace
    from gradus.roadmap import Roadmap
    from gradus.web.desk import Desk
    from gradus.web.events import Hub
    from gradus.web.explore import Studio
    from gradus.web.jobs import Jobs
    from gradus.web.turns import Turns


@dataclass
class Site:
    """One server for one workspace. ``id`` changes at every start, so that pages notice a new one."""

    roadmap: Roadmap
    workspace: Workspace
    desk: Desk
    hub: Hub
    jobs: Jobs
    studio: Studio
    turns: Turns
    assets: Assets = field(default_factory=Assets)
    pictures: Pictures = field(default_factory=Pictures)
    #: Versions that a page was told lie on disk against its own: overwriting one of these keeps it first.
    contested: set[tuple[str, str]] = field(default_factory=set)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
