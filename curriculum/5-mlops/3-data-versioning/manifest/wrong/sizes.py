"""A change that keeps the size is not seen.

expects: same_size_seen
The size stands for the content.
"""

import hashlib
from pathlib import Path


def manifest(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(str(path.stat().st_size).encode()).hexdigest()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def fingerprint(entries):
    lines = [f"{entries[path]}  {path}\n" for path in sorted(entries)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
