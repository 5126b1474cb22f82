"""Evidently in an environment of its own: made by one command, called as a program, telemetry off.

Evidently 0.7.23 does not import beside pandas 3, so it cannot share the learner's environment.

    python -m gradus.provers.evidently_env --make
    python -m gradus.provers.evidently_env reference.csv current.csv --method psi
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradus.errors import GradusError, UsageError

REQUIREMENTS = ("evidently==0.7.23", "pandas<3")
METHODS = ("psi", "ks", "wasserstein", "jensenshannon", "kl_div", "chisquare")

_SCRIPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas as pd
from evidently import Report
from evidently.metrics import ValueDrift
reference, current = (pd.read_csv(path) for path in sys.argv[1:3])
method, columns = sys.argv[3], [name for name in reference.columns if name in current.columns]
ran = Report([ValueDrift(column=name, method=method) for name in columns]).run(current, reference)
found = [
    {"column": m["config"]["column"], "method": m["config"]["method"], "value": float(m["value"]),
     "threshold": m["config"].get("threshold")}
    for m in ran.dict()["metrics"]
]
if len(sys.argv) > 4:
    ran.save_html(sys.argv[4])
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Drift:
    """What Evidently says of one column: the distance or p-value, and the limit it ships with."""

    column: str
    method: str
    value: float
    threshold: float | None


def place() -> Path:
    """Where the environment is kept: ``GRADUS_EVIDENTLY``, or a folder in the user's cache."""
    given = os.environ.get("GRADUS_EVIDENTLY")
    if given:
        return Path(given)
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "gradus" / "evidently"


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_made(folder: Path | None = None) -> bool:
    """Whether the environment is there, whole."""
    folder = folder or place()
    return (folder / "made").is_file() or (_python(folder).exists() and any(folder.glob("**/evidently/__init__.py")))


def make(folder: Path | None = None) -> Path:
    """Make the environment, about 460 MB, and return its folder. Raises GradusError when pip cannot install it."""
    folder = folder or place()
    if is_made(folder):
        return folder
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    ended = subprocess.run([str(_python(folder)), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=False)
    if ended.returncode:
        raise GradusError("Evidently could not be installed.", str(folder), "See what pip says above, and try again.")
    (folder / "made").write_text("\n".join(REQUIREMENTS) + "\n", encoding="utf-8")
    return folder


def drift(
    reference: Path, current: Path, method: str = "psi", *, html: Path | None = None, seconds: float = 300.0
) -> tuple[Drift, ...]:
    """What Evidently says of each column of two CSV files; ``html`` is where its report is written, if anywhere.

    Raises UsageError when the environment has not been made, and GradusError when Evidently fails.
    """
    folder = place()
    if not is_made(folder):
        raise UsageError(
            "Evidently's own environment is not there.",
            str(folder),
            "Make it once: python -m gradus.provers.evidently_env --make",
        )
    words = [str(reference.absolute()), str(current.absolute()), method, *([str(html.absolute())] if html else [])]
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TEMP") if name in os.environ}
    environment |= {"DO_NOT_TRACK": "1", "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(
            [str(_python(folder)), "-c", _SCRIPT, *words],
            capture_output=True,
            check=False,
            env=environment,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise GradusError(f"Evidently did not end within {seconds:g} s.", str(folder)) from None
    if ended.returncode:
        lines = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GradusError(f"Evidently failed: {lines[-1] if lines else 'it said nothing'}", str(folder))
    return tuple(Drift(**found) for found in json.loads(ended.stdout.decode().strip().splitlines()[-1]))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: make the environment, or print what Evidently says of two files."""
    parser = argparse.ArgumentParser(prog="python -m gradus.provers.evidently_env", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("reference", nargs="?", type=Path)
    parser.add_argument("current", nargs="?", type=Path)
    parser.add_argument("--make", action="store_true", help="make the environment, once")
    parser.add_argument("--method", choices=METHODS, default="psi")
    parser.add_argument("--html", type=Path, help="also write Evidently's report there")
    given = parser.parse_args(arguments)
    try:
        if given.make:
            print(f"Evidently is in {make()}")
        if given.reference is None or given.current is None:
            return 0 if given.make else parser.error("name two CSV files, or --make")
        for found in drift(given.reference, given.current, given.method, html=given.html):
            limit = "" if found.threshold is None else f" (Evidently's limit: {found.threshold:g})"
            print(f"{found.column}: {found.method} {found.value:.4f}{limit}")
    except GradusError as error:
        print(" ".join(part for part in (error.what, error.where, error.next_step) if part), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
