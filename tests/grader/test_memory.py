"""How a process's memory is arranged for forking: holes filled, code together, pages taken ahead."""

from __future__ import annotations

import gc
import os
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gradus.grader import compaction, hot_pages
from gradus.grader.forkers import ZygoteBody
from gradus.grader.hot_pages import PAGE, HotPages, written
from gradus.grader.libraries import library_set
from gradus.grader.pool import Returned, RunLimits, Submission
from gradus.grader.written_pages import MOST_PAGES, written_pages
from gradus.grader.zygote_pool import ZygotePool
from tests.grader.conftest import started

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is arranged so on Linux only")
BLOCK = 64


def in_a_child(work: Callable[[], str]) -> str:
    """What ``work`` says in a forked child."""
    told, teller = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(teller, work().encode())
        finally:
            os._exit(0)
    os.close(teller)
    os.waitpid(pid, 0)
    with os.fdopen(told) as stream:
        return stream.read()


def own_pages() -> set[int]:
    """The pages that this process has for itself alone."""
    pagemap = os.open("/proc/self/pagemap", os.O_RDONLY)
    try:
        ranges = written(pagemap, Path("/proc/self/maps").read_bytes())
    finally:
        os.close(pagemap)
    pairs = zip(ranges[::2], ranges[1::2], strict=True)
    return {page for start, length in pairs for page in range(start // PAGE, (start + length) // PAGE)}


@pytest.fixture
def block() -> np.ndarray:
    """Memory of this process's own, every page of it written to."""
    room = np.ones((BLOCK + 1) * PAGE, dtype=np.uint8)
    start = -room.ctypes.data % PAGE
    return room[start : start + BLOCK * PAGE]


def test_holes_are_filled_so_that_what_comes_next_lies_together() -> None:
    if not compaction._free_places():
        pytest.skip("this Python does not tell of its allocator")

    def work() -> str:
        many = [bytes(300) for _ in range(20_000)]
        del many[::2]
        gc.collect()
        before = dict(compaction._free_places())
        kept = compaction.fill_holes()
        after = dict(compaction._free_places())
        size = min(size for size in before if size >= 333)
        return f"{before[size]} {after.get(size, 0)} {len(kept)}"

    before, after, kept = map(int, in_a_child(work).split())
    assert before >= 9_000
    assert after < 100
    assert kept >= before


def test_code_that_is_called_is_made_anew_in_one_place() -> None:
    names: dict[str, object] = {}
    source = "\n".join(f"def f{i}(x):\n    '{'.' * 700}'\n    return x + {i}" for i in range(400))
    exec(source, names)
    functions = [names[f"f{i}"] for i in range(0, 400, 20)]
    untouched = names["f7"]
    code = untouched.__code__  # type: ignore[attr-defined]
    before = [function.__code__ for function in functions]  # type: ignore[attr-defined]
    calls = []

    def run() -> None:
        calls.append([function(1) for function in functions])  # type: ignore[operator]

    compaction.gather_code(run, 3)
    assert calls == [[1 + i for i in range(0, 400, 20)]] * 4
    after = [function.__code__ for function in functions]  # type: ignore[attr-defined]
    assert after == before
    assert not any(new is old for new, old in zip(after, before, strict=True))
    assert untouched.__code__ is code  # type: ignore[attr-defined]


@pytest.mark.parametrize("at_once", [True, False])
def test_pages_are_taken_before_they_are_written_to(
    block: np.ndarray, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hot_pages.supported():
        pytest.skip("this kernel does not take pages ahead")
    if not at_once:
        monkeypatch.setattr(hot_pages, "_vectored", lambda: False)
    first = block.ctypes.data // PAGE
    chosen = [first + place for place in (1, 2, 3, 9, 40)]
    ranges = array("Q", (chosen[0] * PAGE, 3 * PAGE, chosen[3] * PAGE, PAGE, 0, PAGE, chosen[4] * PAGE, PAGE))

    def work() -> str:
        HotPages(ranges).populate()  # nothing is mapped at 0: that is passed over
        mine = own_pages()
        return " ".join(str(page - first) for page in range(first, first + BLOCK) if page in mine)

    assert in_a_child(work).split() == ["1", "2", "3", "9", "40"]
    assert block.sum() == BLOCK * PAGE


GROWS = b"""
import numpy as np
def f(): return 1
def g(n):
    kept = [np.random.default_rng(i) for i in range(n)]
    return len(kept)
"""


def test_the_next_runners_get_the_pages_that_a_check_wrote_to() -> None:
    with ZygotePool(library_set("numpy"), fallback=False).start() as pool:
        pool.wait_ready()
        if not pool._zygote or not pool._zygote.hot:
            pytest.skip("no pages are taken ahead here")

        def asked(limit: float = 5.0) -> tuple[int, bytes]:
            """A runner after the call: how many faults the call took, and which pages it wrote to."""
            with pool.acquire(RunLimits(limit)) as runner:
                body = runner.body
                assert isinstance(body, ZygoteBody)
                runner.load(Submission(GROWS, "work.py"))
                before = faults(body.number())
                assert runner.call("g", [200]) == Returned(200, seconds=pytest.approx(0, abs=5))  # type: ignore[arg-type]
                taken = faults(body.number()) - before
                pool.learn(body, "grows")
                cell = body.cell()
                assert cell is not None
                assert pool._zygote is not None
                return taken, written_pages(body.number(), cell.number(), pool._zygote.hot)

        cold, ranges = asked()
        learned = np.frombuffer(pool._memory["grows"], dtype=np.uint64).reshape(-1, 2)
        assert 0 < learned[:, 1].sum() // PAGE <= MOST_PAGES
        assert ranges
        pool.expected = "grows"
        for _ in range(6):  # those that stand parked were made before
            time.sleep(0.1)
            warm, _ = asked()
        assert warm < 0.7 * cold, (warm, cold)
        pool.learn(object(), "other")  # type: ignore[arg-type]
        assert "other" not in pool._memory


def faults(pid: int) -> int:
    """Page faults of a process so far."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7])


def test_pages_of_a_process_that_is_gone_are_none(zygote_pool: ZygotePool) -> None:
    with started(zygote_pool, GROWS) as runner:
        number = runner.process_id()
    assert written_pages(0, os.getpid(), b"") == b""
    assert written_pages(number, 0, b"") == b""
