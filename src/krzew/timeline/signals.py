"""What later rooms of the chain hear of: a room never imports from the rooms after it."""

from django.dispatch import Signal

recorded = Signal()
"""An act happened: `sender` is the model, with `actor`, `event` and `obj`. Sent inside the act: all of it or nothing."""
