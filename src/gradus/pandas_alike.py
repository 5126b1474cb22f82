"""pandas as it is without optional companions, so that a verdict does not depend on what else is installed.

With pyarrow at hand pandas keeps text columns in Arrow memory: other types, other speed, and tens of megabytes more in
every process. Gradus does not need it, and a learner's machine may have it or not.
"""

from __future__ import annotations

import importlib
import sys


def import_pandas() -> None:
    """Import pandas without pyarrow, which can still be imported by itself afterwards.

    Raises:
        ImportError: pandas is not installed.
    """
    if "pandas" not in sys.modules:
        hidden = "pyarrow" not in sys.modules
        if hidden:
            sys.modules["pyarrow"] = None  # type: ignore[assignment]
        try:
            importlib.import_module("pandas")
        finally:
            if hidden:
                sys.modules.pop("pyarrow", None)
    sys.modules["pandas"].set_option("mode.string_storage", "python")
