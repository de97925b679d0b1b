"""What this room does every day by itself."""

from krzew.calls.acts.reminders import remind

WORK = [remind]
