"""Near-copies: re-submitted ideas are found, re-worded ones are not called copies, MinHash estimates Jaccard."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.similarity import MinHash, fold, near_copies
from tests.methods.data import table
from tests.methods.test_similarity import others


@pytest.fixture(scope="module")
def ideas() -> list[str]:
    return [pair["idea"] for pair in table("polish_pairs.csv")]


@pytest.fixture(scope="module")
def everything(ideas: list[str]) -> dict[str, str]:
    return {f"idea-{i}": idea for i, idea in enumerate(ideas)} | others()


def pieces(text: str) -> set[str]:
    clean = " ".join(re.findall(r"[^\W_]+", fold(text)))
    return {clean[i : i + 4] for i in range(max(len(clean) - 3, 1))} if clean else set()


def jaccard(a: str, b: str) -> float:
    return len(pieces(a) & pieces(b)) / max(len(pieces(a) | pieces(b)), 1)


@pytest.mark.parametrize("seed", range(4))
def test_thirty_copies_with_a_tenth_of_the_words_dropped(
    seed: int, ideas: list[str], everything: dict[str, str]
) -> None:
    stream = random.Random(seed)
    copies = []
    for idea in ideas:
        words = idea.split()
        gone = set(stream.sample(range(len(words)), max(round(len(words) / 10), 1)))
        copies.append(" ".join(word for i, word in enumerate(words) if i not in gone))
    found = near_copies(copies, 0.5, earlier=everything)
    assert {pair.first for pair in found if pair.second == f"idea-{pair.first}"} == set(range(30))


def test_no_rewording_is_called_a_copy(everything: dict[str, str]) -> None:
    reworded = [pair["reworded"] for pair in table("polish_pairs.csv")]
    assert len(near_copies(reworded, 0.5, earlier=everything)) == 0


def test_equal_to_comparing_every_pair(everything: dict[str, str]) -> None:
    texts = list(everything.values())[:260]
    found = {(p.first, p.second): p.similarity for p in near_copies(texts, 0.6)}
    every = {(i, j): jaccard(texts[i], texts[j]) for i in range(len(texts)) for j in range(i + 1, len(texts))}
    expected = {pair: share for pair, share in every.items() if share >= 0.6}
    assert len(expected) > 100
    assert set(found) <= set(expected)
    assert len(found) >= 0.99 * len(expected)  # MinHash may miss a pair at the threshold
    assert all(found[pair] == pytest.approx(expected[pair]) for pair in found)


def test_signatures_estimate_the_index(everything: dict[str, str]) -> None:
    texts = list(everything.values())
    family = MinHash(hashes=256)
    signed = family.signatures(texts)
    stream = np.random.default_rng(0)
    a, b = stream.integers(0, len(texts), (2, 600))
    error = family.estimate(signed[a], signed[b]) - [
        jaccard(texts[i], texts[j]) for i, j in zip(a, b, strict=True)
    ]
    assert abs(error.mean()) < 0.01
    assert error.std() < 0.04  # 1 / (2 sqrt(256)) at most, and chance


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_text_will_do(texts: list[str]) -> None:
    found = near_copies(texts, 1.0)
    same = {(i, j) for i in range(len(texts)) for j in range(i + 1, len(texts)) if pieces(texts[i])}
    same = {(i, j) for i, j in same if pieces(texts[i]) == pieces(texts[j])}
    assert {(pair.first, pair.second) for pair in found} == same


def test_case_diacritics_and_punctuation_do_not_hide_a_copy() -> None:
    first = "Żłobek prowadzony przez spółdzielnię socjalną."
    second = "ZLOBEK   prowadzony, przez spoldzielnie SOCJALNA!"
    found = near_copies({"a": first, "b": second, "c": "Zupełnie inny pomysł na pralnię"})
    assert [tuple(pair) for pair in found] == [("a", "b", 1.0)]
    assert found.groups == (("a", "b"),)


def test_a_long_chain_is_one_group() -> None:
    text = "pralnia dla osób starszych prowadzona wspólnie przez mieszkańców całej gminy wiejskiej"
    words = text.split()
    texts = [" ".join(words[i : i + 8]) for i in range(4)]
    assert near_copies(texts, 0.6).groups == ((0, 1, 2, 3),)


def test_same_seed_same_result(everything: dict[str, str]) -> None:
    one, two = (near_copies(everything, 0.8) for _ in range(2))
    assert one.pairs == two.pairs
    assert one.provenance == two.provenance
    assert one.provenance.seed == MinHash().seed


def test_longer_bands_for_higher_thresholds() -> None:
    low, high = (MinHash().bands(t) for t in (0.5, 0.9))
    assert low[1] < high[1]
    assert low[2] <= 0.01
    assert MinHash(hashes=1).bands(0.5) == (1, 1, 0.5)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: near_copies(["a"], 0.0), "threshold"),
        (lambda: near_copies(["a"], 1.1), "threshold"),
        (lambda: near_copies("jeden tekst"), "texts"),
        (lambda: near_copies(["ten sam tekst"] * 60, most_candidates=100), "texts"),
        (lambda: MinHash(hashes=0), "hashes"),
        (lambda: near_copies(["a"]).explain("de"), "lang"),
    ],
)
def test_bad_input(call, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field


def test_explained() -> None:
    found = near_copies({"a": "pralnia dla seniorów", "b": "Pralnia dla seniorów"})
    said = found.explain("pl")
    assert said[0] == "Prawie takie same teksty: 1 para."
    assert said[1] == "„a” i „b”: zgodność 100%."
    assert "Nie wolno na tej podstawie odrzucić" in said[-1]
    assert found.explain("en")[1] == "“a” and “b”: 100% alike."
    assert near_copies([]).explain("pl")[0] == "Nie ma tekstów, które byłyby prawie takie same."
