"""One innovation with something behind every address of the room, and everybody who may try them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, OrganisationKind, Role
from krzew.calls.states import Outcome
from krzew.library.models import Solution
from krzew.trials.acts import agreements, innovations, packages, settlement
from krzew.trials.acts import test as tests
from krzew.trials.acts.steps import fresh
from krzew.trials.models import Innovation, Package, PolicyInclusion
from krzew.trials.queries.money import fresh as with_money
from krzew.trials.small.questions import questions
from krzew.trials.states import InnovationState, VersionState
from tests.calls.factories_assessment import make_assessor
from tests.trials import agreements_factory, small
from tests.trials.factory import innovation as begun
from tests.trials.test_dissemination import PDF

PERSONAS = (
    *("owner", "manager", "outsider", "mentor", "mentor_else", "assessor", "adviser", "editor"),
    *("account", "link", "other_link", "tester", "visitor"),
)
TESTERS_OWN = ("tester", "tester_agree", "tester_refuse", "tester_leave", "tester_dates")


@dataclass
class World:
    innovation: Innovation
    people: dict[str, Client]
    tokens: dict[str, str]
    """The secret that somebody holds; the others try the address for those who are signed in."""
    keys: dict[str, Any] = field(default_factory=dict)
    """What stands in an address: by the name of the address and the parameter, or by the parameter alone."""

    def address(self, pattern: URLPattern, who: str) -> str:
        names, own = pattern.pattern.converters, {"token": self.tokens.get(who, f"own-{self.innovation.pk}")}
        keys = self.keys | own
        given = {name: keys.get(f"{pattern.name}.{name}", keys.get(name)) for name in names}
        missing = [name for name, value in given.items() if value is None]
        assert not missing, f"say in matrix_factory what {missing} is for {pattern.name}"
        return reverse(f"trials:{pattern.name}", kwargs=given)


def world(manager: Actor, stranger: Actor, make_actor: Callable[..., Actor], client_of: Any) -> World:
    """An innovation that has come as far as the last gate, with a mentor, testers and money."""
    home = manager.organisation
    assert home is not None
    made = {
        name: make_actor(f"{name}@example.org", home.name, role, OrganisationKind.INCUBATOR)
        for name, role in {
            "owner": Role.OWNER,
            "mentor": Role.MENTOR,
            "mentor_else": Role.MENTOR,
            "adviser": Role.ADVISER,
            "editor": Role.EDITOR,
        }.items()
    }
    account = make_actor("autorka@example.org", "Grupa Obca", Role.MEMBER)
    row, token = begun(manager, "stocznia")
    _other, others = begun(manager, "stocznia")
    innovations.name_mentor(manager, row, made["mentor"].user)
    Innovation.objects.filter(pk=row.pk).update(
        user=account.user, is_public=True, solution=Solution.objects.filter(current__isnull=False)[0]
    )
    row = fresh(row.pk)
    keys, tester = _keys(manager, row)
    keys |= _in_the_library(manager)
    clients = {name: client_of(actor) for name, actor in made.items()}
    clients |= {"manager": client_of(manager), "outsider": client_of(stranger)}
    clients |= {"account": client_of(account), "assessor": client_of(Actor.of(make_assessor(home).user))}
    clients |= {name: Client() for name in ("link", "other_link", "tester", "visitor")}
    assert not Membership.objects.filter(user=made["owner"].user, role=Role.MANAGER).exists()
    tokens = {"link": token, "other_link": others, "tester": tester, "visitor": "nothing"}
    return World(row, clients, tokens, keys)


def _keys(manager: Actor, row: Innovation) -> tuple[dict[str, Any], str]:
    assert row.application is not None
    agreements_factory.sent(row.application)
    agreements_factory.concluded(manager, row, "cooperation")
    agreements_factory.passed_gates(row)
    grant = agreements_factory.concluded(manager, fresh(row.pk))
    annex = agreements.annex(manager, row.agreements.get(stage="cooperation"), "Inny termin.")
    row.application.decisions.create(stage="decision", outcome=Outcome.GRANTED, released_at=timezone.now())
    _waiting_version(row)
    result = _accepted(manager, row)
    test, tester = _test(row)
    package = packages.package_of(row)
    file = packages.add_file(
        manager,
        package,
        SimpleUploadedFile("opis.pdf", PDF),
        licence="CC-BY-4.0",
        authors="Grupa",
        accessible="yes",
    )
    risk = row.risks.create(text="Deszcz")
    remark = row.remarks.create(field="solution", text="Dla kogo?")
    refund = row.refunds.create(amount=Decimal(10), why="Reszta.")
    solution, tranche = row.solution, grant.tranches.order_by("pk").first()
    assert solution is not None
    assert tranche is not None
    fact = PolicyInclusion.objects.create(
        solution=solution, kind="regional", title="Model", source="Uchwała", on=timezone.localdate()
    )
    drafts = {f"agreement_{name}.code": "cooperation" for name in ("data", "plan", "clause", "drop", "offer")}
    return {
        "pk": row.pk,
        "slug": row.slug,
        "number": 1,
        "clause": next(one["code"] for one in annex.content["clauses"] if one["editable"]),
        "file": file.pk,
        "risk": risk.pk,
        "refund": refund.pk,
        "tranche": tranche.pk,
        "moment": "after",
        "code": "agreement",
        **{f"{name}.code": "preliminary" for name in SPECIFICATION},
        **{f"{name}.number": 3 for name in ("team_specification_decide",)},
        **{f"{name}.code": result for name in RESULT},
        **{f"{side}{name}.code": questions(test)[0].code for name in ASKED for side in ("", "team_")},
        **{f"{side}{name}.code": "T01" for name in TESTER for side in ("", "team_")},
        **{
            f"{name}.slug": row.call.slug for name in ("begin", "gate", "gate_protocol", "money", "money_csv")
        },
        **{f"{name}.slug": solution.slug for name in ("policy", "policy_withdraw")},
        "policy_withdraw.pk": fact.pk,
        "specification_remark_done.pk": remark.pk,
        **drafts,
    }, tester


SPECIFICATION = ("specification", "specification_begin", "specification_check", "team_specification")
RESULT = (
    *("report", "report_send", "protocol_pdf", "team_report", "report_accept", "report_back"),
    *("protocol_note", "team_protocol_pdf"),
)
ASKED = ("test_question", "measure")
TESTER = ("tester_one", "tester_do")


def _waiting_version(row: Innovation) -> None:
    row.specifications.create(stage="full", number=3, state=VersionState.SENT, content={})
    words = {"stage": "full", "label": {"pl": "Opis", "en": "Text"}, "title": row.title}
    row.specifications.update(content=words | {"fields": [], "answers": {}})


def _in_the_library(manager: Actor) -> dict[str, Any]:
    """One that was chosen and waits for an editor, and one that is in the library."""
    waits, shown = (begun(manager, "stocznia")[0] for _n in range(2))
    for row in (waits, shown):
        Innovation.objects.filter(pk=row.pk).update(state=InnovationState.CHOSEN, is_public=True)
        package = packages.package_of(row)
    package.files.create(
        name="opis.pdf", kind="pdf", size=len(PDF), sha256="0" * 64, file=ContentFile(PDF, "opis.pdf")
    )
    version = Solution.objects.filter(current__isnull=False)[0].current
    Package.objects.filter(pk=package.pk).update(version=version)
    return {"publish.pk": waits.pk, "materials.slug": shown.slug}


def _accepted(manager: Actor, row: Innovation) -> str:
    """A report that was accepted: its protocol waits for signatures."""
    anybody, whole = Actor.anonymous(), with_money(row.pk)
    grant = row.agreements.get(stage="agreement")
    code = str(grant.content["results"][0]["code"])
    report = settlement.begin_report(anybody, fresh(row.pk), code)
    spent = {line["line"]: Decimal(100) for line in report.declared}
    said: dict[str, Any] = {"done": "Zrobione.", "evidence": "Lista.", "achieved": Decimal(100)}
    report = settlement.save_report(anybody, whole, report, seen=0, spent=spent, **said)
    settlement.send(anybody, whole, report, seen=report.revision, stated=True)
    settlement.accept(
        manager,
        report,
        achieved=Decimal(100),
        accepted=report.amount or Decimal(0),
        to_return=Decimal(0),
        text="",
    )
    return code


def _test(row: Innovation) -> tuple[Any, str]:
    """An open test, with one tester who holds her link."""
    test = small.planned(fresh(row.pk))
    _tester, token = small.invited(test)
    tests.save_call(
        Actor.anonymous(),
        test,
        seen=test.revision,
        is_open=True,
        call_pl="Szukamy osób, które usiądą na ławce i posłuchają opowieści.",
        call_en="We look for people who sit down on a bench and listen to a story.",
        accessible="Wejście bez schodów.",
        innovator=True,
    )
    assert test.ends_on is None or test.ends_on > timezone.localdate() + timedelta(days=1)
    return test, token
