Files = dict[str, bytes]


def version_of(files: Files) -> str:
    """Twelve hexadecimal digits that name this content: the same files, the same digits."""
    raise NotImplementedError


class Store:
    """Models in a folder, each under a name that its content gives it."""

    def __init__(self, folder: str) -> None:
        """Work on an existing folder; `self.folder` says which."""
        self.folder = folder

    def register(self, files: Files) -> str:
        """Keep the files as a version that never changes, and return its name. Raises ValueError for unfit names."""
        raise NotImplementedError

    def load(self, version: str) -> Files:
        """The files of a version. Raises KeyError if there is none, ValueError if its content is not what it was."""
        raise NotImplementedError
