"""What a hostile or runaway project may try: it gets the right outcome, reaches nothing, and leaves nothing running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradus.projects import Bounds, MissingFile, NotFound, OverLimit, Workbench

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these layers are Linux's")
SMALL = Bounds(seconds=20, memory_mb=200, output_kb=64, disk_mb=24, files=400, file_mb=16, processes=24)


def bench(code: str, bounds: Bounds = SMALL, **files: bytes) -> Workbench:
    return Workbench({"main.py": code.encode(), **files}, bounds)


@pytest.fixture(scope="module")
def sandboxed() -> None:
    with Workbench({"a": b""}, SMALL) as work:
        missing = {"pid", "mount", "net", "seccomp"} - set(work.quarters.layers)
    if missing:
        pytest.skip(f"this machine lacks {', '.join(sorted(missing))}")


def marked(mark: str) -> list[str]:
    """Processes of this machine whose command line holds a mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def gone(mark: str, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while marked(mark) and time.monotonic() < until:
        time.sleep(0.05)
    return not marked(mark)


def test_a_fork_bomb_is_over_the_limit_and_ends() -> None:
    code = "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.01)\n"
    with bench(code) as work, pytest.raises(OverLimit) as raised:
        work.run(["python", "main.py", "bomb-4711"])
    assert raised.value.kind == "processes"
    assert gone("bomb-4711")


def test_endless_output_is_over_the_limit() -> None:
    with bench("while True: print('x' * 1000)") as work, pytest.raises(OverLimit) as raised:
        work.run(["python", "main.py"])
    assert raised.value.kind == "output"
    with bench("while True: print('x' * 1000)") as work, work.start(["python", "main.py"]) as service:
        with pytest.raises(OverLimit):
            service.wait(15)
        assert len(service.output()) <= 64 << 10


def test_memory_is_bounded_for_all_processes_together() -> None:
    code = (
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n"
        "        kept = bytearray(os.urandom(1 << 20) * 90)\n        time.sleep(30)\nos.wait()\n"
    )
    with bench(code) as work, pytest.raises(OverLimit) as raised:
        work.run(["python", "main.py"])
    assert raised.value.kind == "memory"


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    "code",
    [
        "f = open('big', 'wb')\nwhile True: f.write(b'x' * 4096); f.flush()",
        "for n in range(10 ** 6): open(f'{n}', 'w').write('x' * 4096)",
        "import os\nf = []\nfor n in range(100):\n"
        "    f.append(open('gone', 'wb')); os.unlink('gone')\n    f[-1].write(b'x' * (1 << 20)); f[-1].flush()\n"
        "import time; time.sleep(20)",
    ],
    ids=["one large file", "many small files", "files that no name leads to"],
)
def test_the_disk_cannot_be_filled(code: str) -> None:
    with bench(code) as work:
        kind, done = "", None
        try:
            done = work.run(["python", "main.py"])
        except OverLimit as over:
            kind = over.kind
        full = done is not None and not done.ok and ("No space left" in done.stderr or "too large" in done.stderr)
        assert kind == "files" or full, (kind, done)


def test_time_is_bounded_for_the_whole_check() -> None:
    began = time.monotonic()
    with (
        bench("import time; time.sleep(60)", Bounds(seconds=1.5)) as work,
        pytest.raises(OverLimit) as raised,
    ):
        work.run(["python", "main.py"], seconds=50)
    assert raised.value.kind == "time"
    assert time.monotonic() - began < 30


@pytest.mark.usefixtures("sandboxed")
def test_nothing_is_left_running() -> None:
    code = (
        "import os, subprocess, sys, time\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', 'daemon-4712'],"
        " start_new_session=True, close_fds=True)\n        os._exit(0)\n    os._exit(0)\n"
        "time.sleep(0.5)\nprint('left')\n"
    )
    with bench(code) as work:
        done = work.run(["python", "main.py"])
        assert done.ok, done.said
        assert marked("daemon-4712")
    assert gone("daemon-4712")


@pytest.mark.parametrize("isolation", ["none", "plain"])
def test_nothing_is_left_running_without_namespaces(isolation: str) -> None:
    code = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(600)', 'child-4713'])\n"
    )
    files = {"main.py": code.encode()}
    with Workbench(files, SMALL, isolation=isolation) as work, work.start(["python", "main.py"]):  # type: ignore[arg-type]
        until = time.monotonic() + 10
        while not marked("child-4713") and time.monotonic() < until:
            time.sleep(0.05)
        assert marked("child-4713")
    assert gone("child-4713")


@pytest.mark.usefixtures("sandboxed")
def test_home_curriculum_and_gradus_itself_are_absent() -> None:
    import gradus
    from gradus.roadmap import find_curriculum

    secrets = [Path.home(), find_curriculum(), Path(gradus.__file__).parent, Path(__file__), Path("/etc/shadow")]
    code = (
        "import os, sys\nfor path in sys.argv[1:]:\n    try:\n"
        "        print('SEEN', path, os.listdir(path) if os.path.isdir(path) else open(path).read()[:10])\n"
        "    except OSError as error:\n        print('absent', error.errno)\n"
        "try:\n    import gradus.grader\n    print('SEEN gradus')\nexcept ImportError:\n    print('absent')\n"
    )
    with bench(code) as work:
        done = work.run(["python", "main.py", *map(str, secrets)])
    assert done.ok, done.said
    assert "SEEN" not in done.stdout, done.stdout
    assert done.stdout.count("absent") == len(secrets) + 1


@pytest.mark.usefixtures("sandboxed")
def test_no_process_outside_can_be_seen_or_signalled() -> None:
    code = (
        "import os\n"
        "for pid in range(2, 4000):\n    if pid != os.getpid():\n        try:\n            os.kill(pid, 9)\n"
        "            print('SIGNALLED', pid)\n        except OSError:\n            pass\n"
        "try:\n    os.kill(1, 9)\nexcept OSError:\n    pass\n"
        "try:\n    print('READ', open('/proc/1/mem', 'rb'), os.listdir('/proc/1/fd'))\nexcept OSError:\n    pass\n"
        "print('done')\n"
    )
    with bench(code) as work:
        done = work.run(["python", "main.py"])
        assert done.stdout.endswith("done\n"), done
        assert "SIGNALLED" not in done.stdout
        assert "READ" not in done.stdout
        assert work.run(["python", "-c", "print(1)"]).ok  # the process above them all is still there


@pytest.fixture
def outside() -> Iterator[int]:
    """A port of this machine's loopback that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: [listener.accept() for _ in range(3)], daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.usefixtures("sandboxed")
def test_there_is_no_way_out_into_any_network(outside: int) -> None:
    code = (
        "import socket, sys\n"
        "own = int(sys.argv[1])\n"
        "for host, port in (('127.0.0.1', own), ('192.0.2.1', 80), ('8.8.8.8', 53), ('::1', own)):\n"
        "    try:\n        socket.create_connection((host, port), 2)\n        print('REACHED', host)\n"
        "    except OSError as error:\n        print('no', error)\n"
        "for family in (17, 40, 38, 31):\n    try:\n        socket.socket(family, 3 if family == 17 else 1)\n"
        "        print('OPENED', family)\n    except OSError:\n        print('no')\n"
    )
    with bench(code) as work:
        done = work.run(["python", "main.py", str(outside)])
    assert done.ok, done.said
    assert done.stdout.count("no") >= 8
    assert "REACHED" not in done.stdout
    assert "OPENED" not in done.stdout


@pytest.mark.usefixtures("sandboxed")
def test_the_kernels_rarer_doors_are_shut() -> None:
    code = (
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "refused = lambda result: result == -1 and ctypes.get_errno() in (1, 38)\n"
        "print('mount', refused(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)))\n"
        "print('unshare', refused(libc.unshare(0x10000000)))\n"
        "print('ptrace', refused(libc.ptrace(0, 0, 0, 0)))\n"
        "print('keyctl', refused(libc.syscall(250 if os.uname().machine == 'x86_64' else 219, 0, 0, 0, 0, 0)))\n"
        "print('bpf', refused(libc.syscall(321 if os.uname().machine == 'x86_64' else 280, 0, 0, 0)))\n"
        "print('module', refused(libc.syscall(175 if os.uname().machine == 'x86_64' else 105, 0, 0, 0)))\n"
    )
    with bench(code) as work:
        done = work.run(["python", "main.py"])
    assert done.ok, done.said
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["True"] * 6, done.stdout


def test_links_are_not_followed_by_the_judge(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    code = (
        "import os, sys\nos.symlink(sys.argv[1], 'leak')\nos.symlink(os.path.dirname(sys.argv[1]), 'folder')\n"
        "os.mkfifo('pipe')\nos.symlink('loop', 'loop')\n"
    )
    with bench(code) as work:
        assert work.run(["python", "main.py", str(tmp_path / "secret")]).ok
        for name in ("leak", "folder/secret", "pipe", "loop", "absent"):
            with pytest.raises(MissingFile):
                work.read(name)
        work.write("leak", "replaced")
        work.remove("folder")
        assert work.names() == ["leak", "main.py"]
    assert (tmp_path / "secret").read_text() == "secret"
    for name in ("../x", "/etc/passwd", "a/../../x", ""):
        with bench("") as work, pytest.raises(ValueError, match="not a name"):
            work.write(name, "x")


def test_a_program_that_is_not_there_is_said_to_be_missing() -> None:
    with bench("") as work, pytest.raises(NotFound, match="no-such-program"):
        work.run(["no-such-program"])


def test_the_environment_holds_nothing_of_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hidden-4714")
    with bench("import os; print(dict(os.environ))") as work:
        done = work.run(["python", "main.py"])
    assert "hidden-4714" not in done.stdout
    assert "'MLFLOW_DISABLE_TELEMETRY': 'true'" in done.stdout
    assert "'WANDB_MODE': 'offline'" in done.stdout


def test_what_was_made_is_removed_and_no_descriptor_is_lost() -> None:
    def once() -> None:
        with bench("print(1)") as work:
            work.run(["python", "main.py"])
            home = work.quarters.home
        assert not home.exists()

    once()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    threads = threading.active_count()
    once()
    once()
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208
    assert threading.active_count() <= threads


def test_everything_ends_when_the_judges_process_is_killed() -> None:
    code = (
        "import sys, time\nfrom gradus.projects import Workbench\n"
        "work = Workbench({'main.py': b'import time; time.sleep(600)'})\n"
        "work.start(['python', 'main.py', 'orphan-4715'])\nprint('started', flush=True)\ntime.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as judge:
        assert judge.stdout is not None
        assert judge.stdout.readline() == b"started\n"
        assert marked("orphan-4715")
        judge.kill()
    assert gone("orphan-4715")


def test_it_outlives_the_thread_that_opened_it() -> None:
    opened: list[Workbench] = []
    thread = threading.Thread(target=lambda: opened.append(bench("print('here')")))
    thread.start()
    thread.join()
    with opened[0] as work:
        assert work.run(["python", "main.py"]).stdout == "here\n"
