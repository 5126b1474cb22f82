"""What a tour leaves beside its results: a short guide to the folder, and a way to start the service again."""

from __future__ import annotations

from gradus.tour.deployed import curl_line
from gradus.tour.story import Tour

SERVE = '''"""Run the deployed model until Ctrl-C: python serve.py [PORT]"""

import os
import subprocess
import sys
from pathlib import Path

here = Path(__file__).parent / "affairs"
port = sys.argv[1] if len(sys.argv) > 1 else "8000"
revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True).stdout.strip()
command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", port]
os.chdir(here)
os.environ["REVISION"] = revision
try:
    sys.exit(subprocess.run(command).returncode)
except KeyboardInterrupt:
    pass
'''

GUIDE = """# What the tour left here

The road from a first exercise to a deployed model, walked once by `gradus tour` with the reference solutions.
Everything here was made by running it.

| | |
| --- | --- |
| `evidence.html` | what was done and measured, on one page; open it in a browser |
| `workspace/` | a learner's folder: exercises, the survey, milestone 1, the vault with its ledger |
| `workspace/.gradus/evidence/` | the evidence of milestones 1 and 5 as JSON, with hashes |
| `affairs/` | the project: pipeline, model, service, Containerfile, monitor, release workflow; its own git repository |
| `affairs/mlflow.db` | every run on the record, and the registry |
| `serve.py` | starts the service |
| `tour.json` | the steps with their numbers |

Call the deployed model:

```
python serve.py
```

and in another terminal

```
{curl}
```

Examine it once more, from scratch:

```
cd workspace
gradus milestone 5
```

See what MLflow has to show: `cd affairs && mlflow ui --backend-store-uri sqlite:///mlflow.db` (with the full `mlflow`).
"""


def write(tour: Tour) -> None:
    """Write ``README.md`` and ``serve.py`` into the tour's folder."""
    curl = curl_line(tour.facts["row"])
    (tour.folder / "README.md").write_text(GUIDE.format(curl=curl), encoding="utf-8")
    (tour.folder / "serve.py").write_text(SERVE, encoding="utf-8")
