"""The front door: a need in one's own words is answered, kept as a numbered case, and counted without its author."""
