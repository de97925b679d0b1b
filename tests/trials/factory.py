"""Innovations for tests, at any place on their way, made without the calls before it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation
from krzew.calls.definition import plain, templates
from krzew.calls.models import Application, Call, Programme, new_token, token_hash
from krzew.calls.states import ApplicationState, CallState
from krzew.trials.acts import innovations as acts
from krzew.trials.models import Innovation


def call(organisation: Organisation, template: str = "stocznia", **fields: Any) -> Call:
    """A decided call of a template."""
    definition = plain(templates()[template])
    programme = Programme.objects.create(
        organisation=organisation, name_pl="Program", name_en="Programme", definition=definition
    )
    now = timezone.now()
    dates = {
        "opens_at": now - timedelta(days=60),
        "submit_from": now - timedelta(days=60),
        "closes_at": now - timedelta(days=30),
    }
    return Call.objects.create(
        programme=programme,
        slug=f"nabor-{programme.pk}",
        name_pl="Nabór",
        name_en="Call",
        state=CallState.DECIDED,
        definition=definition,
        published_at=now - timedelta(days=61),
        results_released_at=now - timedelta(days=1),
        **(dates | fields),
    )


def selected(call: Call, number: int = 1, **fields: Any) -> tuple[Application, str]:
    """A selected application and the secret of its link."""
    token = new_token()
    row = Application.objects.create(
        call=call,
        token_hash=token_hash(token),
        number=number,
        kind="group",
        state=ApplicationState.SELECTED,
        stage="agreement",
        title=f"Ławka, która pamięta {number}",
        applicant_name=f"Grupa Zmyślona {number}",
        email=f"grupa{number}@example.org",
        granted=Decimal("40000.00"),
        submitted_at=timezone.now(),
        **fields,
    )
    return row, token


def innovation(manager: Actor, template: str = "stocznia", **fields: Any) -> tuple[Innovation, str]:
    """One innovation at the beginning of its way, and the link of its innovator."""
    assert manager.organisation is not None
    row, token = selected(call(manager.organisation, template), **fields)
    return acts.begin(manager, row), token
