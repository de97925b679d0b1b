"""Meetings and themes over which the permissions are compared."""

from __future__ import annotations

from datetime import date

from krzew.accounts.models import Organisation, User
from krzew.network.models import Meeting, Theme


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    for home in organisations:
        Meeting.objects.create(organisation=home, place_id="300202", date=date(2026, 9, 1), title="Spotkanie")
        Theme.objects.create(organisation=home, place_id="300202", label="Razem", need="work")
