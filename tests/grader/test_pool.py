"""Pools: what is parked is used once, what dies is replaced, and what is missing is named."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gradus.errors import UsageError
from gradus.grader.body import computed_if_waiting
from gradus.grader.forkers import Cell
from gradus.grader.isolation import isolation_report
from gradus.grader.libraries import library_set, smallest_set
from gradus.grader.pool import Pool, Returned, Runner, RunnerFault, Submission, open_pool
from gradus.grader.spawn import SpawnPool
from gradus.grader.zygote_pool import ZygotePool
from tests.grader.conftest import started

COUNT = b"n = 0\ndef f():\n    global n\n    n += 1\n    return n"


def answer(pool: Pool) -> int:
    with pool.acquire() as runner:
        runner.load(Submission(COUNT, "work.py"))
        reply = runner.call("f")
    assert isinstance(reply, Returned)
    return reply.value  # type: ignore[no-any-return]


def test_every_runner_is_fresh(pool: Pool) -> None:
    assert [answer(pool) for _ in range(4)] == [1, 1, 1, 1]


def test_several_checks_at_once_do_not_meet(zygote_pool: Pool) -> None:
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(answer(zygote_pool))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 6


def test_a_parked_process_that_was_killed_is_not_handed_out(pool: Pool) -> None:
    assert pool.wait_ready(30)
    for body in list(pool._parked):
        os.kill(body.number(), signal.SIGKILL)
    time.sleep(0.05)
    assert answer(pool) == 1


def test_a_zygote_that_was_killed_is_replaced() -> None:
    with ZygotePool(library_set("bare"), fallback=False).start() as pool:
        assert pool.wait_ready(30)
        process = pool._zygote._process  # type: ignore[union-attr]
        process.kill()
        process.wait()
        time.sleep(0.1)
        assert answer(pool) == 1


def test_closing_the_pool_ends_every_process() -> None:
    pool = ZygotePool(library_set("bare")).start()
    assert pool.wait_ready(30)
    numbers = [body.number() for body in pool._parked]
    runner = pool.acquire()
    pool.close()
    runner.close()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{number}").exists() for number in numbers) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(Path(f"/proc/{number}").exists() for number in numbers)
    with pytest.raises(RunnerFault):
        pool.acquire()


def test_without_namespaces_the_rest_still_holds() -> None:
    with ZygotePool(library_set("bare"), namespaces=False).start() as pool:
        with started(pool, "import os\ndef f():\n    open('x', 'w').close()\n    return os.getcwd()") as runner:
            folder = runner.call("f").value  # type: ignore[union-attr]
        assert {"seccomp", "landlock", "rlimits"} <= set(pool.layers)
        assert {"pid", "mount", "net"} <= set(pool.lost)
        assert not Path(folder).exists()


MARK = """
import math
import os
def f(): return sorted(os.listdir(os.environ["HOME"]))
def g():
    open(os.path.join(os.environ["HOME"], "mark"), "w").close()
    os.remove(os.path.join(os.environ["HOME"], "mark"))
def stamp(): os.utime(os.environ["HOME"], (123, 123))
def threads():
    import threading, time
    for _ in range(8): threading.Thread(target=time.sleep, args=(60,)).start()
"""


@pytest.mark.parametrize("deed", ["g", "stamp"])
def test_a_sandbox_whose_folder_was_touched_gets_no_other_runner(zygote_pool: ZygotePool, deed: str) -> None:
    with started(zygote_pool, MARK) as runner:
        cell = zygote_pool_cell(zygote_pool, runner)
        assert isinstance(runner.call(deed), Returned)
    deadline = time.monotonic() + 10
    while cell._process >= 0 and time.monotonic() < deadline:  # the next process is made for it, and it refuses
        with started(zygote_pool, MARK) as runner:
            reply = runner.call("f")
        assert isinstance(reply, Returned)
        assert reply.value == []
    assert cell._process == -1


def test_a_sandbox_serves_one_runner_after_the_other(zygote_pool: ZygotePool) -> None:
    with started(zygote_pool, MARK) as runner:
        cell = zygote_pool_cell(zygote_pool, runner)
        runner.call("threads")
    served = cell.runners
    deadline = time.monotonic() + 10
    while cell.runners == served and time.monotonic() < deadline:
        with started(zygote_pool, MARK) as runner:
            assert isinstance(runner.call("f"), Returned)
    assert cell.runners > served
    assert cell._process >= 0


def zygote_pool_cell(pool: ZygotePool, runner: Runner) -> Cell:
    """The sandbox that a runner is in."""
    return runner.body.left.args[0]  # type: ignore[attr-defined]


def test_every_layer_that_holds_is_found_by_trying() -> None:
    layers = {layer.name: layer for layer in isolation_report("zygote")}
    assert {"user", "pid", "mount", "net", "ipc", "uts", "seccomp", "capabilities", "rlimits"} <= {
        name for name, layer in layers.items() if layer.active
    }
    spawned = {layer.name: layer for layer in isolation_report("spawn")}
    assert not spawned["pid"].active
    assert spawned["pid"].remedy
    assert "spawned" in spawned["pid"].detail
    assert spawned["seccomp"].active


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradus.grader import libraries

    absent = libraries.LibrarySet("absent", ("no_such_library", "json"))
    monkeypatch.setattr(libraries, "SETS", {**libraries.SETS, "absent": absent})
    assert absent.missing() == ("no_such_library",)
    assert libraries.import_all(absent) == ("no_such_library",)


def test_the_smallest_set_that_will_do_is_chosen() -> None:
    assert smallest_set("core", [b"import numpy as np"]) == "numpy"
    assert smallest_set("core", [b"import numpy as np", b"def f():\n    from pandas import x"]) == "core"
    assert smallest_set("core", [b"import os, sklearn"]) == "core"
    assert smallest_set("bare", [b"import pandas"]) == "bare"


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UsageError):
        open_pool("no such set")
    with pytest.raises(UsageError):
        open_pool("bare", "no such isolation")


def test_processes_that_cannot_be_made_are_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: SpawnPool) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(SpawnPool, "make", broken)
    with SpawnPool(library_set("bare")).start() as pool, pytest.raises(RunnerFault, match="no more processes"):
        pool.acquire()


def test_a_runner_that_was_killed_from_outside_is_not_the_learner_s_fault(pool: Pool) -> None:
    with started(pool, "import time\ndef f(): time.sleep(100)", seconds=5) as runner:
        timer = threading.Timer(0.1, os.kill, (runner.process_id(), signal.SIGKILL))
        timer.start()
        with pytest.raises(RunnerFault, match="from outside"):
            runner.call("f")
    assert answer(pool) == 1


def test_a_zygote_that_dies_in_mid_check_is_not_the_learner_s_fault() -> None:
    with ZygotePool(library_set("bare"), fallback=False).start() as pool:
        with started(pool, "import time\ndef f(): time.sleep(100)", seconds=5) as runner:
            timer = threading.Timer(0.1, pool._zygote._process.kill)  # type: ignore[union-attr]
            timer.start()
            with pytest.raises(RunnerFault, match="from outside"):
                runner.call("f")
        for body in list(pool._parked):
            assert body.wait(5) is not None  # they went with the zygote
        assert answer(pool) == 1


HOST = """
import sys, time
from gradus.grader.pool import CallSpec, Submission, open_pool
pool = open_pool("bare", {isolation!r})
pool.wait_ready(60)
runner = pool.acquire()
runner.load(Submission(b"def f():\\n    while True: pass", "work.py"))
numbers = [runner.process_id(), *(body.number() for body in pool._parked)]
runner.call_many([CallSpec("f", ())])
print(*numbers, flush=True)
time.sleep(100)
"""


@pytest.mark.parametrize("isolation", ["zygote", "spawn"])
def test_nothing_outlives_a_host_that_was_killed(isolation: str) -> None:
    host = subprocess.Popen([sys.executable, "-c", HOST.format(isolation=isolation)], stdout=subprocess.PIPE, text=True)
    assert host.stdout is not None
    numbers = [int(number) for number in host.stdout.readline().split()]
    assert len(numbers) >= 2
    assert all(Path(f"/proc/{number}").exists() for number in numbers)
    host.kill()
    host.wait()
    host.stdout.close()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{number}").exists() for number in numbers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{number}").exists() for number in numbers)


def test_only_a_process_that_wants_to_compute_is_given_more_time() -> None:
    assert 0 < computed_if_waiting(os.getpid()) < 10_000
    with subprocess.Popen(["sleep", "10"]) as sleeper:
        time.sleep(0.05)
        assert computed_if_waiting(sleeper.pid) == math.inf
        sleeper.kill()
    assert computed_if_waiting(sleeper.pid) == math.inf
