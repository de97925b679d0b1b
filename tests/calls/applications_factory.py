"""Applications filled in and sent, for every template: what other tests of calls begin with."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_people as people
from krzew.calls.definition.form import FormField
from krzew.calls.models import Application, Call

SERIAL = count(1)
NIP = "5260001246"
PLAN = [
    {
        "phase": "preparation",
        "action": "Spotkania z odbiorcami",
        "start": "2027-01-01",
        "end": "2027-02-28",
        "cost": "20 000",
    },
    {
        "phase": "testing",
        "action": "Test w dwóch gminach",
        "start": "2027-03-01",
        "end": "2027-09-30",
        "cost": "60 000",
    },
]
WORDS = "Warsztat w stodole, w którym uczestnicy uczą się naprawy rowerów i oddają je sąsiadom."


def answer_to(field: FormField) -> Any:
    """A right answer to any question."""
    answers: Mapping[str, Any] = {
        "line": "Rowery z drugiej ręki",
        "text": WORDS,
        "number": "8",
        "money": "80 000",
        "date": "2027-01-01",
        "yes_no": False,
        "place": "300202",
        "email": "ktos@example.org",
        "phone": "600 000 000",
    }
    if field.kind == "plan":
        codes = [phase.code for phase in field.phases]
        return [{**row, "phase": codes[n] if codes else ""} for n, row in enumerate(PLAN)]
    if field.kind == "choice":
        return field.options[0].code
    if field.kind == "choices":
        return [field.options[0].code]
    if field.kind == "solution":
        return field.solutions[0]
    return answers[field.kind]


def answers_for(call: Call, kind: str) -> dict[str, Any]:
    stage = call.rules.form
    assert stage is not None
    return {f.code: answer_to(f) for f in stage.fields if kind in f.applicants and f.kind != "file"}


def applicant_data(kind: str, email: str, nip: str = "") -> dict[str, str]:
    data = {"name": "Zofia Próbna", "address": "Próbna 1, 64-700 Czarnków", "phone": "600 000 000"}
    if kind in ("organisation", "partnership"):
        data |= {"name": "Stowarzyszenie Próba", "nip": nip, "representative": "Jan Próbny, prezes"}
        data |= {"contact": "Zofia Próbna"}
    return data | {"email": email}


def nip_number(serial: int) -> str:
    """The next number whose last digit is right."""
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    for base in count(525_000_000 + serial * 11):
        check = sum(int(d) * w for d, w in zip(str(base), weights, strict=True)) % 11
        if check < 10:
            return f"{base}{check}"
    raise AssertionError


def draft(
    call: Call,
    *,
    kind: str = "",
    answers: Mapping[str, Any] | None = None,
    email: str = "",
    nip: str = "",
    actor: Actor | None = None,
    **data: str,
) -> tuple[Application, str]:
    """A draft in which nothing is missing, with its link."""
    actor, serial = actor or Actor.anonymous(), next(SERIAL)
    kind = kind or call.rules.applicants.kinds[0]
    application, token = acts.start(actor, call, kind=kind)
    contact = applicant_data(kind, email or f"autor{serial}@example.org", nip or nip_number(serial)) | data
    typed = answers_for(call, kind) | dict(answers or {})
    acts.save(actor, application, seen=0, answers=typed, applicant=contact)
    if kind in ("group", "partnership"):
        _gather(actor, application, serial)
    stage = call.rules.form
    assert stage is not None
    people.set_ticks(actor, application, {one.code for one in stage.declarations})
    return application, token


def _gather(actor: Actor, application: Application, serial: int) -> None:
    row = people.MemberRow("Adam Próbny", f"adam{serial}@example.org")
    [member] = people.set_members(actor, application, [row])
    stage = application.call.rules.form
    assert stage is not None
    codes = {d.code for d in stage.declarations if d.each_member and application.kind in d.applicants}
    people.set_ticks(Actor.anonymous(), application, codes, member=member)
    people.join(Actor.anonymous(), member)


def sent(call: Call, *, token: bool = False, **fields: Any) -> Any:
    """An application that was sent; with `token=True` also its link."""
    application, link = draft(call, **fields)
    acts.submit(Actor.anonymous(), application, seen=application.revision)
    application.refresh_from_db()
    return (application, link) if token else application
