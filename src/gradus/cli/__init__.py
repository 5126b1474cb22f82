"""The command line: a front door without rules of its own. ``gradus.cli.main`` is the entry."""
