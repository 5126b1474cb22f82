"""The process that a project's commands run below: the first in their namespaces, and the end of them all.

It is started as a fresh interpreter, with one end of a socket; it enters the sandbox and then starts commands, opens
connections to what listens inside and tells how commands ended, as it is asked to. Nothing of a learner's runs in it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import select
import signal
import socket
import struct
from pathlib import Path
from typing import Any, Final, NoReturn

from gradus.grader import sandbox_kernel as kernel
from gradus.grader import sandbox_landlock, sandbox_root, sandbox_seccomp
from gradus.grader.sandbox_entry import Entry
from gradus.grader.sandbox_landlock import Paths

MESSAGE: Final = 1 << 17
_SIOCSIFFLAGS, _IFF_UP, _IFF_RUNNING = 0x8914, 0x1, 0x40
_PR_SET_CHILD_SUBREAPER: Final = 36
_OPEN_FILES: Final = 1024
_LAST_FD: Final = 65536


class Warden(Entry):
    """``options`` has, beside those of :class:`Entry`: ``folder``, the project's, and ``temporary``, a second writable
    one, by the names they have inside; ``memory`` and ``disk``, in bytes; ``files``, ``file_bytes``, ``threads``.
    """

    def furnish(self) -> None:
        """The project's folder and a private one for temporary files, each of a fixed size, and a place for /proc."""
        assert self.plan is not None
        root = self.options["root"]
        owner = f",uid={self.own},gid={self.own}" if os.geteuid() == 0 else ""
        os.makedirs(root + "/proc", exist_ok=True)  # noqa: PTH103
        flags = kernel.MS_NOSUID | kernel.MS_NODEV
        bounds = f"size={self.options['disk']},nr_inodes={self.options['files']},mode=700{owner}"
        for place in (sandbox_root.scratch(self.plan), self.options["folder"]):
            os.makedirs(root + place, exist_ok=True)  # noqa: PTH103
            kernel.mount("tmpfs", root + place, "tmpfs", flags, bounds)
        for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
            os.symlink(f"/proc/self/fd{target}", f"{root}/dev/{name}")  # noqa: PTH211

    def settle(self) -> None:
        """Enter the root, bring the loopback up; from here on everything is in place."""
        if self.namespaced:
            _loopback_up()
        else:
            kernel.prctl(_PR_SET_CHILD_SUBREAPER, 1)
        self.temporary: str = self.options["temporary"]
        readable: tuple[str, ...] = ("/proc",)
        listable: tuple[str, ...] = ()
        if self.plan is not None:
            readable += self.plan.rooted if self.rooted else self.plan.readable
            listable = () if self.rooted else self.plan.listable
        if self.rooted:
            assert self.plan is not None
            self.temporary = sandbox_root.scratch(self.plan)
            root = self.options["root"]
            flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
            with contextlib.suppress(OSError):  # in some containers; what needs it says so
                kernel.mount("proc", root + "/proc", "proc", flags)
            kernel.mount(root, root, None, kernel.MS_BIND | kernel.MS_REC)
            kernel.pivot_into(root)
            sandbox_root.seal_root()
            self.layers.active.append("mount")
        self.allowed = None if self.plan is None else (
            Paths(readable, listable=listable), Paths(writable=(self.options["folder"], self.temporary, "/dev/null"))
        )  # fmt: skip
        self._try_layers()

    def _try_layers(self) -> None:
        """Find out, in a child that ends at once, what a command will be able to give up."""
        told, teller = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.write(teller, json.dumps(self._confine()).encode())
            finally:
                os._exit(0)
        os.close(teller)
        with os.fdopen(told, "rb") as stream:
            answer = stream.read()
        os.waitpid(pid, 0)
        for name, lost in (json.loads(answer) if answer else {"seccomp": "it could not be found out"}).items():
            if lost:
                self.layers.lose(name, lost)
            else:
                self.layers.active.append(name)

    def _confine(self) -> dict[str, str]:
        """Give up, for good, what no command needs. Returns each layer with what went wrong, empty for nothing."""
        found = {"rlimits": "", "capabilities": "", "landlock": "", "seccomp": ""}
        self._limit()
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("900")
        try:
            kernel.drop_capabilities()
        except OSError as error:
            found["capabilities"] = str(error.strerror)
        if self.allowed is None:
            found["landlock"] = "Python's own folders cannot be told from the user's"
        else:
            try:
                sandbox_landlock.restrict(*self.allowed, tcp=True)
            except OSError as error:
                found["landlock"] = str(error.strerror)
        try:
            sandbox_seccomp.restrict(os.getpid(), "project")
        except OSError as error:
            found["seccomp"] = str(error.strerror)
        return found

    def _limit(self) -> None:
        import resource

        bounds = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: self.options["file_bytes"],
            resource.RLIMIT_NOFILE: _OPEN_FILES,
            resource.RLIMIT_STACK: 8 << 20,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
            # Reserving is not using: threads' stacks count here. What is used is watched from outside.
            resource.RLIMIT_DATA: self.options["memory"] + (4 << 30),
        }
        if self.namespaced and _counts_by_namespace():
            bounds[resource.RLIMIT_NPROC] = self.options["threads"]
        for kind, bound in bounds.items():
            hard = resource.getrlimit(kind)[1]
            bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(kind, (bound, bound))

    # What it is asked for

    def serve(self, control: socket.socket) -> None:
        """Do as asked until the other end of the socket closes; then end everything."""
        woken, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        self.ended: dict[int, tuple[int, float, int]] = {}
        self.started: set[int] = set()
        poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(woken, select.POLLIN)
        while True:
            for fd, _event in poll.poll():
                if fd == woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(woken, 4096)
                    self._reap()
                    continue
                data, fds, *_ = socket.recv_fds(control, MESSAGE, 3)
                if not data:
                    return self._end_all()
                request = json.loads(data)
                given: list[int] = []
                try:
                    answer = getattr(self, f"do_{request.pop('do')}")(given, fds, **request)
                except OSError as error:
                    answer = {"error": error.errno, "why": error.strerror}
                socket.send_fds(control, [json.dumps(answer).encode()], given)
                for held in (*fds, *given):
                    os.close(held)

    def do_start(
        self, given: list[int], fds: list[int], argv: list[str], env: dict[str, str], cwd: str
    ) -> dict[str, Any]:
        """Start a command with these three files as its standard ones."""
        told, teller = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
        if pid == 0:
            self._become(argv, env, cwd, fds, teller)
        os.close(teller)
        with os.fdopen(told, "rb") as stream:
            error = stream.read(16)
        if error:
            os.waitpid(pid, 0)
            number = int(error)
            return {"error": number, "why": os.strerror(number)}
        self.started.add(pid)
        given.append(os.pidfd_open(pid))
        return {"pid": pid}

    def _become(self, argv: list[str], env: dict[str, str], cwd: str, fds: list[int], teller: int) -> NoReturn:
        try:
            os.setsid()
            os.chdir(cwd)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100) for fd in (*fds, teller)]
            for place, fd in enumerate(high[:3]):
                os.dup2(fd, place)
            teller = os.dup2(high[3], 3, inheritable=False)
            os.closerange(4, _LAST_FD)
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
            self._confine()
            os.execvpe(argv[0], argv, env)
        except OSError as error:
            os.write(teller, str(error.errno or errno.EIO).encode())
        except BaseException:
            os.write(teller, str(errno.EIO).encode())
        os._exit(127)

    def do_ending(self, given: list[int], fds: list[int], pid: int) -> dict[str, Any]:
        """How a command ended; null while it runs."""
        self._reap()
        status, cpu, peak = self.ended.pop(pid, (None, 0.0, 0))
        return {"status": status, "cpu": cpu, "peak": peak}

    def do_kill(self, given: list[int], fds: list[int], pid: int, number: int) -> dict[str, Any]:
        """Send a signal to a command and those it started that are still of its group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, number)
        return {}

    def do_connect(self, given: list[int], fds: list[int], port: int) -> dict[str, Any]:
        """A socket that is connecting to a port of the loopback in here."""
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setblocking(False)
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        failed = door.connect_ex(("127.0.0.1", port))
        if failed not in (0, errno.EINPROGRESS):
            door.close()
            return {"error": failed, "why": os.strerror(failed)}
        given.append(door.detach())
        return {}

    def do_end(self, given: list[int], fds: list[int]) -> dict[str, Any]:
        """End everything that was started."""
        self._end_all()
        return {}

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.started:
                self.started.discard(pid)
                code = os.waitstatus_to_exitcode(status)
                self.ended[pid] = (code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10)

    def _end_all(self) -> None:
        if self.namespaced:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            for _ in range(50):  # orphans come to us, and are then seen
                children = descendants(os.getpid())
                if not children:
                    break
                for pid in children:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    while os.waitpid(-1, os.WNOHANG)[0]:
                        pass
        self._reap()


def descendants(pid: int) -> list[int]:
    """Every process below ``pid``, children before theirs."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            tasks = os.listdir(f"/proc/{parent}/task")  # noqa: PTH208
            texts = [Path(f"/proc/{parent}/task/{task}/children").read_text() for task in tasks]
        except OSError:
            continue
        children = [int(word) for text in texts for word in text.split()]
        found += children
        waiting += children
    return found


def _counts_by_namespace() -> bool:
    """Whether this kernel counts a user's threads in each user namespace apart (Linux 5.14), or the user is ours."""
    major, minor = (int("".join(filter(str.isdigit, part)) or 0) for part in os.uname().release.split(".")[:2])
    return (major, minor) >= (5, 14)


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        fcntl.ioctl(door, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", _IFF_UP | _IFF_RUNNING))


def main(options: dict[str, Any]) -> None:
    """The warden's whole life, from a fresh interpreter on."""
    control = socket.socket(fileno=options["socket"])
    control.set_inheritable(False)
    warden = Warden(options)
    warden.enter()
    # Should who started us die, the socket's end says so: a signal would come as soon as the *thread* ended.
    if warden.namespaced:
        pid = os.fork()
        if pid != 0:
            control.close()
            os.waitpid(pid, 0)
            os._exit(0)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    warden.settle()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # nobody inside looks into this process
    folder = os.open(warden.options["folder"], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    own = os.pidfd_open(os.getpid())
    greeting = {
        "ready": True, "active": warden.layers.active, "lost": warden.layers.lost, "temporary": warden.temporary,
        "own": warden.own if "uid" in warden.layers.active else -1, "rooted": warden.rooted,
        "namespaced": warden.namespaced,
    }  # fmt: skip
    socket.send_fds(control, [json.dumps(greeting).encode()], [own, folder])
    os.close(folder)
    os.close(own)
    warden.serve(control)
    os._exit(0)
