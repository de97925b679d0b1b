"""Addresses in letters: whole ones, also where no page was asked for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def absolute(path: str) -> str:
    """The address of a page of this installation, from `KRZEW_URL`."""
    return settings.KRZEW_URL.rstrip("/") + path


def page_address(name: str, *args: Any, language: str) -> str:
    """The address of a page, in the language of the letter in which it stands."""
    with override(language):
        return absolute(reverse(name, args=args))
