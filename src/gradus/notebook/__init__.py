"""gradus.notebook."""
