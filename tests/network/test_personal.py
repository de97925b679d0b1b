"""Statements are kept without names: what looks like a person is noticed, plain statements are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.network.personal import PESEL_WEIGHTS, is_pesel, warnings


@pytest.mark.parametrize(
    "text",
    [
        "Pani Kowalska nie ma opieki",
        "Jan Nowak pije od lat",
        "Annie Wiśniewskiej odebrano dzieci",
        "proszę dzwonić 601 234 567",
        "tel. +48 67 255 22 27",
        "kontakt: ktos@example.org",
        "PESEL 44051401359",
    ],
)
def test_a_person_is_noticed(text: str) -> None:
    assert warnings(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nie ma pracy po warsztacie",
        "Autobus do Czarnkowa jedzie dwa razy dziennie",
        "W Gębicach działa warsztat, ale nie ma gdzie iść dalej",
        "Żłobek ma 25 miejsc, a dzieci jest 140",
        "Panie z koła gospodyń gotują dla seniorów",
        "Dochody spadły o 120000 zł w 2024 roku",
    ],
)
def test_a_plain_statement_is_left_alone(text: str) -> None:
    assert warnings(text) == []


def test_the_published_example_of_a_pesel() -> None:
    assert is_pesel("44051401359")
    assert not is_pesel("44051401358")


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_one_check_digit_fits_and_nine_do_not(digits: list[int]) -> None:
    body = "".join(map(str, digits))
    fitting = [d for d in range(10) if is_pesel(f"{body}{d}")]
    total = sum(d * w for d, w in zip(digits, PESEL_WEIGHTS, strict=True))
    assert fitting == [-total % 10]
