"""Alembic's migrations of the learner's database, shipped inside the wheel."""
