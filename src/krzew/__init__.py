"""Krzew: from an idea to a lasting job, and back."""

__version__ = "0.1.0"
