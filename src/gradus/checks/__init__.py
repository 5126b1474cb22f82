"""gradus.checks."""
