"""gradus.learner."""
