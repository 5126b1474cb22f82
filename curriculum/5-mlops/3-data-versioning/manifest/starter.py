def manifest(folder: str) -> dict[str, str]:
    """Map the relative path of every file below `folder` to the SHA-256 of its content, in hexadecimal digits."""
    raise NotImplementedError


def fingerprint(entries: dict[str, str]) -> str:
    """One SHA-256 for a whole manifest: of its lines `DIGEST  PATH`, sorted by path."""
    raise NotImplementedError
