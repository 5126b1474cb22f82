"""What a hostile or runaway submission tries: the right outcome each time, in time, and nothing left running."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from gradus.grader.pool import Crashed, LimitHit, Pool, RaisedError, Returned, RunLimits, Submission
from tests.grader.conftest import started

SLACK = 1.0  # a check ends within its limit plus one second


def children() -> set[int]:
    """Every process that descends from this one, as the system tells."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found = {os.getpid()}
    grown = True
    while grown:
        grown = False
        for pid, parent in parents.items():
            if parent in found and pid not in found:
                found.add(pid)
                grown = True
    return found


def settled(pool: Pool) -> int:
    """How many processes there are once the pool is full again; sandboxes that wait for their next runner apart."""
    assert pool.wait_ready(30)
    deadline = time.monotonic() + 10
    count = -1
    while time.monotonic() < deadline:
        now = len(children()) - len(getattr(pool, "_free", ()))
        if now == count:
            return now
        count = now
        time.sleep(0.1)
    return count


LOOPS = {
    "python": "def f():\n    while True: pass",
    "in C": "def f():\n    return sum(range(10**13))",
    "one big number": "def f():\n    return pow(7, 10**9)",
    "swallowing everything": """
        def f():
            while True:
                try:
                    while True: pass
                except BaseException: pass
        """,
    "ignoring signals": """
        import signal
        for number in range(1, 65):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        def f():
            while True: pass
        """,
    "asleep": "import time\ndef f():\n    time.sleep(1000)",
    "a repr without end": """
        class A:
            def __repr__(self):
                while True: pass
        def f():
            raise ValueError(A())
        """,
    "a message without end": """
        class Slow(Exception):
            def __str__(self):
                while True: pass
        def f():
            raise Slow
        """,
    "threads": """
        import threading
        def f():
            def spin():
                while True: pass
            threads = [threading.Thread(target=spin) for _ in range(8)]
            for t in threads: t.start()
            for t in threads: t.join()
        """,
    "never exits": """
        import atexit, time, os
        atexit.register(lambda: time.sleep(1000))
        def f():
            while True: time.sleep(0.01)
        """,
}


@pytest.mark.parametrize("name", LOOPS)
def test_what_runs_forever_is_stopped_in_time(pool: Pool, name: str) -> None:
    with started(pool, LOOPS[name], seconds=0.4) as runner:
        begin = time.monotonic()
        reply = runner.call("f")
        assert time.monotonic() - begin < 0.4 + SLACK
    assert isinstance(reply, LimitHit)
    assert reply.kind == "time"


def test_a_file_that_loops_while_it_loads_is_stopped(pool: Pool) -> None:
    with pool.acquire(RunLimits(seconds=0.4)) as runner:
        failure = runner.load(Submission(b"while True: pass", "work.py"))
    assert failure.kind == "limit"  # type: ignore[union-attr]
    assert failure.error == "time"  # type: ignore[union-attr]


def test_the_call_that_hung_is_known_and_the_ones_before_it_count(pool: Pool) -> None:
    from gradus.grader.pool import CallSpec

    with started(pool, "def f(n):\n    while n == 2: pass\n    return n", seconds=0.5) as runner:
        replies = list(runner.call_many([CallSpec("f", (n,)) for n in range(5)]))
    assert [r.value for r in replies[:2]] == [0, 1]  # type: ignore[union-attr]
    assert isinstance(replies[2], LimitHit)
    assert len(replies) == 3


ENDS = {
    "os._exit(0)": ("import os\ndef f(): os._exit(0)", None, 0),
    "os._exit(7)": ("import os\ndef f(): os._exit(7)", None, 7),
    "segfault": ("import ctypes\ndef f(): ctypes.string_at(0)", 11, None),
    "closing every descriptor": ("import os\ndef f(): os.closerange(0, 1000); return 1", None, None),
}


@pytest.mark.parametrize("name", ENDS)
def test_ending_the_process_is_a_crash_and_never_an_answer(pool: Pool, name: str) -> None:
    source, signal, status = ENDS[name]
    with started(pool, source, seconds=2) as runner:
        reply = runner.call("f")
        again = runner.call("f")
    assert isinstance(reply, Crashed)
    assert again == reply
    assert reply.signal == signal
    if status is not None:
        assert reply.status == status


def test_sys_exit_is_reported_as_what_it_is(pool: Pool) -> None:
    with started(pool, "import sys\ndef f(): sys.exit(0)") as runner:
        reply = runner.call("f")
        assert isinstance(reply, RaisedError)
        assert reply.type == "SystemExit"
        assert isinstance(runner.call("f"), RaisedError)  # and it goes on


def test_deep_recursion_in_c_does_not_pass(pool: Pool) -> None:
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    return f()"
    with started(pool, source, seconds=3) as runner:
        assert isinstance(runner.call("f"), Crashed | LimitHit | RaisedError)


MEMORY = {
    "one block": "def f(): return len(bytearray(2 * 10**9))",
    "many blocks": "def f():\n    kept = []\n    while True: kept.append(bytearray(10**6))",
    "small objects": "def f():\n    kept = []\n    while True: kept.append([0] * 100)",
    "shared mapping": "import mmap\ndef f():\n    m = mmap.mmap(-1, 2 * 10**9)\n    return len(m)",
}


@pytest.mark.parametrize("name", MEMORY)
def test_memory_is_bounded(pool: Pool, name: str) -> None:
    with started(pool, MEMORY[name], seconds=4, memory_mb=64) as runner:
        reply = runner.call("f")
    assert isinstance(reply, LimitHit)
    assert reply.kind == "memory"


def test_memory_that_is_given_back_leaves_the_runner_usable(pool: Pool) -> None:
    with started(pool, "def f(n): return len(bytearray(n))", memory_mb=64) as runner:
        assert isinstance(runner.call("f", [10**9]), LimitHit)
        assert runner.call("f", [10]).value == 10  # type: ignore[union-attr]


OUTPUT = {
    "print": "def f():\n    for _ in range(10**6): print('x' * 1000)",
    "stderr": "import sys\ndef f():\n    for _ in range(10**6): print('x' * 1000, file=sys.stderr)",
    "os.write": "import os\ndef f():\n    for _ in range(10**6): os.write(1, b'x' * 1000)",
    "swallowed": """
        def f():
            for _ in range(10**4):
                try: print('x' * 1000)
                except OSError: pass
            raise SystemExit
        """,
}


@pytest.mark.parametrize("name", ["print", "stderr", "os.write"])
def test_output_is_bounded_and_kept(pool: Pool, name: str) -> None:
    with started(pool, OUTPUT[name], seconds=5, output_kb=16) as runner:
        reply = runner.call("f")
        assert len(runner.stdout() + runner.stderr()) == 16 * 1024
    assert isinstance(reply, LimitHit)
    assert reply.kind == "output"


def test_output_is_bounded_for_who_swallows_the_error(pool: Pool) -> None:
    with started(pool, OUTPUT["swallowed"], seconds=5, output_kb=16) as runner:
        runner.call("f")
        assert len(runner.stdout()) <= 16 * 1024


@pytest.mark.parametrize("end", ["os._exit(0)", "ctypes.string_at(0)", "exec('while True: pass')"])
def test_what_was_printed_survives_the_end(pool: Pool, end: str) -> None:
    source = f"import ctypes, os\ndef f():\n    print('one')\n    print('two', end='')\n    {end}"
    with started(pool, source, seconds=0.5) as runner:
        runner.call("f")
        assert runner.stdout() == "one\ntwo"


BOMBS = {
    "fork": "import os\ndef f():\n    while True: os.fork()",
    "subprocess": "import subprocess\ndef f(): return subprocess.run(['/bin/true']).returncode",
    "multiprocessing": """
        import multiprocessing
        def g(): pass
        def f():
            p = multiprocessing.get_context("fork").Process(target=g)
            p.start(); p.join()
        """,
    "posix_spawn": "import os\ndef f(): return os.posix_spawn('/bin/true', ['true'], {})",
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_other_process_is_started(pool: Pool, name: str) -> None:
    before = settled(pool)
    with started(pool, BOMBS[name], seconds=2) as runner:
        reply = runner.call("f")
    assert isinstance(reply, LimitHit)
    assert reply.kind == "processes"
    assert settled(pool) == before


def test_another_program_cannot_take_the_runner_s_place(pool: Pool) -> None:
    with started(pool, "import os\ndef f(): os.execv('/bin/true', ['true'])", seconds=2) as runner:
        reply = runner.call("f")
    assert isinstance(reply, RaisedError)
    assert reply.type == "PermissionError"


def test_threads_are_bounded_and_those_of_one_check_do_not_count_for_the_next(zygote_pool: Pool) -> None:
    source = """
        import threading, time
        def bomb():
            for _ in range(10**5):
                threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        def few():
            threads = [threading.Thread(target=int) for _ in range(8)]
            for t in threads: t.start()
            for t in threads: t.join()
            return True
        """
    with started(zygote_pool, source, seconds=5) as hostile:
        reply = hostile.call("bomb")
        assert isinstance(reply, LimitHit)
        assert reply.kind == "processes"
        with started(zygote_pool, source, seconds=5) as honest:
            assert honest.call("few").value is True  # type: ignore[union-attr]


def test_nothing_is_left_running_and_the_next_check_is_unharmed(pool: Pool) -> None:
    before = settled(pool)
    source = """
        import os, threading, time
        def daemonize():
            os.setsid()
        def f():
            for _ in range(20):
                threading.Thread(target=time.sleep, args=(1000,)).start()
            while True: pass
        """
    with started(pool, source, seconds=0.3) as runner:
        runner.call("f")
    assert settled(pool) == before
    with started(pool, "def f(): return 1") as runner:
        assert runner.call("f").value == 1  # type: ignore[union-attr]


FILES = {
    "one big file": "def f():\n    with open('big', 'wb') as file:\n        while True: file.write(b'x' * 10**6)",
    "many big files": """
        def f():
            for n in range(10**4):
                with open(f'big{n}', 'wb') as file:
                    file.write(b'x' * 10**7)
        """,
    "many small files": "def f():\n    for n in range(10**6): open(f'small{n}', 'w').close()",
    "open files": "def f():\n    kept = [open('/dev/null') for _ in range(10**5)]",
}


@pytest.mark.parametrize("name", FILES)
def test_the_disk_is_bounded(zygote_pool: Pool, name: str) -> None:
    with started(zygote_pool, FILES[name], seconds=5, memory_mb=512) as runner:
        reply = runner.call("f")
    assert isinstance(reply, LimitHit)
    assert reply.kind == "files"


def test_files_do_not_outlive_their_check(pool: Pool) -> None:
    source = """
        import os, tempfile
        def leave():
            with open('left', 'w') as file: file.write('secret')
            with open(os.path.join(tempfile.gettempdir(), 'left2'), 'w') as file: file.write('secret')
            return os.path.abspath('left')
        def look():
            return os.listdir('.') + os.listdir(tempfile.gettempdir())
        """
    with started(pool, source) as runner:
        path = runner.call("leave").value  # type: ignore[union-attr]
    with started(pool, source) as runner:
        assert runner.call("look").value == []  # type: ignore[union-attr]
    if not path.startswith("/tmp/left"):
        assert not Path(path).exists()


READS = {
    "home": str(Path.home()),
    "this test": __file__,
    "the product": str(Path(__file__).parents[2] / "src" / "gradus" / "errors.py"),
    "the curriculum": str(Path(__file__).parents[2] / "curriculum" / "roadmap.toml"),
    "accounts": "/etc/shadow",
    "other processes": f"/proc/{os.getpid()}/cmdline",
    "itself": "/proc/self/mem",
    "the first process": "/proc/1/environ",
    "the system": "/sys/kernel",
    "disks": "/dev/sda",
    "memory": "/dev/mem",
}


@pytest.mark.parametrize("name", READS)
def test_nothing_of_anybody_s_can_be_read(pool: Pool, name: str) -> None:
    source = """
        import os
        def f(path):
            return os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(10)
        """
    with started(pool, source) as runner:
        reply = runner.call("f", [READS[name]])
    assert isinstance(reply, RaisedError)
    assert "OSError" in reply.bases


def test_no_folder_called_gradus_shows_anything(pool: Pool) -> None:
    source = """
        import glob, os, sys
        def f():
            found = []
            for top in {*sys.path, sys.prefix, sys.base_prefix, '/usr', '/'}:
                for folder, names, files in os.walk(top):
                    if os.path.basename(folder) == 'gradus' or 'curriculum' in names:
                        found += files
            return found
        """
    with started(pool, source, seconds=60) as runner:
        reply = runner.call("f")
    assert isinstance(reply, Returned), reply
    assert reply.value == []


def test_nothing_can_be_written_outside_the_private_folder(pool: Pool) -> None:
    source = """
        import os, sys
        def f(path):
            with open(os.path.join(path, 'mine'), 'w') as file: file.write('x')
        """
    with started(pool, source) as runner:
        for path in ("/", "/usr", "/etc", "/dev", "/var/tmp", str(Path.home())):
            reply = runner.call("f", [path])
            assert isinstance(reply, RaisedError), path
            assert "OSError" in reply.bases


def test_there_is_no_network(pool: Pool) -> None:
    source = """
        import socket, urllib.request
        def connect(): socket.create_connection(("127.0.0.1", 9), timeout=1)
        def listen(): socket.create_server(("127.0.0.1", 0))
        def unix(): socket.socket(socket.AF_UNIX).connect("/run/x")
        def abstract(): socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", "\\0x")
        def fetch(): urllib.request.urlopen("http://127.0.0.1:9", timeout=1)
        """
    with started(pool, source) as runner:
        for name in ("connect", "listen", "unix", "abstract", "fetch"):
            reply = runner.call(name)
            assert isinstance(reply, RaisedError), name
            assert "OSError" in reply.bases


CALLS = {
    "ptrace": (101, 117),
    "mount": (165, 40),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "perf_event_open": (298, 241),
    "clone3": (435, 435),
    "memfd_create": (319, 279),
    "reboot": (169, 142),
    "not known yet": (600, 600),
}


@pytest.mark.parametrize("name", CALLS)
def test_rare_system_calls_fail(pool: Pool, name: str) -> None:
    source = """
        import ctypes, os
        def f(number):
            libc = ctypes.CDLL(None, use_errno=True)
            result = libc.syscall(number, 0, 0, 0, 0, 0)
            return result, ctypes.get_errno()
        """
    number = CALLS[name][os.uname().machine == "aarch64"]
    with started(pool, source) as runner:
        reply = runner.call("f", [number])
    assert isinstance(reply, Returned)
    result, error = reply.value
    assert result == -1
    assert error in (1, 38)


def test_no_other_process_can_be_signaled(pool: Pool) -> None:
    source = "import os\ndef f(pid): os.kill(pid, 0)"
    with started(pool, source) as runner:
        for pid in {os.getpid(), os.getppid(), -1} - {1}:  # 1 is the runner itself, in its own namespace
            reply = runner.call("f", [pid])
            assert isinstance(reply, RaisedError), pid


def test_capabilities_and_new_privileges_are_gone(pool: Pool) -> None:
    source = """
        import ctypes, os
        def f():
            libc = ctypes.CDLL(None, use_errno=True)
            header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
            libc.capget(header, data)
            return list(data), libc.prctl(39, 0, 0, 0, 0), os.getuid()
        """
    with started(pool, source) as runner:
        data, no_new_privileges, user = runner.call("f").value  # type: ignore[union-attr]
    assert data == [0] * 6
    assert no_new_privileges == 1
    if "user" in runner.layers:
        assert user == 65534


FORGED = {"nonsense": b"\x05\0\0\0hello", "too long": b"\xff\xff\xff\xffxxxx"}


@pytest.mark.parametrize("name", FORGED)
def test_forged_frames_are_a_crash(pool: Pool, name: str) -> None:
    source = """
        import os, socket
        def f(data):
            for fd in range(3, 1000):
                try: os.write(fd, data)
                except OSError: pass
            while True: pass
        """
    with started(pool, source, seconds=1) as runner:
        reply = runner.call("f", [FORGED[name]])
    assert isinstance(reply, Crashed)


def test_a_frame_that_drips_is_cut_at_the_limit(pool: Pool) -> None:
    source = """
        import os, time
        def f():
            while True:
                for fd in range(3, 300):
                    try: os.write(fd, b'\\1')
                    except OSError: pass
                time.sleep(0.05)
        """
    with started(pool, source, seconds=0.5) as runner:
        begin = time.monotonic()
        reply = runner.call("f")
        assert time.monotonic() - begin < 0.5 + SLACK
    assert isinstance(reply, Crashed | LimitHit)


def test_an_answer_too_large_is_a_limit_and_costs_the_judge_little(pool: Pool) -> None:
    with started(pool, "def f(): return b'x' * (70 * 2**20)", memory_mb=512) as runner:
        reply = runner.call("f")
    assert isinstance(reply, LimitHit)
    assert reply.kind == "size"


def test_an_answer_that_contains_itself_is_a_limit(pool: Pool) -> None:
    with started(pool, "def f():\n    x = []\n    x.append(x)\n    return x") as runner:
        reply = runner.call("f")
    assert isinstance(reply, LimitHit)
    assert reply.kind == "size"


def test_a_float_that_equals_everything_does_not_cross_as_a_number(pool: Pool) -> None:
    source = """
        class Yes(float):
            def __eq__(self, other): return True
            __hash__ = float.__hash__
        def f(): return Yes(1.0)
        """
    with started(pool, source) as runner:
        value = runner.call("f").value  # type: ignore[union-attr]
    assert type(value).__name__ == "Handle"


def test_a_forged_answer_does_not_answer_the_next_question(pool: Pool) -> None:
    source = """
        import sys
        def f():
            frame = sys._getframe()
            while frame and 'self' not in frame.f_locals: frame = frame.f_back
            runner = frame.f_locals['self']
            from gradus.grader.wire.codec import encode
            forged = encode(("returned", 1, encode(42), (), 0, 0.0))
            runner.channel.send(forged)
            return 1
        def honest(): return 5
        """
    with started(pool, source) as runner:
        # It answers its own question with what it could have returned as well; the true answer, late, is dropped.
        forged = runner.call("f")
        assert forged.value == 42  # type: ignore[union-attr]
        assert runner.call("honest").value == 5  # type: ignore[union-attr]


def test_a_flood_of_questions_does_not_stretch_the_limit(pool: Pool) -> None:
    source = """
        import sys
        def f(g):
            while True: g(1)
        """
    with started(pool, source, seconds=0.4) as runner:
        begin = time.monotonic()
        reply = runner.call("f", [lambda x: x])
        assert time.monotonic() - begin < 0.4 + SLACK
    assert isinstance(reply, LimitHit)


def test_all_answers_together_are_bounded(pool: Pool) -> None:
    from gradus.grader.pool import CallSpec

    with started(pool, "def f(): return b'x' * (40 * 2**20)", seconds=20, memory_mb=512) as runner:
        replies = list(runner.call_many([CallSpec("f", ())] * 20))
    assert isinstance(replies[-1], LimitHit)
    assert replies[-1].kind == "size"
    assert len(replies) < 10


def test_replies_nobody_waited_for_are_passed_over(pool: Pool) -> None:
    from gradus.grader.pool import CallSpec

    with started(pool, "def f(x): return x") as runner:
        replies = runner.call_many([CallSpec("f", (x,)) for x in range(5)])
        assert next(iter(replies)).value == 0  # type: ignore[union-attr]
        assert runner.call("f", ["next"]).value == "next"  # type: ignore[union-attr]
