"""What a page answers to a need: solutions with what their trials say, who is near, what is known here.

Nothing of a text leaves this module but in the values that are shown to the one who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from krzew.accounts.models import Organisation
from krzew.calls.models import Call
from krzew.calls.queries.programmes import current_calls
from krzew.door.finding import Library, find
from krzew.door.finding.chosen import named
from krzew.door.finding.result import Finding
from krzew.door.finding.result import Need as Heard
from krzew.door.models import Need
from krzew.door.queries import thesaurus
from krzew.library.models import Solution
from krzew.library.queries import public_solutions
from krzew.places.groups import comparison_group
from krzew.places.models import Unit
from krzew.places.pages import has_statistics
from krzew.places.standings import Standing, standing
from krzew.trials.models import Test
from krzew.trials.queries.testers import looking

MOST_NEEDS = 3
MOST_SOLUTIONS = 5
LEAST_SHOWN = 5
"""Fewer earlier needs than this are not counted aloud: a few people could be guessed."""
MOST_NEAR = 6
UNNAMED = "-"
"""Stands for a need without a concept in what a page sends back."""


@dataclass(frozen=True)
class Asked:
    """A text with what its author corrected: needs taken out, and concepts put in place of others."""

    text: str
    sender: str = "person"
    place: Unit | None = None
    out: tuple[str, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()

    def meant(self, code: str) -> str:
        """The concept that stands in place of one that was heard."""
        swaps = dict(self.instead)
        for _n in range(len(swaps)):
            code = swaps.get(code, code)
        return code


def key_of(need: Heard) -> str:
    return need.code or UNNAMED


def answer(asked: Asked, language: str) -> tuple[Finding, list[Heard]]:
    """What was heard, and the needs as the author corrected them."""
    most = MOST_NEEDS + len(asked.out)
    finding = find(asked.text, language=language, most_needs=most, most_solutions=MOST_SOLUTIONS)
    needs: dict[str, Heard] = {}
    for heard in finding.needs:
        code = asked.meant(key_of(heard))
        swapped = code != key_of(heard)
        need = named(asked.text, code, language=language) if swapped else heard
        if need is not None and code not in asked.out:
            needs.setdefault(code, need)
    return finding, [need for need in needs.values() if need.label or need.solutions][:MOST_NEEDS]


# --- solutions ---------------------------------------------------------------------------------
def solutions(needs: Iterable[Heard]) -> dict[str, Solution]:
    """Solutions of all needs by slug, with their cards and keepers, in one query."""
    slugs = {found.slug for need in needs for found in need.solutions}
    rows = public_solutions().filter(slug__in=slugs).select_related("keeper")
    return {row.slug: row for row in rows}


def institutions(place: Unit) -> list[Organisation]:
    """Confirmed organisations of the gmina, then of its powiat."""
    rows = Organisation.objects.filter(confirmed_at__isnull=False, place_code__startswith=place.code[:4])
    return sorted(rows.order_by("name")[:40], key=lambda o: o.place_code != place.code)[:MOST_NEAR]


# --- what is known about the matter here -------------------------------------------------------
def figures(place: Unit) -> list[Standing]:
    """Every figure of a gmina with where it stands among similar ones."""
    if not has_statistics(place):
        return []
    themes = standing(place.code, comparison_group(place.code).codes)
    return [one for theme in themes for one in theme.standings if one.finding]


def known_here(need_code: str, rows: Sequence[Standing], most: int = 2) -> list[Standing]:
    """Figures of one need, the furthest from the middle first."""
    own = [row for row in rows if row.spec.need == need_code]
    return sorted(own, key=lambda row: -row.extremity)[:most]


def earlier(codes: Sequence[str], place: Unit) -> dict[str, tuple[str, int]]:
    """How many kept needs had the same main concept in the powiat or, when fewer than five, in the voivodeship.

    Nothing below five, nothing of a demonstration, nothing that was taken back; never a word of a text.
    """
    found: dict[str, tuple[str, int]] = {}
    for level, length in (("powiat", 4), ("voivodeship", 2)):
        for code, count in _counted(codes, place.code[:length]):
            if count >= LEAST_SHOWN:
                found.setdefault(code, (level, count))
    return found


def _counted(codes: Sequence[str], area: str) -> QuerySet[Need, tuple[str, int]]:
    rows = Need.objects.filter(main__in=codes, place__code__startswith=area)
    rows = rows.filter(is_demo=False, withdrawn_at=None)
    return rows.order_by().values_list("main").annotate(n=Count("pk"))


# --- tests and calls -----------------------------------------------------------------------------
@lru_cache(maxsize=1)
def _tests_library(_stamp: tuple[Any, ...]) -> Library:
    return Library.of(_as_card(test) for test in looking())


def _as_card(test: Test) -> dict[str, Any]:
    innovation = test.innovation
    return {
        "slug": innovation.slug,
        "name_pl": innovation.title,
        "summary_pl": test.call_pl,
        "summary_en": test.call_en,
        "does_pl": innovation.public_pl if innovation.is_public else "",
        "does_en": innovation.public_en if innovation.is_public else "",
    }


def tests_for(needs: Sequence[Heard], text: str, language: str) -> dict[str, list[Test]]:
    """Open tests on the matter of each need."""
    rows = looking()
    values = rows.aggregate(
        n=Count("pk"), ids=Sum("pk"), last=Max("revision"), own=Sum("innovation__revision")
    )
    if not values["n"]:
        return {}
    library = _tests_library((*values.values(), *thesaurus.stamp()))
    by_slug = {test.innovation.slug: test for test in rows}
    found = {}
    for need in needs:
        code = key_of(need)
        met = named(text, code, language=language, library=library, most_solutions=2)
        found[code] = [by_slug[one.slug] for one in (met.solutions if met else ()) if one.slug in by_slug]
    return found


def open_calls(most: int = 3) -> list[Call]:
    """Calls in which one can write now."""
    return [call for call in current_calls() if not getattr(call, "coming", 0)][:most]


# --- together ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Around:
    """Everything beside the needs themselves."""

    solutions: dict[str, Solution]
    concepts: thesaurus.Concepts
    figures: list[Standing] = field(default_factory=list)
    earlier: dict[str, tuple[str, int]] = field(default_factory=dict)
    institutions: list[Organisation] = field(default_factory=list)
    tests: dict[str, list[Test]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)


def around(asked: Asked, needs: Sequence[Heard], language: str) -> Around:
    codes = [need.code for need in needs if need.code]
    place = asked.place
    return Around(
        solutions(needs),
        thesaurus.concepts(),
        figures(place) if place else [],
        earlier(codes, place) if place else {},
        institutions(place) if place else [],
        tests_for(needs, asked.text, language),
        open_calls(),
    )
