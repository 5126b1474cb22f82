"""A filter of system calls, as raw BPF: what no exercise needs fails at once, in the kernel.

A list of what is refused rather than of what is allowed: numerical libraries use a wide and changing set of harmless
calls, and the layers below (no capabilities, own namespaces, read-only root) do not depend on this one. Calls that
are newer than this list are refused, too.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import struct
from typing import Final, Literal

from gradus.grader.sandbox_kernel import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, check, libc, machine, prctl

_AUDIT: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINES: Final = {"x86_64": 0, "aarch64": 1}
"""The machines whose numbers are known, and their column below."""
_NEWEST: Final = 470  # numbers from here on are unknown to this list
_X32: Final = 0x40000000

# name: (x86_64, aarch64); None where the machine has no such call. From 424 on the numbers are the same.
_REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    # other programs and processes
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "tkill": (200, 130),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # the view of the file system
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "open_tree_attr": (467, 467),
    "unshare": (272, 97),
    "setns": (308, 268),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    # the kernel's rarer doors
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "seccomp": (317, 277),
    "vmsplice": (278, 75),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "ustat": (136, None),
    "sysfs": (139, None),
    "_sysctl": (156, None),
    "create_module": (174, None),
    "get_kernel_syms": (177, None),
    "query_module": (178, None),
    "nfsservctl": (180, 42),
    "lookup_dcookie": (212, 18),
    "lsm_set_self_attr": (460, 460),
    # the machine
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "iopl": (172, None),
    "ioperm": (173, None),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    # memory that no limit of the process counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_SOCKET: Final = (41, 198)
_FORKS: Final[tuple[tuple[int | None, int | None], ...]] = ((57, None), (58, None))
_CLONE: Final = (56, 220)
_CLONE3: Final = (435, 435)
_MMAP: Final = (9, 222)
_PRCTL: Final = (157, 167)
_IOCTL: Final = (16, 29)
_SIGNALS: Final = (((62, 129), 1), ((234, 131), 2), ((129, 138), 1), ((297, 240), 2))
"""kill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, and the place of the signal among their arguments."""
_FATAL: Final = (9, 19)  # SIGKILL SIGSTOP: one's own would look like one from outside
_OWN_PID_OR_ZERO: Final = ((302, 261), (203, 122))  # prlimit64 sched_setaffinity

_CLONE_THREAD: Final = 0x00010000
_SHARED_ANONYMOUS: Final = 0x21
_PRCTL_REFUSED: Final = (1, 22, 35, 0x59616D61)  # PDEATHSIG SECCOMP MM PTRACER
_IOCTL_REFUSED: Final = (0x5412, 0x541C)  # TIOCSTI TIOCLINUX: typing on a terminal

_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_LD_NR, _LD_ARCH = 0, 4
_PID: Final = 0x7A1DF00D  # stands in a template for the number of the process

_CLONE_NAMESPACES: Final = 0x7E020000  # every CLONE_NEW… that clone can be asked for
_FAMILIES: Final = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_AF_NETLINK: Final = 16
_FORKERS_MAY: Final = ("pidfd_open", "process_madvise")  # before a learner's code arrives
_PROJECTS_MAY: Final = frozenset(
    ("execve", "execveat", "tkill", "pidfd_open", "pidfd_send_signal", "setpriority", "ioprio_set",
     "sched_setscheduler", "sched_setparam", "sched_setattr")
)  # fmt: skip

Part = Literal["whole", "outer", "inner", "project"]


def _refuse(number: int) -> int:
    return 0x00050000 | number


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class _Program:
    """Instructions, each ``(code, jump if true, jump if false, operand)``."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, int, int, int]] = []

    def load(self, offset: int) -> None:
        self.lines.append((0x20, 0, 0, offset))

    def argument(self, place: int) -> None:
        """The low half of an argument."""
        self.load(16 + 8 * place)

    def mask(self, bits: int) -> None:
        self.lines.append((0x54, 0, 0, bits))

    def answer(self, action: int) -> None:
        self.lines.append((0x06, 0, 0, action))

    def if_equal(self, value: int | None, action: int) -> None:
        """Nothing for None, a call that this machine does not have."""
        if value is None:
            return
        self.lines.append((0x15, 0, 1, value))
        self.answer(action)

    def unless_equal(self, value: int, action: int) -> None:
        self.lines.append((0x15, 1, 0, value))
        self.answer(action)

    def if_at_least(self, value: int, action: int) -> None:
        self.lines.append((0x35, 0, 1, value))
        self.answer(action)

    def for_call(self, number: int, body: _Program) -> None:
        """Run ``body``, which must end in an answer, for one system call only."""
        self.lines.append((0x15, 0, len(body.lines), number))
        self.lines.extend(body.lines)


@functools.cache
def template(name: str, part: Part = "whole") -> bytes:
    """The filter for a machine (``x86_64`` or ``aarch64``), as the kernel takes it, with `_PID` for the process's
    number.
    """
    column = MACHINES[name]
    program = _Program()
    program.load(_LD_ARCH)
    program.unless_equal(_AUDIT[name], _KILL)
    program.load(_LD_NR)
    if part == "project":
        _refuse_to_projects(program, name, column)
        program.answer(_ALLOW)
        return b"".join(struct.pack("HBBI", *line) for line in program.lines)
    if part != "inner":
        _refuse_doors(program, name, column, part == "outer")
    if part != "outer":
        _refuse_processes(program, column)
    program.answer(_ALLOW)
    return b"".join(struct.pack("HBBI", *line) for line in program.lines)


def _refuse_doors(program: _Program, name: str, column: int, opens: bool) -> None:
    """What no process of ours needs; ``opens``: but to look after the processes that it starts."""
    if name == "x86_64":
        program.if_at_least(_X32, _refuse(errno.ENOSYS))
    program.if_at_least(_NEWEST, _refuse(errno.ENOSYS))
    program.if_equal(_CLONE3[column], _refuse(errno.ENOSYS))  # its flags are behind a pointer; libc falls back to clone
    program.if_equal(_SOCKET[column], _refuse(errno.EACCES))
    for call, numbers in _REFUSED.items():
        if not (opens and call in _FORKERS_MAY):
            program.if_equal(numbers[column], _refuse(errno.EPERM))
    memory = _Program()
    memory.argument(3)
    memory.mask(_SHARED_ANONYMOUS)
    memory.if_equal(_SHARED_ANONYMOUS, _refuse(errno.ENOMEM))
    memory.answer(_ALLOW)
    program.for_call(_MMAP[column], memory)
    program.for_call(_IOCTL[column], _refusing(1, _IOCTL_REFUSED))


def _refuse_to_projects(program: _Program, name: str, column: int) -> None:
    """What a program of several processes, with a network of its own, still has no business with."""
    if name == "x86_64":
        program.if_at_least(_X32, _refuse(errno.ENOSYS))
    program.if_at_least(_NEWEST, _refuse(errno.ENOSYS))
    program.if_equal(_CLONE3[column], _refuse(errno.ENOSYS))
    for call, numbers in _REFUSED.items():
        if call not in _PROJECTS_MAY:
            program.if_equal(numbers[column], _refuse(errno.EPERM))
    clone = _Program()
    clone.argument(0)
    clone.mask(_CLONE_NAMESPACES)
    clone.if_equal(0, _ALLOW)
    clone.answer(_refuse(errno.EPERM))
    program.for_call(_CLONE[column], clone)
    netlink = _Program()  # only to be told of its own network's addresses
    netlink.argument(2)
    netlink.if_equal(0, _ALLOW)
    netlink.answer(_refuse(errno.EACCES))
    family = _Program()
    family.argument(0)
    for number in _FAMILIES:
        family.if_equal(number, _ALLOW)
    family.for_call(_AF_NETLINK, netlink)
    family.answer(_refuse(errno.EACCES))
    program.for_call(_SOCKET[column], family)
    program.for_call(_PRCTL[column], _refusing(0, _PRCTL_REFUSED[2:]))
    program.for_call(_IOCTL[column], _refusing(1, _IOCTL_REFUSED))


def _refuse_processes(program: _Program, column: int) -> None:
    """What would start, touch or outlive other processes; and a filter of its own."""
    for numbers in _FORKS:
        program.if_equal(numbers[column], _refuse(errno.EAGAIN))
    thread = _Program()
    thread.argument(0)
    thread.mask(_CLONE_THREAD)
    thread.if_equal(_CLONE_THREAD, _ALLOW)
    thread.answer(_refuse(errno.EAGAIN))
    program.for_call(_CLONE[column], thread)
    for call in _FORKERS_MAY:
        program.if_equal(_REFUSED[call][column], _refuse(errno.EPERM))
    program.for_call(_PRCTL[column], _refusing(0, _PRCTL_REFUSED))
    for numbers, place in _SIGNALS:
        body = _Program()
        body.argument(0)
        body.unless_equal(_PID, _refuse(errno.EPERM))
        body.lines.extend(_refusing(place, _FATAL).lines)
        program.for_call(numbers[column], body)
    for numbers in _OWN_PID_OR_ZERO:
        body = _Program()
        body.argument(0)
        body.if_equal(_PID, _ALLOW)
        body.if_equal(0, _ALLOW)
        body.answer(_refuse(errno.EPERM))
        program.for_call(numbers[column], body)


def _refusing(place: int, refused: tuple[int, ...]) -> _Program:
    body = _Program()
    body.argument(place)
    for value in refused:
        body.if_equal(value, _refuse(errno.EPERM))
    body.answer(_ALLOW)
    return body


def build(name: str, pid: int, part: Part = "whole") -> bytes:
    """The filter for one process: ``pid`` is the only one that it may signal."""
    return template(name, part).replace(struct.pack("I", _PID), struct.pack("I", pid))


def restrict(pid: int, part: Part = "whole") -> None:
    """Filter this process's system calls from now on, for good.

    A process that starts others, and never runs a learner's code, takes the ``outer`` part; what it starts inherits
    that, and takes the ``inner`` part. ``project`` is for programs that start others and talk over their own network.

    Raises:
        OSError: the kernel does not filter, or this kind of machine is not known.
    """
    if machine() not in MACHINES:
        raise OSError(errno.ENOSYS, f"no filter is known for {machine()}")
    code = build(machine(), pid, part)
    program = _Filter(len(code) // 8, code)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    none = ctypes.c_ulong(0)
    check(int(libc().prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(program), none, none)), "seccomp")
