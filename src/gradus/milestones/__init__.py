"""gradus.milestones."""
