"""Copies look new.

expects: copies_agree
Size and time of the last change are hashed in place of the content.
"""

import hashlib
from pathlib import Path


def manifest(folder):
    found = {}
    for path in Path(folder).rglob("*"):
        if path.is_file():
            facts = path.stat()
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(
                f"{facts.st_size} {facts.st_mtime}".encode()
            ).hexdigest()
    return found


def fingerprint(entries):
    lines = [f"{entries[path]}  {path}\n" for path in sorted(entries)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
