"""The write-up: a competition is finished by saying what was done and what was learned from it."""

from __future__ import annotations

import re
from pathlib import Path

from gradus.errors import UsageError

FILE = "writeup.md"
FEWEST_WORDS = 20
MOST_BYTES = 256 * 1024
SECTIONS = {
    "What I built": "The model, the features, and what you left out, so that somebody could build it again.",
    "How I checked it": "Which split you validated on, what your own score was, and how the public board compared.",
    "What I learned": "What helped, what did not, and what you would do next.",
}


def template(title: str) -> str:
    """An empty write-up."""
    parts = [f"# {title}", ""]
    for name, asks in SECTIONS.items():
        parts += [f"## {name}", "", f"> {asks}", "", ""]
    return "\n".join(parts)


def read_writeup(path: Path) -> str:
    """The write-up's text. Raises UsageError, naming the section, when one says nothing yet."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(
                "The write-up is too long to be one.", str(path), f"Keep it below {MOST_BYTES // 1024} KB."
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            "There is no write-up.", str(path), "Run `gradus arena start` again to get its template back."
        ) from None
    except UnicodeDecodeError:
        raise UsageError("The write-up is not UTF-8 text.", str(path), "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(
            f"The write-up cannot be read: {error.strerror}.", str(path), "Check its permissions."
        ) from None
    for name, asks in SECTIONS.items():
        words = _own_words(text, name)
        if words is None:
            raise UsageError(f"The write-up has no section “{name}”.", str(path), f"Put the heading `## {name}` back.")
        if words < FEWEST_WORDS:
            raise UsageError(
                f"“{name}” holds {words} words of yours; it takes at least {FEWEST_WORDS} to say something.",
                str(path),
                asks,
            )
    return text


def _own_words(text: str, section: str) -> int | None:
    """How many words stand under a heading, quoted prompts left out; None where the heading is missing."""
    match = re.search(rf"^##\s+{re.escape(section)}\s*$(.*?)(?=^##\s|\Z)", text, re.MULTILINE | re.DOTALL)
    if match is None:
        return None
    own = [line for line in match[1].splitlines() if not line.lstrip().startswith(">")]
    return len(re.findall(r"\w+", " ".join(own)))
