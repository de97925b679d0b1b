"""A field for a place, wherever a form asks for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from krzew.places.models import Unit
from krzew.places.names import full_name
from krzew.places.search import resolve
from krzew.ui.forms import Combobox

MOST_OFFERED = 8


def _suggestions() -> str:
    return f"{reverse('places:search')}?level=gmina"


class PlaceField(forms.CharField):
    """A gmina, picked from suggestions or typed as name or code; several of one name are offered below the field."""

    widget: Combobox

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Combobox(lazy(_suggestions, str)(), display=_place_name), **kwargs)

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        found = resolve(text)
        if isinstance(found, Unit):
            return found
        if not found:
            raise ValidationError(
                _("No gmina is called “%(text)s”. Try fewer letters or the code.") % {"text": text}
            )
        self.widget.offered = [(unit.code, full_name(unit)) for unit in found[:MOST_OFFERED]]
        raise ValidationError(_("Several gminas have this name. Choose one of them."))


def _place_name(value: Any) -> str:
    unit = value if isinstance(value, Unit) else Unit.objects.filter(code=str(value)).first()
    return f"{unit} ({unit.get_kind_display()})" if unit else str(value)
