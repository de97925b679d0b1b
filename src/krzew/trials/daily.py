"""What this room does every day by itself."""

from krzew.trials.acts.reminders import remind

WORK = [remind]
