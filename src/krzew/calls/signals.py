"""What later rooms of the chain must hear of, since a room never imports from the rooms after it."""

from django.dispatch import Signal

resigned = Signal()
"""A grant was given up: `actor`, `application`, `reason`. Sent inside the act, so that all of it happens or nothing."""
