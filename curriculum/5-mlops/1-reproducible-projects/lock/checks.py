"""lock(wanted, installed): the sorted transitive closure, names in normal form; loose(text): what fixes no version."""

import re

from gradus.checks import behaviour, cases, fail, misconception, valid
from gradus.checks.raised import LearnerRaised

NAMES = [
    "attrs", "black", "cffi", "dill", "evaluate", "fsspec", "greenlet", "httpx", "idna", "jinja2", "kiwisolver", "lxml",
    "mypy", "networkx", "orjson", "pillow", "regex", "six", "tqdm", "urllib3", "wheel", "xxhash", "yarl", "zipp",
]  # fmt: skip


def _name(requirement):
    return re.match(r"\s*([\w.-]+)", requirement)[1]


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@valid
def known_requirements(wanted, installed):
    lines = [*wanted, *(line for package in installed.values() for line in package["requires"])]
    named = [_normal(name) for name in installed]
    return (
        all(type(line) is str and re.match(r"\s*[\w.-]+", line) for line in lines)
        and len(set(named)) == len(named) and all(named)
        and all(set(package) == {"version", "requires"} and package["version"] for package in installed.values())
    )  # fmt: skip


@valid(of="loose")
def a_text(text):
    return isinstance(text, str)


def _version(rng):
    return ".".join(str(int(part)) for part in rng.integers(0, 30, size=int(rng.integers(2, 4))))


def _spelled(rng, name):
    """The name of a package as people write it."""
    return str(rng.choice([name, name.upper(), name.replace("-", "_"), name.replace("-", "."), name.title()]))


def _written(rng, name):
    condition = str(
        rng.choice(["", ">=1.0", " ~= 2.2", "!=1.5,>1", "[all]>=3", " (>=1.2)", "; python_version >= '3.8'"])
    )
    return _spelled(rng, name) + condition


def _environment(rng, n=9):
    """A chain of three, a diamond, an optional package, and one that nothing needs; names with separators."""
    names = [str(name) for name in rng.permutation(NAMES)[:n]]
    names[0], names[2], names[5] = f"{names[0]}-learn", f"{names[2]}-core-io", f"{names[5]}-utils"
    a, b, c, d, optional, alone, *others = names
    requires = {a: [b, c], b: [d], c: [d, *others[:1]], d: [], optional: [], alone: [a]}
    installed = {}
    for name in rng.permutation(names):
        lines = [_written(rng, other) for other in requires.get(str(name), [])]
        if name in (a, b):
            lines.append(f"{_spelled(rng, optional)}>=2; extra == 'all'")
        installed[_spelled(rng, str(name))] = {"version": _version(rng), "requires": lines}
    return [_written(rng, a)], installed, names


@cases
def environments(rng):
    """Chains, diamonds, extras, packages that nothing needs, one that is wanted twice, nothing wanted."""
    for n in (8, 12):
        wanted, installed, names = _environment(rng, n)
        yield wanted, installed
    yield [*wanted, _written(rng, names[3]), _written(rng, names[7])], installed
    yield [_spelled(rng, names[1]) + ">1; extra == 'dev'", names[3] + " ; sys_platform != 'x'"], installed
    yield [], installed
    yield ["SIX>1"], {"Six": {"version": "1.17.0", "requires": ["Tqdm"]}, "tqdm": {"version": "4.1", "requires": []}}
    yield ["a__b.-c"], {"A-b_c": {"version": "1.0", "requires": ["D"]}, "d": {"version": "2", "requires": []}}


@cases
def with_one_that_is_missing(rng):
    wanted, installed, names = _environment(rng)
    for gone in (names[0], names[3]):
        yield wanted, {name: package for name, package in installed.items() if _normal(name) != gone}
    kept = {name: package for name, package in installed.items() if _normal(name) != names[4]}
    yield wanted, kept  # an optional one may be missing


@cases
def in_a_circle(rng):
    wanted, installed, names = _environment(rng)
    for name, package in installed.items():
        if _normal(name) == names[3]:
            package["requires"].append(_written(rng, names[0]))
    yield wanted, installed


def _locked(wanted, installed, normal=_normal, deep=True, optional=False, missing=False, everything=False, low=True):
    packages = {normal(name): package for name, package in installed.items()}
    needed, waiting = set(), [*packages] if everything else list(wanted)
    while waiting:
        requirement, _, marker = waiting.pop().partition(";")
        name = normal(_name(requirement))
        if ("extra" in marker and not optional) or name in needed:
            continue
        if name not in packages:
            if missing:
                continue
            raise LookupError(name)
        needed.add(name)
        if deep and low:
            waiting += packages[name]["requires"]
        elif deep:
            needed |= {normal(_name(line)) for line in packages[name]["requires"] if "extra" not in line}
    if not missing and not needed <= set(packages):
        raise LookupError
    return sorted(f"{name}=={packages[name]['version']}" for name in needed & set(packages))


@misconception
def direct_only(wanted, installed):
    """Only the packages that were asked for are locked, not what they bring along.

    Most of an environment is indirect. NumPy under pandas, or the library that parses dates, moves to a new version
    while your list stays as it is, and the numbers move with it."""
    return _locked(wanted, installed, deep=False)


@misconception
def one_step_deep(wanted, installed):
    """The requirements of the wanted packages are locked, but not the requirements of these.

    One step down is not the bottom. Go on until nothing new comes up."""
    return _locked(wanted, installed, low=False)


@misconception
def everything_installed(wanted, installed):
    """Everything that is installed is locked, needed or not.

    That is what `pip freeze` prints. It repeats, and it carries along the formatter and last year's experiment, so
    that nobody dares to remove a line any more. A lock holds what the wanted packages need."""
    return _locked(wanted, installed, everything=True)


@misconception
def optional_ones_too(wanted, installed):
    """Optional requirements are locked, too, or missed where they are not installed.

    A marker with `extra` says: only for those who asked for that extra. Here nobody did."""
    return _locked(wanted, installed, optional=True)


@misconception
def missing_one_skipped(wanted, installed):
    """A package that is needed and not installed is left out without a word.

    The lock then installs an environment that cannot import what it needs. An incomplete lock must not look like a
    complete one: raise `LookupError`."""
    return _locked(wanted, installed, missing=True)


@misconception
def names_as_written(wanted, installed):
    """Names are compared as they are written, so `Scikit_Learn` and `scikit-learn` count as two.

    Package names are compared without regard to case and to which of `-`, `_` and `.` is used. Metadata spell them in
    every way there is; bring both sides into the normal form first."""
    return _locked(wanted, installed, normal=str)


@misconception
def only_lower_case(wanted, installed):
    """Lower case alone does not make two spellings one: `scikit_learn` and `scikit-learn` are the same package.

    Besides the case, every run of `-`, `_` and `.` counts as one `-`."""
    return _locked(wanted, installed, normal=str.lower)


@misconception
def each_separator_by_itself(wanted, installed):
    """A run of separators has become several `-`.

    `a__b.-c` is `a-b-c`: each run of `-`, `_` and `.` becomes one."""
    return _locked(wanted, installed, normal=lambda name: re.sub(r"[-_.]", "-", name).lower())


@cases(of="loose")
def files(rng):
    """Fixed and loose lines, comments, blank lines, extras, markers; spaces in odd places."""
    v = _version(rng)
    lines = [
        f"{NAMES[0]}=={v}", f"numpy == {v}", f"pandas[excel]=={v}", f"{NAMES[7]}=={v} ; python_version < '3.13'",
        f"a.b_c-d=={v}  # as in the paper", "# a comment of its own ==1.0", "", "   ", f"  {NAMES[3]}==1.0rc1+cpu",
        f"scipy>={v}", f"{NAMES[1]}<={v}", f"{NAMES[2]}~={v}", f"{NAMES[4]}!={v}", f"{NAMES[5]}=={v}.*", NAMES[6],
        f"{NAMES[8]}[http2]", f"{NAMES[9]}=={v},!={v}.1", f"{NAMES[10]}>=1,<2; python_version == '3.11'",
        f"  {NAMES[11]} > 1  # == 1.0", f"{NAMES[13]} ; platform_system == 'Linux'",
        f"six [http2] >={v}", f"{NAMES[14]} [a,b] == {v}", f"{NAMES[15]}>={v},=={v}",
    ]  # fmt: skip
    yield "\n".join(lines)
    yield "\n".join(str(line) for line in rng.permutation(lines)[:9]) + "\n"
    yield from (lines[1], lines[3], lines[9], lines[17], lines[19])
    yield ""


def _lines(text):
    return [line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line]


@misconception(of="loose")
def equals_anywhere(text):
    """A line that contains `==` anywhere counts as fixed.

    A star leaves a choice (`six==1.*`), a second condition does, and in `x>=1; python_version == '3.11'` the two equals
    signs belong to the marker. Look at what stands between name and version."""
    return [line for line in _lines(text) if "==" not in line]


@misconception(of="loose")
def star_is_fixed(text):
    """`name==1.*` counts as fixed.

    The star stands for every version that begins so, the ones not yet published included."""
    return [line for line in _lines(text) if not re.fullmatch(r"[^=;,<>!~]+==[^,;=]+(;.*)?", line)]


@misconception(of="loose")
def comments_counted(text):
    """Comments and blank lines count as requirements.

    From `#` on a line is for people."""
    fixed = re.compile(r"\s*[\w.-]+\s*(\[[^\]]*\])?\s*==\s*[^\s*,;=]+\s*([;#].*)?")
    return [line.strip() for line in text.splitlines() if not fixed.fullmatch(line)]


@misconception(of="loose")
def the_fixed_ones(text):
    """You return the lines that fix a version; asked for are the others."""
    fixed = re.compile(r"[\w.-]+\s*(\[[^\]]*\])?\s*==\s*[^\s*,;=]+\s*(;.*)?")
    return [line for line in _lines(text) if fixed.fullmatch(line)]


@misconception(of="loose")
def bare_names_only(text):
    """Only names without any condition count as loose.

    `>=1.11` is a condition, and the newest version meets it, today's and next year's. Only `==` with a whole version
    leaves no choice."""
    return [line for line in _lines(text) if not re.search(r"[=<>!~]", line.partition(";")[0])]


@behaviour("packages that require each other come to an end")
def circles_end(student, rng):
    """Two packages that require each other were visited again and again. Remember which ones are settled, and do not
    look at them a second time."""
    installed = {"ping": {"version": "1.0", "requires": ["pong"]}, "pong": {"version": "2.0", "requires": ["ping"]}}
    try:
        actual = student.lock(["ping"], installed)
    except LearnerRaised as raised:
        if raised.is_a("RecursionError"):
            fail("`ping` requires `pong` and `pong` requires `ping`: your search never ends.", case=installed)
        return
    if isinstance(actual, list) and len(actual) != len(set(actual)):
        fail("A package that is reached twice is locked twice.", case=installed, actual=actual)


@behaviour("the lines are sorted")
def sorted_lines(student, rng):
    """The right lines, in another order. A set of strings is ordered by hashes that differ from process to process, so
    the same environment would give a new file every time, and a diff of two locks would show changes where there are
    none."""
    for n in (8, 9, 10, 11):
        wanted, installed, _ = _environment(rng, n)
        actual, expected = student.lock(wanted, installed), _locked(wanted, installed)
        if actual != expected and sorted(actual) == expected:
            fail("The lines are not sorted.", expected=expected, actual=actual)
