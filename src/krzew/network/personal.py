"""Does a text look as if it names a person? Statements from meetings are kept without names, so we ask before saving.

The check errs on the side of asking: it warns, it never refuses.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
PHONE = re.compile(
    r"(?<!\d)(?:\+?48[ -]?)?(?:\d{3}[ -]?){2}\d{3}(?!\d)|(?<!\d)\d{2}[ -]\d{3}[ -]\d{2}[ -]\d{2}(?!\d)"
)
DIGITS_11 = re.compile(r"(?<!\d)\d{11}(?!\d)")
TITLED = re.compile(
    r"\b(?:pan|pani|pana|panią|panu|ks\.|ksiądz|dr|mr|mrs|ms)\s+[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+", re.I
)
CAPITALISED_PAIR = re.compile(r"\b([A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]{2,})\s+([A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]{2,})")
# Stems of the given names most often borne in Poland (PESEL register); a stem also catches inflected forms.
# fmt: off
GIVEN_STEMS = (
    "ann", "mari", "katarzyn", "małgorzat", "agnieszk", "barbar", "ew", "krystyn", "elżbie", "magdalen",
    "joann", "aleksandr", "zofi", "monik", "teres", "danut", "natali", "karolin", "mart", "juli",
    "beat", "dorot", "janin", "jadwig", "jolan", "iwon", "grażyn", "paulin", "justyn", "hann", "piot",
    "krzyszto", "andrz", "tomasz", "jan", "paw", "mich", "marcin", "jakub", "adam", "łukasz", "marek",
    "mark", "grzegorz", "mateusz", "wojciech", "mariusz", "dariusz", "zbignie", "maciej", "stanisław",
    "rafał", "robert", "jerz", "kamil", "józef", "dawid", "ryszard", "szymon", "kacper", "jarosław",
    "tadeusz", "henryk", "sebastian", "janusz", "jacek", "jack",
)
# fmt: on
PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


def is_pesel(digits: str) -> bool:
    """True when eleven digits carry the check digit of a PESEL number."""
    total = sum(int(d) * w for d, w in zip(digits, PESEL_WEIGHTS, strict=False))
    return (10 - total % 10) % 10 == int(digits[10])


def _names_somebody(text: str) -> bool:
    if any(match[0].split()[1][0].isupper() for match in TITLED.finditer(text)):
        return True
    return any(first.lower().startswith(GIVEN_STEMS) for first, _last in CAPITALISED_PAIR.findall(text))


def warnings(text: str) -> list[str]:
    """What in the text looks like personal data, in words for the page."""
    found = []
    if EMAIL.search(text):
        found.append(str(_("an e-mail address")))
    if any(is_pesel(d) for d in DIGITS_11.findall(text)):
        found.append(str(_("a PESEL number")))
    if PHONE.search(text):
        found.append(str(_("a telephone number")))
    if _names_somebody(text):
        found.append(str(_("a person's name")))
    return found
