"""The evaluation set of the front door is sound: known slugs and kinds, no text twice, counts as its page states."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.door.finding.leaning import source_mark
from krzew.door.thesaurus import FILE as THESAURUS
from krzew.library.exchange import import_library
from krzew.library.loaders import CARDS

ROOT = Path(__file__).resolve().parents[2]
DOOR, VOICES = ROOT / "bench" / "door", ROOT / "tools" / "voices"
KINDS = ("description", "keyword", "short", "inflected", "no_diacritics", "two_needs", "no_answer")
OWN = (
    *("dev", "dev_plain", "dev_told", "dev_new", "dev_asked", "dev_said", "dev_two", "dev_none"),
    *("dev_english", "dev_plainly", "dev_abroad", "dev_tried", "unseen", "unseen_en"),
)
FOREIGN = {
    "dev_other": "dev_other_library",
    "dev_distant": "dev_distant_library",
    "dev_elsewhere": "dev_elsewhere_library",
    "other": "other_library",
}
SETS = (*OWN, *FOREIGN)
WHOLE = (
    *("dev", "dev_plain", "dev_told", "dev_other", "dev_asked", "dev_distant"),
    *("dev_plainly", "dev_elsewhere"),
    *("unseen", "unseen_en", "other"),
)
# An e-mail or web address, a telephone number or PESEL, "Jan Kowalski" (two names side by side in a sentence).
PERSONAL = (
    re.compile(r"@|https?:|www\."),
    re.compile(r"(?:\d[ -]?){7,}"),
    re.compile(r"(?<=[^.?!:]\s)[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+\s[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+"),
)
OF_NO_PERSON = ("South African", "Wszystkich Świętych", "Domu Seniora", "Kuźnia Poręba", "Canary Islands")
Query = dict[str, Any]


def queries(name: str) -> list[Query]:
    read: list[Query] = json.loads((DOOR / f"{name}.json").read_text(encoding="utf-8"))
    return read


def foreign_library(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DOOR / f"{name}.json").read_text(encoding="utf-8"))
    return read


def slugs(name: str) -> set[str]:
    if name in FOREIGN:
        return {row["card"]["slug"] for row in foreign_library(FOREIGN[name])["solutions"]}
    return {path.stem for path in CARDS.glob("*.json")}


def asked_for(name: str) -> set[str]:
    return {slug for query in queries(name) for need in query["expected"] for slug in need}


@pytest.mark.parametrize("name", SETS)
def test_every_answer_is_a_card_of_its_library(name: str) -> None:
    assert asked_for(name) <= slugs(name)


def test_every_card_is_asked_for_somewhere() -> None:
    assert slugs("dev") == set().union(*(asked_for(name) for name in OWN))


@pytest.mark.parametrize("name", SETS)
def test_the_form_of_every_query(name: str) -> None:
    for query in queries(name):
        needs = {"two_needs": 2, "no_answer": 0}.get(query["kind"], 1)
        assert set(query) == {"text", "kind", "expected"}
        assert query["kind"] in KINDS
        assert len(query["expected"]) == needs, query["text"]
        assert all(need and len(set(need)) == len(need) for need in query["expected"]), query["text"]
        assert query["text"] == query["text"].strip()


def test_no_text_stands_twice() -> None:
    """But for a card that two sets ask for by its name."""
    names = {
        json.loads(path.read_text(encoding="utf-8"))["name_pl"].casefold() for path in CARDS.glob("*.json")
    }
    texts = Counter(query["text"].casefold() for name in SETS for query in queries(name))
    texts = Counter({text: times for text, times in texts.items() if text not in names})
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("name", SETS)
def test_counts_are_as_the_page_states(name: str) -> None:
    page = (DOOR / "README.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{name}.json` |"))
    stated = [int(cell) for cell in row.split("|")[2 : 3 + len(KINDS)]]
    counts = Counter(query["kind"] for query in queries(name))
    assert stated == [len(queries(name)), *(counts[kind] for kind in KINDS)]


@pytest.mark.parametrize("name", WHOLE)
def test_descriptions_and_no_answers_have_their_share(name: str) -> None:
    counts = Counter(query["kind"] for query in queries(name))
    answered = len(queries(name)) - counts["no_answer"]
    assert counts["description"] >= 0.5 * answered
    assert 0.12 <= counts["no_answer"] / len(queries(name)) <= 0.32


def test_typed_without_polish_letters() -> None:
    for name in SETS:
        for query in queries(name):
            if query["kind"] == "no_diacritics":
                assert query["text"].isascii(), query["text"]


def test_no_data_of_real_persons() -> None:
    texts = [query["text"] for name in SETS for query in queries(name)]
    for library in FOREIGN.values():
        for row in foreign_library(library)["solutions"]:
            texts += [row["card"][field] for field in ("summary_pl", "does_pl")]
    for text in texts:
        for name in OF_NO_PERSON:
            text = text.replace(name, "")
        assert not [pattern.pattern for pattern in PERSONAL if pattern.search(text)], text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "count"),
    [
        *(("dev_other_library", 100), ("dev_distant_library", 115), ("dev_elsewhere_library", 100)),
        ("other_library", 90),
    ],
)
def test_a_foreign_library_can_be_imported(name: str, count: int) -> None:
    content = (DOOR / f"{name}.json").read_bytes()
    report = import_library(Actor.system(), content, f"{name}.json")
    assert report.refused == []
    assert len(report.published) == count


# --- what finding learnt from ------------------------------------------------------------------
def test_the_learnt_weights_belong_to_the_texts_beside_them() -> None:
    """Whoever changes the thesaurus or tools/voices runs tools/learn_leaning.py."""
    whole = hashlib.sha256()
    names = [f"{kind}.{language}.tsv" for kind in ("words", "examples") for language in ("pl", "en")]
    for path in (THESAURUS, *(VOICES / name for name in names)):
        whole.update(path.read_bytes())
    assert source_mark() == whole.hexdigest()


def test_no_query_of_the_sets_was_learnt() -> None:
    said = {
        line.split("\t")[1].casefold()
        for language in ("pl", "en")
        for line in (VOICES / f"examples.{language}.tsv").read_text(encoding="utf-8").splitlines()
    }
    assert [
        query["text"] for name in SETS for query in queries(name) if query["text"].casefold() in said
    ] == []
