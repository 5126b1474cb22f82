"""A small project with a gated release, its planted faults, and honest projects in other styles."""

import csv
import io

import numpy as np

SERVICE = """
[service]
answer = "chance"
[offline]
rows = "data/holdout.csv"
target = "bought"
[release]
workflow = ".github/workflows/release.yml"
production = "release/champion.csv"
"""

TRAIN = """
import csv, json
from pathlib import Path
import numpy as np

rows = list(csv.DictReader(open("data/train.csv")))
X = np.array([[float(r["a"]), float(r["b"]), 1.0] for r in rows])
y = np.array([float(r["bought"]) for r in rows])
w = np.linalg.lstsq(X, y, rcond=None)[0]
Path("model").mkdir(exist_ok=True)
Path("model/candidate.json").write_text(json.dumps(w.tolist()))
print("trained on", len(rows))
"""

SCORING = """
import csv, json
from pathlib import Path
import numpy as np

def read(path):
    rows = list(csv.DictReader(open(path)))
    X = np.array([[float(r["a"]), float(r["b"]), 1.0] for r in rows])
    return X, np.array([float(r["bought"]) for r in rows])

def answers(model, X):
    return np.clip(X @ np.array(json.loads(Path(model).read_text())), 0.01, 0.99)

def losses(y, p):
    return -np.log(np.where(y == 1, p, 1 - p))
"""

GATE = """
import sys
import numpy as np
from scoring import answers, losses, read

X, y = read("data/holdout.csv")
new = losses(y, answers("model/candidate.json", X))
old = losses(y, np.clip(np.loadtxt("release/champion.csv", skiprows=1), 0.01, 0.99))
gap = new - old
rng = np.random.default_rng(0)
means = gap[rng.integers(len(gap), size=(500, len(gap)))].mean(axis=1)
high = np.quantile(means, 0.975)
print("difference at most", round(high, 3))
sys.exit(0 if high < 0.02 else 1)
"""

DEPLOY = """
import csv, os
from scoring import answers, read

assert os.environ["TOKEN"]
X, _ = read("data/holdout.csv")
with open("release/champion.csv", "w", newline="") as stream:
    csv.writer(stream).writerows([["chance"], *[[repr(float(p))] for p in answers("model/candidate.json", X)]])
"""

WORKFLOW = """
name: release
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  gate:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: python -m pip install -r requirements.txt
      - name: Train
        run: python train.py
      - name: Gate
        run: python gate.py
      - uses: actions/upload-artifact@v4
        with:
          name: model
          path: model/
  deploy:
    needs: gate
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/download-artifact@v4
        with:
          name: model
          path: model/
      - name: Deploy
        run: python deploy.py
        env:
          TOKEN: ${{ secrets.DEPLOY_TOKEN }}
"""

ONE_JOB = """
on:
  workflow_dispatch:
  push: {branches: [main]}
jobs:
  release:
    runs-on: ubuntu-24.04
    env:
      TOKEN: ${{ secrets.DEPLOY_TOKEN }}
    steps:
      - uses: actions/checkout@v4
      - run: |
          python train.py
          python gate.py
      - name: Deploy
        if: github.ref == 'refs/heads/main'
        run: python deploy.py
"""

BY_OUTPUT = """
on: [push]
jobs:
  gate:
    runs-on: ubuntu-24.04
    outputs:
      verdict: ${{ steps.gate.outputs.verdict }}
    steps:
      - uses: actions/checkout@v4
      - run: python train.py
      - id: gate
        shell: bash
        run: |
          if python gate.py; then
            echo "verdict=better" >> "$GITHUB_OUTPUT"
          else
            echo "verdict=worse" >> "$GITHUB_OUTPUT"
          fi
      - uses: actions/upload-artifact@v4
        with: {name: model, path: model/candidate.json}
  deploy:
    needs: [gate]
    if: ${{ needs.gate.outputs.verdict == 'better' && github.event_name != 'pull_request' }}
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/download-artifact@v4
        with: {name: model, path: model}
      - run: python deploy.py
        env: {TOKEN: "${{ secrets.DEPLOY_TOKEN }}"}
"""

BY_MODEL = SERVICE.replace(
    'production = "release/champion.csv"',
    'production = "release/model.json"\ncandidate = "model/candidate.json"\ndata = "data/train.csv"',
)
MODEL_GATE = GATE.replace(
    'np.clip(np.loadtxt("release/champion.csv", skiprows=1), 0.01, 0.99)', 'answers("release/model.json", X)'
)
MODEL_DEPLOY = """
import os, shutil
assert os.environ["TOKEN"]
shutil.copy("model/candidate.json", "release/model.json")
"""


def table(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    y = (X[:, 0] + rng.normal(size=n) * 0.8 > 0).astype(int)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["a", "b", "bought"])
    writer.writerows([[round(a, 4), round(b, 4), int(c)] for (a, b), c in zip(X.tolist(), y.tolist(), strict=True)])
    return out.getvalue()


def files(**changes):
    """The honest project, with some of its files replaced; a `None` removes one."""
    base = {
        "service.toml": SERVICE,
        "train.py": TRAIN,
        "scoring.py": SCORING,
        "gate.py": GATE,
        "deploy.py": DEPLOY,
        "requirements.txt": "numpy==2.2.0\n",
        "data/train.csv": table(300, 1),
        "data/holdout.csv": table(400, 2),
        "release/champion.csv": "chance\n" + "0.5\n" * 400,
        ".github/workflows/release.yml": WORKFLOW,
    }
    names = {name.replace(".", "_").replace("/", "_").strip("_"): name for name in base}
    for name, content in changes.items():
        base[names.get(name, name)] = content
    return {name: content for name, content in base.items() if content is not None}


def workflow(text=WORKFLOW, **changes):
    return files(github_workflows_release_yml=text, **changes)


def swapped(old, new, text=WORKFLOW):
    assert old in text, old
    return text.replace(old, new)


_CHECKOUT = "      - uses: actions/checkout@v4\n"
_UPLOAD = "      - uses: actions/upload-artifact@v4\n"
_GATE_JOB = "  gate:\n    runs-on: ubuntu-24.04\n"
_NEEDS = "    needs: gate\n"
_BOTH = "  pull_request_target:\n  push:\n"
_LABEL = "  label:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: gh pr edit --add-label seen\n"
_FETCH = "git fetch origin pull/${{ github.event.number }}/head && git checkout FETCH_HEAD"
_SHOWN = "run: |\n          set -x\n          echo $TOKEN | base64\n          python deploy.py"
_GATE_STEP = "        run: python gate.py\n"
_FIXED = """
import sys
from scoring import answers, losses, read

X, y = read("data/holdout.csv")
loss = losses(y, answers("model/candidate.json", X)).mean()
print("log-loss", loss)
sys.exit(0 if loss < 0.69 else 1)
"""

FAULTY = {
    "continue_on_error": workflow(swapped(_GATE_STEP, _GATE_STEP + "        continue-on-error: true\n")),
    "continue_on_error_of_the_job": workflow(
        swapped(_GATE_JOB, _GATE_JOB + "    continue-on-error: true\n")
        .replace(_UPLOAD, _UPLOAD + "        if: always()\n")
    ),
    "swallowed_exit": workflow(swapped("run: python gate.py", "run: python gate.py || true")),
    "swallowed_exit_by_a_pipe": workflow(swapped("run: python gate.py", "run: python gate.py | tee gate.log")),
    "gate_after_deploy": workflow(
        swapped("  deploy:\n    needs: gate\n", "  deploy:\n    needs: train\n").replace("  gate:\n", "  train:\n", 1)
        .replace("      - name: Gate\n        run: python gate.py\n", "", 1)
        + "      - name: Gate\n        run: python gate.py\n"
    ),
    "gate_after_deploy_and_red": workflow(
        ONE_JOB.replace("          python gate.py\n", "          cp release/champion.csv old.csv\n")
        + "      - name: Gate\n        run: |\n          cp old.csv release/champion.csv\n          python gate.py\n"
    ),
    "gate_after_deploy_that_does_not_wait": workflow(
        ONE_JOB.replace("          python gate.py\n", "")
        + "  check:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n"
        "      - run: python train.py\n      - run: exit 3\n"
    ),
    "deploys_always": workflow(
        swapped("    needs: gate\n", "    needs: gate\n    if: ${{ !cancelled() }}\n")
        .replace(_UPLOAD, _UPLOAD + "        if: always()\n")
    ),
    "never_reached": workflow(swapped(_GATE_STEP, _GATE_STEP + "        if: github.event_name == 'pull_request'\n")),
    "fixed_threshold": files(gate_py=_FIXED),
    "fixed_threshold_too_high_for_hopeless_models": files(
        service_toml=BY_MODEL, deploy_py=MODEL_DEPLOY, gate_py=_FIXED.replace("0.69", "0.6"),
        **{"release/model.json": "[0.1, 0.0, 0.5]"},
    ),
    "training_rows": files(
        service_toml=BY_MODEL, deploy_py=MODEL_DEPLOY, gate_py=MODEL_GATE.replace("holdout", "train"),
        **{"release/model.json": "[0.1, 0.0, 0.5]"},
    ),
    "regression_released": files(gate_py=GATE.replace("high < 0.02", "high < 20")),
    "pull_request_target": workflow(
        swapped("  push:\n", _BOTH).replace(
            _CHECKOUT, _CHECKOUT + "        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n", 1,
        )
    ),
    "pull_request_target_by_git": workflow(
        swapped("  push:\n", _BOTH).replace(
            "        run: python train.py\n",
            f"        run: |\n          {_FETCH}\n          python train.py\n",
        )
    ),
    "secret_echoed": workflow(swapped("run: python deploy.py", _SHOWN)),
    "unpinned_action": workflow(swapped("actions/setup-python@v5", "somebody/setup-python@v5")),
    "invalid_workflow": workflow(swapped("runs-on", "runs_on")),
    "invalid_workflow_no_yaml": workflow("on: [push\njobs: }"),
    "never_runs": workflow(swapped("  push:\n    branches: [main]\n", "  pull_request:\n")),
    "missing": workflow(None),
    "broken_step": workflow(swapped("run: python gate.py", "run: ./gate --strict")),
    "good_model_blocked": files(gate_py=GATE.replace("high < 0.02", "high < -5")),
    "deploy_never_reached": workflow(swapped(_NEEDS, _NEEDS + "    if: github.ref == 'refs/heads/master'\n")),
    "cannot_plant": files(service_toml=SERVICE.replace("production", "produced")),
    "cannot_plant_other_rows": files(**{"release/champion.csv": "chance\n0.5\n"}),
}  # fmt: skip

HONEST = {
    "two_jobs": files(),
    "one_job_two_events": workflow(ONE_JOB),
    "a_verdict_as_an_output": workflow(BY_OUTPUT),
    "models_compared": files(
        service_toml=BY_MODEL, deploy_py=MODEL_DEPLOY, gate_py=MODEL_GATE, **{"release/model.json": "[0.1, 0.0, 0.5]"}
    ),
    "labels_on_strangers_requests": workflow(
        swapped("  push:\n", _BOTH)
        .replace("  gate:\n", "  gate:\n    if: github.event_name == 'push'\n")
        .replace("jobs:\n", "jobs:\n" + _LABEL)
    ),
    "pinned_third_party": workflow(
        swapped("actions/setup-python@v5", "somebody/setup-python@" + "0123456789abcdef0123456789abcdef01234567 # v5")
    ),
}  # fmt: skip
