"""Every page says what the learner's room says, as HTML and as JSON, and is whole."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from webclient import Open

PAGES = {
    "/": "map", "/unit/arrays": "unit", "/exercise/doubled": "exercise", "/review": "review", "/quiz/arrays": "quiz",
    "/plan": "plan", "/progress": "progress", "/resources": "resources", "/milestone/1": "milestone",
    "/welcome": "welcome", "/placement/1": "placement", "/settings": "settings",
}  # fmt: skip
VOID = {"meta", "link", "input", "img", "br", "hr", "use"}


class Outline(HTMLParser):
    """Headings, ids and labels of a page; complains about tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.problems: list[str] = []
        self.feed(text)
        self.problems += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and not (tag in ("path", "circle", "rect") and self.open[-1:] == ["symbol"]):
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        named = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag == "img" and "alt" not in named:  # an empty one says: only for the eye
            self.problems.append("an image has no text alternative")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1:] == [tag]:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] != [tag]:
            self.problems.append(f"</{tag}> closes <{self.open[-1] if self.open else ''}>")
        if tag in self.open:
            while self.open.pop() != tag:
                pass


@pytest.mark.parametrize(("path", "name"), PAGES.items())
def test_a_page_is_whole(planned: Open, path: str, name: str) -> None:
    answer = planned.get(path)
    assert answer.status_code == 200
    assert f'data-page="{name}"' in answer.text
    outline = Outline(answer.text)
    assert outline.problems == []
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    steps = [b - a for a, b in zip(outline.headings, outline.headings[1:], strict=False)]
    assert max(steps, default=0) <= 1, outline.headings
    assert len(outline.ids) == len(set(outline.ids))
    labels = re.findall(r'aria-labelledby="([^"]+)"', answer.text) + re.findall(r'<label for="([^"]+)"', answer.text)
    assert set(labels) <= set(outline.ids)


@pytest.mark.parametrize(("path", "name"), PAGES.items())
def test_a_page_has_a_twin(planned: Open, path: str, name: str) -> None:
    twin = planned.twin(path)
    assert twin["page"] == name
    assert twin["chrome"]["workspace"] == "work"


def test_the_first_visit_asks_three_things_and_leads_on(web: Open) -> None:
    assert web.get("/").headers["location"] == "/welcome"
    text = web.get("/welcome").text
    assert all(f'name="{field}"' in text for field in ("background", "hours_per_week", "track"))
    done = web.submit("/api/welcome", background="student", hours_per_week="6", track="ml-engineer")
    assert done.status_code == 303
    assert done.headers["location"] == "/welcome"
    text = web.get("/welcome").text
    assert "/unit/arrays" in text
    assert 'action="/api/place/1"' in text
    assert web.get("/").status_code == 200


def test_senseless_answers_are_refused_in_words(web: Open) -> None:
    page = web.submit("/api/welcome", background="pirate", hours_per_week="6", track="ml-engineer")
    assert page.status_code == 400
    assert "is not a background" in page.text
    fragment = web.send("/api/plan", {"background": "student", "hours_per_week": 900}, **{"hx-request": "true"})
    assert fragment.status_code == 400
    assert fragment.text.startswith('<div class="notice notice-bad" role="alert">')
    data = web.send("/api/plan", {"hours_per_week": "many"}).json()
    assert data["error"]["what"].startswith("Hours a week must be a number")
    assert "notice-bad" in data["html"]


def test_the_map_marks_where_one_is(planned: Open) -> None:
    twin = planned.twin("/")
    unit = twin["stages"][0]["units"][0]
    assert unit["here"]
    assert unit["status"] == "not started"
    assert twin["next"]["url"] == "/unit/arrays"
    text = planned.get("/").text
    assert 'data-key="c"' in text
    assert text.count('class="stage"') == 2


def test_a_lesson_has_cells_maths_and_is_remembered(planned: Open) -> None:
    text = planned.get("/unit/arrays").text
    assert '<span class="math inline">X \\cdot 2</span>' in text
    assert '<textarea class="cell-source"' in text
    assert '<pre class="output" tabindex="0"><code>2\n</code></pre>' in text
    assert planned.twin("/")["stages"][0]["units"][0]["status"] == "under way"
    assert planned.get("/unit/1.1").status_code == 200
    assert "not written yet" in planned.get("/unit/later").text


def test_reading_time_is_recorded(planned: Open) -> None:
    assert planned.send("/api/lesson/arrays", {"seconds": 600}).status_code == 200
    assert planned.twin("/progress")["minutes"] == 10.0
    assert planned.send("/api/lesson/arrays", {"seconds": "x"}).status_code == 200
    assert planned.send("/api/lesson/nothing", {"seconds": 1}).status_code == 400


def test_an_exercise_shows_its_file_and_a_line_to_try(planned: Open) -> None:
    twin = planned.twin("/exercise/doubled")
    assert twin["file"].endswith("doubled.py")
    assert twin["scratch"] == "doubled(np.array([1.0, 2.0]))"
    assert twin["hints_left"] == 3
    text = planned.get("/exercise/doubled").text
    assert f'data-version="{twin["draft"]["version"]}"' in text
    assert '<meta name="style-nonce"' in text
    assert "nonce-" in planned.get("/exercise/doubled").headers["content-security-policy"]
    assert "nonce-" not in planned.get("/plan").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/exercise/nothing", "/unit/nothing", "/quiz/nothing", "/milestone/9", "/exercise/doubled?context=x",
     "/figure/none.png", "/static/none.js", "/placement/7"],
)  # fmt: skip
def test_what_is_not_there_is_said_on_a_page(planned: Open, path: str) -> None:
    answer = planned.get(path)
    assert answer.status_code in (400, 404)
    assert 'data-page="error"' in answer.text
    assert "Back to the map" in answer.text
    assert Outline(answer.text).problems == []
    assert planned.client.get(path, headers={"accept": "application/json"}).json()["error"]["what"]


def test_a_fault_of_ours_is_a_page_too(planned: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("gradus.web.pages.road.plan_page", broken)
    with pytest.raises(RuntimeError):  # the test client hands it on; the browser has its page already
        planned.get("/plan")
    quiet = type(planned.client)(planned.app, base_url=str(planned.client.base_url), raise_server_exceptions=False)
    quiet.cookies = planned.client.cookies
    answer = quiet.get("/plan", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "Nothing of your work is lost" in answer.text
    assert "secret detail" not in answer.text


def test_cards_are_answered_with_an_explanation_for_every_choice(planned: Open) -> None:
    question = planned.twin("/quiz/arrays")["question"]
    right = question["choices"].index("`[2 4]`")
    fields = {"card": question["id"], "seed": question["seed"], "from": "quiz/arrays?n=1"}
    done = planned.send("/api/card", {**fields, "choice": right}).json()
    assert done["correct"]
    assert done["next"] == "/quiz/arrays?n=2"
    assert "Each entry is doubled." in done["html"]
    assert "That is what a list does." in done["html"]
    page = planned.submit("/api/card", **{name: str(value) for name, value in fields.items()}, choice=str(1 - right))
    assert page.status_code == 200
    assert "Not quite" in page.text
    assert planned.send("/api/card", {**fields, "choice": 7}).status_code == 400
    assert planned.send("/api/card", {**fields, "choice": 0, "from": "//evil.example"}).json()["next"] == "/review"
    assert planned.get("/quiz/arrays?n=3").status_code == 200
    assert "last question" in planned.get("/quiz/arrays?n=9").text


def test_the_entry_test_is_laid_out_when_it_is_begun(planned: Open) -> None:
    assert not planned.twin("/placement/1")["begun"]
    assert not (planned.site.workspace.root / "placement").exists()
    assert planned.submit("/api/place/1").headers["location"] == "/placement/1"
    twin = planned.twin("/placement/1")
    assert twin["begun"]
    assert twin["tasks"][0]["url"] == "/exercise/centered?context=placement"
    assert planned.get(twin["tasks"][0]["url"]).status_code == 200


def test_settings_are_kept(planned: Open) -> None:
    done = planned.submit("/api/settings", theme="dark", switches="1")
    assert "gradus-theme=dark" in done.headers["set-cookie"]
    assert "rhythm = false" in (planned.site.workspace.root / "gradus.toml").read_text()
    assert '<html lang="en" data-theme="dark">' in planned.get("/settings").text
    assert planned.twin("/")["rhythm"] is None
    planned.send("/api/settings", {"rhythm": True})
    assert planned.twin("/")["rhythm"] is not None
    assert planned.send("/api/settings", {"theme": "pink"}).status_code == 400
    del planned.client.cookies["gradus-theme"]
    planned.client.cookies.set("gradus-theme", "dark'><script>")
    assert 'data-theme="auto"' in planned.get("/settings").text


def test_files_to_take_away(planned: Open) -> None:
    calendar = planned.get("/plan.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    export = planned.get("/export.json")
    assert "attachment" in export.headers["content-disposition"]
    assert any(event["kind"] == "plan" for event in export.json()["events"])


def test_the_bundle_is_kept_by_browsers_only_while_it_is_the_same(planned: Open) -> None:
    address = re.search(r'href="(/static/app\.css\?v=\w+)"', planned.get("/").text)
    assert address
    style = planned.client.get(address[1], headers={"accept-encoding": "gzip"})
    assert "immutable" in style.headers["cache-control"]
    assert style.headers["content-encoding"] == "gzip"
    again = planned.client.get("/static/app.css", headers={"if-none-match": style.headers["etag"]})
    assert again.status_code == 304
    assert planned.client.get("/static/app.css").headers["cache-control"] == "no-cache"
