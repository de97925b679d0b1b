"""Loading the shipped cards: twice is once, a change is a version, a faulty card stops everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.library.loaders import BadCard, load_library, read_cards
from krzew.library.models import Solution, SolutionVersion
from tests.library.conftest import new_card

pytestmark = pytest.mark.django_db


def load(*cards: dict[str, Any]) -> Any:
    return load_library(Actor.system(), [(Path(f"{card['slug']}.json"), card) for card in cards])


def test_every_shipped_card_is_there(library_loaded: None) -> None:
    slugs = {card["slug"] for _path, card in read_cards()}
    assert slugs <= set(Solution.objects.filter(current__isnull=False).values_list("slug", flat=True))
    assert load_library(Actor.system()).same == len(slugs)


def test_a_changed_card_becomes_a_version() -> None:
    assert load(new_card("a"), new_card("b")).new == 2
    loaded = load(new_card("a", name_pl="Zmieniona"), new_card("b"))
    assert (loaded.new, loaded.changed, loaded.same) == (0, 1, 1)
    assert list(SolutionVersion.objects.filter(solution__slug="a").values_list("number", "state")) == [
        (1, "published"),
        (2, "published"),
    ]


def test_a_faulty_card_stops_the_whole_load() -> None:
    with pytest.raises(BadCard, match=r"b\.json: summary_pl"):
        load(new_card("a"), new_card("b", summary_pl=""))
    assert not Solution.objects.filter(slug="a").exists()


def test_progress_is_told() -> None:
    steps: list[tuple[int, int]] = []
    cards = [(Path("a.json"), new_card("a")), (Path("b.json"), new_card("b"))]
    load_library(Actor.system(), cards, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 2), (2, 2)]
