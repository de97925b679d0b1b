"""The nearest earlier ideas: fields, marked words, boilerplate, and that it never passes judgement."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.similarity import Index, novelty, strip_template
from tests.methods.data import table
from tests.methods.test_similarity import others

FORM = """Formularz pomysłu
Problem:
Opisz, na jaki problem odpowiada Twój pomysł i skąd o nim wiesz.
Grupa:
Kto skorzysta z rozwiązania?
Rozwiązanie"""


@pytest.fixture(scope="module")
def index() -> Index:
    ideas = {
        f"idea-{i}": {"solution": pair["idea"], "problem": "Brak usług w okolicy"}
        for i, pair in enumerate(table("polish_pairs.csv"))
    }
    return Index(ideas | {id: {"solution": text} for id, text in others().items()})


def test_marked_words_are_the_words_in_common(index: Index) -> None:
    new = {"solution": "Niewidomi księgowi prowadzą rachunkowość małych organizacji pozarządowych"}
    found = novelty(new, index)
    first = found.nearest[0]
    assert first.id == "idea-27"
    (match,) = first.fields
    assert match.field == "solution"
    marked = ["Niewidomi", "małych", "organizacji", "pozarządowych"]
    assert [match.text[s:e] for s, e in match.spans] == marked
    assert match.words == ("małych", "organizacji", "pozarządowych", "niewidome")
    assert match.text == new["solution"]


def test_fields_are_compared_with_their_own_kind() -> None:
    index = Index({"old": {"problem": "brak pralni", "solution": "mobilna biblioteka"}})
    found = novelty({"problem": "brak biblioteki", "solution": "pralnia i biblioteka"}, index)
    problem, solution = found.nearest[0].fields
    assert problem.words == ("brak",)
    assert solution.words == ("biblioteka",)
    assert 0 < problem.overlap < found.nearest[0].overlap < 1


def test_same_text_is_very_similar_and_a_copy(index: Index) -> None:
    idea = table("polish_pairs.csv")[3]["idea"]
    found = novelty({"solution": idea, "problem": "Brak usług w okolicy"}, index)
    assert found.label == "very_similar"
    assert found.nearest[0].id == "idea-3"
    assert found.nearest[0].overlap == pytest.approx(1)
    assert found.nearest[0].copy == 1.0
    assert len(found.nearest) == 5


def test_nothing_close() -> None:
    index = Index({"a": "mobilna pralnia dla seniorów", "b": "żłobek w spółdzielni"})
    found = novelty("hodowla pszczół na dachach szkoły", index)
    assert (found.label, found.nearest) == ("nothing_close", ())
    assert novelty("pralnia", Index({})).explain("pl")[0].startswith("Nie ma jeszcze")


def test_negation_is_not_in_common() -> None:
    index = Index({"able": "praca dla osób pełnosprawnych w szklarni"})
    (match,) = novelty("praca dla niepełnosprawnych", index).nearest[0].fields
    assert match.words == ("praca",)


def test_labels_on_the_pairs_give_no_verdict(index: Index) -> None:
    """Re-worded ideas get every label: why the label must not decide. None is called a copy."""
    found = [novelty({"solution": pair["reworded"]}, index) for pair in table("polish_pairs.csv")]
    assert {f.label for f in found} == {"very_similar", "some_in_common", "nothing_close"}
    assert all(near.copy is None for f in found for near in f.nearest)
    right = sum(f"idea-{i}" in [near.id for near in f.nearest] for i, f in enumerate(found))
    assert right / len(found) >= 0.9


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_explained_as_help(index: Index, lang: str) -> None:
    idea = {"solution": "Objazdowa pralnia dla wsi", "problem": "brak usług pralniczych"}
    said = novelty(idea, index).explain(lang, {"idea-0": "Pralnia na kołach"})
    assert ("nie ocena" if lang == "pl" else "no verdict") in said[-1]
    assert ("nie wolno odrzucić" if lang == "pl" else "No idea may be rejected") in said[-1]
    assert any("Pralnia na kołach" in line for line in said)


def test_decomposed_letters_are_found_where_they_stand() -> None:
    text = unicodedata.normalize("NFD", "Żłobek i świetlica")
    (match,) = novelty(text, Index({"a": "żłobki"})).nearest[0].fields
    assert [match.text[s:e] for s, e in match.spans] == ["Żłobek"]


def test_form_is_stripped() -> None:
    filled = (
        "PROBLEM: Seniorzy nie mają gdzie prać\n"
        "Opisz na jaki problem odpowiada twój pomysł i skąd o nim wiesz - z rozmów z sąsiadami\n"
        "Grupa: seniorzy\nKto skorzysta z rozwiązania?\nRozwiązanie\nPralnia. Problem jest pilny."
    )
    assert strip_template(filled, FORM) == (
        "Seniorzy nie mają gdzie prać\nz rozmów z sąsiadami\nseniorzy\nPralnia. Problem jest pilny."
    )
    assert strip_template(filled, FORM.splitlines()) == strip_template(filled, FORM)
    assert strip_template("Problem:", FORM) == ""
    assert strip_template(" bez  formularza ", "") == "bez formularza"


def test_template_of_the_index_counts_for_nothing() -> None:
    first, second = f"{FORM}\nMobilna pralnia", f"{FORM}\nHodowla pszczół"
    plain = novelty(second, Index({"a": first}))
    stripped = novelty(second, Index({"a": first}, template=FORM))
    assert plain.label == "very_similar"
    assert stripped.label == "nothing_close"
    index = Index({"a": first}, template=FORM)
    (match,) = novelty(f"{FORM}\nPralnia", index).nearest[0].fields
    assert [match.earlier_text[s:e] for s, e in match.earlier_spans] == ["pralnia"]
    assert index.search("formularz problem") == []


@given(st.text(max_size=60), st.text(max_size=30))
def test_stripping_only_takes_away(text: str, template: str) -> None:
    clean = strip_template(text, template)
    letters = iter(unicodedata.normalize("NFC", text))
    assert all(c in letters for c in clean if not c.isspace())
    assert not re.search(r"[^\W_]", strip_template(text, text))


@pytest.mark.parametrize("thresholds", [(0.2, 0.4), (0.5, 0.0), (1.2, 0.5)])
def test_bad_thresholds(thresholds: tuple[float, float]) -> None:
    with pytest.raises(MethodError, match="thresholds"):
        novelty("x", Index({}), thresholds=thresholds)
    with pytest.raises(MethodError, match="lang"):
        novelty("x", Index({})).explain("de")
