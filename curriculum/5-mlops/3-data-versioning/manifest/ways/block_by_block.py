"""Reads block by block with `hashlib.file_digest`, so that a file larger than the memory can be hashed, too."""

import hashlib
import os


def manifest(folder: str) -> dict[str, str]:
    entries = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            entries[os.path.relpath(path, folder).replace(os.sep, "/")] = digest
    return entries


def fingerprint(entries: dict[str, str]) -> str:
    total = hashlib.sha256()
    for path, digest in sorted(entries.items()):
        total.update(f"{digest}  {path}\n".encode())
    return total.hexdigest()
