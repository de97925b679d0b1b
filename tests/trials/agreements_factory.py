"""An innovation with everything that an agreement needs, and agreements at any place of their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import Application, ApplicationVersion, Member, Tick
from krzew.trials.acts import agreements as acts
from krzew.trials.acts.steps import fresh
from krzew.trials.journey import stages_of
from krzew.trials.models import Agreement, Innovation, SpecificationVersion
from krzew.trials.states import VersionState

PLAN = [("Prowadzenie spotkań", Decimal("30000.00")), ("Wynagrodzenie trenera", Decimal("10000.00"))]


def sent(application: Application, partners: tuple[str, ...] = ()) -> None:
    """Declarations made by everybody, and the version that was sent."""
    contact = Member.objects.create(application=application, name="Anna Zmyślona", is_contact=True)
    others = [Member.objects.create(application=application, name=name) for name in partners]
    Member.objects.filter(application=application).update(joined_at=timezone.now())
    form = application.call.rules.form
    assert form is not None
    for one in form.declarations:
        for member in (None, contact, *others):
            made = {"code": one.code, "version": one.version, "text": str(one.text)}
            Tick.objects.create(application=application, member=member, **made)
    people = [{"name": m.name, "is_contact": m.is_contact, "email": ""} for m in (contact, *others)]
    content: dict[str, Any] = {
        "kind": application.kind,
        "applicant": {"name": "Anna Zmyślona", "address": "ul. Próbna 1, 00-001 Próba"},
        "members": people,
        "answers": {},
    }
    ApplicationVersion.objects.create(
        application=application, number=1, content=content, sent_at=timezone.now()
    )


def passed_gates(innovation: Innovation) -> None:
    """Every gate of the specification before the agreement is behind it."""
    for number, stage in enumerate(
        (s for s in stages_of(innovation.call.rules) if s.kind == "specification"), 1
    ):
        SpecificationVersion.objects.create(
            innovation=innovation, stage=stage.code, number=number, state=VersionState.ACCEPTED, content={}
        )


def drafted(manager: Actor, innovation: Innovation, code: str = "agreement", **data: Any) -> Agreement:
    """A draft in which nothing is lacking."""
    agreement = acts.write(manager, fresh(innovation.pk), code)
    grant = agreement.kind == "grant"
    people = [(s.side, s.name, s.role) for s in agreement.signatures.all()]
    values = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "own_contribution": None}
    values |= {"amount": agreement.amount, "licence": agreement.licence, "label": "1/2027", **data}
    settings = {"basis": "act_2022", "children": False, "keeping_years": None} if grant else {}
    acts.save_data(manager, agreement, seen=agreement.revision, data=values, settings=settings, people=people)
    if grant:
        acts.save_plan(manager, agreement, seen=agreement.revision, rows=PLAN)
    return agreement


def concluded(manager: Actor, innovation: Innovation, code: str = "agreement", **data: Any) -> Agreement:
    """Offered and signed by everybody."""
    agreement = drafted(manager, innovation, code, **data)
    acts.offer(manager, agreement)
    signed(manager, agreement)
    return agreement


def signed(manager: Actor, agreement: Agreement) -> None:
    for row in agreement.signatures.all():
        acts.note_signature(manager, agreement, row, on=timezone.localdate(), way="paper")


def ready(
    make: Callable[..., tuple[Innovation, str]], template: str = "iws2", partners: tuple[str, ...] = ()
) -> tuple[Innovation, str]:
    """An innovation that may get its agreement."""
    innovation, token = make(template)
    assert innovation.application is not None
    sent(innovation.application, partners)
    return innovation, token
