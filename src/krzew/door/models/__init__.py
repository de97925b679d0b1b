"""Data of this room."""
