"""Numbers, money and dates as readers of the page's language write them. Nothing is shown as "None"."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

NBSP = "\u00a0"
Number = int | float | Decimal
_ONE_LETTER = re.compile(r"(?<![^\s(„\"])([aiouwzAIOUWZ])\s+")
_SPECIAL = str.maketrans("łŁøØđĐ", "lLoOdD")


def no_data() -> str:
    return gettext("no data")


def locale() -> Locale:
    """Babel's locale of the active language; Polish when there is none."""
    return _parsed((get_language() or "pl").split("-")[0])


@lru_cache
def _parsed(language: str) -> Locale:
    return Locale.parse(language)


def number(value: Number | None, decimals: int | None = None) -> str:
    """1234567.891 → "1 234 567,891"; `decimals` fixes the number of places."""
    return no_data() if value is None else _number(value, decimals, locale())


@lru_cache(maxsize=8192)
def _number(value: Number, decimals: int | None, language: Locale) -> str:
    places = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(value, format=places, locale=language)
    if re.fullmatch(r"-0([.,]0*)?", written):  # a rounded "-0,0" would claim a fall that is not there
        written = written[1:]
    return written.replace(" ", NBSP).replace("\u202f", NBSP).replace("-", "\u2212")


def quantity(value: Number | None, unit: str = "", decimals: int | None = None) -> str:
    """A number with its unit, kept on one line: 8,1 %, 12 000 zł; in English money comes before: PLN 12,000."""
    if value is None:
        return no_data()
    if unit.startswith("zł") and locale().language == "en":
        return f"PLN{NBSP}{number(value, decimals)}{unit.removeprefix('zł')}"
    return f"{number(value, decimals)}{NBSP}{unit}" if unit else number(value, decimals)


def percent(value: Number | None, decimals: int | None = 1) -> str:
    """`value` is already in per cent: 8.1 → "8,1 %" (English: "8.1%")."""
    if value is None:
        return no_data()
    gap = "" if locale().language == "en" else NBSP
    return f"{number(value, decimals)}{gap}%"


def share(value: Number | None, decimals: int | None = 1) -> str:
    """`value` lies between 0 and 1: 0.081 → "8,1 %"."""
    return percent(None if value is None else float(value) * 100, decimals)


def money(value: Number | None, decimals: int = 0) -> str:
    """Polish zloty: "12 000 zł", in English "PLN 12,000"."""
    return quantity(value, "zł", decimals)


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | None) -> str:
    """22 listopada 2026."""
    return no_data() if value is None else _tied(format_date(_local(value), "long", locale=_dates()))


def day_short(value: date | datetime | None) -> str:
    """22.11.2026."""
    return no_data() if value is None else format_date(_local(value), "short", locale=_dates())


def moment(value: datetime | None) -> str:
    """22 listopada 2026, 14:05."""
    if value is None:
        return no_data()
    return f"{day(value)}, {format_datetime(_local(value), 'HH:mm', locale=_dates())}"


def _dates() -> Locale:
    """English readers here live in Europe: 22 November 2026 and 22/11/2026."""
    return Locale.parse("en_GB") if locale().language == "en" else locale()


def _tied(text: str) -> str:
    return text.replace(" ", NBSP)


def ago(value: date | datetime | None) -> str:
    """How long ago, in whole days: today, yesterday, 12 days ago; further back the date itself."""
    if value is None:
        return no_data()
    local = _local(value)
    days = (timezone.localdate() - (local.date() if isinstance(local, datetime) else local)).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    if 1 < days <= 30:
        return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
    return day(value)


def tie(text: str) -> str:
    """Polish typography: a one-letter word stays with the word that follows it."""
    return _ONE_LETTER.sub(rf"\1{NBSP}", text)


def fold(text: str) -> str:
    """Small letters without diacritics, one character for one character, so that positions stay the same."""
    plain = (unicodedata.normalize("NFD", c)[0] for c in text.translate(_SPECIAL))
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def highlight(text: str, query: str) -> SafeString:
    """`text`, escaped, with every word of `query` marked; case and diacritics do not matter."""
    words = [re.escape(fold(word)) for word in query.split() if word]
    if not words:
        return escape(text)
    parts, last = [], 0
    for found in re.finditer("|".join(sorted(words, key=len, reverse=True)), fold(text)):
        parts += [
            escape(text[last : found.start()]),
            f"<mark>{escape(text[found.start() : found.end()])}</mark>",
        ]
        last = found.end()
    return mark_safe("".join([*parts, escape(text[last:])]))  # noqa: S308 - every part is escaped above


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form of a data word for `count`: 1 miejsce, 2 miejsca, 5 miejsc. English uses one and many."""
    if count == 1:
        return one
    if locale().language == "pl":
        return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many
    return many
