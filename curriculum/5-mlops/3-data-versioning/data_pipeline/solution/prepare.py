"""Split data/raw.csv into data/train.csv and data/test.csv. Reads prepare.seed and prepare.test_share."""

import random
from pathlib import Path

import yaml

params = yaml.safe_load(Path("params.yaml").read_text())["prepare"]
head, *rows = Path("data/raw.csv").read_text().splitlines()
random.Random(params["seed"]).shuffle(rows)
cut = round(len(rows) * params["test_share"])
Path("data/test.csv").write_text("\n".join([head, *rows[:cut], ""]))
Path("data/train.csv").write_text("\n".join([head, *rows[cut:], ""]))
