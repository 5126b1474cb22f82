"""How a request is refused: a sentence, as a small page or as JSON. Nothing of the app is needed for it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import Send

_STYLE: Final = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;"
    "padding:0 1.5rem}h1{font-size:1.5rem;line-height:1.3}p{opacity:.85}"
)
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Gradus</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>{what}</h1><p>{next_step}</p></main></body></html>
"""
#: The one style of this page is allowed by its hash, so that it needs nothing that is behind the door.
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request that goes no further."""

    def __init__(self, status: int, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.status = status
        self.what = what
        self.next_step = next_step


async def answer(refusal: Refusal, accept: str, send: Send) -> None:
    """Say it in the form that was asked for."""
    if "text/html" in accept:
        kind = b"text/html; charset=utf-8"
        page = _PAGE.format(
            style=_STYLE, what=html.escape(refusal.what), next_step=html.escape(refusal.next_step).replace("`", "")
        )
        body = page.encode()
    else:
        kind = b"application/json"
        error = {"what": refusal.what, "where": "", "next_step": refusal.next_step}
        body = json.dumps({"error": error}).encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"content-security-policy", _POLICY.encode()),
        (b"connection", b"close"),  # what is left of a body that is too long is not read
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
