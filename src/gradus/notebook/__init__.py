"""The notebook door: ``%load_ext gradus``, then ``%%check EXERCISE``, ``%hint``, ``%next``, ``%progress``."""

from gradus.notebook.magics import register

__all__ = ["register"]
