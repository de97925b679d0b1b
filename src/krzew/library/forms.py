"""Forms of the library: what an editor writes, section by section, and what a reader tells us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from krzew.library import catalogue, labels, wording
from krzew.library.cards import fold
from krzew.library.models import Answer, SolutionKind
from krzew.library.parts import (
    Amount,
    Choice,
    NumberChoice,
    PartForm,
    When,
    listed,
    source_field,
    verified_field,
)
from krzew.ui.forms import Checkboxes, Counter, Radios


class NewSolutionForm(forms.Form):
    name_pl = forms.CharField(label=_("Name (in Polish)"), min_length=2, max_length=140)
    name_en = forms.CharField(label=_("Name (in English)"), min_length=2, max_length=140)
    kind = forms.ChoiceField(label=_("Kind"), choices=SolutionKind.choices, widget=Radios)
    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        label=_("Address of the page"),
        max_length=60,
        required=False,
        help_text=_("Small letters, digits and hyphens. Leave it empty: it is made from the Polish name."),
        error_messages={"invalid": _("Use small letters, digits and hyphens only.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["slug"] = data.get("slug") or slugify(fold(data.get("name_pl", "")))[:60].strip("-")
        if not data["slug"]:
            self.add_error("slug", _("No address can be made from this name. Write one."))
        return data


class ReasonForm(forms.Form):
    """Why: for a return with a comment and for a withdrawal."""

    reason = forms.CharField(
        label=_("Why"), min_length=10, max_length=2000, widget=Counter(2000, {"rows": 3})
    )


class TellForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a reader knows that the card does not."""

    class Meta:
        model = Answer
        fields = ["question", "text", "source", "contact"]
        labels = {
            "text": _("What you know"),
            "source": _("Where it is written"),
            "contact": _("Your e-mail"),
        }
        help_texts = {
            "text": _("Please do not name private persons."),
            "source": _("A link, a report, a resolution. Without a source we show a fact as unverified."),
            "contact": _("Only to ask back. We do not show it."),
        }
        widgets = {"text": Counter(2000)}

    def __init__(self, *args: Any, asks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Something else")), *((ask, ask) for ask in asks)]
        self.fields["question"] = forms.ChoiceField(
            label=_("Which question do you answer"), choices=choices, required=False, widget=Radios
        )


# --- sections of a card ----------------------------------------------------------------------------
class BasicsForm(PartForm):
    lines = (("name", labels.FIELDS["name"]),)
    texts = (("summary", labels.FIELDS["summary"]), ("does", labels.FIELDS["does"]))
    nullable = ("door",)
    door = forms.ChoiceField(
        label=labels.FIELDS["door"],
        choices=[("", _("not decided")), *catalogue.DOORS.items()],
        widget=Radios,
    )
    aliases = forms.CharField(
        label=labels.FIELDS["aliases"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One in a line; readers find the solution under these names too."),
    )
    verified = forms.BooleanField(label=_("At least one source about this solution was read"))

    @classmethod
    def initial_of(cls, item: Mapping[str, Any]) -> dict[str, Any]:
        return dict(item) | {"aliases": "\n".join(item["aliases"])}

    def clean_aliases(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["aliases"].splitlines()]
        if any(not 2 <= len(line) <= 140 for line in lines if line):
            raise forms.ValidationError(_("Each name has from 2 to 140 characters."))
        return list(dict.fromkeys(line for line in lines if line))


class AudienceForm(PartForm):
    groups = forms.MultipleChoiceField(label=labels.FIELDS["groups"], widget=Checkboxes)
    domains = forms.MultipleChoiceField(label=labels.FIELDS["domains"], widget=Checkboxes)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("groups", catalogue.groups()), ("domains", catalogue.domains())):
            self.fields[name].choices = [(code, word.name) for code, word in words.items()]  # type: ignore[attr-defined]

    def as_item(self) -> dict[str, Any]:
        """In the order in which the card had them; new ones at the end."""
        chosen = super().as_item()
        for name in ("groups", "domains"):
            known = [code for code in self.card.get(name, []) if code in chosen[name]]
            chosen[name] = [*known, *(code for code in chosen[name] if code not in known)]
        return chosen


class NeedForm(PartForm):
    texts = (("reason", _("How it helps")),)
    code = Choice((), _("Problem"))
    relevance = NumberChoice(listed("relevance"), _("How well it answers it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(code, word.name) for code, word in catalogue.needs().items()]
        self.fields["code"].choices = [("", "—"), *words]  # type: ignore[attr-defined]
        self.order_fields(["code", "relevance"])


class TextForm(PartForm):
    texts = (("text", _("Text")),)


class PartnerForm(PartForm):
    lines = (("name", _("Who")),)
    texts = (("role", _("What they do")),)


class PerspectiveForm(PartForm):
    texts = (("text", _("What it means to them")),)
    who = Choice(listed("who"), _("Whose point of view"))
    source = source_field()


class RangeForm(PartForm):
    """A number as a range with its source; or known to be unknown; or not applicable."""

    texts = (("note", _("Note")),)
    droppable = ("note_pl", "note_en")
    state = forms.ChoiceField(
        label=_("Do we know it"),
        widget=Radios,
        choices=[
            ("absent", _("does not apply")),
            ("unknown", _("not known, we ask for it")),
            ("known", _("known")),
        ],
    )
    low = Amount(_("From"))
    high = Amount(_("To"))
    as_of = When(_("As of"))
    basis = Choice([pair for pair in listed("basis") if pair[0] != "practice"], _("How it is known"))
    source = source_field()
    verified = verified_field()

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        for name in ("low", "high"):
            self.fields[name].widget.unit = labels.UNITS.get(unit, "")
        self.order_fields(
            ["state", "low", "high", "as_of", "basis", "source", "verified", "note_pl", "note_en"]
        )

    def pairs(self) -> Iterator[list[BoundField]]:
        """From and to, day and origin, source and its reading: two by two."""
        for names in (("low", "high"), ("as_of", "basis"), ("source", "verified"), ("note_pl", "note_en")):
            yield [self[name] for name in names]

    @property
    def summary(self) -> str:
        """What the closed part says of its number; empty where none is typed yet."""
        typed = {name: self[name].value() for name in ("low", "high")}
        known = {name: value for name, value in typed.items() if isinstance(value, int | float)}
        return wording.range_text({**known, "unit": self.unit}) if len(known) == 2 else ""

    @classmethod
    def initial_of(cls, item: Mapping[str, Any]) -> dict[str, Any]:
        """`item` holds the range under "range" when the number applies."""
        if "range" not in item:
            return {"state": "absent"}
        return {"state": "unknown"} if item["range"] is None else {"state": "known", **item["range"]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("low"), data.get("high")
        if data.get("state") == "known" and low is None and high is None:
            self.add_error("low", _("Write the number, or choose “not known”."))
        if low is not None and high is not None and low > high:
            self.add_error("high", _("The upper end is below the lower end."))
        return data

    @property
    def stated(self) -> str:
        return self.cleaned_data.get("state") or "absent"

    def as_range(self) -> dict[str, Any] | None:
        if self.stated != "known":
            return None
        item = super().as_item() | {"unit": self.unit}
        del item["state"]
        one = {"low": item.get("low", item.get("high")), "high": item.get("high", item.get("low"))}
        return item | one


class FitForm(PartForm):
    """What the comparison with a place needs beside the numbers."""

    texts = (("investment_reason", _("Why")),)
    nullable = ("gmina_role",)
    investment_class = Choice(listed("investment_class"), _("How much money the start takes"))
    gmina_role = Choice(listed("gmina_role"), _("Main role of the gmina"))
    reach_per_10k_min = Amount(_("Fewest people concerned per 10,000 residents at which it makes sense"))
    reach_per_10k_full = Amount(_("People concerned per 10,000 residents at which it is fully used"))
    source = source_field()
    verified = verified_field()

    @classmethod
    def initial_of(cls, item: Mapping[str, Any]) -> dict[str, Any]:
        reach = item.get("reach") or {}
        shared = {name: reach.get(name) for name in ("source", "verified")}
        return (
            dict(item)
            | shared
            | {f"reach_{name}": reach.get(name) for name in ("per_10k_min", "per_10k_full")}
        )

    def as_item(self) -> dict[str, Any]:
        item = super().as_item()
        reach = {name: item.pop(f"reach_{name}", None) for name in ("per_10k_min", "per_10k_full")}
        reach |= {name: item.pop(name, None) for name in ("source", "verified")}
        known = any(
            reach[name] is not None for name in ("per_10k_min", "per_10k_full", "source") if reach[name] != ""
        )
        return item | {"reach": reach if known else None}


class EvidenceForm(PartForm):
    texts = (("result", _("What came out")),)
    nullable = ("year",)
    level = NumberChoice((), _("Level"))
    direction = Choice(listed("direction"), _("Result"))
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    source = source_field()
    verified = verified_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(int(code), f"{code}: {level.name}") for code, level in catalogue.evidence_levels().items()]
        self.fields["level"].choices = [("", "—"), *levels]  # type: ignore[attr-defined]


class ExemplarForm(PartForm):
    texts = (("note", _("Note")),)
    nullable = ("place_text", "code", "since")
    droppable = ("note_pl", "note_en")
    name = forms.CharField(label=_("Name"), max_length=140)
    place_text = forms.CharField(label=_("Place"), max_length=140)
    code = forms.RegexField(
        r"^([0-9]{4}|[0-9]{6})$",
        label=_("TERYT code of the place"),
        help_text=_("Six digits for a gmina, four for a powiat."),
        error_messages={"invalid": _("Six digits for a gmina, four for a powiat.")},
    )
    since = When(_("Since"))
    status = Choice(listed("status"), _("State"))
    source = source_field()
    verified = verified_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "place_text", "code", "since", "status"])


class NoteForm(PartForm):
    texts = (("text", _("Text")),)
    kind = Choice(listed("note_kind"), _("Kind"))
    source = source_field()
    verified = verified_field()


class LicenceForm(PartForm):
    texts = (("scope", _("What it covers")),)
    name = forms.CharField(label=_("Licence"), max_length=140, help_text=_("For example CC BY 4.0."))
    source = source_field()
    verified = verified_field()


class DocumentForm(PartForm):
    lines = (("title", _("Title")),)
    nullable = ("address",)
    language = Choice(listed("language"), _("Language"))
    address = forms.URLField(label=_("Address on the internet"), max_length=500, assume_scheme="https")
    source = source_field()


class RelatedForm(PartForm):
    slug = forms.SlugField(label=_("Address of the other solution"), max_length=60)
    relation = Choice(listed("relation"), _("How they belong together"))


class SourceForm(PartForm):
    texts = (("label", _("What it is")),)
    nullable = ("address", "date")
    id = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        label=_("Short name"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens; the other sections refer to it."),
        error_messages={"invalid": _("Use small letters, digits and hyphens only.")},
    )
    kind = Choice(listed("source_kind"), _("Kind"))
    address = forms.URLField(label=_("Address on the internet"), max_length=500, assume_scheme="https")
    date = When(_("Date of the text"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["id"])
