"""Where a text turns from one need to another, and what each side is then answered."""

from __future__ import annotations

import pytest

from krzew.door.finding import Library, find
from krzew.door.finding.division import Turn, parts_of, turn_of, turns
from krzew.door.finding.heard import hear
from krzew.door.finding.ranking import Asked
from krzew.door.finding.sure import SURE, is_sure, sureness
from krzew.library.loaders import read_cards

TWO = "Córka jest głucha i nie słyszy budzika. Poza tym babcia wychodzi w nocy i nie umie wrócić do domu."
ONE = "Babcia ma demencję. Wychodzi w nocy i nie umie wrócić do domu, szukamy jej po całym osiedlu."


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of(card for _path, card in read_cards())


def asked(library: Library, text: str, language: str = "pl") -> Asked:
    index = library.index(language)
    return Asked.of(hear(text, index), index)


def best_turn(library: Library, text: str) -> Turn:
    whole = asked(library, text)
    places = list(turns(whole, whole.places))
    return max((turn_of(whole, sides, len(places)) for sides in places), key=lambda turn: turn.gain)


def words(part: Asked) -> str:
    return " ".join(part.heard.tokens[i].text for i in part.places)


def test_two_needs_gain_by_being_divided_and_share_no_card(library: Library) -> None:
    two, one = best_turn(library, TWO), best_turn(library, ONE)
    assert two.gain > one.gain
    assert two.one < one.one
    assert (two.adding, one.adding) == (1.0, 0.0)


def test_a_text_is_divided_where_it_turns(library: Library) -> None:
    parts = {words(part) for part in parts_of(asked(library, TWO), 3)}
    assert parts == {
        "Córka jest głucha i nie słyszy budzika",
        "Poza tym babcia wychodzi w nocy i nie umie wrócić do domu",
    }
    assert len(parts_of(asked(library, ONE), 3)) == 1
    assert len(parts_of(asked(library, TWO), 1)) == 1


def test_no_side_of_one_word(library: Library) -> None:
    whole = asked(library, "Leki. Od rana boli mnie głowa i nikt nie przychodzi")
    assert all(min(map(len, sides)) > 1 for sides in turns(whole, whole.places))


def test_a_side_of_a_sure_text_need_not_be_sure_by_itself(library: Library) -> None:
    text = (
        "Brat wyszedł po czterech latach i nikt nie chce z nim gadać o robocie. "
        "Poza tym matka nie umie pieniędzy z maszyny wyciągnąć."
    )
    whole = asked(library, text)
    sides = parts_of(whole, 3)
    assert is_sure(whole)
    assert len(sides) == 2
    assert all(is_sure(side) for side in sides)
    assert min(sureness(side) for side in sides) < SURE


def test_of_an_unsure_text_the_certain_side_is_answered(library: Library) -> None:
    text = "My husband died and I hardly leave the house; I also mix up my pills"
    assert not is_sure(asked(library, text, "en"))
    found = [s.slug for need in find(text, library=library, language="en").needs for s in need.solutions]
    assert found[:1] == ["inteligentny-organizer-do-lekow"]


def test_a_text_without_an_answer_is_not_answered_by_its_parts(library: Library) -> None:
    assert find("Cieknie kran w kuchni. Poza tym sąsiad gra na trąbce.", library=library).nothing
