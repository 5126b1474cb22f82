"""The way into a sandbox, for a process that then starts others: root given up, namespaces, the read-only root."""

from __future__ import annotations

import errno
import functools
import operator
import os
import sys
from typing import Any

from gradus.grader import sandbox_kernel as kernel
from gradus.grader import sandbox_root
from gradus.grader.sandbox import Layers

UID = 65534
"""The user's number inside; outside it is the user's own number, or the one root was exchanged for."""
_OWN_UIDS = range(61184, 65519)  # outside of what distributions give to accounts


class Entry:
    """What such a process knows about its isolation; ``layers`` tells which has succeeded so far.

    ``options`` has ``secrets``, ``home`` and ``readable`` for :func:`sandbox_root.plan`, ``root``, an empty folder,
    and ``namespaces``, whether to try them (``why`` not).
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.layers = Layers()
        self.plan: sandbox_root.Plan | None = None
        self.namespaced = False
        self.rooted = False
        self.own = _OWN_UIDS.start + os.getpid() % len(_OWN_UIDS)

    def furnish(self) -> None:
        """More to lay out in the new root, while that can be."""

    def enter(self) -> None:
        """Give up root, and enter user, mount, PID, network, IPC and UTS namespaces."""
        try:
            self.plan = sandbox_root.plan(
                tuple(self.options["secrets"]), self.options["home"], tuple(self.options["readable"])
            )
        except sandbox_root.UnsafePlaceError as error:
            self.layers.lose("mount", str(error))
        built = False
        if os.geteuid() == 0:
            built = self._leave_root()
        else:
            self.layers.lose("uid", "only root can give a process a user of its own")
        user, group = os.geteuid(), os.getegid()
        flags = (
            ("user", kernel.CLONE_NEWUSER),
            ("mount", kernel.CLONE_NEWNS),
            ("pid", kernel.CLONE_NEWPID),
            ("net", kernel.CLONE_NEWNET),
            ("ipc", kernel.CLONE_NEWIPC),
            ("uts", kernel.CLONE_NEWUTS),
        )
        try:
            if not self.options["namespaces"]:
                raise OSError(errno.EPERM, self.options["why"])
            kernel.unshare(functools.reduce(operator.or_, (flag for _, flag in flags)))
        except OSError as error:
            for name, _ in flags:
                self.layers.lost.setdefault(name, f"this system does not let {_who(user)} have it ({error.strerror})")
            return
        write_maps(user, group)
        self.namespaced = True
        self.layers.active += ["user", "pid", "net", "ipc", "uts"]
        kernel.set_hostname("gradus")
        if self.plan is not None:
            kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
            try:
                if not built:
                    sandbox_root.build(self.options["root"], self.plan)
                    self.furnish()
                self.rooted = True
            except OSError as error:
                self.layers.lose("mount", f"the read-only root cannot be built ({error})")

    def _leave_root(self) -> bool:
        """Exchange root for a user number that nobody has. What only root can read is shown first, where that can
        be.
        """
        built = False
        try:
            if not self.options["namespaces"]:
                raise OSError(errno.EPERM, self.options["why"])
            kernel.unshare(kernel.CLONE_NEWNS)
            kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
            if self.plan is not None:
                sandbox_root.build(self.options["root"], self.plan)
                self.furnish()
                built = True
        except OSError as error:
            self.layers.lose("mount", f"the read-only root cannot be built ({error})")
        own = self.own
        try:
            os.setgroups([])
            os.setresgid(own, own, own)
            os.setresuid(own, own, own)
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
            self.layers.active.append("uid")
        except OSError as error:
            self.layers.lose("uid", f"root cannot be given up ({error})")
        if not built and not os.access(os.path.dirname(os.__file__), os.R_OK | os.X_OK):  # noqa: PTH120
            raise SystemExit(f"{sys.base_prefix} can be read by root only")
        return built


def _who(user: int) -> str:
    return "root" if user == 0 else "an ordinary user"


def write_maps(user: int, group: int, proc: int | None = None) -> None:
    """Give this process's new user namespace its one user and group."""

    def write(name: str, text: str) -> None:
        path = f"/proc/self/{name}" if proc is None else f"self/{name}"
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)

    write("setgroups", "deny")
    write("uid_map", f"{UID} {user} 1")
    write("gid_map", f"{UID} {group} 1")
