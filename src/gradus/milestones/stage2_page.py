"""The report of milestone 2 as one page with plots that a person can show, and the plots as files beside it."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.milestones.report import environment
from gradus.milestones.stage2_plots import Picture, draw

if TYPE_CHECKING:
    from gradus.milestones.report import Probe, Report
    from gradus.milestones.stage2 import Dossier
    from gradus.milestones.stage2_declared import Declared

VERDICTS = {
    "verified": ("Verified", "Every probe held, and no evidence is missing."),
    "partial": ("Partly verified", "Nothing speaks against it, but some evidence is missing."),
    "unverified": ("Not verified", "Some probes did not hold."),
}
MARKS = {"passed": ("✓", "holds"), "failed": ("✗", "does not hold"), "not_applicable": ("○", "evidence missing")}
STYLE = """
:root { color-scheme: light dark; --ink: #20242b; --soft: #5b6470; --page: #fff; --line: #d9dde3; --good: #00734f;
  --bad: #b3400a; --open: #7a5b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --soft: #a5adb8; --page: #16191e; --line: #353b45;
  --good: #4cc79b; --bad: #ff9a66; --open: #e6c15a; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 52rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { line-height: 1.2; margin: 0 0 .25rem; } h2 { margin: 2.5rem 0 .75rem; } h3 { margin: 1.75rem 0 .5rem; }
.soft, figcaption, footer { color: var(--soft); font-size: .92rem; }
.verdict { border: 2px solid; border-radius: .5rem; padding: .75rem 1rem; margin: 1.25rem 0; }
.verdict strong { font-size: 1.2rem; }
.verified, .passed .mark { color: var(--good); } .unverified, .failed .mark { color: var(--bad); }
.partial, .not_applicable .mark { color: var(--open); }
.verdict span { color: var(--ink); }
ol.probes { list-style: none; padding: 0; } ol.probes li { display: grid; grid-template-columns: 2rem 1fr;
  border-top: 1px solid var(--line); padding: .6rem 0; } .mark { font-weight: 700; } li p { margin: 0; }
figure { margin: 0 0 1.5rem; }
figure img { max-width: 100%; height: auto; box-sizing: border-box; padding: .5rem; background: #fff;
  border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0;
  border-top: 1px solid var(--line); vertical-align: top; } code { font-size: .88em; }
@media print { body { max-width: none; padding: 0; } figure, li { break-inside: avoid; } }
"""


def write_page(report: Report, dossier: Dossier, declared: Declared, folder: Path) -> Path | None:
    """Write ``report.html`` and its plots into ``folder``; None where that cannot be written.

    The page holds everything it shows, loads nothing, runs nothing; whatever the learner wrote is text in it.
    """
    pictures = draw(dossier, declared.score.value)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for picture in pictures:
            (folder / f"{picture.name}.png").write_bytes(picture.png)
        page = folder / "report.html"
        page.write_text(render(report, dossier, declared, pictures), encoding="utf-8")
    except OSError:
        return None
    return page


def render(report: Report, dossier: Dossier, declared: Declared, pictures: list[Picture]) -> str:
    """The page as HTML."""
    verdict, words = VERDICTS[report.outcome]
    title = f"Milestone {report.stage}: {report.title}"
    return "\n".join([
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
        f'<p class="soft">Gradus · stage {report.stage} · {escape(report.when)}</p><h1>{escape(report.title)}</h1>',
        f'<p class="verdict {report.outcome}"><strong>{verdict}.</strong> <span>{words}</span></p>',
        _summary(dossier, declared),
        *(_figure(picture) for picture in pictures),
        "<h2>What was probed</h2>",
        '<ol class="probes">', *(_probe(probe) for probe in report.probes), "</ol>",
        _files(report),
        "</main></body></html>", "",
    ])  # fmt: skip


def _summary(dossier: Dossier, declared: Declared) -> str:
    study, contest = dossier.study, dossier.contest
    if study is None:
        return ""
    parts = [
        f"Predicting <strong>{escape(declared.data.target)}</strong> from {study.X.shape[1]} features in "
        f"{len(study):,} "
        f"rows with a {escape(str(dossier.about.get('type', 'model')))}."
    ]
    if contest is not None and contest.score == contest.score:
        from gradus.milestones.stage2_compare import split_words

        parts.append(
            f"Cross-validated by Gradus on {split_words(study)}: {escape(contest.metric.title)} "
            f"<strong>{contest.score:.4g}</strong> ± {contest.error:.2g} (standard error); claimed "
            f"{declared.score.value:.4g}."
        )
    return f"<p>{' '.join(parts)}</p>"


def _figure(picture: Picture) -> str:
    image = base64.b64encode(picture.png).decode("ascii")
    words = escape(picture.words)
    return (
        f"<h2>{escape(picture.title)}</h2>"
        f'<figure><img alt="{words}" width="{picture.width}" src="data:image/png;base64,{image}">'
        f"<figcaption>{words}</figcaption></figure>"
    )


def _probe(probe: Probe) -> str:
    mark, words = MARKS[probe.outcome]
    leak = probe.measured.get("leak")
    named = f" <code>{escape(str(leak))}</code>" if leak else ""
    return (
        f'<li class="{probe.outcome}"><span class="mark" role="img" aria-label="{words}">{mark}</span>'
        f"<div><p><strong>{_code(probe.title)}</strong>{named}</p><p "
        f'class="soft">{_code(probe.message)}</p></div></li>'
    )


def _code(text: str) -> str:
    """Escaped text, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _files(report: Report) -> str:
    rows = [
        f"<tr><td>{escape(name)}</td><td><code>{escape(digest)}</code></td></tr>"
        for name, digest in report.files.items()
    ]
    versions = ", ".join(f"{escape(name)} {escape(version)}" for name, version in environment().items())
    layers = ", ".join(map(escape, report.isolation)) or "none"
    evidence = f" The numbers are in <code>{escape(report.evidence.name)}</code>." if report.evidence else ""
    return (
        f"<h2>What ran</h2><table><tr><th>file</th><th>SHA-256</th></tr>{''.join(rows)}</table>"
        f"<footer><p>Seed {report.seed}; <code>gradus milestone {report.stage} --seed {report.seed}</code> draws the "
        "same folds "
        "and "
        f"alterations. Isolation: {layers}. {versions}.{evidence}</p></footer>"
    )
