"""Forms of the time-line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krzew.timeline.phrases import phrase
from krzew.ui.forms import Date


class AuditFilter(forms.Form):
    """Which part of the record to show."""

    since = forms.DateField(label=_("From the day"), widget=Date, required=False)
    until = forms.DateField(label=_("To the day"), widget=Date, required=False)
    act = forms.ChoiceField(label=_("Kind of act"), required=False, widget=forms.Select({"data-select": ""}))

    def __init__(self, *args: Any, acts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted((phrase(name), name) for name in acts)
        kind = self.fields["act"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("All acts")), *((name, words) for words, name in known)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one. Choose a later day."))
        return cleaned
