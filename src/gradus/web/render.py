"""Templates: Jinja with autoescaping everywhere, and the few filters that pages need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def fragment(name: str, **context: Any) -> str:
    """A part of a page."""
    return environment().get_template(name).render(**context)


@cache
def environment() -> Environment:
    """The one environment. Undefined names are errors, so that a misspelling never shows as a gap."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from gradus.web import markup, values

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

    def safe(make: Any) -> Any:
        return lambda text, *args: Markup(make(text or "", *args))

    made.filters.update(
        prose=safe(markup.prose),
        inline=safe(markup.inline),
        message=safe(markup.message),
        message_line=safe(markup.message_line),
        code=safe(markup.highlight),
        day=day,
        moment=moment,
        iso=lambda when: when.isoformat(),
        minutes=minutes,
        plural=plural,
        milliseconds=milliseconds,
        tables=values.tables,
        measured=measured,
    )
    made.globals.update(OUTCOMES=OUTCOMES, PROBES=PROBES)
    return made


#: Outcome -> its words. The icon has the outcome's own name.
OUTCOMES: Mapping[str, str] = {
    "passed": "Passed",
    "not_yet": "Not yet",
    "unstarted": "Not started",
    "broken": "Does not run",
    "over_limit": "Over the limit",
    "grader_error": "Our fault, not yours",
}
PROBES: Mapping[str, tuple[str, str]] = {
    "passed": ("passed", "Holds"),
    "failed": ("not_yet", "Does not hold"),
    "not_applicable": ("unstarted", "Does not apply"),
}


def day(when: date | datetime, today: date | None = None) -> str:
    """A date in words, without the year where it is this one: ``12 March``."""
    chosen = when.astimezone().date() if isinstance(when, datetime) else when
    now = today or date.today()
    return f"{chosen.day} {chosen:%B}" if chosen.year == now.year else f"{chosen.day} {chosen:%B %Y}"


def moment(when: datetime, today: date | None = None) -> str:
    """A time in words: ``today 14:05``, ``yesterday 09:30``, ``12 March``."""
    local, now = when.astimezone(), today or date.today()
    away = (now - local.date()).days
    if away in (0, 1):
        return f"{'today' if away == 0 else 'yesterday'} {local:%H:%M}"
    return day(local.date(), now)


def minutes(count: float) -> str:
    """A span in words: ``45 min``, ``3 h``, ``3 h 20 min``."""
    whole = round(count)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{whole} min"
    return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"


def plural(count: int, noun: str, nouns: str = "") -> str:
    """``1 check``, ``2 checks``."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def milliseconds(value: float) -> str:
    """A duration: ``0.42 ms``, ``12 ms``, ``1.3 s``."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 10 else f"{value:.2g} ms"


def measured(value: Any) -> str:
    """What a probe measured, in one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {measured(item)}" for key, item in value.items())
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
