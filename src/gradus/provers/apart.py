"""A command of the learner's project in a process of its own: small environment, time limit, nothing left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradus.projects.environment import TELEMETRY_OFF

THREADS = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
_MOST_OUTPUT = 64_000_000


@dataclass(frozen=True)
class Ended:
    """How a command ended; ``status`` is negative for a signal."""

    status: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False

    @property
    def last_line(self) -> str:
        """The last line that it wrote to standard error: what it complained of."""
        lines = self.stderr.decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip()[:300] if lines else ""


def small_environment(home: str) -> dict[str, str]:
    """The environment that a project's commands get: nothing of the caller's but the path of this interpreter."""
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return (
        {"PATH": path, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        | TELEMETRY_OFF
        | THREADS
    )


def run_apart(
    command: Sequence[str],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    seconds: float = 60.0,
) -> Ended:
    """Run ``command`` in ``folder``; "python" is this interpreter. Its whole process group ends with it."""
    words = [sys.executable if word == "python" and place == 0 else word for place, word in enumerate(command)]
    with tempfile.TemporaryDirectory(prefix="gradus-") as home:
        environment = small_environment(home) | dict(env or {})
        try:
            process = subprocess.Popen(
                words,
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            return Ended(127, b"", f"{words[0]}: {error.strerror}".encode())
        timed_out = False
        try:
            stdout, stderr = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
            _end(process)
            stdout, stderr = process.communicate()
        finally:
            _end(process)
    return Ended(process.returncode, stdout[:_MOST_OUTPUT], stderr[-100_000:], timed_out)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
