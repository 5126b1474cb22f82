import re

PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def build_context(files: list[str], lines: list[str]) -> list[str]:
    """Return the files that are sent to the build, in their order.

    files: paths from the root, as "src/app.py". lines: the lines of a .dockerignore.
    """
    rules = []
    for line in lines:
        if not line.startswith("#"):
            pattern = line.strip()  # a blank line is left with no pattern, which names no file
            rules.append((pattern.startswith("!"), expression(pattern.removeprefix("!"))))
    return [file for file in files if sent(file, rules)]


def expression(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression for whole paths: what it names, and everything below."""
    named = re.sub(r"\*\*/|\*\*|.", lambda part: PARTS.get(part[0], re.escape(part[0])), pattern.strip("/"))
    return re.compile(named + "(?:/.*)?")


def sent(file: str, rules: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """Whether the last rule that matches is an exception, or none matches."""
    decisions = [exception for exception, pattern in rules if pattern.fullmatch(file)]
    return decisions[-1] if decisions else True
