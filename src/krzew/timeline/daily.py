"""Work that nobody asks for: each room names its own in `daily.py`, WORK = [function, …].

Every piece is safe to repeat: what was done once is not done again. `krzew serve` goes round every hour of the day;
an installation whose worker runs apart calls `krzew daily` from its own timetable.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module

from django.apps import apps
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

logger = logging.getLogger(__name__)
FIRST_HOUR, LAST_HOUR = 7, 20
"""Nobody is written to at night."""


def work() -> list[Callable[[], object]]:
    """All pieces of work, in the order of the rooms."""
    found: list[Callable[[], object]] = []
    for room in apps.get_app_configs():
        if room.module and module_has_submodule(room.module, "daily"):
            found += getattr(import_module(f"{room.name}.daily"), "WORK", [])
    return found


def go_round() -> int:
    """Do all of it; a piece that fails holds up no other. Gives the number of those that failed."""
    failed = 0
    for piece in work():
        try:
            piece()
        except Exception:
            logger.exception("Daily work %s failed", piece.__name__)
            failed += 1
    return failed


def is_day() -> bool:
    return FIRST_HOUR <= timezone.localtime().hour < LAST_HOUR
