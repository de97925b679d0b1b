"""Grants as 360Giving: valid, without names of persons, with what was paid."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from krzew.accounts.actors import Actor
from krzew.calls.applications.answers import APPLICANT
from krzew.calls.models import Application, Decision
from krzew.calls.states import ApplicationState, Outcome
from krzew.trials.acts import innovations
from krzew.trials.grants import granted, package
from krzew.trials.models import Agreement, AgreementKind
from krzew.trials.states import AgreementState
from tests.trials import factory

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).parents[3] / "shared/data/standards/360giving/360-giving-schema.json"
NEEDED = ["id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization"]
SCHEMA = {
    "required": NEEDED,
    "oneOf": [{"required": ["recipientOrganization"]}, {"required": ["recipientIndividual"]}],
    "properties": {
        "awardDate": {"type": "string", "format": "date-time"},
        "amountAwarded": {"type": "number"},
        "currency": {"const": "PLN"},
        "fundingOrganization": {"type": "array", "minItems": 1},
    },
}
"""What the standard demands of every grant, for a machine without the schema itself."""


@pytest.fixture
def call(manager: Actor) -> object:
    assert manager.organisation is not None
    return factory.call(manager.organisation, "iws2")


def told(row: Application) -> Application:
    Decision.objects.create(
        application=row,
        stage="decision",
        outcome=Outcome.GRANTED,
        amount=row.granted,
        released_at=timezone.now(),
    )
    return row


def organisation(call: object, number: int = 2) -> Application:
    row, _token = factory.selected(call, number)  # type: ignore[arg-type]
    row.kind, row.applicant_name = "organisation", "Fundacja Zmyślona"
    row.answers = {APPLICANT: {"nip": "5260001246", "email": "sekret@example.org"}}
    row.save()
    return told(row)


def valid(content: dict) -> None:  # type: ignore[type-arg]
    schema = json.loads(SHARED.read_text()) if SHARED.exists() else SCHEMA
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for one in content["grants"] for error in validator.iter_errors(one)] == []


def test_every_announced_grant_is_there_and_valid(manager: Actor, call: object) -> None:
    person, _token = factory.selected(call)  # type: ignore[arg-type]
    told(person)
    organisation(call)
    factory.selected(call, 3)  # type: ignore[arg-type]  # decided, but not announced
    content = package(granted())
    valid(content)
    assert [one["amountAwarded"] for one in content["grants"]] == [40000, 40000]


def test_a_person_is_never_named_an_organisation_is(call: object) -> None:
    person, _token = factory.selected(call)  # type: ignore[arg-type]
    told(person)
    organisation(call)
    text = json.dumps(package(granted()), ensure_ascii=False)
    assert "Grupa Zmyślona" not in text
    assert "@" not in text
    assert "Fundacja Zmyślona" in text


def test_a_grant_given_up_leaves_the_file(call: object) -> None:
    row = organisation(call)
    Application.objects.filter(pk=row.pk).update(state=ApplicationState.RESIGNED)
    assert list(granted()) == []
    with pytest.raises(CommandError):
        call_command("grants_export")


def test_what_was_paid_and_the_dates_of_the_agreement(manager: Actor, call: object) -> None:
    row = organisation(call)
    way = innovations.begin(manager, row)
    agreement = Agreement.objects.create(
        innovation=way,
        kind=AgreementKind.GRANT,
        stage="agreement",
        state=AgreementState.SIGNED,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    agreement.tranches.create(
        code="first",
        label_pl="I",
        label_en="I",
        order=1,
        amount=Decimal("32000"),
        paid_amount=Decimal("31999.50"),
        paid_on=date(2027, 1, 5),
    )
    [one] = package(granted())["grants"]
    assert (one["amountDisbursed"], one["plannedDates"][0]["endDate"]) == (
        31999.5,
        "2027-12-31T00:00:00+01:00",
    )


def test_the_command_writes_and_checks(tmp_path: Path, call: object) -> None:
    organisation(call)
    target, schema = tmp_path / "grants.json", tmp_path / "schema.json"
    schema.write_text(json.dumps(SCHEMA))
    call_command("grants_export", "-o", str(target), "--schema", str(schema))
    valid(json.loads(target.read_text()))
    schema.write_text(json.dumps({"required": ["nothing-like-this"]}))
    with pytest.raises(CommandError, match="nothing-like-this"):
        call_command("grants_export", "-o", str(target), "--schema", str(schema))
    with pytest.raises(CommandError, match="No call"):
        call_command("grants_export", "--call", "nie-ma")


def test_everybody_may_download_them(client: Client, call: object) -> None:
    assert client.get(reverse("trials:grants")).status_code == 404
    organisation(call)
    valid(client.get(reverse("trials:grants")).json())


def test_queries_do_not_grow_with_grants(call: object, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(2, 9):
        organisation(call, number)
    with django_assert_max_num_queries(6):
        package(granted())
