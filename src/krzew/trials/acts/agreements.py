"""An agreement is written from clauses, offered, signed by every party, changed by an annex, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.definition.testing import AgreementStage, CooperationStage
from krzew.calls.models import content_hash
from krzew.timeline.acts import act, record
from krzew.trials.acts import letters
from krzew.trials.acts.steps import move, must_be_open, must_run, save_seen, settle, stage_of
from krzew.trials.agreements import clauses, known
from krzew.trials.agreements.checks import lacks
from krzew.trials.agreements.filling import Share, frozen, settings_of, shares, thawed
from krzew.trials.journey import in_force
from krzew.trials.models import Agreement, AgreementKind, Innovation, Signature, Tranche
from krzew.trials.rules import manage_innovation
from krzew.trials.states import AGREEMENT, AgreementState

LONGEST_CLAUSE = 6000
LINES = 60
WAYS = ("paper", "electronic", "here")
DATA = ("label", "amount", "own_contribution", "starts_on", "ends_on", "licence")


@act
def write(actor: Actor, innovation: Innovation, code: str) -> Agreement:
    """Begin an agreement: everything that is known already stands in it."""
    manage_innovation.require(actor, innovation)
    stage = stage_of(innovation, code)
    must_be_open(innovation, stage)
    if not isinstance(stage, AgreementStage | CooperationStage):
        raise ValidationError(_("The programme of this call has no such stage."))
    rows = [a for a in innovation.agreements.filter(stage=code) if a.state != AgreementState.DROPPED]
    if any(a.state in (AgreementState.DRAFT, AgreementState.OFFERED) for a in rows):
        raise ValidationError(_("This agreement is being written already."))
    if any(a.state == AgreementState.SIGNED for a in rows):
        raise ValidationError(_("This agreement is in force. Change it by an annex."))
    return _written(actor, innovation, stage)


def _written(actor: Actor, innovation: Innovation, stage: AgreementStage | CooperationStage) -> Agreement:
    grant = isinstance(stage, AgreementStage)
    agreement = Agreement.objects.create(
        innovation=innovation,
        kind=AgreementKind.GRANT if grant else AgreementKind.COOPERATION,
        stage=stage.code,
        number=innovation.agreements.filter(stage=stage.code).count() + 1,
        content=_beginning(innovation, stage),
        amount=innovation.granted if grant else None,
        licence=stage.licence if isinstance(stage, AgreementStage) else "",
        made_by=actor.user,
    )
    _put_signers(agreement, known.signers(innovation))
    record(actor, "trials.agreement_written", agreement, new=agreement.state)
    return agreement


def _beginning(innovation: Innovation, stage: AgreementStage | CooperationStage) -> dict[str, Any]:
    language = innovation.language if innovation.language in ("pl", "en") else "pl"
    kind = AgreementKind.GRANT if isinstance(stage, AgreementStage) else AgreementKind.COOPERATION
    rules = known.terms(innovation.call.rules)
    with override(language):
        rows = clauses.drafted(kind, timezone.localdate(), language)
        if isinstance(stage, CooperationStage) and stage.text:
            rows.append(_own_clause(str(stage.label), str(stage.text)))
    kept: dict[str, Any] = {"language": language, "clauses": rows, "settings": {}}
    if isinstance(stage, AgreementStage):
        kept["results"] = [_result(row) for row in stage.results]
        kept["plan"] = known.plan_of(innovation)
        kept["settings"] = {"return_days": rules.return_days if rules else None}
    return kept


def _own_clause(title: str, text: str) -> dict[str, Any]:
    """What the programme itself says about this agreement."""
    source = {"source": _("rules of the programme"), "verified": True, "editable": True}
    return {"code": "programme", "title": title, "template": text, "content": "", "when": "", **source}


def _result(row: Any) -> dict[str, Any]:
    return {"code": row.code, "label_pl": row.label.pl, "label_en": row.label.en, "final": row.final}


def _put_signers(agreement: Agreement, people: Sequence[tuple[str, str, str]]) -> None:
    agreement.signatures.all().delete()
    rows = [Signature(agreement=agreement, side=s, name=n, role=r) for s, n, r in people if n.strip()]
    Signature.objects.bulk_create(rows)


def _must_be_draft(actor: Actor, agreement: Agreement) -> None:
    manage_innovation.require(actor, agreement.innovation)
    must_run(agreement.innovation)
    agreement.state = Agreement.objects.values_list("state", flat=True).get(pk=agreement.pk)
    if agreement.state != AgreementState.DRAFT:
        raise ValidationError(_("It is offered already. Take it back before you change it."))


@act
def save_data(
    actor: Actor,
    agreement: Agreement,
    *,
    seen: int,
    data: Mapping[str, Any],
    settings: Mapping[str, Any],
    people: Sequence[tuple[str, str, str]],
) -> Agreement:
    """Amount, dates, choices, and who signs."""
    _must_be_draft(actor, agreement)
    fields = {name: data[name] for name in DATA if name in data}
    starts, ends = fields.get("starts_on"), fields.get("ends_on")
    if starts and ends and starts >= ends:
        raise ValidationError({"ends_on": _("The last day must come after the first.")})
    content = {**agreement.content, "settings": {**settings_of(agreement), **settings}}
    save_seen(agreement, seen, content=content, **fields)
    _put_signers(agreement, people)
    record(actor, "trials.agreement_changed", agreement, data={"part": "data"})
    return agreement


@act
def save_clause(
    actor: Actor, agreement: Agreement, *, seen: int, code: str, title: str, text: str
) -> Agreement:
    """Change the words of a clause, where they may be changed. An empty text takes the clause out."""
    _must_be_draft(actor, agreement)
    rows = [dict(row) for row in agreement.content["clauses"]]
    clause = next((row for row in rows if row["code"] == code), None)
    if clause is None or not clause["editable"]:
        raise ValidationError(_("This clause is fixed."))
    if len(text) > LONGEST_CLAUSE:
        raise ValidationError({"text": _("This is too long for one clause.")})
    clause |= {"title": title.strip(), "template": text.replace("\r\n", "\n").strip()}
    save_seen(agreement, seen, content={**agreement.content, "clauses": rows})
    record(actor, "trials.agreement_changed", agreement, data={"part": "clause", "clause": code})
    return agreement


@act
def save_plan(
    actor: Actor, agreement: Agreement, *, seen: int, rows: Sequence[tuple[str, Decimal]]
) -> Agreement:
    """Lines of the plan with their costs, as agreed. Empty lines fall out."""
    _must_be_draft(actor, agreement)
    plan = [
        {"line": str(n), "action": action.strip()[:500], "cost": f"{cost:.2f}"}
        for n, (action, cost) in enumerate([row for row in rows if row[0].strip()][:LINES], 1)
    ]
    save_seen(agreement, seen, content={**agreement.content, "plan": plan})
    record(actor, "trials.agreement_changed", agreement, data={"part": "plan"})
    return agreement


@act
def save_dates(
    actor: Actor, agreement: Agreement, *, seen: int, dates: Mapping[str, date | None]
) -> Agreement:
    """By when the report on each result comes; without a day nobody is reminded."""
    _must_be_draft(actor, agreement)
    rows = []
    for row in agreement.content.get("results", []):
        due = dates.get(row["code"])
        bare = {key: value for key, value in row.items() if key != "due"}
        rows.append({**bare, "due": due.isoformat()} if due else bare)
    save_seen(agreement, seen, content={**agreement.content, "results": rows})
    record(actor, "trials.agreement_changed", agreement, data={"part": "dates"})
    return agreement


# --- offered and signed ------------------------------------------------------------------------------


@act
def offer(actor: Actor, agreement: Agreement) -> Agreement:
    """Freeze the content and wait for signatures. Refused while anything is lacking; each lack is named."""
    _must_be_draft(actor, agreement)
    made = divided(agreement)
    found = lacks(agreement, made)
    if found:
        raise ValidationError(found)
    content = frozen(agreement, made)
    move(
        actor,
        agreement,
        AGREEMENT,
        "offer",
        "trials.agreement_offered",
        content=content,
        content_hash=content_hash(content),
        offered_at=timezone.now(),
    )
    agreement.tranches.all().delete()
    Tranche.objects.bulk_create(_tranche(agreement, n, share) for n, share in enumerate(made, 1))
    letters.agreement_waits(actor, agreement)
    return agreement


def divided(agreement: Agreement) -> list[Share]:
    """Tranches of the draft; what was paid under the agreement before an annex stays as it was paid."""
    before = in_force(agreement.innovation, agreement.stage)
    rows = list(before.tranches.all()) if before else []
    paid = {n: row.paid_amount for n, row in enumerate(rows) if row.paid_amount is not None}
    try:
        return shares(agreement, paid)
    except ValueError:
        return []


def _tranche(agreement: Agreement, order: int, share: Share) -> Tranche:
    labels = {"label_pl": share.label_pl[:200], "label_en": share.label_en[:200]}
    kept = {"code": share.code, "amount": share.amount, "after": share.after}
    return Tranche(agreement=agreement, order=order, **labels, **kept)


@act
def take_back(actor: Actor, agreement: Agreement) -> Agreement:
    """Back to writing, as long as nobody has signed."""
    manage_innovation.require(actor, agreement.innovation)
    if agreement.signatures.filter(signed_on__isnull=False).exists():
        raise ValidationError(_("Somebody has signed it already, so it cannot be taken back. Make an annex."))
    content = thawed(agreement.content)
    move(
        actor,
        agreement,
        AGREEMENT,
        "take_back",
        "trials.agreement_taken_back",
        content=content,
        content_hash="",
        offered_at=None,
    )
    agreement.tranches.all().delete()
    return agreement


@act
def sign(
    actor: Actor, agreement: Agreement, signature: Signature, *, typed: str, seen_hash: str
) -> Agreement:
    """The innovator signs here. Whoever holds the link, or is signed in as the author, signs for that side alone."""
    if signature.side != "innovator":
        raise ValidationError(_("Each partner signs alone. The team notes a signature on paper."))
    if seen_hash != agreement.content_hash:
        raise ValidationError(_("The agreement has changed since you opened it. Read it again, then sign."))
    if _plain(typed) != _plain(signature.name):
        raise ValidationError(
            {"typed": _("Type the name as it stands in the agreement: %(name)s.") % {"name": signature.name}}
        )
    return _signed(actor, agreement, signature, timezone.localdate(), "here")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


@act
def note_signature(
    actor: Actor, agreement: Agreement, signature: Signature, *, on: date, way: str
) -> Agreement:
    """The team signs for the incubator, or notes who signed on paper."""
    manage_innovation.require(actor, agreement.innovation)
    if way not in WAYS:
        raise ValidationError({"way": _("Say how it was signed.")})
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    return _signed(actor, agreement, signature, on, way)


def _signed(actor: Actor, agreement: Agreement, signature: Signature, on: date, way: str) -> Agreement:
    must_run(agreement.innovation)
    state = Agreement.objects.select_for_update().get(pk=agreement.pk).state
    if state != AgreementState.OFFERED or signature.agreement_id != agreement.pk:
        raise ValidationError(_("This agreement does not wait for signatures."))
    fields = {"signed_on": on, "way": way, "noted_by": actor.user}
    if not Signature.objects.filter(pk=signature.pk, signed_on=None).update(**fields):
        raise ValidationError(_("This party has signed already."))
    if agreement.signatures.filter(signed_on=None).exists():
        record(actor, "trials.agreement_signed", agreement, data={"side": signature.side, "way": way})
    else:
        _conclude(actor, agreement)
    return agreement


def _conclude(actor: Actor, agreement: Agreement) -> None:
    """Every party has signed: it is in force, and what it replaces is not any more."""
    before = agreement.innovation.agreements.filter(
        stage=agreement.stage, state=AgreementState.SIGNED
    ).first()
    if before is not None:
        for paid in before.tranches.filter(paid_on__isnull=False):
            fields = {"paid_on": paid.paid_on, "paid_amount": paid.paid_amount, "paid_by": paid.paid_by}
            agreement.tranches.filter(code=paid.code).update(**fields)
        move(actor, before, AGREEMENT, "replace", "trials.agreement_replaced")
    move(actor, agreement, AGREEMENT, "conclude", "trials.agreement_concluded", signed_at=timezone.now())
    settle(agreement.innovation)


# --- changed and ended -------------------------------------------------------------------------------


@act
def annex(actor: Actor, agreement: Agreement, why: str) -> Agreement:
    """A new version of an agreement in force, with the reason. It replaces the old one when all have signed."""
    manage_innovation.require(actor, agreement.innovation)
    must_run(agreement.innovation)
    if agreement.state != AgreementState.SIGNED:
        raise ValidationError(_("Only an agreement in force is changed by an annex."))
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence or two.")})
    rows = agreement.innovation.agreements.filter(stage=agreement.stage)
    if rows.filter(state__in=(AgreementState.DRAFT, AgreementState.OFFERED)).exists():
        raise ValidationError(_("An annex is being written already."))
    made = Agreement.objects.create(
        innovation=agreement.innovation,
        kind=agreement.kind,
        stage=agreement.stage,
        number=rows.count() + 1,
        content=thawed(agreement.content),
        annex_why=why.strip(),
        made_by=actor.user,
        **{name: getattr(agreement, name) for name in DATA},
    )
    _put_signers(made, [(s.side, s.name, s.role) for s in agreement.signatures.all()])
    record(actor, "trials.annex_written", made, new=made.state)
    return made


@act
def drop(actor: Actor, agreement: Agreement, why: str) -> Agreement:
    """It is not concluded: the reason is kept."""
    return _closed(actor, agreement, "drop", "trials.agreement_dropped", why)


@act
def end(actor: Actor, agreement: Agreement, why: str) -> Agreement:
    """An agreement in force ends before its time, or is done."""
    return _closed(actor, agreement, "end", "trials.agreement_ended", why)


def _closed(actor: Actor, agreement: Agreement, name: str, event: str, why: str) -> Agreement:
    manage_innovation.require(actor, agreement.innovation)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence or two.")})
    move(actor, agreement, AGREEMENT, name, event, ended_why=why.strip())
    settle(agreement.innovation)
    return agreement
