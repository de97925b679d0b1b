"""Form of one precondition: its rule is put together from the closed list of facts and indicators."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from krzew.library import catalogue
from krzew.library.parts import Amount, Choice, PartForm, listed, source_field, verified_field
from krzew.library.wording import rule_text

LINES = 4
COMPARISONS = [
    ("true", _("is: yes")),
    ("false", _("is: no")),
    (">=", _("at least")),
    ("<=", _("at most")),
    (">", _("more than")),
    ("<", _("less than")),
    ("is", _("exactly")),
]


def _subjects() -> Iterator[tuple[Any, list[tuple[str, str]]]]:
    yield (
        _("Questions to the place"),
        [(f"fact:{code}", fact.question) for code, fact in catalogue.facts().items()],
    )
    words = catalogue.indicators().items()
    yield _("Indicators"), [(f"indicator:{code}", word.name) for code, word in words]


def _known(subject: str) -> bool:
    source, _sep, code = subject.partition(":")
    if source == "fact":
        return code in catalogue.facts()
    return source == "indicator" and code in catalogue.indicators()


@cache
def _options(_language: str) -> SafeString:
    """The long list once per language: a page holds it dozens of times."""
    option = '<option value="{}">{}</option>'
    parts = [format_html(option, "", "—")]
    for title, subjects in _subjects():
        inner = format_html_join("", option, subjects)
        parts.append(format_html('<optgroup label="{}">{}</optgroup>', title, inner))
    return SafeString("".join(parts))


class SubjectSelect(forms.Select):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        mark = format_html('value="{}"', value or "")
        options = _options(get_language() or "pl").replace(mark, f"{mark} selected", 1)
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(attrs or {}), SafeString(options))


class PreconditionForm(PartForm):
    texts = (("text", _("What must be there")), ("question", _("Question to the place")))
    code = forms.RegexField(
        r"^[a-z0-9]+(_[a-z0-9]+)*$",
        label=_("Short name"),
        max_length=60,
        error_messages={"invalid": _("Use small letters, digits and underscores only.")},
    )
    basis = Choice(
        [pair for pair in listed("basis") if pair[0] in ("law", "practice")], _("Where it comes from")
    )
    effect = Choice(listed("effect"), _("How strict it is"))
    source = source_field()
    verified = verified_field()
    joined = forms.ChoiceField(
        label=_("If there are several lines"),
        choices=[("all", _("all must be met")), ("any", _("one is enough"))],
        widget=forms.Select(attrs={"data-select": ""}),
    )
    kept_rule = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in range(LINES):
            self.fields[f"subject{line}"] = forms.CharField(
                label=_("Fact or indicator"), required=False, widget=SubjectSelect
            )
            self.fields[f"op{line}"] = Choice(COMPARISONS, _("Comparison"), required=False)
            self.fields[f"value{line}"] = Amount(_("Number"), required=False)
        self.order_fields(["code"])

    @property
    def kept_words(self) -> str:
        """A rule too deep for these lines is kept as it is and shown in words."""
        try:
            return rule_text(json.loads(self["kept_rule"].value() or "null"), get_language() or "pl")
        except (ValueError, TypeError, KeyError, AttributeError):
            return ""

    def pairs(self) -> Iterator[list[BoundField]]:
        for pair in super().pairs():
            if not pair[0].name.startswith(("subject", "op", "value", "joined", "kept_rule")):
                yield pair

    def rule_lines(self) -> Iterator[list[BoundField]]:
        """The lines in use and one more."""
        used = [line for line in range(LINES) if self[f"subject{line}"].value()]
        for line in range(min(len(used) + 1, LINES)):
            yield [self[f"{name}{line}"] for name in ("subject", "op", "value")]

    @classmethod
    def initial_of(cls, item: Mapping[str, Any]) -> dict[str, Any]:
        rule = item.get("rule") or {}
        initial = {key: value for key, value in item.items() if key != "rule"}
        joined = next((key for key in ("all", "any") if key in rule), None)
        atoms = rule[joined] if joined else [rule] if rule else []
        if len(atoms) > LINES or not all("op" in atom for atom in atoms):
            return initial | {"kept_rule": json.dumps(rule)}
        for line, atom in enumerate(atoms):
            initial |= _line(line, atom)
        return initial | {"joined": joined or "all"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in range(LINES):
            subject, op = data.get(f"subject{line}"), data.get(f"op{line}")
            if subject and not _known(subject):
                self.add_error(f"subject{line}", _("Choose from the list."))
            if subject and not op:
                self.add_error(f"op{line}", _("Choose how to compare."))
            if subject and op and op not in ("true", "false") and data.get(f"value{line}") is None:
                self.add_error(f"value{line}", _("Write the number to compare with."))
        if data.get("kept_rule"):
            data["rule"] = _kept(data["kept_rule"])
        return data

    @property
    def is_blank(self) -> bool:
        return not any(value for name, value in self.cleaned_data.items() if name not in ("DELETE", "joined"))

    def as_item(self) -> dict[str, Any]:
        typed = [f"{name}{line}" for name in ("subject", "op", "value") for line in range(LINES)]
        item = {
            key: value
            for key, value in super().as_item().items()
            if key not in (*typed, "joined", "kept_rule")
        }
        rule = self.cleaned_data.get("rule") or self._rule()
        return item | ({"rule": rule} if rule else {})

    def _rule(self) -> dict[str, Any] | None:
        atoms = [atom for line in range(LINES) if (atom := self._atom(line))]
        if len(atoms) < 2:
            return atoms[0] if atoms else None
        return {self.cleaned_data.get("joined") or "all": atoms}

    def _atom(self, line: int) -> dict[str, Any] | None:
        subject, op = self.cleaned_data.get(f"subject{line}"), self.cleaned_data.get(f"op{line}")
        if not subject or not op:
            return None
        source, _sep, code = subject.partition(":")
        if op in ("true", "false"):
            return {source: code, "op": "is", "value": op == "true"}
        return {source: code, "op": op, "value": self.cleaned_data.get(f"value{line}")}


def _line(line: int, atom: Mapping[str, Any]) -> dict[str, Any]:
    source = "fact" if "fact" in atom else "indicator"
    value = atom.get("value")
    op, number = (str(value).lower(), None) if isinstance(value, bool) else (atom["op"], value)
    return {f"subject{line}": f"{source}:{atom.get(source)}", f"op{line}": op, f"value{line}": number}


def _kept(text: str) -> dict[str, Any]:
    try:
        rule = json.loads(text)
    except ValueError as error:
        raise forms.ValidationError(
            _("The rule of this precondition was damaged on the way. Reload the page.")
        ) from error
    return rule if isinstance(rule, dict) else {}
