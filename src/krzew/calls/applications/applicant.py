"""Who applies: what is asked of a person, a group, an organisation and a partnership."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.calls.applications.answers import Wrong, email_of, phone_of

LONGEST = 200
NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
REGON_WEIGHTS = {9: (8, 9, 2, 3, 4, 5, 6, 7), 14: (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)}


@dataclass(frozen=True)
class Datum:
    """One thing asked about the applicant. `kind` says how it is read."""

    code: str
    label: Any
    kind: str = "line"
    required: bool = True
    hint: Any = ""
    autocomplete: str = ""


NAME = Datum("name", gettext_lazy("Name and surname"), autocomplete="name")
ADDRESS = Datum(
    "address",
    gettext_lazy("Address"),
    hint=gettext_lazy("Street and number, postcode, town."),
    autocomplete="street-address",
)
PHONE = Datum("phone", gettext_lazy("Telephone"), "phone", required=False, autocomplete="tel")
EMAIL = Datum(
    "email",
    gettext_lazy("E-mail"),
    "email",
    required=False,
    hint=gettext_lazy("The confirmation and every later letter come here."),
    autocomplete="email",
)
PERSON = (NAME, ADDRESS, PHONE, EMAIL)
GROUP = (
    Datum("group", gettext_lazy("Name of the group"), required=False),
    Datum(
        "name",
        gettext_lazy("Who speaks for the group: name and surname"),
        hint=gettext_lazy("This person is a member of the group and gets the letters."),
        autocomplete="name",
    ),
    ADDRESS,
    PHONE,
    EMAIL,
)
ORGANISATION = (
    Datum("name", gettext_lazy("Name of the organisation"), autocomplete="organization"),
    Datum("nip", gettext_lazy("NIP (tax number)"), "nip", hint=gettext_lazy("Ten digits.")),
    Datum(
        "regon",
        gettext_lazy("REGON (statistical number)"),
        "regon",
        required=False,
        hint=gettext_lazy("Nine or fourteen digits."),
    ),
    Datum(
        "krs",
        gettext_lazy("KRS (number in the court register)"),
        "krs",
        required=False,
        hint=gettext_lazy("Ten digits. Leave it empty if the organisation is in another register."),
    ),
    ADDRESS,
    Datum(
        "representative",
        gettext_lazy("Who may sign for the organisation"),
        hint=gettext_lazy("Name, surname and function."),
    ),
    Datum("contact", gettext_lazy("Person to talk to"), autocomplete="name"),
    PHONE,
    Datum(EMAIL.code, EMAIL.label, "email", hint=EMAIL.hint, autocomplete="email"),
)
ASKED: dict[str, tuple[Datum, ...]] = {
    "person": PERSON,
    "group": GROUP,
    "organisation": ORGANISATION,
    "partnership": ORGANISATION,
}
WITH_MEMBERS = ("group", "partnership")


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _sum_is_right(digits: str, weights: tuple[int, ...]) -> bool:
    total = sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11
    return total % 10 == int(digits[len(weights)])


def nip_of(text: str) -> str:
    """Ten digits whose last one follows from the others. Raises `Wrong`."""
    digits = _digits(text.upper().removeprefix("PL"))
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise Wrong(_("A NIP has ten digits."))
    # A remainder of ten is never given out, so such a number does not exist.
    total = sum(int(d) * w for d, w in zip(digits, NIP_WEIGHTS, strict=False)) % 11
    if total == 10 or not _sum_is_right(digits, NIP_WEIGHTS):
        raise Wrong(_("This NIP has a slip: its last digit does not follow from the others."))
    return digits


def regon_of(text: str) -> str:
    digits = _digits(text)
    if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", digits):
        raise Wrong(_("A REGON has nine or fourteen digits."))
    if not all(_sum_is_right(digits, REGON_WEIGHTS[size]) for size in (9, 14) if len(digits) >= size):
        raise Wrong(_("This REGON has a slip: its last digit does not follow from the others."))
    return digits


def krs_of(text: str) -> str:
    digits = _digits(text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise Wrong(_("A KRS number has ten digits, with zeros at the beginning."))
    return digits


def _line_of(text: str) -> str:
    if len(text.strip()) > LONGEST:
        raise Wrong(_("Write it in at most %(most)s characters.") % {"most": LONGEST})
    return text.strip()


READERS = {
    "line": _line_of,
    "nip": nip_of,
    "regon": regon_of,
    "krs": krs_of,
    "email": email_of,
    "phone": phone_of,
}


def datum_of(datum: Datum, raw: Any) -> str:
    """What was typed, read; "" where nothing was. Raises `Wrong`."""
    text = str(raw or "")
    return READERS[datum.kind](text) if text.strip() else ""


def readable(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """The data that can be read, each in its one form; what is wrong is left out."""
    found = {}
    for datum in ASKED[kind]:
        try:
            if text := datum_of(datum, data.get(datum.code)):
                found[datum.code] = text
        except Wrong:
            continue
    return found


def display_name(kind: str, data: Mapping[str, Any]) -> str:
    """The name under which an application is listed."""
    first = data.get("group") or data.get("name") if kind == "group" else data.get("name")
    return str(first or "").strip()[:LONGEST]
