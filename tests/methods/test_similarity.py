"""Polish search: the thirty pairs, inflection, missing diacritics, negation."""

from __future__ import annotations

import itertools

import pytest

from krzew.methods import MethodError
from krzew.methods.similarity import Index, fold, stem
from tests.methods.data import table

WHO = [
    "Spółdzielnia socjalna prowadzi",
    "Fundacja uruchamia",
    "Gmina testuje",
    "Stowarzyszenie otwiera",
    "Centrum integracji społecznej organizuje",
    "Ośrodek pomocy społecznej wdraża",
]
WHAT = [
    "warsztaty kulinarne",
    "kursy komputerowe",
    "usługi sprzątania biur",
    "świetlicę środowiskową",
    "usługi pralnicze",
    "mieszkania treningowe",
    "pracownię ceramiczną",
    "serwis ogrodniczy",
    "stołówkę",
    "usługi opiekuńcze",
    "przewozy osób",
    "sklep charytatywny",
]
WHOM = [
    "dla osób bezdomnych",
    "dla seniorów",
    "dla osób z niepełnosprawnością intelektualną",
    "dla byłych więźniów",
    "dla młodzieży z pieczy zastępczej",
    "dla osób chorujących psychicznie",
    "dla długotrwale bezrobotnych",
    "dla osób głuchych",
    "dla rodzin wielodzietnych",
    "dla osób w spektrum autyzmu",
]
HOW = ["w małej gminie wiejskiej", "z wykorzystaniem aplikacji mobilnej", "z pomocą wolontariuszy"]


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    return table("polish_pairs.csv")


@pytest.fixture(scope="module")
def index(pairs: list[dict[str, str]]) -> Index:
    documents = {f"idea-{i}": pair["idea"] for i, pair in enumerate(pairs)}
    for j, words in enumerate(itertools.product(WHO, WHAT, WHOM, HOW)):
        documents[f"other-{j}"] = " ".join(words) + "."
    return Index(documents)


def test_thirty_reworded_ideas_among_2160_others(index: Index, pairs: list[dict[str, str]]) -> None:
    found = [[hit.id for hit in index.search(pair["reworded"], 5)] for pair in pairs]
    first = sum(hits[:1] == [f"idea-{i}"] for i, hits in enumerate(found)) / len(pairs)
    among_five = sum(f"idea-{i}" in hits for i, hits in enumerate(found)) / len(pairs)
    assert first >= 0.76
    assert among_five >= 0.83


@pytest.fixture
def small() -> Index:
    return Index(
        {
            "nursery": {"title": "Żłobek w spółdzielni", "text": "Opieka nad dziećmi do lat trzech"},
            "laundry": {
                "title": "Pralnia",
                "text": "Zatrudnia osoby z niepełnosprawnością; żłobek w pobliżu",
            },
            "gym": {
                "title": "Klub sportowy",
                "text": "Dla osób w pełni sprawnych, pełnosprawność nie jest warunkiem",
            },
        },
        {"title": 3.0},
    )


@pytest.mark.parametrize("query", ["żłobek", "zlobek", "żłobki", "ŻŁOBKA", "zlobka", "żłobekk"])
def test_inflection_diacritics_and_typing_errors(small: Index, query: str) -> None:
    hits = small.search(query)
    assert hits[0].id == "nursery"  # the title weighs more
    assert hits[0].words[0].lower().startswith("żłob")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("żłobek", "żłobka"),
        ("ośrodek", "ośrodki"),
        ("bezdomność", "bezdomnych"),
        ("samotność", "samotni"),
        ("opieka", "opieki"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("lek", "lak"), ("pełny", "niepełny"), ("osoba", "dom")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("query", ["niepełnosprawność", "niepełnosprawnych", "niepelnosprawnosci"])
def test_disability_is_found_in_any_form(small: Index, query: str) -> None:
    hits = small.search(query)
    assert hits[0].id == "laundry"
    assert hits[0].words == ("niepełnosprawnością",)


def test_negation_is_not_lost(small: Index) -> None:
    assert stem("niepełnosprawność") != stem("pełnosprawność")
    assert stem("niepełnosprawnych") != stem("pełnosprawnych")
    assert [hit.id for hit in small.search("pełnosprawność")] == ["gym"]
    assert "gym" not in [hit.id for hit in small.search("niepełnosprawność")]
    index = Index({"a": "osoby pijące", "b": "osoby nie pijące"})
    assert index.search("nie pijące")[0].id == "b"


def test_nothing_meets(small: Index) -> None:
    assert small.search("") == []
    assert small.search("i w na dla") == []
    assert small.search("qqqq") == []
    assert Index({}).search("cokolwiek") == []


def test_ties_keep_the_order_given() -> None:
    index = Index({"b": "pralnia", "a": "pralnia", "c": "pralnia"})
    assert [hit.id for hit in index.search("pralnia")] == ["b", "a", "c"]
    assert [hit.id for hit in index.search("pralnia", 2)] == ["b", "a"]


def test_like_leaves_out_itself(small: Index) -> None:
    assert "nursery" not in [hit.id for hit in small.like("nursery")]
    with pytest.raises(MethodError):
        small.like("nothing")


def test_markup_is_only_letters() -> None:
    index = Index({"x": "<script>alert('pralnia')</script>"})
    assert index.search("<b>pralnia</b>")[0].words == ("pralnia",)


def test_fold() -> None:
    assert fold("ZAŻÓŁĆ gęślą JAŹŃ") == "zazolc gesla jazn"


@pytest.mark.parametrize("weight", [-1.0, float("nan")])
def test_bad_weight(weight: float) -> None:
    with pytest.raises(MethodError, match="weights"):
        Index({"a": {"title": "x"}}, {"title": weight})
