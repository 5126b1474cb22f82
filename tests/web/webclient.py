"""A browser of the tests: it asks as a page, as a script of a page, and as a plain form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from gradus.web.security import Doorkeeper, Keys
from gradus.web.site import Site

ROAD = Path(__file__).parents[1] / "cli" / "road"
PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"
TOKEN = "the-token-of-this-launch"
HTML = {"accept": "text/html"}
JSON = {"accept": "application/json"}


@dataclass
class Open:
    """The app, its site, and a client whose requests come from its own pages."""

    app: Doorkeeper
    site: Site
    client: TestClient
    keys: Keys

    def get(self, path: str, **headers: str) -> Any:
        """A page, as a browser asks for it."""
        return self.client.get(path, headers={**HTML, **headers}, follow_redirects=False)

    def twin(self, path: str) -> Any:
        """A page's JSON twin."""
        answer = self.client.get(path, headers=JSON)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, path: str, body: Any, method: str = "POST", **headers: str) -> Any:
        """JSON, as the page's script sends it."""
        own = {**JSON, "origin": ORIGIN, "x-csrf-token": self.keys.csrf, **headers}
        return self.client.request(method, path, json=body, headers=own, follow_redirects=False)

    def submit(self, path: str, **fields: str) -> Any:
        """A plain form, as a browser without JavaScript sends it."""
        return self.client.post(
            path, data={"csrf": self.keys.csrf, **fields}, headers={**HTML, "origin": ORIGIN}, follow_redirects=False
        )
