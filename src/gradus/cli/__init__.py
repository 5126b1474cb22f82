"""gradus.cli."""
