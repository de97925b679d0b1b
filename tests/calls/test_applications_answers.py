"""How answers are read: what people type, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krzew.calls.applications import answers
from krzew.calls.applications.answers import PlanRow, Wrong, applies, fixed, months, shown, value_of
from krzew.calls.applications.applicant import krs_of, nip_of, regon_of
from krzew.calls.definition.form import FormField
from krzew.calls.present.applications import remaining
from krzew.ui.differences import compare


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def field(kind: str, code: str = "x", **more: Any) -> FormField:
    label = {"pl": "Pytanie", "en": "Question"}
    if kind in ("choice", "choices"):
        more |= {"options": [{"code": c, "label": {"pl": c, "en": c.upper()}} for c in "abc"]}
    return FormField.model_validate({"code": code, "kind": kind, "label": label, **more})


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12000", "12000"),
        ("12 000,50 zł", "12000.50"),
        ("12\u00a0000.5", "12000.5"),
        (" 0 ", "0"),
        ("PLN 1 200", "1200"),
    ],
)
def test_money_as_people_write_it(typed: str, amount: str) -> None:
    assert answers.money_of(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["12.000", "1e5", "-5", "NaN", "∞", "dużo", "12,345", "１２", "1,2,3", "zł"]
)
def test_money_that_cannot_be_read(typed: str) -> None:
    with pytest.raises(Wrong):
        answers.money_of(typed)


@pytest.mark.parametrize("typed", ["2027-03-01", "1.03.2027", "01/03/2027", " 1.3.2027 "])
def test_dates(typed: str) -> None:
    assert answers.date_of(typed) == date(2027, 3, 1)


@pytest.mark.parametrize(
    "typed", ["30.02.2027", "2027", "wczoraj", "0000-01-01", "1.13.2027", "31.12.9999", "1.03.0027"]
)
def test_days_that_are_not(typed: str) -> None:
    with pytest.raises(Wrong):
        answers.date_of(typed)


@pytest.mark.parametrize(
    ("start", "end", "taken"),
    [
        ("2027-01-01", "2027-03-31", 3),
        ("2027-01-15", "2027-04-14", 3),
        ("2027-01-15", "2027-04-15", 4),
        ("2027-01-31", "2027-02-28", 1),
        ("2027-01-31", "2027-03-01", 2),
        ("2027-01-01", "2027-01-01", 1),
        ("2027-12-31", "2028-11-30", 11),
        ("2027-12-01", "2028-02-29", 3),
    ],
)
def test_months_are_counted_as_contracts_do(start: str, end: str, taken: int) -> None:
    row = PlanRow("", "x", date.fromisoformat(start), date.fromisoformat(end), Decimal(0))
    assert months([row]) == taken


@pytest.mark.parametrize(
    ("read", "right", "wrong"),
    [
        (
            nip_of,
            ["5260001246", "526-000-12-46", "PL 5260001246"],
            ["5260001247", "526000124", "1111111110", "x"],
        ),
        (regon_of, ["123456785", "123 456 785", "12345678512347"], ["123456786", "12345678512348", "12"]),
        (krs_of, ["0000123456"], ["123456", "KRS0000123456"]),
    ],
)
def test_numbers_of_organisations(read: Callable[[str], str], right: list[str], wrong: list[str]) -> None:
    assert len({read(text) for text in right}) == len(
        {r.replace("-", "").replace(" ", "").removeprefix("PL") for r in right}
    )
    for text in wrong:
        with pytest.raises(Wrong):
            read(text)


@pytest.mark.parametrize(
    ("kind", "raw", "kept", "said"),
    [
        ("line", " Stodoła ", "Stodoła", "Stodoła"),
        ("number", "1 200,5", "1200.5", "1,200.5"),
        ("money", "1200", "1200.00", "PLN\xa01,200.00"),
        ("yes_no", False, False, "no"),
        ("choice", "b", "b", "B"),
        ("choices", ["c", "a"], ["a", "c"], "A, C"),
        ("date", "1.03.2027", "2027-03-01", "1\xa0March\xa02027"),
        ("phone", "+48 600 000 000", "+48 600 000 000", "+48 600 000 000"),
    ],
)
def test_what_is_kept_and_shown(kind: str, raw: Any, kept: Any, said: str) -> None:
    asked = field(kind)
    assert fixed(asked, value_of(asked, raw)) == kept
    assert shown(asked, kept) == said


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("choice", "z"),
        ("choices", ["a", "z"]),
        ("email", "a@b"),
        ("phone", "12"),
        ("phone", "zadzwoń 600000000"),
        ("number", "kilka"),
    ],
)
def test_what_cannot_be_read(kind: str, raw: Any) -> None:
    with pytest.raises(Wrong):
        value_of(field(kind), raw)


def test_more_than_may_be_chosen() -> None:
    with pytest.raises(Wrong, match="at most 2"):
        value_of(field("choices", most=2), ["a", "b", "c"])


def test_a_text_is_counted_as_the_counter_counts_it() -> None:
    assert value_of(field("text", longest=4), "a\nb") == "a\nb"
    with pytest.raises(Wrong, match="1 character"):
        value_of(field("text", longest=3), "a\nb")


@pytest.mark.parametrize("raw", [None, "", "  ", [], [{"phase": "p", "action": " ", "cost": ""}]])
def test_nothing_is_nothing(raw: Any) -> None:
    kind = "plan" if isinstance(raw, list) else "text"
    assert value_of(field(kind), raw) is None


def test_a_condition_hangs_on_the_whole_chain() -> None:
    first = field("yes_no", "first")
    second = field("choice", "second", when={"field": "first", "one_of": [True]})
    third = field("text", "third", when={"field": "second", "one_of": ["a", "b"]})
    fields = {f.code: f for f in (first, second, third)}
    assert applies(third, fields, {"first": True, "second": "a"})
    assert not applies(third, fields, {"first": False, "second": "a"})
    assert not applies(third, fields, {"first": True, "second": "c"})
    assert not applies(third, fields, {})


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_gives_both_texts_back(was: str, now: str) -> None:
    pieces = list(compare(was, now))
    assert "".join(p.text for p in pieces if p.kind != "new") == was
    assert "".join(p.text for p in pieces if p.kind != "gone") == now


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for kind in ("line", "text", "number", "money", "date", "email", "phone", "choice"):
        with suppress(Wrong):
            fixed(field(kind), value_of(field(kind), text))


def test_time_left_in_words() -> None:
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    now = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
    left = {
        timedelta(days=13, hours=5): "13 days left",
        timedelta(hours=47): "47 hours left",
        timedelta(minutes=119): "119 minutes left",
        timedelta(seconds=20): "1 minute left",
        timedelta(0): "the time is over",
    }
    for delta, words in left.items():
        assert remaining(now + delta, now) == words
