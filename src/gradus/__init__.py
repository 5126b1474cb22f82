"""Gradus: learn machine learning by doing it; every step is proved by running what you wrote."""

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """Let ``%load_ext gradus`` register the notebook door's magics."""
    from gradus.notebook import register

    register(shell)
