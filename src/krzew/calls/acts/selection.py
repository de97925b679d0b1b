"""The ranking: computed from signed cards by the rules of the call, frozen, and never changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.applications.begin import stage_after
from krzew.calls.definition.selection import RankingStage
from krzew.calls.models import Call, Ranking
from krzew.calls.rules import manage_call
from krzew.calls.selection_calibration import calibrated
from krzew.calls.selection_lists import (
    Listed,
    counts_places,
    idea_of,
    list_label,
    listed,
    lists_of,
    ranking_stage,
    row_plain,
    rules_of,
    still_before,
)
from krzew.calls.states import ApplicationState, CallState
from krzew.methods.portfolio import Decision, commit, fund, new_nonce
from krzew.methods.record import MethodError, data_hash
from krzew.timeline.acts import act, record
from krzew.timeline.jobs import Advance, quiet

FORMAT = "krzew-ranking-1"
SHORTEST_REASON = 10


class Tied(ValidationError):
    """Equal in everything that the rules name; a draw or the deciding body must put them in order."""

    def __init__(self, text: str, labels: Sequence[str]) -> None:
        super().__init__(text)
        self.labels = tuple(labels)


def _stage(call: Call, code: str) -> RankingStage:
    stage = ranking_stage(call, code)
    if stage is None:
        raise ValidationError(_("The rules of this call know no such list."))
    return stage


def must_not_be_released(call: Call) -> None:
    if call.results_released_at is not None or call.state != CallState.PUBLISHED:
        raise ValidationError(_("The results of this call are announced. The list stays as it is."))


@act
def promise(actor: Actor, call: Call, code: str) -> Ranking:
    """Choose the seed of a draw and publish its fingerprint, best before anybody knows a score."""
    manage_call.require(actor, call)
    stage = _stage(call, code)
    must_not_be_released(call)
    if not stage.then_lottery:
        raise ValidationError(_("The rules of this call know no draw."))
    if promised(call, code) is not None:
        raise ValidationError(_("The fingerprint of the seed is published already. It stays as it is."))
    seed, nonce = secrets.token_hex(8), new_nonce()
    made = Ranking.objects.create(
        call=call,
        stage=code,
        content={"seed": seed, "nonce": nonce},
        seed_commitment=commit(seed, nonce),
        made_by=actor.user,
    )
    late = call.applications.filter(stage=code).exists()
    record(actor, "calls.draw_promised", call, data={"commitment": made.seed_commitment, "late": late})
    return made


def promised(call: Call, code: str) -> Ranking | None:
    """The promise of a draw: kept as a ranking without data."""
    return call.rankings.filter(stage=code, data_hash="").exclude(seed_commitment="").last()


def rank(actor: Actor, call: Call, code: str, *, order: Sequence[str] = (), why: str = "") -> Ranking:
    """Compute the list and keep it. `order`: how the deciding body put equals, with its reason `why`.

    Raises `Tied` where equals need a draw or an order.
    """
    return ranking_made(actor, call, code, order, why)()


def ranking_made(
    actor: Actor, call: Call, code: str, order: Sequence[str] = (), why: str = "", advance: Advance = quiet
) -> Callable[[], Ranking]:
    """The long part of a ranking, with nothing locked; gives the short part, which keeps it."""
    advance(5, _("Reading the signed cards"))
    stage, rows = must_be_ready(actor, call, code, order, why)
    draw = _draw(call, stage)
    advance(20, _("Putting applications in order and taking out the severity of assessors"))
    content, calibration = _computed(call, stage, rows, draw, order)
    content["order"], content["why"] = list(order), why.strip()
    return lambda: _keep(actor, call, code, content, calibration, draw.get("commitment", ""))


def must_be_ready(
    actor: Actor, call: Call, code: str, order: Sequence[str] = (), why: str = ""
) -> tuple[RankingStage, list[Listed]]:
    """Everything that can stand in the way of a ranking, but equals."""
    manage_call.require(actor, call)
    stage = _stage(call, code)
    must_not_be_released(call)
    if text := still_before(call, code):
        raise ValidationError(text)
    if order and len(why.strip()) < SHORTEST_REASON:
        raise ValidationError({"why": _("Write in a sentence why the equals stand in this order.")})
    rows = listed(call, code)
    if not any(not one.is_out for one in rows):
        raise ValidationError(_("No application has reached this list."))
    return stage, rows


def must_be_in_order(actor: Actor, call: Call, code: str, order: Sequence[str] = (), why: str = "") -> None:
    """Refuse at once what a ranking would refuse after long work; raises `Tied` too."""
    stage, rows = must_be_ready(actor, call, code, order, why)
    draw = _draw(call, stage)
    for key, own in lists_of(stage, rows).items():
        _funded(call, stage, key, own, draw, order)


def _draw(call: Call, stage: RankingStage) -> dict[str, str]:
    made = promised(call, stage.code) if stage.then_lottery else None
    if made is None:
        return {}
    return {"seed": made.content["seed"], "nonce": made.content["nonce"], "commitment": made.seed_commitment}


def _computed(
    call: Call, stage: RankingStage, rows: Sequence[Listed], draw: Mapping[str, str], order: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    lists, calibration = [], {}
    for key, own in lists_of(stage, rows).items():
        decision = _funded(call, stage, key, own, draw, order)
        label = list_label(call, stage, key)
        lists.append(
            {"key": key, "label": label.model_dump() if label else None, "decision": decision.to_dict()}
        )
        calibration[key] = calibrated(call, own, len(decision.funded))
    content = {
        "format": FORMAT,
        "places": counts_places(call, stage),
        "points": bool(rows and rows[0].points),
        "lists": lists,
        "rows": {one.label: row_plain(one) for one in rows},
    }
    return content, calibration


def _funded(
    call: Call,
    stage: RankingStage,
    key: str,
    rows: Sequence[Listed],
    draw: Mapping[str, str],
    order: Sequence[str],
) -> Decision:
    rules = rules_of(call, stage, key, draw, bool(order))
    ideas = [idea_of(call, stage, one, order) for one in rows]
    try:
        return fund(ideas, rules)
    except MethodError as error:
        if error.field != "seed":
            raise ValidationError(str(error)) from error
        text = (
            _(
                "Equal in everything that the rules name: %(labels)s. Publish the fingerprint of a seed, then draw."
            )
            if stage.then_lottery
            else _("Equal in everything that the rules name: %(labels)s. Put them in order, with a reason.")
        )
        raise Tied(text % {"labels": error.row}, error.row.split(", ")) from error


@act
def _keep(
    actor: Actor, call: Call, code: str, content: dict[str, Any], calibration: dict[str, Any], promise: str
) -> Ranking:
    must_not_be_released(Call.objects.get(pk=call.pk))
    prints = [part["decision"]["provenance"]["data_hash"] for part in content["lists"]]
    made = Ranking.objects.create(
        call=call,
        stage=code,
        content=content,
        calibrated=calibration,
        data_hash=data_hash(*prints),
        seed_commitment=promise,
        made_by=actor.user,
    )
    record(actor, "calls.ranked", call, data={"ranking": made.pk, "data_hash": made.data_hash})
    return made


@act
def adopt(actor: Actor, ranking: Ranking) -> int:
    """Take a ranking as the basis of the decision: what stands at the list goes on to the decision."""
    call = ranking.call
    manage_call.require(actor, call)
    must_not_be_released(call)
    if ranking.data_hash == "":
        raise ValidationError(_("This is no ranking yet."))
    if text := still_before(call, ranking.stage):
        raise ValidationError(text)
    onward = stage_after(call.rules, ranking.stage)
    rows = call.applications.filter(state=ApplicationState.SUBMITTED, stage=ranking.stage)
    known = [row["pk"] for row in ranking.content["rows"].values()]
    if rows.exclude(pk__in=known).exists():
        raise ValidationError(_("This ranking is older than some of the applications. Make a new one."))
    count = rows.update(stage=onward)
    record(actor, "calls.ranking_adopted", call, data={"ranking": ranking.pk, "applications": count})
    return count
