"""A programme in the words in which people read it: who may apply, how much, and what each stage asks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.definition import Definition, Stage
from krzew.calls.definition.whole import Keeping
from krzew.calls.present import programmes_questions, programmes_scoring, programmes_testing, programmes_vote
from krzew.calls.present.programmes_base import APPLICANTS, KINDS, Said, StageView, listed, sum_of
from krzew.ui.formats import number

SAY: dict[str, Callable[[Any, Definition], Said]] = {
    "application": programmes_questions.form,
    **programmes_scoring.SAY,
    **programmes_testing.SAY,
    "vote": programmes_vote.vote,
}


def stages(definition: Definition) -> list[StageView]:
    return [stage_view(n, stage, definition) for n, stage in enumerate(definition.stages, 1)]


def stage_view(place: int, stage: Stage, definition: Definition) -> StageView:
    said = SAY[stage.kind](stage, definition)
    return StageView(
        place,
        stage.code,
        str(KINDS[stage.kind]),
        str(stage.label),
        str(stage.hint or ""),
        tuple(said.lines),
        tuple(said.groups),
        tuple(said.tables),
    )


def applicants(definition: Definition) -> list[str]:
    """Who may apply, and how often."""
    who = definition.applicants
    names = [str(APPLICANTS[kind]) for kind in who.kinds]
    said = [_("May apply: %(who)s.") % {"who": listed(names)}]
    if "group" in who.kinds:
        said.append(_group(who.group_least, who.group_most))
    if who.limit:
        said.append(_limit(who.limit, who.limit_counts_members))
    if who.different_ideas:
        said.append(_("The ideas of one applicant must differ from each other."))
    return said


def _group(least: int, most: int | None) -> str:
    if most is None:
        text = ngettext(
            "An informal group has at least %(least)s person.",
            "An informal group has at least %(least)s persons.",
            least,
        )
        return text % {"least": least}
    return _("An informal group has from %(least)s to %(most)s persons.") % {"least": least, "most": most}


def _limit(limit: int, members: bool) -> str:
    text = ngettext(
        "At most %(n)s application per applicant in one call.",
        "At most %(n)s applications per applicant in one call.",
        limit,
    ) % {"n": limit}
    return text + " " + _("Members of groups and partners count too.") if members else text


def grant(definition: Definition, pool: Decimal | None = None) -> list[str]:
    """How much. What the rules do not say is not said."""
    rules = definition.grant
    pool = rules.pool if pool is None else pool
    said = [_("The pool is %(money)s.") % {"money": sum_of(pool)}] if pool is not None else []
    said += _range(rules.least, rules.most)
    if rules.equals_plan:
        said.append(_("The amount equals the sum of the plan of action."))
    if rules.grants:
        text = ngettext("About %(n)s grant is planned.", "About %(n)s grants are planned.", rules.grants)
        said.append(text % {"n": number(rules.grants)})
    return said or [_("The rules say nothing about money.")]


def _range(least: Decimal | None, most: Decimal | None) -> list[str]:
    if least is not None and most is not None:
        text = _("One grant is from %(least)s to %(most)s.")
        return [text % {"least": sum_of(least), "most": sum_of(most)}]
    if most is not None:
        return [_("One grant is at most %(most)s.") % {"most": sum_of(most)}]
    if least is not None:
        return [_("One grant is at least %(least)s.") % {"least": sum_of(least)}]
    return []


def keeps(definition: Definition) -> bool:
    """Whether any period of keeping is said."""
    return definition.keeping != Keeping()


def keeping(definition: Definition) -> list[str]:
    """How long personal data are kept, as far as it is said."""
    kept = definition.keeping
    said = [
        (_("Drafts that were never sent: days after the closing: %(n)d."), kept.drafts_days),
        (_("Applications taken back: days after that: %(n)d."), kept.withdrawn_days),
        (
            _("Applications without a grant: months after the end of the call: %(n)d."),
            kept.applications_months,
        ),
        (_("Applications with a grant: months after the end of the call: %(n)d."), kept.granted_months),
    ]
    found = [text % {"n": number} for text, number in said if number is not None]
    return found or [_("not said: nothing is removed")]
