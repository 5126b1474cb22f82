"""gradus.author."""
