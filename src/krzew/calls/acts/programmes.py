"""Programmes and calls: from a template to an announced call and its dated amendments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.acts import programmes_letters as letters
from krzew.calls.acts import vote as public_vote
from krzew.calls.acts.steps import Conflict, move, save_seen
from krzew.calls.definition import Definition, plain, read, templates
from krzew.calls.models import Amendment, Call, Programme
from krzew.calls.programmes.readiness import lacking
from krzew.calls.programmes.versions import renewed
from krzew.calls.rules import manage_call, manage_programme
from krzew.calls.rules import new_programme as may_make
from krzew.calls.states import CALL, CallState
from krzew.timeline.acts import act, record

AMENDABLE = ("submit_from", "closes_at", "results_on", "pool", "about_pl", "about_en")
"""All that an amendment may change: a running call keeps the rules with which it began."""


@act
def make_programme(actor: Actor, definition: Definition, *, template: str = "") -> Programme:
    """Begin a programme of the acting organisation."""
    may_make.require(actor)
    assert actor.organisation is not None
    programme = Programme.objects.create(
        organisation=actor.organisation,
        name_pl=definition.name.pl[:200],
        name_en=definition.name.en[:200],
        definition=plain(definition),
        template=template,
        made_by=actor.user,
    )
    record(actor, "calls.programme_made", programme, data={"template": template})
    return programme


def from_template(actor: Actor, code: str) -> Programme:
    """A programme from one of the templates that come with Krzew."""
    if code not in templates():
        raise ValidationError(_("There is no such template. Choose one of the list."))
    return make_programme(actor, templates()[code], template=code)


@act
def change_programme(actor: Actor, programme: Programme, definition: Definition, *, seen: int) -> Programme:
    """Replace the definition; calls that were announced keep theirs. Raises `Conflict`."""
    manage_programme.require(actor, programme)
    definition = renewed(programme.rules, definition)
    names = {"name_pl": definition.name.pl[:200], "name_en": definition.name.en[:200]}
    save_seen(programme, seen, definition=plain(definition), **names)
    programme.__dict__.pop("rules", None)
    record(actor, "calls.programme_changed", programme, data={"revision": programme.revision})
    return programme


@act
def settle_question(actor: Actor, programme: Programme, number: int, *, seen: int) -> Programme:
    """An open question of the programme (counted from 0) has its answer. Raises `Conflict`."""
    manage_programme.require(actor, programme)
    data = plain(programme.rules)
    if not 0 <= number < len(data.get("open_questions", ())):
        raise ValidationError(_("This question is settled already."))
    settled = data["open_questions"].pop(number)
    save_seen(programme, seen, definition=plain(read(data)))
    programme.__dict__.pop("rules", None)
    record(actor, "calls.question_settled", programme, data={"question": settled})
    return programme


@act
def archive_programme(actor: Actor, programme: Programme) -> Programme:
    """Put a programme away: it stays readable, no new call is made from it."""
    manage_programme.require(actor, programme)
    programme.archived_at = timezone.now()
    programme.save(update_fields=["archived_at"])
    record(actor, "calls.programme_archived", programme)
    return programme


@act
def bring_back_programme(actor: Actor, programme: Programme) -> Programme:
    """Take a programme out again."""
    manage_programme.require(actor, programme)
    programme.archived_at = None
    programme.save(update_fields=["archived_at"])
    record(actor, "calls.programme_brought_back", programme)
    return programme


@act
def prepare_call(
    actor: Actor,
    programme: Programme,
    *,
    name_pl: str,
    name_en: str,
    opens_at: datetime,
    submit_from: datetime,
    closes_at: datetime,
    results_on: date | None = None,
    pool: Decimal | None = None,
    about_pl: str = "",
    about_en: str = "",
) -> Call:
    """Prepare the next round of a programme. Nobody outside sees it before it is announced."""
    manage_programme.require(actor, programme)
    if programme.archived_at:
        raise ValidationError(_("This programme was put away. Make a new one from its file."))
    _check_dates(opens_at, submit_from, closes_at, results_on)
    number = programme.calls.count() + 1
    call = Call.objects.create(
        programme=programme,
        slug=_free_slug(name_pl, number),
        round=number,
        name_pl=name_pl,
        name_en=name_en,
        about_pl=about_pl,
        about_en=about_en,
        definition=programme.definition,
        opens_at=opens_at,
        submit_from=submit_from,
        closes_at=closes_at,
        results_on=results_on,
        pool=pool if pool is not None else programme.rules.grant.pool,
        made_by=actor.user,
    )
    record(actor, "calls.call_prepared", call, new=call.state)
    return call


def _free_slug(name: str, number: int) -> str:
    base = slugify(name.replace("ł", "l").replace("Ł", "L"))[:48] or "nabor"
    wanted = [base, *(f"{base}-{n}" for n in range(max(number, 2), max(number, 2) + 500))]
    taken = set(Call.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return next(slug for slug in wanted if slug not in taken)


def _check_dates(
    opens_at: datetime, submit_from: datetime, closes_at: datetime, results_on: date | None
) -> None:
    if submit_from < opens_at:
        raise ValidationError({"submit_from": _("Sending cannot open before writing does.")})
    if closes_at <= submit_from:
        raise ValidationError({"closes_at": _("The call must close after sending opens.")})
    if results_on and results_on < timezone.localdate(closes_at):
        raise ValidationError({"results_on": _("Results cannot come before the call closes.")})


@act
def change_call(actor: Actor, call: Call, *, seen: int, **fields: Any) -> Call:
    """Change a call that is not announced yet. Raises `Conflict`."""
    manage_call.require(actor, call)
    if call.state != CallState.DRAFT:
        raise ValidationError(
            _("This call is announced: change it by an amendment with a date and a reason.")
        )
    _check_dates(
        *(
            fields.get(name, getattr(call, name))
            for name in ("opens_at", "submit_from", "closes_at", "results_on")
        )
    )
    save_seen(call, seen, **fields)
    record(actor, "calls.call_changed", call, data={"fields": sorted(fields)})
    return call


@act
def publish_call(actor: Actor, call: Call) -> Call:
    """Announce: the rules of the programme are copied and stay as they are until the call is finished."""
    manage_call.require(actor, call)
    if lacks := lacking(call):
        raise ValidationError([f"{need.label}. {need.note}".strip() for need in lacks])
    move(
        actor,
        call,
        CALL,
        "publish",
        "calls.call_published",
        {"revision": call.programme.revision},
        definition=plain(read(call.programme.definition)),
        published_at=timezone.now(),
    )
    call.__dict__.pop("rules", None)
    letters.tell(actor, call, "announced")
    return call


@act
def amend_call(
    actor: Actor, call: Call, *, seen: int, text_pl: str, text_en: str, **fields: Any
) -> Amendment:
    """Change dates, pool or texts of an announced call, with a text that is announced too. Raises `Conflict`.

    Letters to those who write or sent an application, and to authors of ideas, are prepared and held.
    """
    manage_call.require(actor, call)
    if call.state != CallState.PUBLISHED:
        raise ValidationError(_("Only an announced call can be amended."))
    if not set(fields) <= set(AMENDABLE):
        raise ValidationError(_("The rules of an announced call do not change. Make the next round instead."))
    _must_explain(text_pl=text_pl, text_en=text_en)
    changed = {name: value for name, value in fields.items() if getattr(call, name) != value}
    if not changed:
        raise ValidationError(_("Nothing is different from what is announced."))
    _refuse_shorter(call, changed)
    before = {name: _shown(getattr(call, name)) for name in changed}
    _check_dates(
        *(
            fields.get(name, getattr(call, name))
            for name in ("opens_at", "submit_from", "closes_at", "results_on")
        )
    )
    save_seen(call, seen, **changed)
    after = {name: _shown(value) for name, value in changed.items()}
    amendment = Amendment.objects.create(
        call=call, by=actor.user, text_pl=text_pl, text_en=text_en, before=before, after=after
    )
    record(actor, "calls.call_amended", call, data={"fields": sorted(changed)})
    letters.tell(actor, call, "amended", amendment)
    return amendment


def _must_explain(**texts: str) -> None:
    """People read why. Each language has its own field."""
    short = _("Write a sentence; the public and the applicants will read it.")
    if wrong := {name: short for name, text in texts.items() if len(text.strip()) < 10}:
        raise ValidationError(wrong)


def _refuse_shorter(call: Call, changed: dict[str, Any]) -> None:
    """People plan by what is announced: time and money may be added, never taken away."""
    refused: dict[str, str] = {}
    if "closes_at" in changed and call.closes_at <= timezone.now():
        refused["closes_at"] = _("The call has closed. Do not open it again; make the next round.")
    elif "closes_at" in changed and changed["closes_at"] < call.closes_at:
        refused["closes_at"] = _("The closing date of an announced call may only move later.")
    if "submit_from" in changed and changed["submit_from"] > call.submit_from:
        refused["submit_from"] = _("Sending may only open earlier than announced.")
    if "pool" in changed and (changed["pool"] or 0) < (call.pool or 0):
        refused["pool"] = _("The pool of an announced call may only grow.")
    for name in ("about_pl", "about_en"):
        if name in changed and not changed[name].strip():
            refused[name] = _("The text stays in both languages.")
    if refused:
        raise ValidationError(refused)


def _shown(value: Any) -> str | None:
    return None if value is None else str(value.isoformat() if hasattr(value, "isoformat") else value)


@act
def cancel_call(actor: Actor, call: Call, *, reason_pl: str, reason_en: str) -> Call:
    """Call off, with the reason that the public reads. Letters to applicants and authors are held."""
    manage_call.require(actor, call)
    if call.is_public:
        _must_explain(reason_pl=reason_pl, reason_en=reason_en)
    move(actor, call, CALL, "cancel", "calls.call_cancelled")
    amendment = Amendment.objects.create(call=call, by=actor.user, text_pl=reason_pl, text_en=reason_en)
    if call.is_public:
        public_vote.end_with_call(actor, call, reason_pl, reason_en)
        letters.tell(actor, call, "cancelled", amendment)
    return call


__all__ = [
    "Conflict",
    "amend_call",
    "archive_programme",
    "bring_back_programme",
    "cancel_call",
    "change_call",
    "change_programme",
    "from_template",
    "make_programme",
    "prepare_call",
    "publish_call",
    "settle_question",
]
