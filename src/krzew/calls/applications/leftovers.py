"""Files on the disk that no application knows: a program that died between two steps leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from krzew.calls.models import Attachment

FOLDER = "applications"
GRACE = timedelta(days=2)
"""A file that has just come may belong to something that is being kept this moment."""


def without_owner(day: date) -> Iterator[tuple[str, date]]:
    """Names of such files, each with the day since when it may go."""
    known = set(Attachment.objects.values_list("file", flat=True))
    for name in sorted(_names()):
        over = timezone.localdate(default_storage.get_modified_time(name)) + GRACE
        if name not in known and over <= day:
            yield name, over


def _names() -> Iterator[str]:
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"


def delete(name: str) -> None:
    default_storage.delete(name)
