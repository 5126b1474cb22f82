"""gradus.grader."""
