"""Numbers, dates and marked text in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from krzew.ui import formats

NBSP = formats.NBSP


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        (
            "pl",
            ["1 234 567,5", "8,1 %", "30,5 %", "12 000 zł", "−0,4", "0,0", "22 listopada 2026", "22.11.2026"],
        ),
        (
            "en",
            ["1,234,567.5", "8.1%", "30.5%", "PLN 12,000", "−0.4", "0.0", "22 November 2026", "22/11/2026"],
        ),
    ],
)
def test_both_languages(lang: str, written: list[str]) -> None:
    day = date(2026, 11, 22)
    with override(lang):
        got = [
            formats.number(Decimal("1234567.5")),
            formats.percent(8.1),
            formats.share(0.305),
            formats.money(12000),
            formats.number(-0.44, 1),
            formats.number(-0.04, 1),
            formats.day(day),
            formats.day_short(day),
        ]
    assert [text.replace(NBSP, " ") for text in got] == written


def test_numbers_stay_on_one_line() -> None:
    with override("pl"):
        assert " " not in formats.quantity(1234567, "zł")


def test_money_reads_alike_whether_asked_for_as_money_or_as_a_unit() -> None:
    with override("en"):
        assert formats.quantity(763, "zł", 0) == formats.money(763, 0)
        assert formats.quantity(1400, "zł a month", 0).replace(NBSP, " ") == "PLN 1,400 a month"


@pytest.mark.parametrize(
    "name", ["number", "quantity", "percent", "share", "money", "day", "day_short", "moment", "ago"]
)
def test_nothing_is_said_in_words(name: str) -> None:
    with override("en"):
        assert getattr(formats, name)(None) == "no data"


def test_hour_is_local() -> None:
    with override("pl"):
        assert (
            formats.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)).replace(NBSP, " ")
            == "2 lipca 2026, 00:30"
        )


@pytest.mark.parametrize(
    ("counts", "form"),
    [((1,), "miejsce"), ((2, 4, 22, 122), "miejsca"), ((0, 5, 11, 12, 14, 21, 112, 1000), "miejsc")],
)
def test_polish_plural(counts: tuple[int, ...], form: str) -> None:
    with override("pl"):
        assert {formats.plural(count, "miejsce", "miejsca", "miejsc") for count in counts} == {form}


def test_one_letter_words_are_tied() -> None:
    assert formats.tie("praca i opieka w gminie") == f"praca i{NBSP}opieka w{NBSP}gminie"


def test_highlight_ignores_diacritics_and_escapes() -> None:
    assert formats.highlight("Łódź & Zgierz", "lodz") == "<mark>Łódź</mark> &amp; Zgierz"
    assert formats.highlight("<b>Brzeg</b>", "b") == (
        "&lt;<mark>b</mark>&gt;<mark>B</mark>rzeg&lt;/<mark>b</mark>&gt;"
    )


@given(text=st.text(max_size=60), query=st.text(max_size=10))
def test_highlight_never_changes_the_text(text: str, query: str) -> None:
    marked = str(formats.highlight(text, query))
    plain = marked.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert unescape(plain) == text
    assert strip_tags(marked) == plain
