"""What the time-line says about the acts of this room."""

PHRASES: dict[str, object] = {}
