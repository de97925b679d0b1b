"""Loading of the cards that ship with the product. Twice changes nothing, a changed card is a version."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from krzew.accounts.actors import Actor
from krzew.library.acts import NotReady, publish_card
from krzew.library.models import Solution

CARDS = Path(__file__).parent / "data" / "solutions"
Progress = Callable[[int, int], None]


class BadCard(Exception):
    """A shipped card is faulty; the text names the file and every fault."""


@dataclass(frozen=True)
class Loaded:
    new: int
    changed: int
    same: int


def read_cards(folder: Path = CARDS) -> list[tuple[Path, dict[str, Any]]]:
    return [(path, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]


def load_library(
    actor: Actor, cards: Sequence[tuple[Path, dict[str, Any]]] | None = None, progress: Progress | None = None
) -> Loaded:
    """Publish every shipped card that is new or changed; all of them or none."""
    cards = read_cards() if cards is None else cards
    known = set(Solution.objects.values_list("slug", flat=True))
    counts = {"new": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        for done, (path, card) in enumerate(cards, start=1):
            counts[_load(actor, path, card, known)] += 1
            if progress:
                progress(done, len(cards))
    return Loaded(**counts)


def _load(actor: Actor, path: Path, card: dict[str, Any], known: set[str]) -> str:
    try:
        version = publish_card(actor, card)
    except NotReady as error:
        raise BadCard("\n".join(f"{path.name}: {problem}" for problem in error.problems)) from error
    if version is None:
        return "same"
    return "changed" if card["slug"] in known else "new"
