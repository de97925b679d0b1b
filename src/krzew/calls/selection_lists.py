"""From points and the rules of a call to the ideas and rules of `methods.portfolio`. No writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.assessment_matching import assessed_stages
from krzew.calls.definition.base import Text
from krzew.calls.definition.selection import DecisionStage, RankingStage
from krzew.calls.definition.selection import Quota as QuotaRule
from krzew.calls.definition.topics import is_said
from krzew.calls.models import Application, Call
from krzew.calls.queries.assessment import cards, standings
from krzew.calls.queries.vote import points, tally_of, vote_stage
from krzew.calls.scoring import Miss, Result, result, scored_stages
from krzew.calls.states import ApplicationState, Outcome
from krzew.methods.portfolio import Idea, Quota, Rules

BY_BODY = "order_of_the_body"
"""The last tie-break: the order in which the deciding body put equals, with its reason."""

ALL = "all"


@dataclass(frozen=True)
class PublicVotes:
    """What a public vote gave one application: votes, and the points that the rules make of them."""

    stage: str
    votes: int
    points: Decimal = Decimal(0)


@dataclass(frozen=True)
class Listed:
    """One application with what it got, ready to be put on a list."""

    application: Application
    points: Result | None
    votes: int = 0
    public: PublicVotes | None = None

    @property
    def label(self) -> str:
        return self.application.label

    @property
    def total(self) -> Decimal:
        own = self.points.total if self.points else Decimal(self.votes)
        return own + self.public.points if self.public else own

    @property
    def is_out(self) -> bool:
        return self.application.state == ApplicationState.OUT or bool(self.points and self.points.misses)


def ranking_stage(call: Call, code: str = "") -> RankingStage | None:
    return next((s for s in call.rules.stages if isinstance(s, RankingStage) and code in ("", s.code)), None)


def decision_stage(call: Call) -> DecisionStage | None:
    return next((s for s in call.rules.stages if isinstance(s, DecisionStage)), None)


def has_points(call: Call) -> bool:
    """Whether the call scores; otherwise commissions recommend."""
    return bool(scored_stages(call.rules))


def codes_before(call: Call, code: str) -> list[str]:
    codes = [stage.code for stage in call.rules.stages]
    return codes[: codes.index(code)]


def still_before(call: Call, code: str) -> str:
    """Why a ranking cannot be made yet: who still stands in an earlier stage; "" when nobody does."""
    states = [ApplicationState.SUBMITTED, ApplicationState.RETURNED]
    count = call.applications.filter(state__in=states, stage__in=codes_before(call, code)).count()
    if not count:
        return ""
    text = ngettext(
        "%(count)d application is still in an earlier stage. Close it first.",
        "%(count)d applications are still in earlier stages. Close these first.",
        count,
    )
    return text % {"count": count}


def listed(call: Call, code: str) -> list[Listed]:
    """Applications that stand at the ranking, and those that were rejected on merit before it."""
    ready = call.applications.filter(state=ApplicationState.SUBMITTED, stage=code)
    out = call.applications.filter(state=ApplicationState.OUT, outcome=Outcome.REJECTED_MERIT)
    rows = list((ready | out).order_by("number"))
    for row in rows:
        row.call = call
    return _with_votes(call, _assessed(call, rows))


def _assessed(call: Call, rows: Sequence[Application]) -> list[Listed]:
    if has_points(call):
        return _with_points(call, rows)
    last = assessed_stages(call.rules)[-1:]
    votes = standings(call, last[0].code) if last else {}
    return [Listed(row, None, votes[row.pk].yes - votes[row.pk].no if row.pk in votes else 0) for row in rows]


def _with_points(call: Call, rows: Sequence[Application]) -> list[Listed]:
    given = cards(call)
    found = [Listed(row, result(row.rules, given.get(row.pk, {}))) for row in rows]
    silent = [one.label for one in found if not one.is_out and not _is_complete(call, one)]
    if silent:
        text = _("Cards are missing, so these have no points yet: %(labels)s.")
        raise ValidationError(text % {"labels": ", ".join(silent[:10])})
    return found


def _with_votes(call: Call, rows: list[Listed]) -> list[Listed]:
    """The public vote beside the points, where the rules know one and it is counted."""
    stage, votes = vote_stage(call), tally_of(call)
    if stage is None or not votes:
        return rows
    gained = points(call, votes)
    found = {pk: PublicVotes(stage.code, n, gained.get(pk, Decimal(0))) for pk, n in votes.items()}
    return [replace(one, public=found.get(one.application.pk)) for one in rows]


def _is_complete(call: Call, one: Listed) -> bool:
    return one.points is not None and one.points.complete and len(one.points.stages) > 0


def lists_of(stage: RankingStage, rows: Sequence[Listed]) -> dict[str, list[Listed]]:
    """Rows by the list to which they belong; one list where the rules know no separate ones."""
    if not stage.separate_by:
        return {"": list(rows)}
    found: dict[str, list[Listed]] = {key: [] for key in stage.pools}
    for one in rows:
        found.setdefault(str(one.application.answers.get(stage.separate_by) or ""), []).append(one)
    return {key: own for key, own in found.items() if own}


def list_label(call: Call, stage: RankingStage, key: str) -> Text | None:
    """The name of a separate list, from the options of the question that separates."""
    form = call.rules.form
    fields = form.fields if form and stage.separate_by else ()
    field = next((f for f in fields if f.code == stage.separate_by), None)
    return next((o.label for o in field.options if o.code == key), None) if field else None


def counts_places(call: Call, stage: RankingStage) -> bool:
    """Without any pool the list is limited by a number of places, and every grant takes one."""
    return call.pool is None and call.rules.grant.pool is None and not stage.pools


def rules_of(call: Call, stage: RankingStage, key: str, draw: Mapping[str, Any], by_body: bool) -> Rules:
    ties = (*stage.ties, BY_BODY) if by_body else stage.ties
    return Rules(
        cap=_cap(call, stage, key),
        rule=stage.rule,
        quotas=[*_quotas(stage), *_limit_of_places(call, stage)],
        tie_break=ties,
        reserve=None if stage.reserve else 0,
        **draw,
    )


def _cap(call: Call, stage: RankingStage, key: str) -> Decimal:
    if counts_places(call, stage):
        places = stage.places or call.rules.grant.grants
        if not places:
            raise ValidationError(_("Nothing limits the list. Give the call a pool."))
        return Decimal(places)
    if not stage.separate_by:
        return call.pool if call.pool is not None else Decimal(call.rules.grant.pool or 0)
    if key not in stage.pools:
        raise ValidationError(_("The rules name no pool for the list “%(list)s”.") % {"list": key or "–"})
    return stage.pools[key]


def _quotas(stage: RankingStage) -> list[Quota]:
    found = []
    for rule in stage.quotas:
        if rule.at_least is not None or rule.at_most is not None:
            found.append(Quota(rule.code, rule.at_least, rule.at_most, name=rule.code))
        if rule.money_at_least is not None or rule.money_at_most is not None:
            name = f"{rule.code}_money"
            found.append(Quota(rule.code, rule.money_at_least, rule.money_at_most, "money", name))
    return found


def _limit_of_places(call: Call, stage: RankingStage) -> list[Quota]:
    if stage.places is None or counts_places(call, stage):
        return []
    return [Quota(ALL, at_most=stage.places, name=ALL)]


def idea_of(call: Call, stage: RankingStage, one: Listed, order: Sequence[str] = ()) -> Idea:
    cost = one.application.amount if one.application.amount else None
    if counts_places(call, stage):
        cost = Decimal(1)
    elif cost is None and not one.is_out:
        text = _("The application %(label)s asks for no money, so it cannot be put on a list with a pool.")
        raise ValidationError(text % {"label": one.label})
    cost = cost or Decimal(1)
    return Idea(
        code=one.label,
        title=one.application.title,
        cost=cost,
        minimum=_least(call, cost) if stage.rule == "partial" else None,
        score=one.total,
        criteria=_stands_for(one) | _criteria(one) | _by_vote(call, one) | _place_by_body(one, order),
        groups=[ALL, *(q.code for q in stage.quotas if _in_quota(one, q))],
        excluded=_("it misses a minimum or a threshold") if one.is_out else "",
    )


def _least(call: Call, cost: Decimal) -> Decimal:
    """What can be offered at the end of the money: the lowest grant of the call, or any whole złoty."""
    return min(cost, max(call.rules.grant.least or Decimal(1), Decimal(1)))


def _criteria(one: Listed) -> dict[str, Decimal]:
    stages = one.points.stages if one.points else ()
    return {code: given for stage in stages for code, given in stage.by_criterion.items()}


def _stands_for(one: Listed) -> dict[str, Decimal]:
    """Points of a topic's criterion under the code of the common one that it replaces: equals are told apart by it."""
    own, rules = _criteria(one), one.application.rules
    return {
        c.replaces: own[c.code]
        for stage in scored_stages(rules)
        for c in stage.criteria
        if c.replaces and c.code in own
    }


def _by_vote(call: Call, one: Listed) -> dict[str, Decimal]:
    """Votes as something by which equals may be told apart."""
    stage = vote_stage(call)
    return {stage.code: Decimal(one.public.votes if one.public else 0)} if stage else {}


def _place_by_body(one: Listed, order: Sequence[str]) -> dict[str, Decimal]:
    if not order:
        return {}
    return {BY_BODY: Decimal(len(order) - order.index(one.label) if one.label in order else 0)}


def _in_quota(one: Listed, rule: QuotaRule) -> bool:
    return is_said(one.application.answers.get(rule.field), rule.value)


# --- what a ranking keeps ---------------------------------------------------------------------------


def row_plain(one: Listed) -> dict[str, Any]:
    """Points and misses of one application as plain data: all that is needed to tell why."""
    points = one.points
    return {
        "pk": one.application.pk,
        "total": str(one.total),
        "stages": {s.stage: str(s.total) for s in points.stages} if points else {},
        "criteria": {code: str(value) for code, value in _criteria(one).items()},
        "misses": [_miss_plain(miss) for miss in points.misses] if points else [],
        "votes": one.votes,
        **_public_plain(one),
    }


def _public_plain(one: Listed) -> dict[str, Any]:
    found = one.public
    return {"public": {"votes": found.votes, "points": str(found.points)}} if found else {}


def _miss_plain(miss: Miss) -> dict[str, Any]:
    facts = {"kind": miss.kind, "code": miss.code, "points": str(miss.points), "needed": str(miss.needed)}
    return facts | {"label": miss.label.model_dump()}


def misses_of(row: Mapping[str, Any]) -> list[Miss]:
    return [
        Miss(m["kind"], m["code"], Text(**m["label"]), Decimal(m["points"]), Decimal(m["needed"]))
        for m in row.get("misses", ())
    ]
