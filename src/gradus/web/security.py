"""Who may ask. A local server that runs code must answer one browser and nobody else, so everything is decided here,
before any route: the Host header (against DNS rebinding), Origin and Sec-Fetch-Site (against foreign pages), the cookie
(against other programs and accounts), the CSRF token, and the size of what is sent.

The token of the launch, in the URL that the terminal prints, is exchanged at ``/enter`` for a cookie that scripts
cannot read and other sites cannot send. Cookies know no ports, so the cookie's name holds ours.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from gradus.web.refusals import Refusal, answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS: Final = ("GET", "HEAD")
METHODS: Final = ("GET", "HEAD", "POST", "PUT")
MOST_BODY: Final = 64 * 1024
#: Longer bodies are for the learner's text (256 KB at most, twice as long as JSON) and a lesson's cells.
LARGE_BODY: Final = 1024 * 1024
_LARGE: Final = re.compile(r"/api/(file|check|run|lint|restore)/|/api/milestone/\d+/file$")
_NEXT: Final = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?=&%-]{0,200}")


@dataclass(frozen=True)
class Keys:
    """The secrets of one launch: the token in the printed URL, the cookie's value, the CSRF token."""

    token: str
    session: str
    csrf: str

    @classmethod
    def new(cls, token: str | None = None) -> Keys:
        """Fresh secrets; ``token`` may be given, so that a test knows it."""
        secret = secrets.token_bytes(32)
        return cls(token or secrets.token_urlsafe(32), _derived(secret, "session"), _derived(secret, "csrf"))


def _derived(secret: bytes, name: str) -> str:
    return hmac.new(secret, name.encode(), hashlib.sha256).hexdigest()


class Doorkeeper:
    """ASGI middleware around the whole app. ``port`` is the one that the server listens on.

    It sets ``scope["gradus.csrf"]`` and, on every answer, the headers that keep a browser from running anything that is
    not ours. A route may set a stricter Content-Security-Policy; a page whose editor makes styles asks `style_nonce`.
    """

    def __init__(self, app: ASGIApp, keys: Keys, port: int) -> None:
        self.app = app
        self.keys = keys
        self.cookie = f"gradus-{port}"
        self.hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(scope, send))
        elif scope["type"] == "websocket":  # there are none: refused before the handshake
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope["headers"])
        try:
            self._examine(scope, headers)
            if scope["path"] == "/enter":
                await self._enter(scope, headers, send)
                return
            self._admit(headers)
            body = await _read(receive, headers, LARGE_BODY if _LARGE.match(scope["path"]) else MOST_BODY)
            if body is None:
                return  # the browser went away in the middle of its own request
            if scope["method"] not in SAFE_METHODS:
                self._check_csrf(headers, body)
        except Refusal as refusal:
            await answer(refusal, headers.get("accept"), send)
            return
        scope["gradus.csrf"] = self.keys.csrf
        await self.app(scope, _replay(body, receive), send)

    def _examine(self, scope: Scope, headers: Headers) -> None:
        """What can be said without knowing who asks."""
        hosts = headers.all("host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            raise Refusal(421, "This address is not served here.", "Open the link that `gradus start` printed.")
        if not scope["path"].startswith("/") or scope["method"] not in METHODS:
            raise Refusal(405, "Gradus does not answer this kind of request.")
        origins, sites = headers.all("origin"), headers.all("sec-fetch-site")
        if any(origin != f"http://{hosts[0]}" for origin in origins) or len(origins) > 1:
            raise Refusal(403, "This request came from another site.", "Only Gradus' own pages may ask.")
        allowed = ("same-origin", "none") if scope["method"] in SAFE_METHODS else ("same-origin",)
        if any(site not in allowed for site in sites):
            raise Refusal(403, "This request came from another site.", "Only Gradus' own pages may ask.")
        if scope["method"] not in SAFE_METHODS and not origins:
            raise Refusal(403, "This request does not say where it came from.", "Only Gradus' own pages may ask.")

    def _admit(self, headers: Headers) -> None:
        values = headers.cookies(self.cookie)
        if len(values) != 1 or not _same(values[0], self.keys.session):
            raise Refusal(
                401, "This browser has not been let in.", "Open the link that `gradus start` printed in your terminal."
            )

    def _check_csrf(self, headers: Headers, body: bytes) -> None:
        sent = headers.get("x-csrf-token")
        kind = headers.get("content-type").partition(";")[0].strip().lower()
        if kind not in ("application/json", "application/x-www-form-urlencoded"):
            raise Refusal(415, "Gradus reads JSON and plain forms.")
        if not sent and kind == "application/x-www-form-urlencoded":
            sent = _field(body, "csrf")
        if not _same(sent, self.keys.csrf):
            raise Refusal(403, "The form's secret is missing or old.", "Load the page again and repeat what you did.")

    async def _enter(self, scope: Scope, headers: Headers, send: Send) -> None:
        """Trade the token for the cookie."""
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=8)
        if scope["method"] != "GET" or not _same(_last(query.get("token")), self.keys.token):
            raise Refusal(
                401, "This link is not the one of this launch.", "Open the link that `gradus start` printed last."
            )
        target = _last(query.get("next")) or "/"
        cookie = f"{self.cookie}={self.keys.session}; Path=/; HttpOnly; SameSite=Strict"
        head = [
            (b"location", (target if _NEXT.fullmatch(target) else "/").encode("latin-1")),
            (b"set-cookie", cookie.encode()),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 303, "headers": head})
        await send({"type": "http.response.body", "body": b""})


class Headers:
    """A request's headers, with repeated ones kept apart."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._raw = [(name.decode("latin-1").lower(), value.decode("latin-1").strip()) for name, value in raw]

    def all(self, name: str) -> list[str]:
        """Every value sent under a name."""
        return [value for known, value in self._raw if known == name]

    def get(self, name: str) -> str:
        """The first value, or an empty text."""
        return next(iter(self.all(name)), "")

    def cookies(self, name: str) -> list[str]:
        """Every cookie of that name: two are one too many, for somebody planted the other."""
        pairs = [part.strip().partition("=") for line in self.all("cookie") for part in line.split(";")]
        return [value for known, _, value in pairs if known == name]


def style_nonce(scope: Scope) -> str:
    """A nonce for style elements of this one answer (the editor makes some); asking for it adds it to the policy."""
    nonce: str = scope.setdefault("gradus.nonce", secrets.token_urlsafe(16))
    return nonce


def _same(sent: str, kept: str) -> bool:
    return hmac.compare_digest(sent.encode("utf-8", "replace"), kept.encode())


def _last(values: list[str] | None) -> str:
    return values[-1] if values else ""


def _field(body: bytes, name: str) -> str:
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=100)
    except ValueError:
        return ""
    return _last(fields.get(name))


async def _read(receive: Receive, headers: Headers, most: int) -> bytes | None:
    """The whole body, refused as soon as it is too long; None when the sender goes away."""
    length = headers.get("content-length")
    if length and (not length.isdigit() or int(length) > most):
        raise Refusal(413, f"This is too large: Gradus reads at most {most // 1024} KB here.")
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            raise Refusal(413, f"This is too large: Gradus reads at most {most // 1024} KB here.")
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hand the body on that was read; afterwards, pass on when the browser leaves."""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _policy(scope: Scope) -> str:
    nonce = scope.get("gradus.nonce")
    style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' blob:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            known = {name.lower() for name, _ in headers}
            fixed = {
                b"content-security-policy": _policy(scope).encode(),
                b"x-content-type-options": b"nosniff",
                b"x-frame-options": b"DENY",
                # Not "no-referrer": a browser then sends `Origin: null` with our own forms.
                b"referrer-policy": b"same-origin",
                b"cross-origin-opener-policy": b"same-origin",
                b"cross-origin-resource-policy": b"same-origin",
                b"cross-origin-embedder-policy": b"require-corp",
                b"permissions-policy": b"camera=(), geolocation=(), microphone=(), usb=(), payment=()",
                b"cache-control": b"no-store",
            }
            headers += [(name, value) for name, value in fixed.items() if name not in known]
            message = {**message, "headers": headers}
        await send(message)

    return sending
