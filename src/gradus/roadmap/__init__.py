"""gradus.roadmap."""
