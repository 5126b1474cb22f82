"""Put a model into service: ``python promote.py candidate/model.json``."""

import shutil
import sys
from pathlib import Path

target = Path(__file__).parent / "model" / "model.json"
target.parent.mkdir(exist_ok=True)
new = target.with_suffix(".new")
shutil.copy(sys.argv[1], new)
new.replace(target)
