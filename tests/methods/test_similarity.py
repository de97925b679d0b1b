"""Polish search: the thirty pairs, inflection, missing diacritics, negation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from krzew.methods import MethodError
from krzew.methods.similarity import Index, fold, stem, words_of
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


def others() -> dict[str, str]:
    """2,160 ideas put together from parts."""
    every = itertools.product(WHO, WHAT, WHOM, HOW)
    return {f"other-{j}": " ".join(words) + "." for j, words in enumerate(every)}


@pytest.fixture(scope="module")
def index(pairs: list[dict[str, str]]) -> Index:
    return Index({f"idea-{i}": pair["idea"] for i, pair in enumerate(pairs)} | others())


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


NEGATED = (
    "pełnosprawny pełnosprawność sprawność widomy pełnoletni samodzielność zależność pewność legalny zdolność"
)


@pytest.mark.parametrize("word", NEGATED.split())
def test_negated_words_of_the_field_keep_their_negation(word: str) -> None:
    index = Index({"yes": f"osoba {word}", "no": f"osoba nie{word}"})
    assert stem(word) != stem(f"nie{word}")
    assert [hit.id for hit in index.search(f"nie{word}")] == ["no"]
    assert [hit.id for hit in index.search(word)] == ["yes"]


def test_added_documents_are_as_if_given_at_once(pairs: list[dict[str, str]]) -> None:
    documents = {f"idea-{i}": {"title": p["idea"][:20], "text": p["idea"]} for i, p in enumerate(pairs)}
    whole = Index(documents, {"title": 2.0})
    grown = Index(dict(list(documents.items())[:7]), {"title": 2.0})
    assert grown.search("pralnia")[0].id == "idea-0"
    for id, document in list(documents.items())[7:]:
        grown.add({id: document})
    assert grown.ids == whole.ids
    for pair in pairs:
        assert grown.search(pair["reworded"]) == whole.search(pair["reworded"])
    with pytest.raises(MethodError, match="already"):
        grown.add({"idea-0": "jeszcze raz"})


def test_plain_bm25_is_equal_to_rank_bm25(pairs: list[dict[str, str]]) -> None:
    import rank_bm25 as bm25

    texts = [pair["idea"] for pair in pairs] + list(others().values())[:400]
    index = Index({str(i): text for i, text in enumerate(texts)}, plain=True)
    peer = bm25.BM25Okapi([[stem(word) for word in words_of(text)] for text in texts])
    for pair in pairs:
        words = words_of(pair["reworded"])
        theirs = peer.get_scores([stem(word) for word in words])
        np.testing.assert_allclose(index.scores(words), theirs, rtol=1e-12, atol=1e-12)
        best = [i for i in np.argsort(-theirs, kind="stable")[:10] if theirs[i] > 0]
        assert [hit.id for hit in index.search(pair["reworded"])] == [str(i) for i in best]
    with pytest.raises(MethodError, match="weights"):
        Index({}, {"title": 1.0}, plain=True)


def test_bm25_by_hand() -> None:
    """Two documents of one word and of two: the formula of Robertson and Zaragoza, written out."""
    index = Index({"a": "dom", "b": "dom pies"}, plain=True)
    rare = np.log(2 - 1 + 0.5) - np.log(1 + 0.5)  # pies
    common = 0.25 * (np.log(0.5 / 2.5) + rare) / 2  # dom is in every document: a quarter of the mean
    evened = [0.25 + 0.75 * length / 1.5 for length in (1, 2)]
    expected = [common * 2.5 / (1 + 1.5 * e) for e in evened]
    np.testing.assert_allclose(index.scores(["dom"]), expected)
    np.testing.assert_allclose(index.scores(["pies"]), [0, rare * 2.5 / (1 + 1.5 * evened[1])])


def test_order_of_words_does_not_move_a_score(index: Index, pairs: list[dict[str, str]]) -> None:
    words = words_of(pairs[2]["reworded"])
    assert (index.scores(words) == index.scores(words[::-1])).all()


def test_best_of_many_equal_to_sorting_all(index: Index) -> None:
    words = words_of("pracownia ceramiczna i pralnia dla seniorów w małej gminie")
    scores = index.scores(words)
    for k in (1, 3, 40, 700):
        hits = index.search(" ".join(words), k)
        expected = np.argsort(-scores, kind="stable")[:k]
        assert [hit.id for hit in hits] == [index.ids[i] for i in expected]


def test_telling_words_leave_out_what_everybody_says() -> None:
    texts = {str(n): f"pomysł dla ludzi w gminie {n}" for n in range(20)}
    index = Index({**texts, "a": "pralnia dla ludzi", "b": "pralnie i pralni w gminie"})
    assert index.telling(["ludzi", "pralnia", "pralni", "gminie"]) == ("pralnia",)
