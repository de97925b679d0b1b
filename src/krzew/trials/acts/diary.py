"""The diary of an innovation and its risks: by the innovator, her mentor and the team."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.timeline.acts import act, record
from krzew.trials.acts.steps import must_run
from krzew.trials.models import Diary, DiaryKind, Innovation, Risk, Signature
from krzew.trials.rules import accompany
from krzew.trials.states import AgreementState
from krzew.ui.formats import day

BY_INNOVATOR = (DiaryKind.OBSERVATION, DiaryKind.CHANGE, DiaryKind.INCIDENT, DiaryKind.WORKSHOP)
BY_TEAM = tuple(DiaryKind)
REASONED = (DiaryKind.CHANGE,)
IN_FORCE_ONCE = (AgreementState.SIGNED, AgreementState.REPLACED, AgreementState.ENDED)


def _must_write(actor: Actor, innovation: Innovation, innovator: bool) -> None:
    if not innovator:
        accompany.require(actor, innovation)
    must_run(innovation)


@act
def note(
    actor: Actor,
    innovation: Innovation,
    *,
    kind: str,
    on: date,
    text: str,
    why: str = "",
    hours: Decimal | None = None,
    attended: int | None = None,
    innovator: bool = False,
) -> Diary:
    """Add an entry. A change needs its reason, support its hours, a workshop how many came."""
    _must_write(actor, innovation, innovator)
    errors = _wrong(kind, on, text, why, hours, attended, innovator)
    if kind == DiaryKind.SUPPORT and "on" not in errors:
        errors |= _support_too_early(innovation, on)
    if errors:
        raise ValidationError(errors)
    entry = Diary.objects.create(
        innovation=innovation,
        kind=kind,
        on=on,
        text=text.strip(),
        why=why.strip(),
        hours=hours,
        attended=attended,
        by=actor.user,
        by_innovator=innovator,
    )
    record(actor, "trials.diary_noted", innovation, data={"kind": kind})
    return entry


def _wrong(
    kind: str,
    on: date,
    text: str,
    why: str,
    hours: Decimal | None,
    attended: int | None,
    innovator: bool,
) -> dict[str, str]:
    errors = {}
    if kind not in (BY_INNOVATOR if innovator else BY_TEAM):
        errors["kind"] = _("Choose what it is.")
    if not text.strip():
        errors["text"] = _("Write what happened.")
    if on > timezone.localdate():
        errors["on"] = _("The diary tells what has happened: choose today or an earlier day.")
    if kind in REASONED and not why.strip():
        errors["why"] = _("Say why it was changed.")
    if kind == DiaryKind.SUPPORT and not hours:
        errors["hours"] = _("Say how many hours it took.")
    if kind == DiaryKind.WORKSHOP and attended is None:
        errors["attended"] = _("Say how many people of the team came.")
    return errors


def _support_too_early(innovation: Innovation, on: date) -> dict[str, str]:
    """Where the programme has an agreement on co-operation, support begins when every party has signed it."""
    stages = [s.code for s in innovation.call.rules.of_kind("cooperation")]
    if not stages:
        return {}
    signed = Signature.objects.filter(
        agreement__innovation=innovation, agreement__stage__in=stages, agreement__state__in=IN_FORCE_ONCE
    )
    last = signed.order_by("agreement__number").values("agreement").annotate(day=Max("signed_on")).first()
    if last is None:
        return {
            "kind": _("First comes the cooperation agreement, signed by every party. Then support is noted.")
        }
    if on < last["day"]:
        text = _("The cooperation agreement was signed on %(day)s; support counts from that day.")
        return {"on": text % {"day": day(last["day"])}}
    return {}


@act
def add_risk(
    actor: Actor,
    innovation: Innovation,
    *,
    text: str,
    likelihood: int,
    impact: int,
    answer: str = "",
    innovator: bool = False,
) -> Risk:
    """What may go wrong, and what is done about it."""
    _must_write(actor, innovation, innovator)
    risk = Risk.objects.create(
        innovation=innovation, text=text.strip(), likelihood=likelihood, impact=impact, answer=answer.strip()
    )
    record(actor, "trials.risk_added", innovation, data={"risk": risk.pk})
    return risk


@act
def change_risk(
    actor: Actor,
    risk: Risk,
    *,
    text: str,
    likelihood: int,
    impact: int,
    answer: str = "",
    happened_on: date | None = None,
    closed: bool = False,
    innovator: bool = False,
) -> Risk:
    """Weigh it anew, note that it happened, or that it is over."""
    _must_write(actor, risk.innovation, innovator)
    if happened_on and happened_on > timezone.localdate():
        raise ValidationError({"happened_on": _("Choose today or an earlier day.")})
    risk.text, risk.answer = text.strip(), answer.strip()
    risk.likelihood, risk.impact, risk.happened_on = likelihood, impact, happened_on
    risk.closed_at = (risk.closed_at or timezone.now()) if closed else None
    risk.save()
    record(actor, "trials.risk_changed", risk.innovation, data={"risk": risk.pk, "closed": closed})
    return risk
