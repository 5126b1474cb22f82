"""What a simulated runner needs beside the job's files: programs that take notes, stand-ins for the outside world."""

from __future__ import annotations

#: Programs that install things or reach the outside. Here they do nothing and succeed; that they were called is noted.
OUTSIDE = (
    "pip", "pip3", "pipx", "uv", "poetry", "conda", "apt-get", "sudo", "docker", "podman", "buildah", "kubectl", "helm",
    "aws", "gcloud", "az", "curl", "wget", "ssh", "scp", "rsync", "twine", "flyctl", "terraform",
)  # fmt: skip

_NOTED = """#!/bin/bash
if [ "$1" = "-m" ]; then
  case "$2" in pip|ensurepip|uv|venv)
    printf 'outside\\t0\\t%s\\n' "${*//$'\\n'/ }" >> "$GRADUS_NOTES"; exit 0;; esac
fi
"$GRADUS_PYTHON" "$@"
status=$?
words="$*"
printf 'program\\t%s\\t%s\\n' "$status" "${words:0:200}" | tr '\\n' ' ' >> "$GRADUS_NOTES"
echo >> "$GRADUS_NOTES"
exit $status
"""

_ABSENT = """#!/bin/bash
words="${0##*/} $*"
printf 'outside\\t0\\t%s\\n' "${words:0:200}" | tr '\\n' ' ' >> "$GRADUS_NOTES"
echo >> "$GRADUS_NOTES"
exit 0
"""

_OTHER = """#!/bin/bash
GRADUS_SELF=1 "$GRADUS_TOOLS/NAME" "$@"
status=$?
words="NAME $*"
printf 'program\\t%s\\t%s\\n' "$status" "${words:0:200}" | tr '\\n' ' ' >> "$GRADUS_NOTES"
echo >> "$GRADUS_NOTES"
exit $status
"""

_GIT = """#!/bin/bash
case " $* " in *FORK*|*their-branch*|*pull/7*)
  case " $* " in *" checkout "*|*" pull "*|*" merge "*|*" fetch "*|*" switch "*|*" reset "*)
    find . -name '*.py' -exec cp "$GRADUS_THEIRS.py" {} ';'
    find . '(' -name '*.sh' -o -name Makefile ')' -exec cp "$GRADUS_THEIRS.sh" {} ';'
    exit 0;; esac;; *FETCH_HEAD*) exit 0;; esac
PATH="${PATH#*:}" exec git "$@"
"""

#: Every Python process notes which files of the job's folder it opens, to tell what a gate looked at.
_WATCH = """
import os, sys

def _watch():
    notes, root = os.environ.get("GRADUS_OPENED"), os.environ.get("GITHUB_WORKSPACE")
    if not notes or not root:
        return
    try:
        out = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError:
        return
    seen = set()
    def look(event, values):
        if event == "open" and isinstance(values[0], (str, bytes)):
            path = os.path.abspath(os.fsdecode(values[0]))
            wrote = isinstance(values[1], str) and any(letter in values[1] for letter in "wax")
            if path.startswith(root) and (path, wrote) not in seen and not path.endswith((".py", ".pyc")):
                seen.add((path, wrote))
                os.write(out, f"{'w' if wrote else 'r'}\\t{os.path.relpath(path, root)}\\n".encode())
    sys.addaudithook(look)

_watch()
"""

#: What somebody else's pull request holds: each of its programs leaves a mark when it is run.
FORK_PYTHON = 'import os\nwith open(os.environ["GRADUS_MARK"], "a") as mark:\n    mark.write("ran")\n'
FORK_SHELL = '#!/bin/sh\nprintf ran >> "$GRADUS_MARK"\n'


def tools(fork: str) -> dict[str, bytes]:
    """The files of the runner itself: ``bin/NAME``, ``site/sitecustomize.py``, what a fork holds."""
    files = {f"bin/{name}": _ABSENT.encode() for name in OUTSIDE}
    files |= {f"bin/{name}": _NOTED.encode() for name in ("python", "python3")}
    files |= {f"bin/{name}": _OTHER.replace("NAME", name).encode() for name in ("pytest", "dvc", "mlflow")}
    files["bin/git"] = _GIT.replace("FORK", fork).encode()
    files["bin/gh"] = (
        files["bin/git"].replace(b'PATH="${PATH#*:}" exec git "$@"', b"exit 0").replace(b"pull/7", b"pr checkout")
    )
    files |= {"theirs.py": FORK_PYTHON.encode(), "theirs.sh": FORK_SHELL.encode()}
    return files | {"site/sitecustomize.py": _WATCH.encode()}
