"""The judge's own words: what is said when a submission does not load, raises, crashes or hits a limit.

Second person, present tense, no blame (see the product's style). Authors' words come from misconceptions and
behaviours.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gradus.checks.show import clip
from gradus.grader.replies import Crashed, Failure, LimitHit, RaisedError, TraceFrame

_NOT_CALLABLE = re.compile(r"'([\w.]+)' object is not callable")
_CANNOT_IMPORT = re.compile(r"cannot import name '([^']+)' from (?:partially initialized module )?'([^']+)'")
_ARITY = re.compile(
    r"(takes|missing) .*(positional|keyword-only|argument)|unexpected keyword argument|multiple values for argument"
)


@dataclass(frozen=True, slots=True)
class Words:
    """What to tell the learner: the diagnosis' id, one sentence, and what explains it."""

    id: str
    headline: str
    message: str
    line: int | None = None
    trace: tuple[TraceFrame, ...] = ()


#: What to say about a built-in kind when the difference itself explains nothing more.
ADVICE = {
    "wrong_shape": "How many axes there are, and how long each is, is part of the answer. Look at `.shape` before you "
    "return; `axis=`, `keepdims=` and `reshape` decide it.",
    "wrong_type": "The task says what is returned, and the caller relies on it. Convert before you return.",
    "wrong_dtype": "The kind of values is part of the answer: look at `.dtype` before you return.",
    "integer_result": "Whole numbers cannot hold a fraction. Look for `//`, `int(…)`, or an array of an integer dtype.",
    "wrong_value": "Work through this case by hand, step by step, and compare with what your code has at each step.",
    "wrong_text": "Compare the two texts character by character.",
    "wrong_length": "Count by hand what should be in it for this case: what is left out, or there twice?",
    "wrong_keys": "The keys are part of the answer, spelling and type included.",
    "wrong_items": "Compare what is in it with what the task asks for.",
    "wrong_item": "One of the values has another type than the task says.",
    "wrong_columns": "Names and order of the columns are part of the answer.",
    "wrong_index": "The index is part of the answer: sorting, filtering and grouping change it.",
    "wrong_drawing": "Compare the plot with what the task asks for, part by part.",
    "not_finite": "`nan` and `inf` come from a division by zero, the logarithm of zero, or an overflow. Find where.",
    "raised": "Run the case yourself and look at the line that is named.",
}


def empty_file(file: str) -> Words:
    return Words(
        "empty_file",
        f"`{file}` is empty.",
        "There is nothing in the file to run. If you did write something, save it and look at where it was saved.",
    )


def null_bytes(file: str, offset: int) -> Words:
    return Words(
        "null_bytes",
        f"`{file}` holds a null byte (at position {offset:,}), so it is not text.",
        "This happens when a file is saved as UTF-16, or is damaged. Save it again as UTF-8 text.",
    )


def not_text(file: str, line: int) -> Words:
    return Words(
        "not_utf8",
        f"Line {line} of `{file}` is not UTF-8 text.",
        "Python reads source files as UTF-8. Save the file again with that encoding.",
        line,
    )


def too_long(file: str, size: int) -> Words:
    return Words(
        "file_too_large",
        f"`{file}` holds {size:,} bytes, more than a solution needs.",
        "Files of up to 1,000,000 bytes are checked. Data belongs in a file of its own, not in the program text.",
    )


def unstarted(name: str) -> Words:
    return Words(
        "unstarted",
        f"`{name}` is still the starter.",
        "Replace `raise NotImplementedError` by your own code and save: the file is checked again.",
    )


def commented_out(name: str) -> Words:
    return Words(
        "unstarted",
        "The file holds only comments.",
        f"Nothing in it runs, so `{name}` is not defined. Remove the `#` before the lines that should count.",
    )


def missing_name(name: str, names: Sequence[str], file: str) -> Words:
    """Name the close misspelling, or what the file does define."""
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.7) or [
        other for other in names if other.lower().replace("_", "") == name.lower().replace("_", "")
    ]
    if close:
        return Words(
            "missing_name",
            f"`{file}` defines `{close[0]}`; the exercise looks for `{name}`.",
            "The check calls your function by its name, letter by letter.",
        )
    found = ", ".join(f"`{other}`" for other in names[:5])
    return Words(
        "missing_name",
        f"`{file}` does not define `{name}`.",
        f"It defines {found}. The check calls `{name}` by its name."
        if found
        else f"It defines nothing that the check could call. Begin with `def {name}(`…",
    )


def load_failure(failure: Failure, file: str, siblings: Sequence[str]) -> Words:
    """Say where and why the learner's file does not load."""
    line = failure.line
    where = f"Line {line}" if line is not None else f"`{file}`"
    if failure.kind == "syntax":
        return _syntax(failure, where)
    if failure.kind == "null_bytes":
        return null_bytes(file, 0)
    if failure.kind == "encoding":
        return not_text(file, line or 1)
    if failure.kind == "exited":
        return Words(
            "exits_on_load",
            f"`{file}` ends the program while it is being loaded.",
            "`exit()` and `sys.exit()` end everything that runs. Leave them out; a function ends by returning.",
            line, failure.trace,
        )  # fmt: skip
    if failure.kind == "crashed":
        return Words("crashed", f"Loading `{file}` ends the Python process.", _ENDED, line, failure.trace)
    if failure.shadowed:
        return shadowed_library(failure.shadowed, line, failure.trace)
    if failure.module or failure.error in ("ImportError", "ModuleNotFoundError"):
        return missing_module(failure, file, siblings)
    if failure.error == "NotImplementedError":
        return Words(
            "unstarted", f"`{file}` still raises NotImplementedError.", "Replace the line by your own code.", line
        )
    detail = {
        "EOFError": "`input()` waits for someone to type; nobody does in a check. Take values as arguments instead.",
        "NameError": "A name is used before anything is assigned to it. Look for a typing error or a missing import.",
        "IndentationError": "Python reads blocks from their indentation.",
    }.get(failure.error, "The file must load before its functions can be called. Try it: run the file on its own.")
    return Words(
        "raises_on_load",
        f"{where} raises {failure.error}{_colon(failure.message)}",
        detail, line, failure.trace,
    )  # fmt: skip


def _syntax(failure: Failure, where: str) -> Words:
    message = failure.message[:1].lower() + failure.message[1:]
    code = failure.text.rstrip()
    stripped = code.lstrip()
    caret = ""
    if stripped and failure.column:
        column = max(0, failure.column - 1 - (len(code) - len(stripped)))
        caret = f"\n\n    {clip(stripped, 200)}" + (f"\n    {' ' * column}^" if column < 200 else "")
    return Words(
        "syntax_error",
        f"{where} is not valid Python: {message}.",
        f"Python cannot read the file, so nothing in it ran.{caret}",
        failure.line,
    )


def missing_module(failure: Failure, file: str, siblings: Sequence[str]) -> Words:
    """Say what kind of thing a module is that could not be imported: not installed, misspelled, or a workspace file."""
    cannot = _CANNOT_IMPORT.match(failure.message)
    name = failure.module or (cannot[2] if cannot else "")
    what = f"`{cannot[1]}`" if cannot else "something"
    top = name.partition(".")[0]
    where = f"Line {failure.line} imports" if failure.line is not None else f"`{file}` imports"
    if f"{top}.py" in siblings:
        return Words(
            "import_failed", f"{where} {what if cannot else f'`{name}`'}, which your `{top}.py` does not have.",
            f"`{top}.py` in your workspace was found, but nothing of that name is in it.", failure.line, failure.trace,
        )  # fmt: skip
    if cannot or failure.error != "ModuleNotFoundError":
        return Words(
            "import_failed", f"{where} {what} from `{name}`, which does not have it.",
            "The name may be misspelled, live in another module of the library, or belong to another version.",
            failure.line, failure.trace,
        )  # fmt: skip
    near = difflib.get_close_matches(top, _KNOWN, n=1, cutoff=0.75)
    hint = f" Did you mean `{near[0]}`?" if near and near[0] != top else ""
    return Words(
        "not_installed",
        f"{where} `{name}`, which is not available here.{hint}",
        "An exercise is checked with Python's standard library and the libraries of its unit. "
        f"There is no file `{top}.py` in your workspace either.",
        failure.line, failure.trace,
    )  # fmt: skip


def shadowed_library(file: str, line: int | None, trace: tuple[TraceFrame, ...]) -> Words:
    library = file.partition(".")[0].partition("/")[0]
    return Words(
        "named_like_library",
        f"Your file `{file}` has the name of a library.",
        f"`import {library}` means the library here. When you run your work yourself, Python may take your file "
        "instead, and then nothing that needs the library works. Rename the file.",
        line,
        trace,
    )


def raised(name: str, error: RaisedError) -> Words:
    """Say that a call raised, and at which line."""
    uncallable = not_a_function(name, error)
    if uncallable is not None:
        return uncallable
    if error.details.get("shadowed"):
        return shadowed_library(str(error.details["shadowed"]), error.line, error.trace)
    if error.details.get("blocked") == "network":
        return Words(
            "no_network", f"`{name}` asks for the network, which a check does not have.",
            "Everything an exercise needs is passed in as arguments.", error.line, error.trace,
        )  # fmt: skip
    where = f"on line {error.line} " if error.line is not None else ""
    short = error.type.rpartition(".")[2]
    if short == "NotImplementedError":
        return Words(
            "unstarted", f"`{name}` still raises NotImplementedError.",
            "Replace the line by your own code and save: the file is checked again.", error.line, error.trace,
        )  # fmt: skip
    if short == "SystemExit":
        return Words(
            "exits", f"`{name}` ends the program {where}instead of returning.",
            "`exit()` and `sys.exit()` end everything that runs. Use `return`.", error.line, error.trace,
        )  # fmt: skip
    if short == "RecursionError":
        return Words(
            "raised", f"`{name}` calls itself without end {where}(RecursionError).".replace("  ", " "),
            "A recursive function needs a case in which it does not call itself; every call must come nearer to it.",
            error.line, error.trace,
        )  # fmt: skip
    if short == "EOFError":
        return Words(
            "raised", f"`{name}` waits for `input()` {where}, and nobody types in a check.".replace(" ,", ","),
            "Take values as arguments instead.", error.line, error.trace,
        )  # fmt: skip
    return Words(
        "raised", f"`{name}` raises {short} {where}".rstrip() + f"{_colon(error.message)}", "", error.line, error.trace
    )


def wrong_arity(name: str, error: RaisedError, arguments: int, signature: str) -> Words:
    """Say how the function is called, and how the learner defined it."""
    return Words(
        "wrong_arity",
        f"`{name}` is called with {arguments} argument{'' if arguments == 1 else 's'}, which it does not accept.",
        f"{_sentence(error.message)} The exercise calls it as `{signature}`; the number of parameters and their names "
        "after `def` must fit.",
        error.line,
    )


def not_a_function(name: str, error: RaisedError) -> Words | None:
    """Return what to say when the name stands for something that cannot be called."""
    found = _NOT_CALLABLE.match(error.message)
    if error.type != "TypeError" or error.trace or error.line is not None or found is None:
        return None
    article = "an" if found[1][:1].lower() in "aeiou" else "a"
    return Words(
        "not_a_function",
        f"`{name}` is {article} {found[1]}, not a function.",
        f"Define it with `def {name}(`… and assign no other value to the name afterwards.",
    )


def is_arity(error: RaisedError, name: str) -> bool:
    """Tell whether a TypeError comes from the call itself: no line of the learner's ran."""
    if error.type != "TypeError" or error.trace or error.line is not None or not _ARITY.search(error.message):
        return False
    called = error.message.partition("(")[0].rpartition(".")[2]
    return called in (name, "__init__") or error.message.startswith(name)


def crashed(name: str, reply: Crashed) -> Words:
    return Words("crashed", f"`{name}` does not answer: your program {reply.reason}.", _ENDED)


def limit(name: str, reply: LimitHit, seconds: float, memory_mb: int, output_kb: int) -> Words:
    """Say which limit was hit and what usually leads there."""
    table = {
        "time": (
            "time_limit", f"`{name}` is stopped after {seconds:g} seconds.",
            "A loop that never ends is the usual reason: look at what should make its condition false.",
        ),
        "memory": (
            "memory_limit", f"`{name}` needs more than {memory_mb:,} MB of memory.",
            "An intermediate array may be far larger than the answer, or a list grows without end.",
        ),
        "output": (
            "output_limit", f"`{name}` prints more than {output_kb:,} KB.", "Print less, or outside the loop.",
        ),
        "processes": (
            "process_limit", f"`{name}` starts more processes or threads than a check allows.",
            "Exercises run in one process; nothing here needs more.",
        ),
        "files": ("file_limit", f"`{name}` writes more to disk than a check allows.", "Write less, or nothing."),
        "size": (
            "answer_too_large", f"`{name}` returns an answer too large to compare.",
            "It is far larger than the expected one, is nested very deep, or contains itself.",
        ),
    }  # fmt: skip
    words = table.get(reply.kind, (f"{reply.kind}_limit", f"`{name}` goes beyond a limit ({reply.kind}).", ""))
    return Words(*words)


def our_fault(reason: str) -> Words:
    """Say that the fault is on Gradus' side, and what it is."""
    text = clip(" ".join(reason.split()), 500).rstrip(".")
    return Words(
        "grader_error",
        "Gradus could not judge this: the fault is not yours.",
        f"Nothing is recorded against you. What went wrong: {text}.",
    )


def _colon(message: str) -> str:
    text = clip(" ".join(message.split()), 200)
    return f": {text}" if text else "."


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."


_ENDED = (
    "The process that ran your code is gone, so it could not answer. `os._exit`, closing files that are not yours and "
    "errors inside compiled code do this."
)
_KNOWN = (
    "numpy", "pandas", "matplotlib", "scipy", "sklearn", "statsmodels", "math", "random", "collections", "itertools",
    "functools", "statistics", "datetime", "pathlib", "dataclasses", "typing", "json", "csv", "re",
)  # fmt: skip
