"""Work about a call that takes longer than a page may: a proposal of assignment, a ranking, the release of results."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls.acts import assignment, decisions_release, selection
from krzew.calls.models import Call
from krzew.timeline.jobs import Advance, Keep, Work

SMALL = 60
"""So many applications are done while a person waits: she sees the result at once."""

PROPOSE, RANK, RELEASE = "calls.propose", "calls.rank", "calls.release"


def propose(actor: Actor, call: Call, wish: dict[str, Any], advance: Advance) -> Keep:
    """Who assesses what; `mend`: the fewest changes."""
    code, experts = wish["code"], wish["experts"]
    if wish["mend"]:
        keep = assignment.reproposing(actor, call, code, experts, advance)
    else:
        wishes = assignment.Wishes(wish["per_idea"], experts)
        keep = assignment.proposing(actor, call, code, wishes, advance)

    def kept() -> str:
        keep()
        return _("The proposal is ready. Look at it, change it, adopt it.")

    return kept


def rank(actor: Actor, call: Call, wish: dict[str, Any], advance: Advance) -> Keep:
    keep = selection.ranking_made(actor, call, wish["code"], wish["order"], wish["why"], advance)

    def kept() -> str:
        keep()
        return ranked()

    return kept


def release(actor: Actor, call: Call, wish: dict[str, Any], advance: Advance) -> Keep:
    keep = decisions_release.releasing(actor, call, advance)
    return lambda: released(keep())


def ranked() -> str:
    return _("The ranking is made and kept. It does not change any more.")


def released(count: int) -> str:
    text = ngettext("Announced. %(count)d letter leaves.", "Announced. %(count)d letters leave.", count)
    return text % {"count": count}


def kind_of(kind: str, code: str) -> str:
    """Each stage has its own proposal and its own ranking."""
    return f"{kind}:{code}"


JOBS: dict[str, Work] = {PROPOSE: propose, RANK: rank, RELEASE: release}
