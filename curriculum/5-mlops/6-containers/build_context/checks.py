"""build_context(files, lines): the documented rules of .dockerignore, the last matching line decides."""

import re

from gradus.checks import behaviour, cases, fail, misconception

FILES = [
    "app.py",
    ".env",
    "a.env",
    "config/.env",
    "config/prod/.env",
    "data/a.csv",
    "data/b.csv",
    "data/deep/c.csv",
    "data/keep.txt",
    "database.py",
    "notes.txt",
    "src/app.py",
    "src/data/d.csv",
    "x-y.txt",
    "#odd",
    "old~",
]

LINES = [
    [".env"],
    ["**/.env"],
    ["data"],
    ["data/"],
    ["/data/*.csv"],
    ["*.csv"],
    ["*/*.csv"],
    ["data/**/*.csv"],
    ["data/**"],
    ["**/*.csv", "!data/a.csv"],
    ["*", "!app.py", "!src"],
    ["!data/keep.txt", "data"],
    ["data", "!data/keep.txt"],
    ["data", "!data", "data/a.csv"],
    ["?.env", "data/?.csv"],
    ["# .env", "", "   ", "  notes.txt  "],
    ["x-y.txt", "d.ta"],
    ["**"],
    ["**/data", "!data/keep.txt"],
    ["!app.py"],
    ["s*/data", "!src/data/d.csv", "src/**/d.csv"],
    ["!config/.env", "config"],
    ["config", "  !config/.env  "],
    ["#odd"],
    ["old~"],
    [],
]


@cases
def projects(rng):
    """Every rule by itself, and lines drawn at random, whose order matters."""
    for lines in LINES:
        yield FILES, lines
    known = sorted({line for lines in LINES for line in lines})
    for _ in range(5):
        chosen = [str(line) for line in rng.choice(known, size=4, replace=False)]
        yield [str(file) for file in rng.permutation(FILES)], chosen


PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _context(files, lines, parts=PARTS, below="(?:/.*)?", start="", decide="last", comments=True):
    """The reference with one of its rules changed."""
    rules = []
    for line in lines:
        pattern = line.strip()
        if pattern and not (comments and pattern.startswith("#")):
            named = pattern.removeprefix("!").strip("/")
            before = start if "/" not in named else ""
            made = re.sub(r"\*\*/|\*\*|.", lambda part: parts.get(part[0], re.escape(part[0])), named)
            rules.append((pattern.startswith("!"), re.compile(before + made + below)))
    if decide == "first":
        rules = rules[::-1]
    sent = []
    for file in files:
        matching = [exception for exception, pattern in rules if pattern.fullmatch(file)]
        if decide == "exceptions":
            kept = not matching or any(matching)
        elif decide == "no exceptions":
            kept = all(matching)
            kept = not matching or kept
        else:
            kept = not matching or matching[-1]
        if kept:
            sent.append(file)
    return sent


@misconception
def as_gitignore(files, lines):
    """A name without a slash keeps files of that name out of every folder.

    That is how `.gitignore` reads it. Here a pattern starts at the root, so `.env` leaves `config/.env` in the
    image; it takes `**/.env` to mean all of them."""
    return _context(files, lines, start="(?:.*/)?")


@misconception
def star_crosses_folders(files, lines):
    """`*` runs across slashes, so too much is kept out.

    `fnmatch` and `.*` know nothing of folders. Here `*.csv` means the files at the root; `**` is for any depth."""
    return _context(files, lines, parts={"**/": "(?:.*/)?", "**": ".*", "*": ".*", "?": "."})


@misconception
def folder_alone(files, lines):
    """The name of a folder keeps nothing out: its files are sent all the same.

    A pattern that matches a folder holds for everything below it, however deep."""
    return _context(files, lines, below="")


@misconception
def first_decides(files, lines):
    """The first line that matches decides.

    Then an exception after `*` or `data` never takes effect. The *last* one that matches counts, so general lines
    come first and exceptions later."""
    return _context(files, lines, decide="first")


@misconception
def exceptions_always_win(files, lines):
    """An exception holds wherever it stands.

    A line below it can take it back: the last line that matches decides, whichever kind it is."""
    return _context(files, lines, decide="exceptions")


@misconception
def at_least_one_folder(files, lines):
    """`**/` wants at least one folder, so files at the root slip through.

    `**` stands for any number of folders, none included: `**/.env` is also the `.env` that lies beside the
    Containerfile, where most of them lie."""
    return _context(files, lines, parts=PARTS | {"**/": ".*/"})


@misconception
def comments_are_patterns(files, lines):
    """A line that begins with `#` is taken for a pattern.

    It is a remark for people. A file whose name begins so cannot be named in this way."""
    return _context(files, lines, comments=False)


@behaviour("never lets more through when a line is added, unless it is an exception")
def only_exceptions_add(student, rng):
    """Each line either keeps files out or, with `!`, lets them in again. So another pattern can only shorten the list.

    Look at what happens when two lines match the same file."""
    known = [line for lines in LINES for line in lines if line and not line.strip().startswith("!")]
    before = [str(line) for line in rng.choice(known, size=2)]
    more = str(rng.choice(known))
    sent, fewer = student.build_context(FILES, before), student.build_context(FILES, [*before, more])
    if not set(fewer) <= set(sent):
        fail("A pattern that was added lets a file through.", case=[*before, more], expected=sent, actual=fewer)
