"""What a runner answers, over both kinds of pool."""

from __future__ import annotations

from typing import Any

import pytest

from gradus.checks import File, Folder
from gradus.grader.pool import (
    MODULE,
    CallSpec,
    LimitHit,
    Pool,
    RaisedError,
    Returned,
    RunLimits,
    Runner,
    RunnerFault,
    Submission,
)
from gradus.grader.wire import ErrorValue, Handle, Record
from tests.grader.conftest import failing, started


def value(reply: Any) -> Any:
    assert isinstance(reply, Returned), reply
    return reply.value


def error(reply: Any) -> RaisedError:
    assert isinstance(reply, RaisedError), reply
    return reply


def test_a_call_comes_back(pool: Pool) -> None:
    with started(pool, "def add(a, b=1): return a + b") as runner:
        assert value(runner.call("add", [1])) == 2
        assert value(runner.call("add", [1], {"b": 5})) == 6


def test_many_calls_come_back_in_order(pool: Pool) -> None:
    with started(pool, "def f(x):\n    return 10 // x") as runner:
        replies = list(runner.call_many([CallSpec("f", (x,)) for x in (1, 0, 5)]))
    assert value(replies[0]) == 10
    assert error(replies[1]).type == "ZeroDivisionError"
    assert value(replies[2]) == 2


def test_what_the_file_defines_is_told(pool: Pool) -> None:
    source = """
        import math
        from math import sqrt
        LIMIT = 3
        def first(x, *, y=2): pass
        class Second:
            def __init__(self, n): pass
        """
    with pool.acquire() as runner:
        loaded = runner.load(Submission(source.replace("\n        ", "\n").encode(), "work.py"))
    kinds = {name: defined.kind for name, defined in loaded.defined.items()}  # type: ignore[union-attr]
    assert kinds == {
        "math": "module",
        "sqrt": "imported",
        "LIMIT": "value",
        "first": "function",
        "Second": "class",
    }
    first = loaded.defined["first"]  # type: ignore[union-attr]
    assert first.line == 5


def test_main_blocks_and_percent_cells_do_no_harm(pool: Pool) -> None:
    source = (
        "# %%\nx = 1\n# %% [markdown]\n# text\n# %%\ndef f(): return __name__\nif __name__ == '__main__':\n    1 / 0\n"
    )
    with started(pool, source) as runner:
        assert value(runner.call("f")) == "work"


LOADS = {
    "syntax": ("def f(:\n    pass", "syntax", 1),
    "indentation": ("def f():\npass", "syntax", 2),
    "null bytes": ("a = 1\nx = 1\0", "null_bytes", 2),
    "raises": ("x = 1\n\n1 / 0", "raised", 3),
    "exits": ("import sys\nsys.exit(3)", "exited", 2),
    "not installed": ("import no_such_module", "raised", 1),
}


@pytest.mark.parametrize("name", LOADS)
def test_a_file_that_does_not_load_says_where(pool: Pool, name: str) -> None:
    source, kind, line = LOADS[name]
    failure = failing(pool, source)
    assert (failure.kind, failure.line) == (kind, line)


def test_a_file_in_another_encoding_is_explained(pool: Pool) -> None:
    assert failing(pool, b"x = '\xff\xfe'").kind in ("encoding", "syntax")
    with started(pool, "# -*- coding: latin-1 -*-\ndef f(): return '\xe9'".encode("latin-1")) as runner:
        assert value(runner.call("f")) == "é"


def test_a_syntax_error_shows_its_line(pool: Pool) -> None:
    failure = failing(pool, "a = 1\nb = = 2\n")
    assert (failure.error, failure.line, failure.text, failure.column) == ("SyntaxError", 2, "b = = 2", 5)


def test_a_module_that_is_not_installed_is_named(pool: Pool) -> None:
    assert failing(pool, "import no_such_module.part").module == "no_such_module"


def test_an_error_names_its_bases_line_and_the_learner_s_frames_only(pool: Pool) -> None:
    source = """
        import json
        class Mine(ValueError): pass
        def inner(text):
            return json.loads(text)
        def outer(text):
            return inner(text)
        def own():
            raise Mine("no")
        """
    with started(pool, source) as runner:
        raised = error(runner.call("outer", ["{"]))
        assert raised.type == "json.decoder.JSONDecodeError"
        assert "ValueError" in raised.bases
        assert raised.line == 5
        assert [(frame.file, frame.line, frame.function) for frame in raised.trace] == [
            ("work.py", 7, "outer"),
            ("work.py", 5, "inner"),
        ]
        assert raised.trace[-1].source.strip() == "return json.loads(text)"
        raised = error(runner.call("own"))
        assert (raised.type, raised.message) == ("work.Mine", "no")
        assert raised.bases[:2] == ("work.Mine", "ValueError")


def test_a_name_that_is_missing_is_an_attribute_error(pool: Pool) -> None:
    with started(pool, "x = 1") as runner:
        assert error(runner.call("f")).type == "AttributeError"


def test_an_exception_that_cannot_be_shown_is_still_told(pool: Pool) -> None:
    source = """
        class Bad(Exception):
            def __str__(self): raise RuntimeError
        def f(): raise Bad
        """
    with started(pool, source) as runner:
        assert error(runner.call("f")).type == "work.Bad"


def test_arguments_that_were_changed_in_place_are_named(pool: Pool) -> None:
    source = """
        def f(a, b, *, c):
            a.append(1)
            c["k"] = 2
        def g(a): return sorted(a)
        """
    with started(pool, source) as runner:
        reply = runner.call("f", [[], []], {"c": {}})
        assert reply.mutated == (0, "c")  # type: ignore[union-attr]
        assert not runner.call("g", [[2, 1]]).mutated  # type: ignore[union-attr]


def test_each_call_gets_arguments_of_its_own(pool: Pool) -> None:
    shared = [1]
    with started(pool, "def f(a):\n    a.append(2)\n    return a") as runner:
        replies = list(runner.call_many([CallSpec("f", (shared,)), CallSpec("f", (shared,))]))
    assert [value(reply) for reply in replies] == [[1, 2], [1, 2]]
    assert shared == [1]


def test_printing_is_told_call_by_call(pool: Pool) -> None:
    with started(pool, "def f(x):\n    print(x)\n    return x") as runner:
        first, second = runner.call_many([CallSpec("f", ("é",)), CallSpec("f", ("b",))])
        assert (first.printed, second.printed) == (3, 5)
        assert runner.stdout() == "é\nb\n"
        assert runner.stdout(first.printed, second.printed) == "b\n"


def test_warnings_go_to_stderr(pool: Pool) -> None:
    with started(pool, "import warnings\ndef f(): warnings.warn('careful')") as runner:
        runner.call("f")
        assert runner.stdout() == ""
        assert "careful" in runner.stderr()


def test_input_is_refused_with_a_reason(pool: Pool) -> None:
    with started(pool, "def f(): return input('name? ')") as runner:
        raised = error(runner.call("f"))
    assert raised.type == "EOFError"
    assert "nobody types" in raised.message


def test_an_object_stays_and_answers(pool: Pool) -> None:
    source = """
        class Model:
            def __init__(self): self.seen = []
            def fit(self, x):
                self.seen.append(x)
                return self
            def __len__(self): return len(self.seen)
            def __getitem__(self, key): return self.seen[key]
            def __contains__(self, x): return x in self.seen
            def __iter__(self): return iter(self.seen)
        def make(): return Model()
        def is_model(m): return isinstance(m, Model)
        """
    with started(pool, source) as runner:
        model = value(runner.call("Model"))
        assert isinstance(model, Handle)
        assert (model.type, model.kind) == ("work.Model", "object")
        assert value(runner.invoke(model, "method", ["fit", 7])) == model
        assert value(runner.invoke(model, "get", ["seen"])) == [7]
        assert value(runner.invoke(model, "length")) == 1
        assert value(runner.invoke(model, "item", [0])) == 7
        assert value(runner.invoke(model, "contains", [7])) is True
        assert value(runner.invoke(model, "iterate", [10])) == ([7], True)
        assert value(runner.call("is_model", [model])) is True
        assert value(runner.invoke(MODULE, "has", ["make"])) is True
        assert error(runner.invoke(model, "get", ["nope"])).type == "AttributeError"


def test_an_endless_generator_is_read_as_far_as_asked(pool: Pool) -> None:
    with started(pool, "import itertools\ndef f(): return itertools.count()") as runner:
        counter = value(runner.call("f"))
        assert value(runner.invoke(counter, "iterate", [3])) == ([0, 1, 2], False)
        assert value(runner.invoke(counter, "next")) == 3


def test_a_function_of_the_judge_s_is_called_back(pool: Pool) -> None:
    source = """
        def twice(f, x): return f(f(x))
        def name(f): return f.__name__
        def catch(f):
            try: f()
            except ValueError as error: return str(error)
        """
    calls = []

    def add(x: int) -> int:
        calls.append(x)
        return x + 1

    def bad() -> None:
        raise ValueError("as told")

    with started(pool, source) as runner:
        assert value(runner.call("twice", [add, 1])) == 3
        assert calls == [1, 2]
        assert value(runner.call("name", [add])) == "add"
        assert value(runner.call("catch", [bad])) == "as told"


def test_a_function_of_the_judge_s_may_use_the_learner_s_in_turn(pool: Pool) -> None:
    source = "def apply(f, g): return f(g)\ndef inner(x): return x * 2"
    with started(pool, source) as runner:

        def use(function: Handle) -> Any:
            return value(runner.call(function, [21]))  # type: ignore[arg-type]

        inner = value(runner.invoke(MODULE, "get", ["inner"]))
        assert value(runner.call("apply", [use, inner])) == 42


def test_threads_of_the_learner_s_may_call_back(pool: Pool) -> None:
    source = """
        from concurrent.futures import ThreadPoolExecutor
        def f(g):
            with ThreadPoolExecutor(4) as threads:
                return list(threads.map(g, range(20)))
        """
    with started(pool, source) as runner:
        assert value(runner.call("f", [lambda x: x * x])) == [x * x for x in range(20)]


def test_a_file_arrives_as_a_path(pool: Pool) -> None:
    with started(pool, "import os\ndef f(p): return type(p).__name__, os.path.basename(p), open(p).read()") as runner:
        assert value(runner.call("f", [File("data.csv", "a,b\n")])) == ("str", "data.csv", "a,b\n")


def test_a_folder_arrives_as_a_path_and_a_new_one_each_time(pool: Pool) -> None:
    source = """
        import os
        def f(p):
            found = sorted((str(os.path.relpath(os.path.join(at, name), p)), os.stat(os.path.join(at, name)).st_mtime)
                           for at, folders, names in os.walk(p) for name in [*folders, *names])
            open(os.path.join(p, "more"), "w").close()
            return os.path.basename(p), open(os.path.join(p, "a", "b.txt")).read(), dict(found)
        """
    folder = Folder("store", {"a/b.txt": "text", "none/": "", "c": b"\0"}, modified={"a/b.txt": 5.0, "c": 7.5})
    with started(pool, source) as runner:
        for _ in range(2):
            name, text, found = value(runner.call("f", [folder]))
            assert (name, text, set(found)) == ("store", "text", {"a", "a/b.txt", "none", "c"})
            assert (found["a/b.txt"], found["c"]) == (5.0, 7.5)


def test_files_beside_the_learner_s_are_imported_and_recorded(pool: Pool) -> None:
    source = "import helpers\ndef f():\n    import late\n    return helpers.two() + late.three()"
    files = {"helpers": "def two(): return 2", "late": "def three(): return 3", "unused": "1 / 0"}
    with started(pool, source, **files) as runner:
        assert set(runner.provenance) == {"work.py", "helpers.py"}
        assert value(runner.call("f")) == 5
        assert set(runner.provenance) == {"work.py", "helpers.py", "late.py"}


def test_a_package_beside_the_learner_s_file_is_imported(pool: Pool) -> None:
    siblings = {"tools/__init__.py": b"from tools.part import x", "tools/part.py": b"x = 4"}
    with pool.acquire() as runner:
        runner.load(Submission(b"import tools\ndef f(): return tools.x", "work.py", siblings))
        assert value(runner.call("f")) == 4


def test_an_error_in_a_sibling_names_the_sibling(pool: Pool) -> None:
    failure = failing(pool, "import helpers", helpers="x = 1\n1 / 0")
    assert (failure.kind, failure.file) == ("raised", "helpers.py")
    failure = failing(pool, "import helpers", helpers="x = = 1")
    assert (failure.kind, failure.file, failure.line) == ("syntax", "helpers.py", 1)


def test_a_file_named_like_a_library_does_not_take_its_place(pool: Pool) -> None:
    with started(pool, "import random\ndef f(): return random.mine()", random="def mine(): return 1") as runner:
        raised = error(runner.call("f"))
    assert raised.details["shadowed"] == "random.py"
    assert failing(pool, "from random import mine", random="def mine(): return 1").shadowed == "random.py"


def test_random_numbers_follow_the_seed(pool: Pool) -> None:
    source = b"import random\nx = random.random()\ndef f(): return x"
    drawn = []
    for seed in (1, 1, 2):
        with pool.acquire() as runner:
            runner.load(Submission(source, "work.py"), seed=seed)
            drawn.append(value(runner.call("f")))
    assert drawn[0] == drawn[1] != drawn[2]


def test_named_tuples_and_exceptions_cross_as_data(pool: Pool) -> None:
    source = """
        from collections import namedtuple
        P = namedtuple("P", "x y")
        def f(): return P(1, 2), ValueError("no")
        """
    with started(pool, source) as runner:
        pair, wrong = value(runner.call("f"))
    assert pair == Record("P", ("x", "y"), (1, 2))
    assert isinstance(wrong, ErrorValue)


def test_time_is_one_budget_for_all_calls_of_a_runner(pool: Pool) -> None:
    with started(pool, "import time\ndef f(): time.sleep(0.3)", seconds=0.7) as runner:
        replies = [runner.call("f") for _ in range(4)]
    assert isinstance(replies[0], Returned)
    assert isinstance(replies[-1], LimitHit)


def test_what_the_judge_cannot_send_is_a_fault_of_ours(pool: Pool) -> None:
    with started(pool, "def f(x): return x") as runner, pytest.raises(RunnerFault):
        runner.call("f", [object()])


def test_a_closed_runner_answers_without_a_process(pool: Pool) -> None:
    runner: Runner = pool.acquire(RunLimits())
    runner.load(Submission(b"def f(): return 1", "work.py"))
    runner.close()
    runner.close()
    assert type(runner.call("f")).__name__ == "Crashed"
    assert not runner.alive
