"""What the pages of this room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from krzew.accounts.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def put_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what an act refused beside the fields that it names; nothing that was typed is lost."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


def again(form: Any, **values: Any) -> None:
    """Show what was typed once more, with some values of ours: the revision that is kept now."""
    form.data = form.data.copy()
    for name, value in values.items():
        form.data[name] = value
