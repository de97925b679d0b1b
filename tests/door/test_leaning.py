"""Leaning: weights from counts, languages, divided texts, cards that are read once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from krzew.door.finding import Library, find
from krzew.door.finding import reading as reading_module
from krzew.door.finding.heard import hear, strength
from krzew.door.finding.leaning import PRIOR, features, language_of, note, packed, weighed
from krzew.door.finding.reading import Reader
from krzew.door.finding.words import misspellings, normal, tokens_of
from krzew.door.thesaurus import load
from krzew.door.thesaurus.concepts import AREA, Concept
from krzew.library.cards import empty_card
from krzew.library.loaders import read_cards


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of(card for _path, card in read_cards())


def made(slug: str, summary: str, **more: Any) -> dict[str, Any]:
    return empty_card(slug, "innovation", slug, "") | {"summary_pl": summary} | more


# --- weights -------------------------------------------------------------------------------------
def test_a_word_of_one_concept_weighs_more_than_a_word_of_all() -> None:
    rows, columns = np.array([0, 1, 1, 1]), np.array([0, 0, 1, 2])
    weights = weighed(rows, columns, np.array([2.0, 2.0, 2.0, 2.0]), (2, 3))[0].toarray()
    assert weights[0, 1] == weights[0, 2] == 0
    assert weights[0, 0] > weights[1].max() > 0


def test_a_word_heard_seldom_weighs_less() -> None:
    rows, columns = np.array([0, 1, 2]), np.array([0, 0, 1])
    weights = weighed(rows, columns, np.array([0.4, 8.0, 8.4]), (3, 2))[0].toarray()
    assert 0 < weights[0, 0] < weights[1, 0]


def test_weights_are_log_likelihood_ratios() -> None:
    """Against the definition of Zhai and Lafferty (2004): log p(word | concept) - log p(word), with a prior of what is heard
    anywhere. The constant of words heard seldom is left out by large counts."""
    counts = np.array([[9e6, 1e6], [2e6, 8e6], [5e6, 3e6]])
    rows, columns = (np.array(axis) for axis in np.nonzero(counts))
    weights, toll = weighed(rows, columns, counts[rows, columns], counts.shape)
    anywhere = counts.sum(axis=1) / counts.sum()
    prior = PRIOR * counts.sum()
    likely = (counts + prior * anywhere[:, None]) / (counts.sum(axis=0) + prior)
    expected = np.log(likely / anywhere[:, None]) / np.log(2)
    assert weights.toarray() - toll == pytest.approx(expected, abs=1e-4)


def test_weights_of_nothing_are_nothing() -> None:
    none = np.array([], int)
    weights, toll = weighed(none, none, np.array([]), (0, 4))
    assert weights.shape == (0, 4)
    assert not toll.any()


def test_features_stand_once_and_pairs_stay_in_their_sentence() -> None:
    names = [name for name, _worth, _at in features(tokens_of("Obrączka rano. Obrączka nocą"))]
    assert len(names) == len(set(names))
    assert {"obrączk", "obraczk", "obrac*", "obraczk rano"} <= set(names)
    assert "rano obraczk" not in names


def test_the_main_concept_counts_most_and_packing_keeps_the_counts() -> None:
    counts: dict[tuple[str, str], float] = {}
    note(counts, ("one", "two"), "obrączka", 1.0)
    assert counts["obrączk", "one"] == 2 * counts["obrączk", "two"] > 0
    arrays = packed(counts, ["one", "two"])
    assert arrays["starts"][-1] == len(counts) == len(arrays["concepts"])


def test_strength_is_measured_against_the_strongest() -> None:
    power = strength(np.array([[0.0, 0.5, 2.0], [0.0, 0.0, 0.0]]))
    assert power[0].tolist() == sorted(power[0])
    assert power[0, 2] == pytest.approx(2 / 3)
    assert not power[1].any()


# --- languages -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "reader", "language"),
    [
        ("pill organiser", "pl", "en"),
        ("wheelchair travel", "pl", "en"),
        ("samotność seniora", "en", "pl"),
        ("babcia nie wychodzi z domu", "en", "pl"),
        ("My mother forgets her pills", "pl", "en"),
        ("zxqv", "en", "en"),
        ("zxqv", "pl", "pl"),
        ("", "pl", "pl"),
    ],
)
def test_the_words_tell_the_language(text: str, reader: str, language: str) -> None:
    assert language_of(text, reader) == language


def test_an_english_text_finds_a_card_that_is_only_in_polish() -> None:
    cards = [
        made("a", "Skrzynka, która o ustalonej porze wydaje tabletki i dzwoni do rodziny."),
        made("b", "Wieczory z planszówkami dla osamotnionych mieszkańców bloków."),
        made("c", "Kurs szycia dla kobiet, które opuściły męża stosującego przemoc."),
        made("d", "Ławki co sto metrów na drodze do przychodni."),
    ]
    found = find("My grandfather forgets to take his pills", library=Library.of(cards), language="en")
    assert found.needs[0].solutions[0].slug == "a"


# --- an installation's own words -----------------------------------------------------------------
def test_own_words_lean_at_once_and_do_not_outshout_others() -> None:
    extra = [
        Concept("medicines", alt_pl=("prochole",)),
        Concept("kapsle", AREA, "kapslowanie", "caps", alt_pl=("kapslowanie",)),
    ]
    index = Library.of([made("a", "Pomoc w braniu leków.")], extra).index("pl")
    for text, code in (("prochole", "medicines"), ("kapslowanie", "kapsle")):
        assert hear(text, index).raw()[index.numbers[code]] > 0.1
    assert hear("babcia gubi się w lekach i prochole", index).raw()[index.numbers["kapsle"]] == 0


# --- divided texts -------------------------------------------------------------------------------
def test_needs_of_a_divided_text_are_told_with_their_own_words(library: Library) -> None:
    text = "Babcia myli tabletki i bierze je podwójnie. A do tego komornik grozi nam eksmisją za długi."
    found = find(text, library=library)
    assert len(found.needs) == 2
    phrases = [need.phrase for need in found.needs]
    assert all(phrase in text for phrase in phrases)
    assert len(set(phrases)) == 2
    slugs = {s.slug for need in found.needs for s in need.solutions[:3]}
    assert "praca-zamiast-eksmisji" in slugs


def test_a_long_text_about_one_thing_stays_one(library: Library) -> None:
    text = "Mama zapomina o tabletkach. Rano bierze podwójnie, wieczorem wcale. Leki leżą po całym domu, a recept jest pięć."
    assert len({n.code for n in find(text, library=library).needs if n.solutions}) == 1


# --- cards are read once -------------------------------------------------------------------------
def test_a_card_that_did_not_change_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = Reader._card

    def counting(self: Reader, entry: Any, *rest: Any) -> Any:
        read.append(entry.slug)
        return plain(self, entry, *rest)

    monkeypatch.setattr(reading_module.Reader, "_card", counting)
    cards = [made(f"once-{n}", f"Spotkania numer {n} dla samotnych.") for n in range(3)]
    Library.of(cards).index("pl")
    cards[1] = made("once-1", "Ogród dla samotnych.")
    index = Library.of(cards).index("pl")
    assert read == ["once-0", "once-1", "once-2", "once-1"]
    assert [e.slug for e in index.entries] == ["once-0", "once-1", "once-2"]


def test_another_library_read_in_between_makes_nobody_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication looks with its one card for needs that wait; the library is kept meanwhile."""
    cards = [made(f"kept-{n}", f"Warsztaty numer {n} dla samotnych.") for n in range(3)]
    Library.of(cards).index("pl")
    Library.of([made("alone", "Jedna karta.")]).index("pl")
    read: list[str] = []
    monkeypatch.setattr(reading_module.Reader, "_card", lambda self, entry, *rest: read.append(entry.slug))
    Library.of(cards).index("pl")
    assert read == []


def test_texts_of_hostile_length_are_answered(library: Library) -> None:
    tokens = tokens_of(normal("samotność i leki, bieda; " * 400))
    assert len(tokens) > 1000
    assert find("samotność i leki, bieda; " * 400, library=library).needs


def test_one_word_of_thousands_of_letters_is_not_tried_with_every_error(library: Library) -> None:
    assert misspellings("a" * 31) == ()
    assert find("gubię leki " + "a" * 5900, library=library).needs


def test_every_concept_was_heard_in_both_languages() -> None:
    for language in ("pl", "en"):
        reader = Reader(load(), language)
        heard = np.asarray(reader.leaning.weights.sum(axis=0)).ravel()
        assert [c.code for c, weight in zip(reader.concepts, heard, strict=True) if weight <= 0] == []
