"""Forms of an application, made from the definition of its call: one for each page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.acts.applications_people import MemberRow
from krzew.calls.applications.answers import Wrong, applies, months, total, value_of
from krzew.calls.applications.applicant import ASKED
from krzew.calls.applications.check import Filled, Lack, question_lacks
from krzew.calls.definition.form import Declaration, FormField, Section
from krzew.calls.forms.applications_fields import Loose, help_of, widget_of
from krzew.calls.forms.programmes import moment_field
from krzew.calls.models import Channel, Member
from krzew.ui.formats import day_short, money
from krzew.ui.forms import Radios

BLANK_MEMBERS = 2


class StartForm(forms.Form):
    """Who applies."""

    kind = forms.ChoiceField(label=gettext_lazy("Who applies?"), widget=Radios)
    website = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # people leave it empty, robots do not

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        field.choices = field.widget.choices = kinds  # type: ignore[attr-defined]
        field.error_messages["required"] = _("Choose who applies.")


class KeyInForm(StartForm):
    """Who applies, and how it reached the team."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How did the application reach you?"),
        choices=[pair for pair in Channel.choices if pair[0] != Channel.SELF],
        widget=Radios,
    )
    received_at = moment_field(
        gettext_lazy("When did it reach the office?"),
        gettext_lazy("From the stamp, the envelope or the message; Warsaw time. Before the closing only."),
        required=False,
    )
    received_why = forms.CharField(
        label=gettext_lazy("How is this known?"),
        help_text=gettext_lazy(
            "For example: stamp of the office on the envelope. The applicant sees it too."
        ),
        max_length=500,
        required=False,
    )


class ReceivedForm(forms.Form):
    """When a paper reached the office; the same questions for one that is being typed already."""

    received_at = KeyInForm.base_fields["received_at"]
    received_why = KeyInForm.base_fields["received_why"]


class ApplicantForm(forms.Form):
    """The data of the applicant, by kind."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, filled: Filled, revision: int, data: Any = None) -> None:
        first = {**filled.applicant, "revision": revision}
        super().__init__(data, initial=first, auto_id="id_%s")
        for datum in ASKED[filled.kind]:
            self.fields[datum.code] = Loose(
                label=datum.label, help_text=datum.hint, required=datum.required, widget=_data_widget(datum)
            )

    def typed(self) -> dict[str, str]:
        return {name: str(self[name].value() or "")[:400] for name in self.fields if name != "revision"}


def _data_widget(datum: Any) -> forms.Widget:
    attrs: dict[str, Any] = {"autocomplete": datum.autocomplete or "off"}
    if datum.kind in ("nip", "regon", "krs"):
        attrs["inputmode"] = "numeric"
    if datum.kind == "phone":
        attrs |= {"type": "tel", "inputmode": "tel"}
    return forms.EmailInput(attrs) if datum.kind == "email" else forms.TextInput(attrs)


def visible(filled: Filled, section: Section, *, live: bool) -> list[FormField]:
    """Questions of a section to show. A follow-up of the same page stays without JavaScript, with "only if"."""
    here = {field.code for field in section.fields}
    found = []
    for field in section.fields:
        if field.kind == "file" or filled.kind not in field.applicants:
            continue
        waits_here = field.when is not None and field.when.field in here and not live
        if waits_here or applies(field, filled.fields, filled.answers):
            found.append(field)
    return found


class SectionForm(forms.Form):
    """One section. Everything typed is kept; `complain` puts what is wrong beside its question."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, filled: Filled, fields: list[FormField], revision: int, data: Any = None, *, more: str = ""
    ) -> None:
        self.asked = fields
        codes = " ".join(field.code for field in fields)
        first = {field.code: filled.answers.get(field.code) for field in fields}
        super().__init__(data, initial={**first, "revision": revision, "shown": codes}, auto_id="id_%s")
        labels = {code: str(field.label) for code, field in filled.fields.items()}
        for field in fields:
            only_if = _only_if(field, filled.fields, labels)
            self.fields[field.code] = Loose(
                label=str(field.label),
                required=field.required,
                help_text=help_of(field, only_if),
                widget=widget_of(field, sums(filled, field), more),
            )

    def typed(self) -> dict[str, Any]:
        return {field.code: self.cleaned_data.get(field.code) for field in self.asked}

    def complain(self, filled: Filled, *, missing: bool) -> list[Lack]:
        """Show what is wrong (and, when asked, what is missing); gives what was shown."""
        found = [lack for field in self.asked for lack in question_lacks(filled, field)]
        found = [lack for lack in found if missing or not lack.missing]
        for lack in found:
            self.add_error(lack.field, lack.text)
        return found


def shown_fields(filled: Filled, section: Section, shown: str | None) -> list[FormField]:
    """The questions that the page said it showed; all that can be asked when it did not say."""
    codes = (shown or "").split()
    every = [f for f in section.fields if f.kind != "file" and filled.kind in f.applicants]
    return [field for field in every if not codes or field.code in codes]


def _only_if(field: FormField, fields: Mapping[str, FormField], labels: Mapping[str, str]) -> str:
    if field.when is None:
        return ""
    options = {option.code: str(option.label) for option in fields[field.when.field].options}
    said = [
        (_("yes") if one else _("no")) if isinstance(one, bool) else options.get(one, one)
        for one in field.when.one_of
    ]
    return _("Only if “%(question)s” is answered: %(answers)s.") % {
        "question": labels[field.when.field],
        "answers": _(" or ").join(said),
    }


def sums(filled: Filled, field: FormField) -> dict[str, str]:
    """What a plan adds up to: by phase, and in all under "*"."""
    if field.kind != "plan":
        return {}
    try:
        rows = value_of(field, filled.answers.get(field.code)) or ()
    except Wrong:
        return {}
    codes = [phase.code for phase in field.phases] or [""]
    found = {code: _("Sum: %(sum)s") % {"sum": _sum(total(rows, code), months(rows, code))} for code in codes}
    return found | {"*": _("Whole plan: %(sum)s") % {"sum": _sum(total(rows), months(rows))}}


def _sum(cost: Any, taken: int) -> str:
    """Money and time of a stretch of the plan."""
    time = ngettext("%(months)d month", "%(months)d months", taken) % {"months": taken}
    return f"{money(cost, 2)}, {time}"


class MembersForm(forms.Form):
    """Members beside the one who speaks for them: rows of name and e-mail, with empty ones at the end."""

    use_required_attribute = False

    def __init__(self, members: list[Member], data: Any = None, *, blank: int = BLANK_MEMBERS) -> None:
        super().__init__(data, auto_id="id_%s")
        rows: list[Member | None] = [*members, *([None] * blank)]
        if data is not None:
            rows = [*rows, *([None] * max(_count(data) - len(rows), 0))]
        self.rows = rows
        for n, member in enumerate(rows):
            self._add(n, member)

    def _add(self, n: int, member: Member | None) -> None:
        key = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=member and member.pk)
        self.fields[f"pk-{n}"] = key
        self.fields[f"name-{n}"] = Loose(
            label=_("Name and surname"), initial=member.name if member else "", widget=forms.TextInput()
        )
        self.fields[f"email-{n}"] = Loose(
            label=_("E-mail"),
            required=False,
            initial=member.email if member else "",
            widget=forms.EmailInput({"autocomplete": "off"}),
        )

    def groups(self) -> list[dict[str, Any]]:
        names = ("pk", "name", "email")
        return [
            {"number": n + 2, "member": member, **{name: self[f"{name}-{n}"] for name in names}}
            for n, member in enumerate(self.rows)
        ]

    def typed(self) -> list[MemberRow]:
        """Rows in which something is written; an emptied row is a member removed."""
        found = []
        for n in range(len(self.rows)):
            name, email = (
                str(self.cleaned_data.get(f"{key}-{n}") or "").strip() for key in ("name", "email")
            )
            if name or email:
                found.append(MemberRow(name, email, self.cleaned_data.get(f"pk-{n}")))
        return found


def _count(data: Any) -> int:
    return sum(1 for n in range(50) if f"name-{n}" in data)


class StatementsForm(forms.Form):
    """Each statement is ticked by itself."""

    use_required_attribute = False

    def __init__(
        self,
        made: list[Declaration],
        ticks: Mapping[tuple[str, int], Any],
        data: Any = None,
    ) -> None:
        first = {one.code: (one.code, one.version) in ticks for one in made}
        super().__init__(data, initial=first, auto_id="id_%s")
        for one in made:
            at = ticks.get((one.code, one.version))
            said = _("Ticked on %(day)s.") % {"day": day_short(at)} if at else ""
            self.fields[one.code] = forms.BooleanField(
                label=str(one.text),
                required=False,
                help_text=said or ("" if one.required else _("Not obligatory.")),
            )

    def codes(self) -> set[str]:
        return {name for name, ticked in self.cleaned_data.items() if ticked}


class AttachForm(forms.Form):
    """One file for one question."""

    file = forms.FileField(label=gettext_lazy("Choose a file"), allow_empty_file=True)

    def __init__(self, code: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"id_{code}_%s")
        kinds = ".pdf,.docx,.odt,.xlsx,.ods,.jpg,.jpeg,.png"
        self.fields["file"].widget.attrs["accept"] = kinds
        self.fields["file"].error_messages["required"] = _("Choose a file first.")


class ResignForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why, if you want to say it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
