"""Writes the number of rows to rows.txt."""
