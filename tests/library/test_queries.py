"""Finding: Polish inflection, missing diacritics, typing errors; facets that count right; few queries at any size."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.library import acts, queries
from krzew.library.models import FacetKind, SolutionVersion
from krzew.library.queries import Selection, listing
from tests.library.conftest import new_card, next_version

pytestmark = pytest.mark.usefixtures("library_loaded")


def found(query: str, **facets: str) -> list[str]:
    return [row.slug for row in listing(Selection(query, facets)).page.object_list]


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("żłobki", "zlobek-i-przedszkole"),
        ("zlobek", "zlobek-i-przedszkole"),
        ("przedszkolami", "zlobek-i-przedszkole"),
        ("przedszkloe", "zlobek-i-przedszkole"),
        ("warsztatach terapii", "spoldzielnia-przy-wtz"),
        ("uczestnik WTZ do pracy", "spoldzielnia-przy-wtz"),
        ("demencją", "bawita"),
        ("eksmisje", "praca-zamiast-eksmisji"),
        ("bezdomnosc", "spoldzielnia-osob-w-bezdomnosci"),
        ("autyzmem", "spoldzielnia-osob-w-spektrum-autyzmu"),
        ("po wyjściu z więzienia", "spoldzielnia-osob-po-wiezieniu"),
        ("early dementia", "bawita"),
        ("tablica manipulacyjna", "bawita"),
    ],
)
def test_search(query: str, slug: str) -> None:
    assert slug in found(query)[:3]


@pytest.mark.parametrize("query", ["zzzqqq", "'; DROP TABLE", "%", "ł", "(", '"', "a" * 5000])
def test_strange_words_find_nothing_or_something_but_do_not_break(query: str) -> None:
    found(query)


def test_search_sees_what_was_just_published(editor: Actor, published: SolutionVersion) -> None:
    assert found("kwazarnia") == []
    next_version(editor, published, name_pl="Kwazarnia")
    assert found("kwazarniami") == ["nowa-karta"]


def test_drafts_are_not_found(editor: Actor) -> None:
    acts.import_draft(editor, new_card("tajna", name_pl="Kwazarnia"))
    assert found("kwazarnia") == []
    assert "tajna" not in [row.slug for row in queries.public_solutions()]


def test_withdrawn_are_not_listed_but_can_be_read(editor: Actor, published: SolutionVersion) -> None:
    next_version(editor, published, name_pl="Kwazarnia")
    acts.withdraw(editor, published.solution, "Zmieniło się prawo.")
    assert found("kwazarnia") == []
    assert queries.solution("nowa-karta") is not None
    assert "nowa-karta" not in [m.slug for m in queries.published_for_matching()]


def in_memory(facets: dict[str, str], kind: str) -> Counter[str]:
    """The facet counts computed the slow way, from the cards."""
    rest = {k: v for k, v in facets.items() if k != kind}
    counts: Counter[str] = Counter()
    for solution in queries.public_solutions().prefetch_related("current__facets"):
        pairs = [(facet.kind, facet.code) for facet in solution.current.facets.all()]
        if all(pair in pairs for pair in rest.items()):
            counts.update(code for facet, code in pairs if facet == kind)
    return counts


@pytest.mark.parametrize(
    "facets",
    [{}, {"need": "work"}, {"need": "work", "door": "integration"}, {"group": "older", "kind": "innovation"}],
)
def test_facet_counts(facets: dict[str, str]) -> None:
    counts = listing(Selection("", facets)).counts
    for kind in FacetKind.values:
        assert dict(counts[kind]) == in_memory(facets, kind), kind


def test_a_facet_count_is_what_the_click_shows() -> None:
    counts = listing(Selection("", {"door": "service"})).counts
    for code, count in counts["need"]:
        assert listing(Selection("", {"door": "service", "need": code})).page.paginator.count == count


def test_facets_narrow_a_search() -> None:
    every, some = found("opieka"), found("opieka", need="childcare")
    assert some
    assert set(some) < set(every)


def test_an_unknown_code_finds_nothing() -> None:
    assert found("", need="boredom") == []


def test_sorting_by_name_is_polish(editor: Actor) -> None:
    for number, name in enumerate(["Żaba", "Łąka", "Aaa", "Zebra"]):
        acts.publish_card(editor, new_card(f"n{number}", name_pl=name))
    rows = listing(Selection(sort="name"), 1).page.paginator.object_list
    by_pk = queries.public_solutions().in_bulk(list(rows))
    names = [by_pk[pk].current.name_pl for pk in rows]
    assert names.index("Aaa") == 0
    assert names.index("Łąka") < names.index("Zebra") < names.index("Żaba")


def test_pages_beyond_the_end_show_the_last() -> None:
    assert listing(Selection(), "999").page.number == listing(Selection()).page.paginator.num_pages
    assert listing(Selection(), "x").page.number == 1


def test_matching_rows_carry_what_the_diagnosis_needs() -> None:
    rows = {row.slug: row for row in queries.published_for_matching()}
    nursery = rows["zlobek-i-przedszkole"]
    assert nursery.needs["childcare"] == 3
    assert nursery.numbers["jobs"].low == 5
    assert nursery.numbers["staff"] is None
    assert "testers" not in nursery.numbers
    assert "180801" in nursery.exemplars
    assert len(rows) == queries.public_solutions().count()


def test_matching_is_kept_until_something_changes(
    editor: Actor, published: SolutionVersion, django_assert_max_num_queries: Any
) -> None:
    first = queries.published_for_matching()
    with django_assert_max_num_queries(2):
        assert queries.published_for_matching() is first
    next_version(editor, published, name_pl="Kwazarnia")
    assert "Kwazarnia" in [row.name_pl for row in queries.published_for_matching()]


@pytest.mark.parametrize("more", [0, 40])
def test_the_number_of_queries_does_not_grow(
    editor: Actor, visitor: Any, more: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(more):
        acts.publish_card(editor, new_card(f"karta-{number}", name_pl=f"Opieka {number}"))
    for address, most in [
        ("/pl/library/", 8),
        ("/pl/library/?q=opieka&need=childcare&door=service", 9),
        ("/pl/library/zlobek-i-przedszkole/", 8),
        ("/pl/library/compare/?compare=bawita&compare=zlobek-i-przedszkole", 3),
        ("/pl/library/export.json", 2),
    ]:
        visitor.get(address)
        with django_assert_max_num_queries(most):
            assert visitor.get(address).status_code == 200
