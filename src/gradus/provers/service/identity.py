"""Who the service is: the git revision of a project, what the service reports, and the user it runs as."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from gradus.provers.service.faults import Found
from gradus.provers.service.speaking import NoAnswer, Speaker

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT = re.compile(r"[0-9a-f]{7,64}")


def head_of(folder: Path) -> str | None:
    """The commit that ``folder``'s repository is at, read without running git; None where there is no repository."""
    for place in (folder.absolute(), *folder.absolute().parents):
        if (place / ".git").exists():
            return _head(place / ".git")
    return None


def _head(git: Path) -> str | None:
    try:
        if git.is_file():  # a work tree: the file names the real folder
            git = (git.parent / git.read_text().partition(":")[2].strip()).resolve()
        text = (git / "HEAD").read_text().strip()
        if not text.startswith("ref:"):
            return text if _HASH.fullmatch(text) else None
        name = text.partition(":")[2].strip()
        common = git / (git / "commondir").read_text().strip() if (git / "commondir").exists() else git
        for base in (git, common):
            if (base / name).is_file():
                return (base / name).read_text().strip()
        packed = (common / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except (OSError, UnicodeDecodeError, IndexError):
        return None


def reported(speaker: Speaker, path: str, head: str | None = None) -> dict[str, str]:
    """``{"model": …, "revision": …}`` as the service reports them. Raises :class:`Found` (``no_version``)."""
    aside = "" if head else " (The project's folder is in no git repository.)"
    try:
        answer = speaker.get(path)
    except NoAnswer as error:
        raise Found("no_version", f"`GET {path}` got no answer: {error}.") from None
    document: Any = None
    if answer.status == 200:
        try:
            document = answer.json()
        except (ValueError, RecursionError):
            document = None
    if not isinstance(document, dict):
        raise Found("no_version", f"`GET {path}` gave status {answer.status} and `{answer.text[:120]}`.")
    found = {}
    for name in ("model", "revision"):
        value = document.get(name)
        text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
        if not text or text.lower() in ("unknown", "none", "null", "latest"):
            raise Found("no_version", f"`GET {path}` says nothing usable as `{name}`: `{answer.text[:120]}`.{aside}")
        found[name] = text
    return found


def check_revision(revision: str, head: str | None) -> str:
    """What the reported revision is worth, in a sentence. Raises :class:`Found` (``wrong_revision``)."""
    plain = revision.lower()
    if not _SHORT.fullmatch(plain):
        raise Found("wrong_revision", f"It reports `{revision[:60]}`, which is no git revision.", revision=revision)
    if head is None:
        return "the project is in no git repository, so its revision was not compared"
    if not head.startswith(plain):
        raise Found("wrong_revision", f"It reports `{plain[:12]}`, and the project is at `{head[:12]}`.", head=head)
    return "the revision is the repository's"


def is_root() -> bool:
    """Whether this very process runs as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
