"""A verdict, given as the JSON of the command-line contract, rendered for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradus.cli.compare import side_by_side
from gradus.cli.markdown import render
from gradus.cli.places import shorten
from gradus.cli.term import Terminal
from gradus.cli.text import cells, clip, indent, one_line, pad, sanitize, wrap

#: Outcome -> (words, style). The words alone tell them apart; color and symbol only help.
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "passed": ("Passed", "ok"),
    "not_yet": ("Not yet", "warn"),
    "unstarted": ("Not started", "info"),
    "broken": ("Does not run", "bad"),
    "over_limit": ("Over the limit", "limit"),
    "grader_error": ("Our fault, not yours", "fault"),
    "libraries_missing": ("Not installed yet", "info"),
}

PRINT_LINES = 12
VALUE_LINES = 14
SHORT = 40
ALL_HOLD = "Every check holds."

Json = Mapping[str, Any]


def render_verdict(verdict: Json, screen: Json, term: Terminal) -> list[str]:
    """The whole answer to a check: headline first, the smallest failing call, the named mistake, what to do next.

    ``screen`` holds what the verdict does not know: ``title``, ``unit``, ``file``, ``figures`` (paths), ``hints``
    (how many are left), ``next`` (the next step), ``missing`` (isolation layers that should be there and are not).
    """
    outcome = verdict["outcome"]
    lines = [_status(verdict, screen, term), ""]
    if outcome == "passed":
        lines += _passed(verdict, screen, term)
    else:
        lines += _not_passed(verdict, screen, term)
    lines += _prints(verdict, screen, term)
    lines += _figures(screen, term)
    lines += _footer(verdict, screen, term)
    return lines


def status_words(outcome: str, term: Terminal) -> str:
    """Symbol and words of an outcome, styled."""
    words, style = OUTCOMES.get(outcome, (outcome, "bad"))
    return term.style(f"{term.symbol(outcome)} {words}" if outcome in OUTCOMES else words, style, "strong")


def _status(verdict: Json, screen: Json, term: Terminal) -> str:
    left = status_words("libraries_missing" if _lacks_libraries(verdict) else verdict["outcome"], term)
    name = one_line(screen.get("title") or verdict.get("exercise", ""), 60)
    time = _time(verdict.get("milliseconds") or {})
    room = term.width - cells(left) - cells(time) - 5
    if room < 8:
        return left
    middle = term.style(clip(f"{term.symbol('dot')} {name}", room, term.symbol("cut")), "dim")
    line = f"{left} {middle}"
    return pad(line, term.width - cells(time)) + term.style(time, "dim")


def _time(milliseconds: Json) -> str:
    total = float(milliseconds.get("total") or 0.0)
    if total <= 0:
        return ""
    return f"{total / 1000:.1f} s" if total >= 1000 else f"{total:.0f} ms" if total >= 10 else f"{total:.1f} ms"


def _lacks_libraries(verdict: Json) -> bool:
    return (verdict.get("diagnosis") or {}).get("id") == "libraries_missing"


def _passed(verdict: Json, screen: Json, term: Terminal) -> list[str]:
    ran = verdict.get("ran") or {}
    checks, cases = ran.get("checks", 0), ran.get("cases", 0)
    held = f"{_count(checks, 'check')} held on {_count(cases, 'fresh input')}."
    if screen.get("kind") == "project":
        held = f"{_count(checks, 'check')} held: {_count(cases, 'command or request')}, all as they should be."
        held = held.replace("command or requests", "commands and requests")
    headline = verdict.get("headline") or ALL_HOLD
    if checks and _same(headline, ALL_HOLD):
        return [held]
    return [*render(headline, term), *(wrap(held, term.width, term, "dim") if checks else [])]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _not_passed(verdict: Json, screen: Json, term: Terminal) -> list[str]:
    findings: Sequence[Json] = verdict.get("findings") or []
    diagnosis: Json = verdict.get("diagnosis") or {}
    headline = (verdict.get("headline") or "").strip()
    lines = _headline(headline, term)
    if findings:
        lines += _finding(findings[0], headline, screen, term)
    message = _without_headline(diagnosis.get("message") or "", headline)
    if message and message != ((findings[0].get("message") or "").strip() if findings else ""):
        lines += ["", *render(message, term)]
    if len(findings) > 1:
        lines += ["", *_folded(findings[1:], term)]
    return lines


def _headline(headline: str, term: Terminal) -> list[str]:
    from gradus.cli.markdown import inline
    from gradus.cli.text import wrap_spans

    return wrap_spans(inline(" ".join(sanitize(headline).split()), term, "strong"), term.width, term)


def _without_headline(message: str, headline: str) -> str:
    """The teaching part of a message whose first paragraph was already shown as the headline."""
    message = message.strip()
    if not headline:
        return message
    first, _, rest = message.partition("\n\n")
    if _same(first, headline):
        return rest.strip()
    if message.startswith(headline):
        return message[len(headline) :].strip()
    return message


def _same(a: str, b: str) -> bool:
    return " ".join(a.split()).strip(" .*").casefold() == " ".join(b.split()).strip(" .*").casefold()


def _finding(finding: Json, headline: str, screen: Json, term: Terminal) -> list[str]:
    """The smallest failing call, expected beside actual, and the line of the learner's code."""
    lines: list[str] = []
    expected, actual = finding.get("expected"), finding.get("actual")
    message = _without_headline(finding.get("message") or "", headline)
    if message and not _is_plain_to_see(expected, actual):
        lines += ["", *render(message, term)]
    if case := finding.get("case"):
        lines += ["", *indent(_bounded(sanitize(str(case)), term, "code"))]
    if expected and actual and finding.get("kind") == "raised":
        lines += ["", *side_by_side(expected, None, term)]  # what was raised is the headline already
    elif expected or actual:
        lines += ["", *side_by_side(expected, actual, term)]
    lines += _source(finding, screen, term)
    if screen.get("kind") == "project" and finding.get("trace"):
        said = "\n".join(sanitize(str(line)) for line in finding["trace"])
        lines += ["", term.style("What it said last:", "dim"), *indent(_bounded(said, term))]
    return lines


def _is_plain_to_see(expected: object, actual: object) -> bool:
    """Whether both values are short enough that a sentence about them would only repeat them."""
    return bool(expected and actual) and all(len(str(value)) <= SHORT for value in (expected, actual))


def _bounded(text: str, term: Terminal, *styles: str, limit: int = VALUE_LINES) -> list[str]:
    lines = text.strip("\n").split("\n")
    shown = [term.style(line, *styles) for line in lines[:limit]]
    if len(lines) > limit:
        shown.append(term.style(f"{term.symbol('cut')} {len(lines) - limit} more lines", "dim"))
    return shown


def _source(finding: Json, screen: Json, term: Terminal) -> list[str]:
    """Three lines of the learner's file around the line at fault, marked."""
    number = finding.get("line")
    if not isinstance(number, int) or number < 1:
        return []
    source = screen.get("source")
    lines = source.split("\n") if isinstance(source, str) else []
    place = f"{one_line(shorten(screen['file'])) if screen.get('file') else 'your file'}:{number}"
    out = ["", term.style(f"  {place}", "dim")]
    if not lines or number > len(lines):
        return out
    for at in range(max(1, number - 2), min(len(lines), number + 1) + 1):
        text = clip(sanitize(lines[at - 1].rstrip()), max(10, term.width - 11), term.symbol("cut"))
        mark = term.symbol("pointer") if at == number else " "
        edge = term.style(term.symbol("bar"), "dim")
        body = term.style(text, "strong") if at == number else text
        out.append(f"  {term.style(mark, 'bad')} {term.style(f'{at:>4}', 'dim')} {edge} {body}".rstrip())
    return out


def _folded(findings: Sequence[Json], term: Terminal) -> list[str]:
    """The other failing checks, one line each: the first is enough to act on."""
    names = [one_line(finding.get("check") or "", 80) for finding in findings]
    shown = [name for name in dict.fromkeys(names) if name][:4]
    if not shown:
        return []
    more = len(findings) - len(shown)
    tail = f" and {more} more" if more > 0 else ""
    return wrap(term.prose(f"Also not yet: {'; '.join(shown)}{tail}."), term.width, term, "dim")


def _prints(verdict: Json, screen: Json, term: Terminal) -> list[str]:
    text = sanitize(verdict.get("stdout") or "").strip("\n")
    is_project = screen.get("kind") == "project"
    if not text.strip() or (is_project and (verdict["outcome"] == "passed" or _said_last(verdict))):
        return []  # what a service logs while all is well is nobody's concern
    lines = text.split("\n")
    if is_project:
        lines = lines[-PRINT_LINES:]
    edge = term.style(term.symbol("bar"), "dim")
    room = max(10, term.width - 4)
    out = ["", term.style("What your programs wrote last:" if is_project else "What your code printed:", "dim")]
    out += [f"  {edge} {clip(line, room, term.symbol('cut'))}".rstrip() for line in lines[:PRINT_LINES]]
    if len(lines) > PRINT_LINES:
        out.append(term.style(f"  {edge} {term.symbol('cut')} {len(lines) - PRINT_LINES} more lines", "dim"))
    return out


def _said_last(verdict: Json) -> bool:
    return any(finding.get("trace") for finding in verdict.get("findings") or [])


def _figures(screen: Json, term: Terminal) -> list[str]:
    paths = [one_line(shorten(path)) for path in screen.get("figures") or []]
    if not paths:
        return []
    label = "Figure:" if len(paths) == 1 else "Figures:"
    return ["", *(f"{term.style(label if i == 0 else ' ' * len(label), 'dim')} {path}" for i, path in enumerate(paths))]


def _footer(verdict: Json, screen: Json, term: Terminal) -> list[str]:
    """What to do next, how to replay, and isolation only where something is missing."""
    outcome, exercise = verdict["outcome"], one_line(verdict.get("exercise", ""), 80)
    lines: list[str] = []
    if screen.get("missing"):
        missing = ", ".join(one_line(str(name)) for name in screen["missing"][:4])
        more = len(screen["missing"]) - 4
        missing += f" and {more} more" if more > 0 else ""
        lines += ["", *wrap(f"Ran without: {missing}. `gradus doctor` says what to do.", term.width, term, "warn")]
    rows: list[tuple[str, str]] = []
    if outcome == "passed":
        rows += _after_a_pass(screen, exercise)
    elif outcome == "grader_error":
        rows.append(
            ("gradus install mlops", "installs them, once for the whole stage")
            if _lacks_libraries(verdict)
            else ("gradus doctor", "looks for what is wrong; nothing was recorded against you")
        )
    elif screen.get("recorded", True):
        rows += _help_rows(outcome, screen, exercise)
    if outcome in ("not_yet", "over_limit") and verdict.get("seed") is not None:
        rows.append((f"gradus check {exercise} --seed {verdict['seed']}", "runs these very inputs again"))
    return lines + (["", *command_rows(rows, term)] if rows else [])


def _after_a_pass(screen: Json, exercise: str) -> list[tuple[str, str]]:
    rows = []
    if screen.get("ways", True):
        rows.append((f"gradus ways {exercise}", "shows other good solutions beside yours"))
    step = screen.get("next") or {}
    if step.get("title"):
        rows.append((step.get("command") or "gradus next", f"next: {one_line(step['title'], 80)}"))
    return rows


def _help_rows(outcome: str, screen: Json, exercise: str) -> list[tuple[str, str]]:
    hints = screen.get("hints")
    if outcome == "unstarted":
        if screen.get("file"):
            place = (
                "folder to work in; save its files" if screen.get("kind") == "project" else "file to write in; save it"
            )
            return [(one_line(shorten(Path(screen["file"]))), f"is the {place} and check again")]
        return []
    if hints:
        return [(f"gradus hint {exercise}", f"{_count(hints, 'hint')} left")]
    if hints == 0:
        return [(f"gradus solution {exercise}", "all hints are used; read the reference if you are stuck")]
    return []


def command_rows(rows: Sequence[tuple[str, str]], term: Terminal) -> list[str]:
    """``command   what it does``, in columns where they fit, on two lines where they do not."""
    width = max((cells(command) for command, _ in rows), default=0)
    wide = all(width + 3 + cells(words) <= term.width for _, words in rows)
    out: list[str] = []
    for command, words in rows:
        name = term.style(command, "info")
        if wide:
            out.append(f"{pad(name, width)}   {term.style(term.prose(words), 'dim')}")
        else:
            out += [name, *indent(wrap(term.prose(words), term.width - 2, term, "dim"))]
    return out
