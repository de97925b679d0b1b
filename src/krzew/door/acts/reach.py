"""The other way round: a solution or a test looks for those who wait for it. Krzew finds, a person sends.

Nothing leaves by itself, and nobody is told twice of the same solution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation, OrganisationKind, Role, User
from krzew.calls.acts.steps import move
from krzew.calls.models import IdeaCard
from krzew.calls.states import IdeaState
from krzew.door.finding import find
from krzew.door.models import Need, Reach
from krzew.door.rules import work_inbox
from krzew.door.spots import severities
from krzew.door.states import REACH
from krzew.library.models import Solution
from krzew.timeline.acts import act, record
from krzew.timeline.notices import notify
from krzew.ui.addresses import page_address

LEAST = 0.3
"""Score from which a solution is proposed to somebody."""
MOST_PLACES = 20
HIGH = 60.0


@act
def look(actor: Actor, solution: Solution) -> int:
    """Find kept needs, ideas and gminas that this solution could serve; says how many are new."""
    if solution.current is None or solution.is_withdrawn:
        return 0
    found = [*_needs(solution), *_ideas(solution), *_places(solution)]
    new = sum(_propose(solution, **row) for row in found)
    record(actor, "door.looked", solution, data={"found": len(found), "new": new})
    return new


def _propose(solution: Solution, *, score: float, why: list[str], **whom: Any) -> bool:
    """Keep a proposal once; what was set aside or sent stays so."""
    _row, new = Reach.objects.get_or_create(
        solution=solution, object_type="", object_id="", **whom, defaults={"score": score, "why": why}
    )
    return new


def _score(text: str, slug: str, language: str) -> tuple[float, list[str]]:
    """How well the solution answers this text, with the words that led there."""
    hits = [f for need in find(text, language=language, most_solutions=20).needs for f in need.solutions]
    best = max((hit for hit in hits if hit.slug == slug), key=lambda hit: hit.score, default=None)
    return (best.score, list(best.words)) if best else (0.0, [])


def _needs(solution: Solution) -> Iterator[dict[str, Any]]:
    """Needs whose authors wanted to hear, and left an address."""
    rows = Need.objects.filter(withdrawn_at=None, wants_news=True, case__isnull=False).exclude(text="")
    for row in rows.select_related("case"):
        if row.case is None or not row.case.email or solution.slug in row.solutions:
            continue
        score, words = _score(row.text, solution.slug, row.case.language)
        if score >= LEAST:
            yield {"need": row, "score": score, "why": words}


def _ideas(solution: Solution) -> Iterator[dict[str, Any]]:
    """Ideas still talked about: their authors may join forces."""
    rows = IdeaCard.objects.filter(state__in=[IdeaState.SENT, IdeaState.IN_TALKS]).exclude(email="")
    for card in rows:
        score, words = _score(f"{card.what} {card.for_whom}", solution.slug, card.language)
        if score >= LEAST:
            yield {"idea": card, "score": score, "why": words}


def _places(solution: Solution) -> list[dict[str, Any]]:
    """Gminas that act here and whose statistics show the needs on the card, the highest first."""
    assert solution.current is not None
    wanted = [need["code"] for need in solution.current.card["needs"]]
    homes = Organisation.objects.filter(kind=OrganisationKind.GMINA, place_code__regex=r"^\d{6}$")
    known, found = severities(), []
    for code in homes.values_list("place_code", flat=True).distinct():
        levels = {need: known[need, code[:4]] for need in wanted if (need, code[:4]) in known}
        if levels and max(levels.values()) >= HIGH:
            best = max(levels, key=lambda need: levels[need])
            found.append({"place_id": code, "score": levels[best] / 100, "why": [best]})
    return sorted(found, key=lambda row: -float(str(row["score"])))[:MOST_PLACES]


@act
def send(actor: Actor, row: Reach) -> bool:
    """Tell those whom this proposal concerns; False when they asked for no such letters or were told before."""
    work_inbox.require(actor)
    move(actor, row, REACH, "send", "door.reach_sent", moved_at=timezone.now(), by=actor.user)
    told = [_tell(actor, row, email, language) for email, language in _addresses(row)]
    return any(told)


def _addresses(row: Reach) -> list[tuple[str, str]]:
    if row.need is not None and row.need.case is not None and row.need.case.email:
        return [(row.need.case.email, row.need.case.language)]
    if row.idea is not None and row.idea.email:
        return [(row.idea.email, row.idea.language)]
    if row.place_id:
        homes = Organisation.objects.filter(kind=OrganisationKind.GMINA, place_code=row.place_id)
        owners = Q(memberships__organisation__in=homes, memberships__role=Role.OWNER)
        rows: Iterable[User] = User.objects.filter(owners, is_active=True).distinct()
        return [(user.email, user.language) for user in rows]
    return []


def _tell(actor: Actor, row: Reach, email: str, language: str) -> bool:
    solution = row.solution
    assert solution is not None
    assert solution.current is not None
    with override(language):
        name = solution.current.name_en if language == "en" else solution.current.name_pl
        subject = _("A solution that may help: %(name)s") % {"name": name}
        body = _(
            "Good morning,\n\nyou told us of a need, or it shows where you live. There is a solution now that may "
            "help: %(name)s.\n\nRead what it is and what its test showed:\n%(link)s"
        ) % {"name": name, "link": page_address("library:card", solution.slug, language=language)}
    key = f"reach:{solution.slug}"
    return notify(actor, row, email, subject, body, topic="reach", key=key, language=language) is not None


@act
def set_aside(actor: Actor, row: Reach) -> Reach:
    """It does not fit; it is not proposed again."""
    work_inbox.require(actor)
    move(actor, row, REACH, "set_aside", "door.reach_set_aside", moved_at=timezone.now(), by=actor.user)
    return row


@act
def bring_back(actor: Actor, row: Reach) -> Reach:
    """Undo setting aside."""
    work_inbox.require(actor)
    move(actor, row, REACH, "bring_back", "door.reach_brought_back", moved_at=timezone.now(), by=actor.user)
    return row
