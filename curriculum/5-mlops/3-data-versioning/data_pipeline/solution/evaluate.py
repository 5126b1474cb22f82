"""Write the mean absolute error of model.json on data/test.csv to metrics.json."""

import json
from pathlib import Path

from features import load

w = json.loads(Path("model.json").read_text())
X, y = load("data/test.csv")
errors = [abs(sum(a * b for a, b in zip(row, w, strict=True)) - target) for row, target in zip(X, y, strict=True)]
Path("metrics.json").write_text(json.dumps({"mae": round(sum(errors) / len(errors), 4), "rows": len(errors)}))
