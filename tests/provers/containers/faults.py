"""Planted faults of the small project, as what differs from it, and the honest variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).parent / "project"


def changed(name: str, *replacements: tuple[str, str]) -> str:
    """The project's file ``name`` with each text replaced; every text must be there."""
    text = (PROJECT / name).read_text()
    for old, new in replacements:
        assert old in text, f"{name} has no {old!r}"
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Planted:
    """Files that differ from the honest project, and the fault that must be named."""

    expects: str
    files: dict[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()


CMD = 'CMD ["python3", "app.py"]'
COPY = "COPY app.py scoring.py health.py ./\nCOPY model/ model/"
CHECK = 'CMD ["python3", "health.py"]'
TRAIN = """
import json
from pathlib import Path
place = Path(__file__).parent / "model"
place.mkdir(exist_ok=True)
(place / "model.json").write_text('{"bias": -0.5, "weights": {"age": 0.02, "children": -0.7, "income": 0.3}}')
"""
IN_MEMORY = "{'bias': -0.5, 'weights': {'age': 0.02, 'children': -0.7, 'income': 0.3}}"


def contained(*replacements: tuple[str, str]) -> dict[str, str]:
    return {"Containerfile": changed("Containerfile", *replacements)}


def app(*replacements: tuple[str, str]) -> dict[str, str]:
    return {"app.py": changed("app.py", *replacements)}


#: Found before anything is built.
STATIC = {
    "latest": Planted("moving_base", contained(("gradus-base:bookworm", "gradus-base:latest"))),
    "no_tag": Planted("moving_base", contained(("gradus-base:bookworm", "gradus-base"))),
    "tag_in_argument": Planted(
        "moving_base", contained(("FROM localhost/gradus-base:bookworm", "ARG TAG=latest\nFROM python:${TAG}"))
    ),
    "no_file": Planted("no_containerfile", remove=("Containerfile",)),
}

#: Found by building and running.
BUILT = {
    "build": Planted("build_failed", contained(("RUN useradd", "RUN false && useradd"))),
    "copy_all": Planted("secret_in_layer", contained((COPY, "COPY . .")), (".dockerignore",)),
    "ignores_env_alone": Planted(
        "secret_in_layer", contained((COPY, "COPY . .")) | {".dockerignore": ".env\n.git\n__pycache__\n"}
    ),
    "deleted_later": Planted(
        "secret_deleted_later",
        contained((COPY, "COPY . .\nRUN rm -rf .env server.key .git")),
        (".dockerignore",),
    ),
    "mount_written": Planted(
        "secret_in_layer",
        contained((COPY, COPY + "\nRUN --mount=type=secret,id=token cp /run/secrets/token /app/token")),
    ),
    "build_argument": Planted(
        "secret_in_history", contained((COPY, 'ARG API_TOKEN\nRUN test -n "$API_TOKEN"\n' + COPY))
    ),
    "argument_in_environment": Planted(
        "secret_in_environment", contained((COPY, "ARG API_TOKEN\nENV API_TOKEN=$API_TOKEN\n" + COPY))
    ),
    "password_in_environment": Planted(
        "secret_in_environment", contained((COPY, "ENV DATABASE_PASSWORD=correct-horse\n" + COPY))
    ),
    "root": Planted("runs_as_root", contained(("USER 10001\n", ""))),
    "file_forgotten": Planted("exits_at_start", contained(("app.py scoring.py", "app.py"))),
    "localhost": Planted("localhost_bind", app(("0.0.0.0", "127.0.0.1"))),
    "other_port": Planted("wrong_port", app(('int(os.environ.get("PORT", "8000"))', "9000"))),
    "never_ready": Planted("never_ready", app(("503 if model is None else 200", "503"))),
    "positional": Planted(
        "answers_differ",
        {
            "app.py": changed(
                "app.py", ("score(model, row)", "score(model, dict(zip(model['weights'], row.values(), strict=True)))")
            )
        },
    ),
    "missing_value": Planted(
        "answers_fail", app(("score(model, row)", "score(model, {name: float(row[name]) for name in row})"))
    ),
    "no_check": Planted("no_healthcheck", contained(("HEALTHCHECK --interval=10s --timeout=3s " + CHECK + "\n", ""))),
    "check_without_tool": Planted(
        "healthcheck_fails", contained((CHECK, "CMD curl --fail http://127.0.0.1:8000/ready"))
    ),
    "check_of_nothing": Planted("healthcheck_always_ok", contained((CHECK, 'CMD ["python3", "-c", "pass"]'))),
    "check_alive": Planted("healthcheck_always_ok", {"health.py": changed("health.py", ("/ready", "/health"))}),
    "always_ready": Planted("ready_without_model", app(("503 if model is None else 200", "200"))),
    "trains": Planted(
        "trains_at_start",
        contained(
            ("COPY model/ model/", "COPY train.py ./"),
            ("USER 10001", "RUN chown service /app\nUSER 10001"),
            (CMD, 'CMD ["sh", "-c", "python3 train.py && exec python3 app.py"]'),
        )
        | {"train.py": TRAIN, ".dockerignore": changed(".dockerignore", ("!model/model.json", "!train.py"))},
    ),
    "trains_in_memory": Planted(
        "trains_at_start",
        app(("load(MODEL)", IN_MEMORY)) | contained(("COPY model/ model/\n", "")),
    ),
    "trains_when_missing": Planted("trains_at_start", app(("load(MODEL)", f"load(MODEL) or {IN_MEMORY}"))),
    "deaf": Planted("ignores_stop", app(("signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))", "pass"))),
    "shell_between": Planted(
        "ignores_stop",
        contained((CMD, 'COPY start.sh ./\nCMD ["sh", "start.sh"]'))
        | {
            "start.sh": "python3 app.py\necho ended\n",
            ".dockerignore": changed(".dockerignore", ("!app.py", "!app.py\n!start.sh")),
        },
    ),
    "state_within": Planted(
        "restart_differs",
        app(
            (
                "model = load(MODEL)",
                "model = load(MODEL)\nmark = Path('/tmp/started')\n"
                "if mark.exists() and model:\n    model['bias'] += 1\nmark.touch()",
            )
        ),
    ),
}

#: Other ways to be right.
HONEST = {
    "as_it_is": Planted(""),
    "drops_root": Planted(
        "",
        contained(
            ("USER 10001\n", ""),
            (CMD, 'CMD ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups", "python3", "app.py"]'),
        ),
    ),
    "two_stages": Planted(
        "",
        contained(
            (
                "FROM localhost/gradus-base:bookworm",
                "FROM localhost/gradus-base:bookworm AS all\nCOPY . /all\nFROM localhost/gradus-base:bookworm",
            ),
            (COPY, "COPY --from=all /all/app.py /all/scoring.py /all/health.py ./\nCOPY --from=all /all/model model"),
        ),
        (".dockerignore",),
    ),
    "secret_for_a_step": Planted(
        "", contained((COPY, COPY + "\nRUN --mount=type=secret,id=token test -s /run/secrets/token"))
    ),
    "no_exposed_port": Planted("", contained(("EXPOSE 8000\n", "")) | {"Dockerfile": "FROM scratch\n"}),
}

#: Those that stand for the rest where all would take too long.
FEW = ("deleted_later", "root", "localhost", "trains_when_missing")
