"""Matches folder by folder with a small recursion: no regular expression to read, and `**` says what it means."""


def build_context(files, lines):
    rules = []
    for line in lines:
        line = line.strip()
        if not line or line[0] == "#":
            continue
        exception = line[0] == "!"
        rules.append((exception, line[exception:].strip(" /").split("/")))
    kept = []
    for file in files:
        sent = True
        for exception, pattern in rules:
            if _matches(pattern, file.split("/")):
                sent = exception
        if sent:
            kept.append(file)
    return kept


def _matches(pattern, path):
    """Whether the pattern names the path or a folder above it."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return (len(pattern) == 1 and bool(path)) or any(
            _matches(pattern[1:], path[skip:]) for skip in range(len(path))
        )
    return bool(path) and _fits(pattern[0], path[0]) and _matches(pattern[1:], path[1:])


def _fits(pattern, name):
    if not pattern:
        return not name
    if pattern[0] == "*":
        return _fits(pattern[1:], name) or (bool(name) and _fits(pattern, name[1:]))
    return bool(name) and pattern[0] in ("?", name[0]) and _fits(pattern[1:], name[1:])
