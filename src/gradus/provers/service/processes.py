"""What the system says about processes: which belong to a session, how much memory they hold, what they listen on."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def session_pids(leader: int) -> list[int]:
    """Every process of the session that ``leader`` leads, the leader first."""
    if not (PROC / "self" / "stat").exists():
        return _from_ps(leader)
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z" and int(fields[3]) == leader:
                found.append(int(entry.name))
    return sorted(found, key=lambda pid: (pid != leader, pid))


def _from_ps(leader: int) -> list[int]:
    """The same where there is no /proc; the process group stands for the session."""
    try:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return [leader]
    pairs = [line.split() for line in listed.splitlines()]
    return [int(pid) for pid, group in (pair for pair in pairs if len(pair) == 2) if int(group) == leader]


def memory_kib(pid: int) -> int:
    """Memory that a process holds for itself (anonymous pages), in KiB; 0 where it cannot be read."""
    try:
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1])
    except OSError:
        pass
    try:
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, timeout=10).stdout
        return int(shown or 0)
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def users_of(pids: Iterable[int]) -> set[int]:
    """The effective users of processes."""
    found = set()
    for pid in pids:
        try:
            lines = (PROC / str(pid) / "status").read_text().splitlines()
            found |= {int(line.split()[2]) for line in lines if line.startswith("Uid:")}
        except OSError:
            continue
    return found


def listening(pids: Iterable[int]) -> list[tuple[str, int]] | None:
    """The addresses and ports that processes listen on (TCP); None where the system does not say."""
    if not (PROC / "net" / "tcp").exists():
        return None
    inodes = set()
    for pid in pids:
        try:
            for entry in os.scandir(PROC / str(pid) / "fd"):
                target = str(Path(entry.path).readlink())
                if target.startswith("socket:["):
                    inodes.add(target[8:-1])
        except OSError:
            continue
    found = []
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        try:
            lines = (PROC / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            if fields[3] == "0A" and fields[9] in inodes:
                found.append(_address(fields[1], family))
    return found


def _address(text: str, family: socket.AddressFamily) -> tuple[str, int]:
    """An address as the kernel writes it: words in the machine's byte order, in hexadecimal."""
    words, port = text.split(":")
    packed = b"".join(struct.pack("=I", int(words[i : i + 8], 16)) for i in range(0, len(words), 8))
    return socket.inet_ntop(family, packed), int(port, 16)
