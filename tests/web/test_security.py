"""Everything is refused before any handler runs, unless the one browser that was let in asks from our own page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from payloads import PAYLOADS
from starlette.routing import Route
from starlette.testclient import TestClient
from webclient import HTML, ORIGIN, PORT, TOKEN, Open

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.roadmap import Roadmap
from gradus.web.app import ROUTES, create_app
from gradus.web.security import Keys

REAL = {"unit": "arrays", "exercise": "doubled", "stage": "1", "job": "x", "event": "x", "name": "x", "page": "x"}
#: Forms of the Host header that a rebinding page or a stray proxy sends.
HOSTS = [
    "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}", f"0.0.0.0:{PORT}",
    f"[::1]:{PORT}", f"127.0.0.1.evil.example:{PORT}", f"localhost.evil.example:{PORT}", f"127.1:{PORT}",
    f"2130706433:{PORT}", f"0x7f.0.0.1:{PORT}", f"127.0.0.1:{PORT}@evil.example", f"localhost:{PORT}:80", "",
]  # fmt: skip
ORIGINS = [
    "http://evil.example", f"http://127.0.0.1:{PORT + 1}", f"https://127.0.0.1:{PORT}", "null", f"http://0.0.0.0:{PORT}",
    f"http://localhost.evil.example:{PORT}", "file://", f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}/",
]  # fmt: skip


def requests() -> Iterator[tuple[str, str]]:
    """Every route with each of its methods, at a real address."""
    for route in ROUTES:
        assert isinstance(route, Route)
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: REAL[match[1]], route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, path


EVERY = list(requests())
CHANGING = [(method, path) for method, path in EVERY if method != "GET"]


@pytest.fixture
def touched(door: Open, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that reached the app behind the door."""
    reached: list[str] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"reached"})

    monkeypatch.setattr(door.app, "app", behind)
    return reached


def ask(web: Open, method: str, path: str, **headers: str) -> Any:
    own = {**HTML, "origin": ORIGIN, "x-csrf-token": web.keys.csrf, "content-type": "application/json", **headers}
    own = {name: value for name, value in own.items() if value != "-"}
    return web.client.request(method, path, content=b"{}" if method != "GET" else None, headers=own)


def test_the_table_knows_every_route() -> None:
    assert len(EVERY) > 40
    assert {method for method, _ in EVERY} == {"GET", "POST", "PUT"}


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_our_own_page_reaches_it(door: Open, touched: list[str], method: str, path: str) -> None:
    assert ask(door, method, path).status_code == 200
    assert touched == [path]


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_without_the_cookie_nothing_is_served(door: Open, touched: list[str], method: str, path: str) -> None:
    door.client.cookies.clear()
    assert ask(door, method, path).status_code == 401
    for cookie in ("x", "", door.keys.csrf, TOKEN, door.keys.session[:-1], f"{door.keys.session}; gradus-{PORT}=x"):
        assert ask(door, method, path, cookie=f"gradus-{PORT}={cookie}").status_code == 401, cookie
    assert touched == []


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_another_host_is_refused(door: Open, touched: list[str], method: str, path: str) -> None:
    for host in HOSTS:
        assert ask(door, method, path, host=host).status_code == 421, host
    assert touched == []


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_another_origin_is_refused(door: Open, touched: list[str], method: str, path: str) -> None:
    for origin in ORIGINS:
        assert ask(door, method, path, origin=origin).status_code == 403, origin
    for site in ("cross-site", "same-site", "CROSS-SITE", "other"):
        assert ask(door, method, path, **{"sec-fetch-site": site}).status_code == 403, site
    assert touched == []


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_change_needs_origin_and_secret(door: Open, touched: list[str], method: str, path: str) -> None:
    assert ask(door, method, path, origin="-").status_code == 403
    assert ask(door, method, path, **{"sec-fetch-site": "none"}).status_code == 403
    for secret in ("-", "x", door.keys.session, door.keys.csrf.upper()):
        assert ask(door, method, path, **{"x-csrf-token": secret}).status_code == 403, secret
    for kind in ("text/plain", "multipart/form-data; boundary=x", "-"):
        assert ask(door, method, path, **{"content-type": kind}).status_code == 415, kind
    assert touched == []


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_long_body_is_refused(door: Open, touched: list[str], method: str, path: str) -> None:
    headers = {"origin": ORIGIN, "x-csrf-token": door.keys.csrf, "content-type": "application/json"}
    long = b'{"a": "' + b"x" * (1024 * 1024) + b'"}'
    assert door.client.request(method, path, content=long, headers=headers).status_code == 413
    chunked = door.client.request(method, path, content=iter([long[:700_000], long[700_000:]]), headers=headers)
    assert chunked.status_code == 413
    assert touched == []


def test_short_forms_may_not_be_long(door: Open, touched: list[str]) -> None:
    headers = {"origin": ORIGIN, "x-csrf-token": door.keys.csrf, "content-type": "application/json"}
    body = b'{"a": "' + b"x" * 70_000 + b'"}'
    assert door.client.post("/api/hint/doubled", content=body, headers=headers).status_code == 413
    assert door.client.put("/api/file/doubled", content=body, headers=headers).status_code == 200
    assert touched == ["/api/file/doubled"]


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_other_methods_reach_no_handler(door: Open, method: str, path: str) -> None:
    allowed = {known for known, where in EVERY if where == path} | {"HEAD"}
    for other in {"POST", "PUT"} - allowed:
        answer = ask(door, other, path)
        assert answer.status_code == 405, other
    for never in ("DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"):
        assert ask(door, never, path).status_code == 405, never


def test_two_hosts_or_two_cookies_are_one_too_many(door: Open, touched: list[str]) -> None:
    host = f"127.0.0.1:{PORT}"
    twice = [("host", host), ("host", "evil.example"), ("accept", "text/html")]
    assert door.client.get("/", headers=twice).status_code == 421
    both = f"gradus-{PORT}={door.keys.session}; gradus-{PORT}={door.keys.session}"
    assert ask(door, "GET", "/", cookie=both).status_code == 401
    assert touched == []


def test_the_link_lets_one_in_and_the_cookie_is_kept_from_scripts(stranger: Open) -> None:
    answer = stranger.get(f"/enter?token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"gradus-{PORT}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie


@pytest.mark.parametrize("query", ["", "?token=", "?token=x", f"?token={TOKEN}x", f"?tokens={TOKEN}", "?token=%00"])
def test_another_token_does_not(stranger: Open, query: str) -> None:
    answer = stranger.get(f"/enter{query}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nx: y", "/ä"]
)
def test_the_way_on_stays_here(stranger: Open, target: str) -> None:
    answer = stranger.client.get("/enter", params={"token": TOKEN, "next": target}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_entry_needs_the_host_and_no_other_site(stranger: Open) -> None:
    assert stranger.get(f"/enter?token={TOKEN}", host="evil.example").status_code == 421
    assert stranger.get(f"/enter?token={TOKEN}", **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert stranger.get(f"/enter?token={TOKEN}", **{"sec-fetch-site": "none"}).status_code == 303


def test_there_are_no_sockets(web: Open) -> None:
    from starlette.websockets import WebSocketDisconnect

    for path in ("/", "/api/events", "/terminal/ws"):
        with pytest.raises(WebSocketDisconnect), web.client.websocket_connect(path):
            pass


@pytest.mark.parametrize("path", ["/", "/exercise/doubled", "/nowhere", "/static/app.css", "/api/file/doubled"])
def test_every_answer_forbids_what_is_not_ours(door: Open, path: str) -> None:
    answer = door.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_a_refusal_is_a_sentence_not_a_trace(web: Open) -> None:
    web.client.cookies.clear()
    page = web.get("/progress")
    assert "Open the link that gradus start printed" in page.text
    assert "sha256-" in page.headers["content-security-policy"]
    data = web.client.get("/progress", headers={"accept": "application/json"}).json()
    assert data["error"]["what"] == "This browser has not been let in."


def test_no_page_has_script_or_style_in_line(door: Open) -> None:
    pages = ["/", "/unit/arrays", "/exercise/doubled", "/review", "/quiz/arrays", "/plan", "/progress", "/resources",
             "/milestone/1", "/welcome", "/placement/1", "/settings", "/nowhere"]  # fmt: skip
    for path in pages:
        text = door.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', re.sub(r'<a class="external"[^>]*>', "", text)), path


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/%00",
     "/unit/arrays/figures/..%2f..%2funit.toml", "/unit/arrays/figures/%2e%2e", "/unit/..%2f..", "/figure/..%2fx.png",
     "/exercise/..%2f..%2fgradus", "/api/file/..%2fgradus?context=work", "/api/file/doubled?context=..%2f.."],
)  # fmt: skip
def test_no_address_leads_out(door: Open, path: str) -> None:
    answer = door.get(path)
    assert answer.status_code in (400, 404), path
    assert "root:" not in answer.text


# ------------------------------------------------------------------------------------------------ payloads


class Dangers(HTMLParser):
    """Whatever in a page could run or fetch something that is not ours."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "script" and not (named.get("src") or "").startswith("/static/"):
            self.found.append("script")
        if tag in ("style", "iframe", "object", "embed", "base", "video", "source", "math", "x"):
            self.found.append(tag)
        if tag == "meta" and named.get("http-equiv"):
            self.found.append("meta refresh")
        for name, value in attrs:
            target = (value or "").strip().lower()
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "data", "formaction") and not re.match(
                r"(/(?!/)|#|https://|$)", target
            ):
                self.found.append(f"{tag} {name}={target}")
            if tag != "a" and name in ("src", "action") and target.startswith("http"):
                self.found.append(f"{tag} {name}={target}")


def code_with(payload: str) -> str:
    """A submission that prints, returns, draws and raises the payload."""
    return (
        f"TEXT = {payload!r}\nprint(TEXT)\n\n\nclass Odd(Exception):\n    pass\n\n\n"
        "def doubled(x):\n    print(TEXT)\n    if len(x) == 2:\n        return TEXT\n    raise Odd(TEXT)\n"
    )


def test_there_are_fifty() -> None:
    assert len(set(PAYLOADS)) == 50
    assert Dangers("<p onclick=x><script>1</script><a href='javascript:x'>").found == [
        "p onclick", "script", "a href=javascript:x",
    ]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_code_prints_and_values_runs_nowhere(door: Open, payload: str) -> None:
    seen = door.twin("/api/file/doubled")["version"]
    done = door.send("/api/check/doubled", {"source": code_with(payload), "version": seen}).json()
    assert done["verdict"]["outcome"] in ("not_yet", "broken")
    ran = door.send("/api/run/exercise/doubled", {"scratch": "TEXT"}).json()
    raised = door.send("/api/run/exercise/doubled", {"scratch": "doubled([1])"}).json()
    cell = door.send("/api/run/lesson/arrays", {"cells": [f"print({payload!r})\n{payload!r}"]}).json()
    history = door.twin("/api/history/doubled")
    event = history["attempts"][0]["id"]
    compared = door.twin(f"/api/history/doubled/{event}")
    page = door.get("/exercise/doubled").text
    plain = door.submit("/api/check/doubled").text
    for name, text in {
        "check": done["html"], "run": ran["html"], "raised": raised["html"], "cell": cell["html"],
        "history": history["html"], "compared": compared["html"], "page": page, "plain": plain,
    }.items():  # fmt: skip
        assert Dangers(text).found == [], name


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_request_runs_nowhere(door: Open, payload: str) -> None:
    """In names of things, queries, the theme's cookie, the milestone's data file."""
    from urllib.parse import quote

    name = quote(payload, safe="")
    places = ("/exercise/*", "/unit/*", "/exercise/doubled?context=*", "/review?skip=*", "/quiz/arrays?n=*", "/*",
              "/figure/*.png", "/api/history/doubled/*")  # fmt: skip
    for path in (place.replace("*", name) for place in places):
        answer = door.get(path)
        assert answer.status_code in (200, 400, 404)
        assert Dangers(answer.text).found == [], path
    answer = door.submit("/api/card", card=payload, choice="0", seed="1", **{"from": payload})
    assert Dangers(answer.text).found == []
    answer = door.submit("/api/welcome", background=payload, hours_per_week=payload, track=payload)
    assert Dangers(answer.text).found == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_the_workspace_name_and_figures_runs_nowhere(
    road: Roadmap, grader: Grader, tmp_path: Path, payload: str
) -> None:
    from gradus.web.render import fragment

    safe = payload.replace("/", "⁄").replace("\x00", "")[:80]
    workspace = Workspace.create(tmp_path / safe, road, git=False)
    keys = Keys.new(TOKEN)
    app = create_app(workspace, road, lambda: grader, keys=keys, port=PORT, watch=False, warm=False)
    with TestClient(app, base_url=ORIGIN) as client:
        client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
        for path in ("/welcome", "/settings", "/exercise/doubled"):
            assert Dangers(client.get(path, headers=HTML).text).found == []
    probe = {"id": payload, "title": payload, "outcome": payload, "message": payload, "measured": {payload: payload}}
    assert Dangers(fragment("_probe.html", probe=probe)).found == []
    job = {"state": "failed", "error": {"what": payload, "where": payload, "next_step": payload}, "stage": 1}
    assert Dangers(fragment("_report.html", job=job)).found == []
    table = {"columns": [payload], "rows": [[payload]]}
    assert Dangers(fragment("_table.html", table=table)).found == []


def test_a_picture_opened_alone_may_run_nothing(door: Open) -> None:
    address = door.site.pictures.put(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "svg")
    answer = door.get(address)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-security-policy"].endswith("sandbox")
