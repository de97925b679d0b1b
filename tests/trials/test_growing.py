"""Pages with lists ask the database as often for twelve rows as for one, and never more than thirty times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import Call
from krzew.calls.states import Outcome
from krzew.library.models import Solution
from krzew.trials.acts import innovations as acts
from krzew.trials.acts import packages
from krzew.trials.models import Diary, Innovation, Measurement, PolicyInclusion
from krzew.trials.small.questions import questions
from tests.trials import agreements_factory, factory, small

pytestmark = pytest.mark.django_db
MOST = 30
OF_MANY = ("innovations", "journeys", "open_tests", "grants", "gate", "money")
OF_ONE = (
    *("team_innovation", "team_test", "team_test_questions", "team_testers", "team_measurements"),
    *("team_diary", "team_risks", "team_evaluation", "team_package", "team_settlement", "journey", "policy"),
    *("innovation", "test", "testers", "measurements", "diary", "risks", "package", "settlement"),
)


def asked(client: Client, address: str) -> int:
    client.get(address)  # what is read once for the whole process
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200, address
    return len(found)


def more_innovations(manager: Actor, call: Call, numbers: range) -> None:
    """Public ones with an agreement, a settled grant, and a test that looks for people."""
    for number in numbers:
        application, _token = factory.selected(call, number)
        application.decisions.create(
            stage="decision", outcome=Outcome.GRANTED, released_at=timezone.now(), amount=Decimal(40000)
        )
        row = acts.begin(manager, application)
        row.agreements.create(kind="grant", stage="agreement", state="signed", content={"results": []})
        row.refunds.create(amount=Decimal(10), why="Reszta.")
        test = small.planned(row)
        type(test).objects.filter(pk=test.pk).update(is_open=True, call_pl="Zapraszamy.", state="running")
        Innovation.objects.filter(pk=row.pk).update(is_public=True, user=manager.user)


def test_lists_of_innovations(manager: Actor, client_of: Callable[[Actor], Client]) -> None:
    assert manager.organisation is not None
    call, client = factory.call(manager.organisation), client_of(manager)
    keys = {"gate": [call.slug], "money": [call.slug]}
    addresses = {name: reverse(f"trials:{name}", args=keys.get(name)) for name in OF_MANY}
    more_innovations(manager, call, range(1, 2))
    few = {name: asked(client, address) for name, address in addresses.items()}
    more_innovations(manager, call, range(2, 13))
    assert {name: asked(client, address) for name, address in addresses.items()} == few
    assert max(few.values()) <= MOST, few


def more_of_everything(row: Innovation, numbers: range) -> None:
    """Another tester with an answer, an entry, a risk, a file, an opinion, a fact, a version with a remark."""
    test, solution, now = row.test, row.solution, timezone.now()
    assert solution is not None
    for number in numbers:
        tester, _token = small.invited(test, f"Osoba {number}")
        Measurement.objects.create(
            test=test, tester=tester, question=questions(test)[0].code, moment="after", value=1, on=now.date()
        )
        Diary.objects.create(innovation=row, kind="observation", on=date(2026, 11, 1), text="Padało.")
        row.risks.create(text=f"Deszcz {number}")
        row.remarks.create(field="solution", text="Dla kogo?")
        row.opinions.create(recommends=True, text="Warto.")
        row.refunds.create(amount=Decimal(1), why="Reszta.")
        row.package.files.create(
            name=f"{number}.pdf", kind="pdf", size=1, sha256=f"{number:064}", file="x.pdf"
        )
        PolicyInclusion.objects.create(
            solution=solution, kind="regional", title=f"Fakt {number}", source="Uchwała", on=now.date()
        )


def test_pages_of_one_innovation(
    manager: Actor, make_innovation: Callable[..., tuple[Innovation, str]], client_of: Any
) -> None:
    row, token = agreements_factory.ready(make_innovation)
    agreements_factory.concluded(manager, row)
    solution = Solution.objects.filter(current__isnull=False)[0]
    Innovation.objects.filter(pk=row.pk).update(is_public=True, solution=solution)
    row = Innovation.objects.get(pk=row.pk)
    small.planned(row)
    packages.package_of(row)
    keys: dict[str, Any] = {"journey": row.slug, "policy": solution.slug}
    addresses = {
        name: reverse(f"trials:{name}", args=[keys.get(name, row.pk if name.startswith("team_") else token)])
        for name in OF_ONE
    }
    client = client_of(manager)
    more_of_everything(row, range(1, 2))
    few = {name: asked(client, address) for name, address in addresses.items()}
    more_of_everything(row, range(2, 13))
    assert {name: asked(client, address) for name, address in addresses.items()} == few
    assert max(few.values()) <= MOST, few
