"""The whole environment of a project's processes: small, with every tool's telemetry off."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from gradus.grader.libraries import ENVIRONMENT

#: Every tool that would call home is told not to, each by its documented variable.
TELEMETRY_OFF: Final = {
    "DO_NOT_TRACK": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "WANDB_ERROR_REPORTING": "false",
    "DVC_NO_ANALYTICS": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "false",
    "BENTOML_DO_NOT_TRACK": "True",
    "RAY_USAGE_STATS_ENABLED": "0",
}
_NO_INSTALLING: Final = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INDEX": "1",
}


def environment(temporary: str) -> dict[str, str]:
    """The variables of a process whose home and place for temporary files is ``temporary``."""
    tools = str(Path(sys.executable).parent)
    system = os.pathsep.join(("/usr/local/bin", "/usr/bin", "/bin")) if os.name == "posix" else os.environ["PATH"]
    own = {
        **ENVIRONMENT,
        **TELEMETRY_OFF,
        **_NO_INSTALLING,
        "PATH": os.pathsep.join((tools, system)),
        "HOME": temporary,
        "TMPDIR": temporary,
        "MPLCONFIGDIR": temporary,
        "DVC_SITE_CACHE_DIR": str(Path(temporary) / "dvc"),
        "PYTHONUNBUFFERED": "1",
        "GIT_AUTHOR_NAME": "Learner",
        "GIT_AUTHOR_EMAIL": "learner@localhost",
        "GIT_COMMITTER_NAME": "Learner",
        "GIT_COMMITTER_EMAIL": "learner@localhost",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    if os.name == "nt":
        own |= {name: os.environ[name] for name in ("SYSTEMROOT", "COMSPEC", "PATHEXT") if name in os.environ}
    return own
