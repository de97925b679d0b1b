"""What this room does every day by itself."""

from krzew.calls.acts.reminders import remind
from krzew.calls.acts.vote import count_due

WORK = [remind, count_due]
