"""Words of danger: numbers come whenever they may be needed, and always when the rules themselves fail."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.door.finding import dangers, find
from krzew.door.finding import dangers as _public
from krzew.door.finding.danger_rules import KINDS
from krzew.door.finding.dangers import ALWAYS, everything
from krzew.door.finding.index import Library

import importlib  # isort: skip

module = importlib.import_module("krzew.door.finding.dangers")

SUICIDE = """
nie chcę już żyć | nie chce mi się żyć | myślę o samobójstwie | samobojstwo w rodzinie 10 lat temu | chcę się zabić
syn mówi, że się zabije | chce skonczyc ze soba | córka się tnie | tnie się żyletką | powieszę się | po co mam żyć
wolałabym umrzeć | lepiej będzie beze mnie | nałykała się tabletek | skoczę z mostu | s a m o b ó j s t w o
samobujstwo | samobójstow | mam dość życia | nie widzę sensu życia | I want to die | he wants to kill himself
nie mam siły żyć | Myśli samobójcze męża | odebrać sobie życie | podcięła sobie żyły | targnął się na życie
NIE CHCE ŻYĆ | nie chceeee żyć | mój syn chciał sobie coś zrobić | mówi, że po co to wszystko
"""
VIOLENCE = """
mąż mnie bije | bije mnie | bil mnie i dzieci | ojciec pije i bije mamę | pobił żonę | znęca się nad nami
grozi, że mnie zabije | boję się męża | przemoc w rodzinie | zgwałcił mnie | wnuk bije babcię | dusił mnie
mam siniaki | since na rekach i plecach | my husband beats me | he hit me | partner mnie wyzywa i poniża mnie | szarpał mną
zabiera mi pieniądze i nie pozwala mi wychodzić | sąsiad bije żonę | przemocc domowa | popchnął mnie na ścianę
uderzył mnie w twarz | znecanie | uciekłam od męża
"""
CHILD = """
dziecko ma siniaki | sąsiad bije dziecko | dzieci są głodne i same w domu | tata mnie bije | wujek mnie dotyka
mam 13 lat i ojciec mnie bije | pijani rodzice, dziecko płacze za ścianą | zaginęła córka | nastolatka uciekła z domu
the child has bruises | molestuje córkę | zaniedbane dzieci u sąsiadów | mam 15 lat i nie chcę żyć
"""
MEDICAL = """
nie oddycha | stracił przytomność | ból w klatce piersiowej | mąż ma zawał | przedawkował | she is unconscious
czuję gaz w mieszkaniu
"""
HARMLESS = """
lubię zabijać czas grą | trzeba bić rekordy | serce mi bije szybko, gdy wchodzę po schodach | zegar bił dwunastą
zabić nudę | nie mam z kim porozmawiać | gubię się w lekach | gwałtowna ulewa | po zawale siedzę w domu | kran cieknie
dziki zabijają mi kury | bije dzwon w kościele | młodzi wyjeżdżają | boję się wyjść z domu | bilet jest drogi
ojciec po udarze nie mówi | szukam żłobka dla dziecka | praca dla niepełnosprawnych | dziecko nie mówi
uderzyłem autem w drzewo | hit of the summer | since my husband died I mix up the pills
"""


def texts(block: str) -> list[str]:
    return [text.strip() for line in block.strip().splitlines() for text in line.split("|")]


CASES = [
    (kind, text)
    for kind, block in zip(KINDS, (SUICIDE, VIOLENCE, CHILD, MEDICAL), strict=True)
    for text in texts(block)
]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_danger_is_heard(kind: str, text: str) -> None:
    found = {danger.kind: danger for danger in dangers(text)}
    assert kind in found
    assert "112" in {n.number for n in found[kind].numbers}


@pytest.mark.parametrize("text", texts(HARMLESS))
def test_everyday_words_are_no_danger(text: str) -> None:
    assert dangers(text) == ()


def test_each_kind_has_its_numbers() -> None:
    numbers = {d.kind: [n.number for n in d.numbers] for kind, text in CASES for d in dangers(text)}
    assert {"116 123", "800 70 2222", "116 111"} <= set(numbers["suicide"])
    assert "800 120 002" in numbers["violence"]
    assert {"116 111", "800 12 12 12"} <= set(numbers["child"])
    assert numbers["medical"] == ["112"]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_numbers_are_dated_and_have_a_source(language: str) -> None:
    every = everything(language)
    assert {n.number for n in every.numbers} == set(ALWAYS)
    assert every.title
    for number in every.numbers:
        assert number.name
        assert number.who
        assert number.source
        assert number.as_of[:4].isdigit()
        assert number.link.startswith("tel:")
        assert number.link[4:].isdigit()


def test_a_failure_of_the_rules_shows_every_number(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_plain: str) -> Any:
        raise RuntimeError("boom tajemnica")

    monkeypatch.setattr(module, "_found", fails)
    with caplog.at_level(logging.DEBUG):
        found = dangers("tajemnica")
    assert [d.kind for d in found] == ["unknown"]
    assert {n.number for n in found[0].numbers} == set(ALWAYS)
    assert "RuntimeError" in caplog.text
    assert "tajemnica" not in caplog.text


def test_a_lost_file_of_numbers_shows_the_numbers_still(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Any:
        raise OSError

    monkeypatch.setattr(module, "_data", fails)
    found = dangers("chcę się zabić")
    assert {n.number for n in found[0].numbers} == set(ALWAYS)


def test_find_carries_the_dangers_even_when_nothing_fits() -> None:
    found = find("nie chcę żyć", library=Library.of([]))
    assert found.nothing
    assert found.dangers[0].kind == "suicide"
    assert _public is dangers


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all(text: str) -> None:
    assert all(danger.kind != "unknown" for danger in dangers(text))
    assert "suicide" in {d.kind for d in dangers(text + "\nchcę się zabić")}


def test_a_long_text_is_quick() -> None:
    import time

    begin = time.perf_counter()
    dangers("Mama ma osiemdziesiąt lat, bierze jedenaście tabletek dziennie i zapomina. " * 300)
    assert time.perf_counter() - begin < 1
