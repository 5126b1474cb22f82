import hashlib
from pathlib import Path


def manifest(folder: str) -> dict[str, str]:
    """Map the relative path of every file below `folder` to the SHA-256 of its content, in hexadecimal digits."""
    root = Path(folder)
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def fingerprint(entries: dict[str, str]) -> str:
    """One SHA-256 for a whole manifest: of its lines `DIGEST  PATH`, sorted by path."""
    lines = [f"{entries[path]}  {path}\n" for path in sorted(entries)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
