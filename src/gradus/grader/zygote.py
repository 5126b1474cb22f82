"""The zygote: a process that holds the libraries, imported and warm, and forks an isolated child for each submission.

It is started as a fresh interpreter, with one end of a socket. It never runs a learner's code and never receives a
secret. Its life: give up root if it has it; enter namespaces of its own; build and enter the read-only root; import,
warm up, freeze; then fork on request. The request is a message with three descriptors (a child's channel and its two
output files); the answer names the child and carries a descriptor of the process.
"""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import socket
import sys
from array import array
from typing import Any

from gradus.grader import hot_pages, sandbox_root, sandbox_seccomp
from gradus.grader import sandbox_kernel as kernel
from gradus.grader.carried import Carried, carry
from gradus.grader.child import (
    clean_environment,
    data_bytes,
    forget_source,
    load_libraries,
    open_own,
    peak_bytes,
    set_limits,
)
from gradus.grader.compaction import fill_holes, gather_code, grow_as_needed
from gradus.grader.decoy import prime
from gradus.grader.fork_server import ForkServer
from gradus.grader.runner import Runner, capture_output
from gradus.grader.sandbox import Layers, confine, limit_threads
from gradus.grader.sandbox_entry import UID, Entry, write_maps
from gradus.grader.sandbox_landlock import OpenPaths, Paths
from gradus.grader.wire.channel import Channel
from gradus.grader.wire.codec import encode

TMP_BYTES = 64 << 20
TMP_FILES = 4096
_FIRST_FD = 200  # what a child keeps open: its channel, two output files, the host's /proc
_ALLOWED_FD, _ALLOWED = 240, 64  # from here on: the paths that Landlock is to allow
_LAST_FD = max(65536, os.sysconf("SC_OPEN_MAX"))
_COLLECT_AFTER = 10_000
_PRIMED = 8  # as often as Python wants to see a function before it specializes its code
_ANY = 1 << 30  # a limit that is none


class Zygote(Entry):
    """The zygote's state; ``layers`` tells which isolation has succeeded so far."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.pid_namespace = -1
        self.host_proc = -1
        self.base = 0
        self.readable: tuple[str, ...] = ()
        self.listable: tuple[str, ...] = ()
        self.missing: tuple[str, ...] = ()
        self.scratch = "/tmp"
        self.hot = hot_pages.HotPages()
        self.allowed: OpenPaths | None = None

    # In it

    def settle(self) -> None:
        """Enter the root, import and warm the libraries, and freeze what is there."""
        if self.namespaced:
            self.pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
            self.host_proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
        status, maps = open_own("status"), open_own("maps")
        if self.plan is not None:
            self.scratch = sandbox_root.scratch(self.plan)
            self.readable = self.plan.rooted if self.rooted else self.plan.readable
            self.listable = () if self.rooted else self.plan.listable
        if self.rooted:
            root = self.options["root"]
            kernel.mount(root, root, None, kernel.MS_BIND | kernel.MS_REC)
            kernel.pivot_into(root)
            sandbox_root.private_tmp(self.scratch, TMP_BYTES, TMP_FILES)
            self.layers.active.append("mount")
        clean_environment(self.scratch if self.rooted else self.options["root"])
        if self.options.get("matplotlib"):
            os.environ["MPLCONFIGDIR"] = self.options["matplotlib"]
        import resource  # noqa: F401 - so that no child has to

        self.missing = load_libraries(self.options["libraries"])
        runner = self._scratch_runner(self.scratch if self.rooted else self.options["root"])
        prime(runner)
        if self.rooted:
            os.chdir("/")
            kernel.check(kernel.libc().umount2(self.scratch.encode(), kernel.MNT_DETACH), "umount")
            sandbox_root.seal_root()
            self.allowed = kept_open(Paths(self.readable, listable=self.listable))
        if self.namespaced and kernel.machine() in sandbox_seccomp.MACHINES:
            for part in ("whole", "outer", "inner"):
                sandbox_seccomp.template(kernel.machine(), part)
        capture_output(1, 2)
        gc.collect()
        gc.set_threshold(_COLLECT_AFTER, 20, 20)  # a collection writes to all that it looks at
        self.kept = fill_holes()
        gather_code(lambda: prime(runner), _PRIMED)
        gc.collect()
        self.kept += fill_holes()
        grow_as_needed()
        hot_pages.collapse(maps)
        gc.freeze()
        self.base = data_bytes(status)
        if self.namespaced and maps is not None and hot_pages.supported():
            self.hot = hot_pages.HotPages(self._learn_hot_pages(hot_pages.read_all(maps)))
        for fd in (status, maps):
            if fd is not None:
                os.close(fd)

    def _scratch_runner(self, folder: str) -> Runner:
        null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        return Runner(Channel(socket.socketpair()[0]), folder, null, null)

    def _learn_hot_pages(self, maps: bytes) -> array[int]:
        """Let one child live through its decoy and tell which pages it wrote to."""
        told, teller = os.pipe2(os.O_CLOEXEC)
        ours, theirs = socket.socketpair()
        null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        pid = self._new_child()
        if pid == 0:
            try:
                other = kernel.fork()
                if other != 0:
                    # As a cell does. It holds on to every page as it is now: one that the runner does not write to
                    # stays shared, also where the zygote goes on to write to its own.
                    os.waitpid(other, 0)
                    os._exit(0)
                pagemap = os.open("self/pagemap", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.host_proc)
                channel, out, err = self._arrive([theirs.fileno(), null, os.dup(null)], pagemap, teller)
                sandbox_seccomp.restrict(os.getpid(), "inner")
                channel.send(encode(("ready", None, None, peak_bytes())))
                runner = Runner(channel, "/", out, err)
                prime(runner, lambda cpu, memory: set_limits(_ANY, _ANY, _ANY), brief=True)
                pages = hot_pages.written(_FIRST_FD + 3, maps)
                os.write(_FIRST_FD + 4, pages.tobytes())
            finally:
                os._exit(0)
        os.close(teller)
        pages = array("Q")
        with os.fdopen(told, "rb") as stream:
            pages.frombytes(stream.read())
        os.waitpid(pid, 0)
        os.close(null)
        ours.close()
        theirs.close()
        return pages

    def serve(self, control: socket.socket) -> None:
        """Fork on request until the pool's end of the socket closes."""
        ForkServer(control, {"fork": self._live, "cell": self._become_cell}, self._new_child).serve()

    def _new_child(self) -> int:
        """Fork, into a PID namespace of the child's own where there are namespaces."""
        if self.namespaced:
            # Back to our own namespace first: its last new one died with its first process.
            kernel.setns(self.pid_namespace, kernel.CLONE_NEWPID)
            kernel.unshare(kernel.CLONE_NEWPID)
        return os.fork()  # with what libraries do in a child: Matplotlib, say, forgets the fonts it has open

    # In a child

    def _live(self, fds: list[int], folder: str, memory: bytes) -> None:
        """A runner with a sandbox of its own alone."""
        channel_fd, out, err, host_proc = keep_only(fds, self.host_proc, allowed=True)
        if not self.rooted:
            os.environ.update(HOME=folder, TMPDIR=folder)
        layers = self._isolate(host_proc, folder)
        channel = self._open(channel_fd, out, err)
        if not self.hot:
            prime(Runner(channel, folder, out, err))
        self._run(channel, layers, folder, out, err)

    def _become_cell(self, fds: list[int], folder: str, memory: bytes) -> None:
        """A sandbox that stays, for one runner after the other; nothing of a learner's ever runs in this process."""
        control_fd, host_proc = keep_only(fds, self.host_proc, allowed=True)
        layers = self._isolate(host_proc, folder, "outer")
        control = socket.socket(fileno=control_fd)
        control.send(encode(("cell", tuple(layers.active), layers.lost)))
        cell = Cell(folder)

        def move_in(fds: list[int], _: str, memory: bytes) -> None:
            self._move_in(fds, folder, memory)

        ForkServer(control, {"fork": move_in}, kernel.fork, cell.unfit).serve()
        os._exit(0)

    def _move_in(self, fds: list[int], folder: str, memory: bytes) -> None:
        """A runner in a cell, whose layers are the cell's."""
        if memory:
            hot_pages.HotPages(array("Q", memory)).populate()
        channel, out, err = self._arrive(fds)
        sandbox_seccomp.restrict(os.getpid(), "inner")
        self._run(channel, None, folder, out, err)

    def _arrive(self, fds: list[int], *others: int) -> tuple[Channel, int, int]:
        """What a runner in a cell does first. ``others`` stay open, under the numbers after its own three."""
        self.hot.populate()
        channel_fd, out, err, *_ = keep_only(fds, *others)
        os.setsid()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        return self._open(channel_fd, out, err), out, err

    def _open(self, channel_fd: int, out: int, err: int) -> Channel:
        channel = Channel(socket.socket(fileno=channel_fd))
        os.dup2(out, 1)
        os.dup2(err, 2)
        return channel

    def _run(self, channel: Channel, layers: Layers | None, folder: str, out: int, err: int) -> None:
        base = self.base
        runner = Runner(channel, folder, out, err, lambda cpu, memory: set_limits(cpu, memory, base))
        own = (None, None) if layers is None else (tuple(layers.active), layers.lost)
        channel.send(encode(("ready", *own, peak_bytes())))
        try:
            runner.run()
        finally:
            os._exit(0)

    def _isolate(self, host_proc: int, folder: str, part: sandbox_seccomp.Part = "whole") -> Layers:
        """Everything that is a sandbox's own: namespaces, /tmp, capabilities, Landlock, system calls, limits."""
        layers = self.layers.copy()
        os.setsid()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if self.namespaced:
            # A user namespace of its own, so that its threads are counted apart from every other sandbox's.
            kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
            write_maps(UID, UID, host_proc)
            if self.rooted:
                sandbox_root.private_tmp(folder, TMP_BYTES, TMP_FILES)
            os.close(host_proc)
        os.chdir(folder)
        if self.namespaced:
            limit_threads()
        allowed: Paths | OpenPaths | None = self.allowed
        if allowed is None and self.plan is not None:
            allowed = Paths(self.readable, listable=self.listable)
        confine(layers, allowed, folder, part)
        return layers


class Cell:
    """What a cell knows about its folder: a runner that changed anything in it leaves the cell unfit for another."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._state = self._look()

    def unfit(self) -> str:
        return "" if self._look() == self._state else "its folder has been used"

    def _look(self) -> tuple[int, ...]:
        # Whatever is made, removed, renamed or set in a folder changes its ctime, which nobody can set.
        seen = os.stat(self._folder)  # noqa: PTH116
        files = len(os.listdir(self._folder))  # noqa: PTH208
        return seen.st_ctime_ns, seen.st_mtime_ns, seen.st_mode, seen.st_size, files


def keep_only(fds: list[int], *others: int, allowed: bool = False) -> list[int]:
    """Close every descriptor but 0 to 2, the given ones and the others (-1 stays -1); their new numbers are returned.

    Nothing of the zygote's may stay open in a child: neither its control socket nor a way to the host's ``/proc``.
    What Landlock is to allow stays with ``allowed``, for `confine` to close.
    """
    wanted = [*fds, *others]
    high = [os.dup2(fd, _FIRST_FD + place, inheritable=False) if fd >= 0 else -1 for place, fd in enumerate(wanted)]
    os.closerange(3, _FIRST_FD)
    os.closerange(_FIRST_FD + len(high), _ALLOWED_FD if allowed else _LAST_FD)
    if allowed:
        os.closerange(_ALLOWED_FD + _ALLOWED, _LAST_FD)
    return high


def kept_open(paths: Paths) -> OpenPaths:
    """These paths, open, under numbers that `keep_only` can leave open."""
    rules = tuple(paths.opened())
    for rule in rules:
        low, rule.parent = rule.parent, fcntl.fcntl(rule.parent, fcntl.F_DUPFD_CLOEXEC, _ALLOWED_FD)
        os.close(low)
    return OpenPaths(rules)


def main(options: dict[str, Any]) -> None:
    """The zygote's whole life, from a fresh interpreter on."""
    control = socket.socket(fileno=options["socket"])
    forget_source()
    sys.meta_path.append(Carried(carry()))
    zygote = Zygote(options)
    zygote.enter()
    if zygote.namespaced:
        pid = os.fork()
        if pid != 0:
            # The first process in a PID namespace is its end: when the zygote goes, everything it made goes.
            control.close()
            os.waitpid(pid, 0)
            os._exit(0)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    zygote.settle()
    layers, hot = tuple(zygote.layers.active), zygote.hot.ranges.tobytes()
    control.send(encode(("ready", tuple(zygote.missing), layers, zygote.scratch, os.getuid(), hot)))
    zygote.serve(control)
    os._exit(0)
