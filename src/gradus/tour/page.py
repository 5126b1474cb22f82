"""The evidence of a tour as one page that loads nothing: what was done, what was measured, and of which files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from gradus.milestones.report import Probe, environment
from gradus.tour.deployed import curl_line
from gradus.tour.story import Done, Step, Tour

MARKS = {"done": "✓", "caught": "✓", "partial": "◐", "failed": "✗", "passed": "✓", "not_applicable": "○"}
WORDS = {
    "done": "done", "caught": "caught, as it should be", "partial": "as far as it could be tried here",
    "failed": "failed", "passed": "passed", "not_applicable": "could not be tried here",
}  # fmt: skip
PARTS = {
    "tracking": "The run on the record", "reproduce": "A clean clone", "service": "The service",
    "container": "The image", "monitor": "The monitor", "release": "The gate",
}  # fmt: skip
STYLE = """
:root { color-scheme: light dark; --ink: #20242b; --soft: #5b6470; --page: #fff; --line: #d9dde3; --good: #00734f;
  --bad: #b3400a; --open: #7a5b00; --one: #0072b2; --two: #b3400a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --soft: #a5adb8; --page: #16191e; --line: #353b45;
  --good: #4cc79b; --bad: #ff9a66; --open: #e6c15a; --one: #6cb8f0; --two: #ff9a66; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 54rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { line-height: 1.2; margin: 0 0 .25rem; } h2 { margin: 2.5rem 0 .5rem; } h3 { margin: 1.5rem 0 .25rem; }
.soft, figcaption, footer { color: var(--soft); font-size: .92rem; }
ol { list-style: none; padding: 0; margin: 0; } li { display: grid; grid-template-columns: 2rem 1fr auto; gap: .25rem;
  border-top: 1px solid var(--line); padding: .5rem 0; } li p { margin: 0; } .mark { font-weight: 700; }
.done .mark, .caught .mark, .passed .mark { color: var(--good); } .failed .mark { color: var(--bad); }
.partial .mark, .not_applicable .mark { color: var(--open); } time { color: var(--soft); font-size: .88rem; }
pre { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; white-space: pre-wrap; }
figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif;
  fill: var(--ink); } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .6rem
  .25rem 0; border-top: 1px solid var(--line); vertical-align: top; } code { font-size: .86em; }
summary { cursor: pointer; } @media print { body { max-width: none; padding: 0; } li, figure { break-inside: avoid; } }
"""


def write(tour: Tour) -> Path:
    """Write ``evidence.html`` into the tour's folder."""
    path = tour.folder / "evidence.html"
    path.write_text(render(tour), encoding="utf-8")
    return path


def render(tour: Tour) -> str:
    """The page as HTML. Whatever a file or a command said is text in it."""
    when = tour.report.when if tour.report else ""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>From zero to a deployed model</title><style>{STYLE}</style></head><body><main>",
        f'<p class="soft">gradus tour · {escape(when)}</p><h1>From zero to a deployed model</h1>',
        "<p>The road walked once, with the reference solutions as the learner. Everything below was run; every number "
        "was measured while it ran.</p>",
        *_chapters(tour.taken),
        _folds(tour),
        _deployed(tour),
        *_probes(tour.probes),
        _files(tour),
        "</main></body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _chapters(taken: Sequence[tuple[Step, Done, float]]) -> list[str]:
    parts: list[str] = []
    chapter = ""
    for step, done, seconds in taken:
        if step.chapter != chapter:
            parts.append(f"{'</ol>' if chapter else ''}<h2>{escape(step.chapter)}</h2><ol>")
            chapter = step.chapter
        lines = "".join(f'<p class="soft">{_code(line)}</p>' for line in done.lines)
        parts.append(
            f'<li class="{done.outcome}">{_mark(done.outcome)}<div><p><strong>{escape(step.title)}</strong></p>'
            f"<p>{_code(done.summary)}</p>{lines}</div><time>{seconds:.1f} s</time></li>"
        )
    return [*parts, "</ol>"] if parts else []


def _mark(outcome: str) -> str:
    return f'<span class="mark" role="img" aria-label="{WORDS[outcome]}">{MARKS[outcome]}</span>'


def _code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _folds(tour: Tour) -> str:
    """Each fold's scores as dots, and the interval of the one look at the sealed rows."""
    folds, opening = tour.facts.get("folds"), tour.facts.get("opening")
    if not folds or not opening:
        return ""
    values = [*folds["boosting"], *folds["linear"], opening["low"], opening["high"]]
    low, high = min(values) - 0.005, max(values) + 0.005

    def x(value: float) -> str:
        return f"{150 + 480 * (value - low) / (high - low):.1f}"

    rows = []
    for place, (name, label, color) in enumerate(
        (("linear", "linear model", "--two"), ("boosting", "boosting", "--one"))
    ):
        y = 30 + 36 * place
        dots = "".join(
            f'<circle cx="{x(v)}" cy="{y}" r="5" fill="var({color})" fill-opacity=".55"/>' for v in folds[name]
        )
        rows.append(f'<text x="140" y="{y + 4}" text-anchor="end">{label}</text>{dots}')
    score = opening["score"]
    rows.append(
        f'<text x="140" y="106" text-anchor="end">sealed rows</text><line x1="{x(opening["low"])}" y1="102" '
        f'x2="{x(opening["high"])}" y2="102" stroke="var(--one)" stroke-width="3"/>'
        f'<circle cx="{x(score)}" cy="102" r="6" fill="var(--one)"/>'
    )
    ticks = [round(low + (high - low) * part, 3) for part in (0.1, 0.5, 0.9)]
    axis = "".join(f'<text x="{x(tick)}" y="142" text-anchor="middle">{tick:.3f}</text>' for tick in ticks)
    words = (
        f"Area under the ROC curve: each dot one held-out fold; below, the one look at the sealed rows, {score:.3f} "
        "with its 95 % interval."
    )
    return (
        f'<h2>Cross-validated, then looked at once</h2><figure><svg viewBox="0 0 660 150" role="img" '
        f'aria-label="{escape(words)}">{"".join(rows)}<line x1="150" y1="124" x2="630" y2="124" '
        f'stroke="var(--line)"/>{axis}</svg><figcaption>{escape(words)}</figcaption></figure>'
    )


def _deployed(tour: Tour) -> str:
    if "row" not in tour.facts:
        return ""
    claim = tour.facts.get("claim", {})
    return (
        "<h2>Call it</h2><p>Start the service with <code>python serve.py</code> in the tour's folder; then</p>"
        f"<pre><code>{escape(curl_line(tour.facts['row']))}</code></pre><p>answers "
        f"<code>{{&quot;probability&quot;: {tour.facts['answer']!r}}}</code>. It is "
        f"{escape(str(claim.get('name', 'the model')))} version {escape(str(claim.get('version', '')))}, made by run "
        f"<code>{escape(str(claim.get('run', '')))}</code>.</p>"
    )


def _probes(probes: Sequence[Probe]) -> list[str]:
    if not probes:
        return []
    parts = ["<h2>Milestone 5: every probe</h2>"]
    for name, title in PARTS.items():
        own = [probe for probe in probes if probe.id.startswith(f"{name}.")]
        if own:
            parts += [f"<h3>{title}</h3><ol>", *map(_probe, own), "</ol>"]
    return parts


def _probe(probe: Probe) -> str:
    message = f"<p>{_code(probe.message[:1500])}</p>" if probe.message else ""
    measured = "; ".join(f"{key.replace('_', ' ')} {_short(value)}" for key, value in probe.measured.items())
    return (
        f'<li class="{probe.outcome}">{_mark(probe.outcome)}<div><p><strong>{_code(probe.title)}</strong> '
        f'<code>{escape(probe.id)}</code></p>{message}<p class="soft">{escape(measured[:400])}</p></div></li>'
    )


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return text if len(text) <= 100 else f"{text[:99]}…"


def _files(tour: Tour) -> str:
    if tour.report is None:
        return ""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td><code>{escape(digest)}</code></td></tr>"
        for name, digest in tour.report.files.items()
    )
    versions = ", ".join(f"{escape(name)} {escape(version)}" for name, version in environment().items())
    evidence = tour.report.evidence.name if tour.report.evidence else ""
    table = f"<table>{rows}</table>"
    return (
        f"<h2>Of which files</h2><details><summary>{len(tour.report.files)} hashes (SHA-256)</summary>{table}</details>"
        f"<footer><p>Seed {tour.seed}. The numbers are in <code>workspace/.gradus/evidence/{escape(evidence)}</code>; "
        "<code>gradus milestone 5</code> in <code>workspace/</code> examines it all again. "
        f"{versions}.</p></footer>"
    )
