import re


def build_context(files: list[str], lines: list[str]) -> list[str]:
    """Return the files that are sent to the build, in their order.

    files: paths from the root, as "src/app.py". lines: the lines of a .dockerignore.
    """
    raise NotImplementedError
