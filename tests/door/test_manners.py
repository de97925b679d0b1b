"""What stands around a need says nothing: greetings, thanks, names, numbers, where somebody lives."""

from __future__ import annotations

import pytest

from krzew.door.finding import Library, find
from krzew.door.finding.manners import without_manners
from krzew.door.finding.words import normal, tokens_of
from krzew.library.loaders import read_cards

WIDOW = "Od kiedy zmarł mąż, rzadko wychodzę z domu i gubię się w lekach"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of(card for _path, card in read_cards())


def said(text: str) -> str:
    """The words that are left."""
    return " ".join(t.text for t in without_manners(tokens_of(normal(text)), normal(text)) if not t.mute)


@pytest.mark.parametrize(("text", "left"), [
    ("Dzień dobry, gubię klucze.", "gubię klucze"),
    ("dzien dobry gubie klucze", "gubie klucze"),
    ("Szanowni Państwo, gubię klucze. Z góry dziękuję za odpowiedź", "gubię klucze"),
    ("Nazywam się Helena Wróblewska. Gubię klucze. Mój telefon to 600 700 800.", "Gubię klucze"),
    ("Mam na imię Krystyna, gubię klucze. Pozdrawiam serdecznie, Krystyna Nowak", "gubię klucze"),
    ("Piszę do Państwa w takiej sprawie: gubię klucze. Bardzo proszę o pomoc.", "gubię klucze"),
    ("Nie wiem, do kogo się zwrócić. Gubię klucze", "Gubię klucze"),
    ("Mieszkam w Czarnkowie. Gubię klucze", "Gubię klucze"),
    ("Jestem z Nowego Sącza i gubię klucze", "i gubię klucze"),
    ("Hello, my name is Mary. I lose my keys. Thank you very much in advance", "I lose my keys"),
    ("I live in Leeds. I lose my keys. Please help", "I lose my keys"),
])  # fmt: skip
def test_manners_are_left_out(text: str, left: str) -> None:
    assert said(text) == left


@pytest.mark.parametrize("text", [
    "Mieszkam w bloku bez windy",
    "Mieszkam w namiocie",
    "Mieszkam sama",
    "Jestem w Niemczech na robotach a mama sama",
    "Nie wiem, do kogo dzwonić w nocy, gdy mama woła",
    "Boję się telefonu z banku",
    "Mój telefon to dla mnie czarna magia",
    "My phone is too hard for me",
    "Nikt nie mówi mi dzieńdobry",
    "I live in a tent",
    "Nobody helps me",
])  # fmt: skip
def test_what_tells_of_a_need_stays(text: str) -> None:
    assert said(text) == " ".join(t.text for t in tokens_of(normal(text)))


@pytest.mark.parametrize("around", [
    "{}",
    "Dzień dobry. {}. Proszę o pomoc, Helena",
    "Nazywam się Helena Wróblewska, mój numer 600 700 800. {}",
    "Mieszkam w Czarnkowie. {}. Z góry dziękuję!",
])  # fmt: skip
def test_the_same_needs_are_heard_with_and_without_manners(library: Library, around: str) -> None:
    plain, polite = (find(text, library=library).needs for text in (WIDOW, around.format(WIDOW)))
    assert [n.code for n in polite] == [n.code for n in plain]
    assert [[s.slug for s in n.solutions] for n in polite] == [[s.slug for s in n.solutions] for n in plain]


def test_what_is_quoted_is_the_need_alone(library: Library) -> None:
    phrases = {need.phrase for need in find(f"Dzień dobry. {WIDOW}", library=library).needs}
    assert phrases == {"Od kiedy zmarł mąż, rzadko wychodzę z domu", "gubię się w lekach"}


@pytest.mark.parametrize(
    "text", ["Jestem z Ukrainy. Nie rozumiem lekarza", "Jestem z Gruzji i nie rozumiem lekarza"]
)
def test_where_a_stranger_comes_from_is_heard(library: Library, text: str) -> None:
    found = find(text, library=library).needs
    assert "foreign_group" in {group.code for need in found for group in need.groups}


@pytest.mark.parametrize("text", ["Dzień dobry i pozdrawiam", "Dzień dobry", "i", "Hello and thank you"])
def test_manners_alone_are_no_need(library: Library, text: str) -> None:
    assert find(text, library=library).nothing
