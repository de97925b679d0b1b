"""One application and one person, taken out by command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from django.db import connections
from django.utils import timezone
from typer.testing import CliRunner

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.calls.acts import ideas, keeping
from krzew.calls.models import (
    Application,
    Call,
    IdeaCard,
)
from krzew.calls.states import ApplicationState, CallState
from krzew.cli import commands
from krzew.timeline import keeping as kept
from krzew.timeline.queries import broken_links
from tests.calls.keeping_factory import CONTACT, NAME, SECRETS, everything, full_of_secrets

MakeApplication = Callable[..., Any]
Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(connections, "close_all", lambda: None)
    app = typer.Typer()
    commands.register(app)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def told(manager: Actor, adviser: Actor, call: Call) -> Application:
    return full_of_secrets(manager, adviser, call)


def _idea() -> IdeaCard:
    card, _token = ideas.start(Actor.anonymous())
    words = {"what": f"sekretna pralnia, {NAME}", "for_whom": "sekretni sąsiedzi", "name": NAME}
    ideas.save(card, seen=0, email="tajemna@example.org", phone="601 602 603", **words)
    return card


def test_one_application_by_command(told: Application, run: Run) -> None:
    which = f"{told.call.slug}/{told.number}"
    before = everything()
    early = run("anonymise", "application", which, "--yes")
    assert early.exit_code == 1  # the call is not decided
    assert everything() == before
    Call.objects.filter(pk=told.call_id).update(state=CallState.DECIDED)
    before = everything()
    dry = run("anonymise", "application", which, "--dry-run")
    assert dry.exit_code == 0
    assert "files 1" in dry.stdout
    assert not any(word in dry.stdout for word in SECRETS)
    assert everything() == before
    assert run("anonymise", "application", which, "--yes").exit_code == 0
    assert [word for word in SECRETS if word in everything()] == []
    assert "Done already" in run("anonymise", "application", which).stdout
    assert run("anonymise", "application", "nic/17").exit_code == 2
    assert run("retention", "due", "--kind", "nic").exit_code == 2


def test_one_person_by_command(told: Application, make_application: MakeApplication, run: Run) -> None:
    user = User.objects.create_user("tajemna@example.org", name=NAME)
    _idea()
    open_ = make_application(told.call, email="tajemna@example.org", **CONTACT)
    Call.objects.filter(pk=told.call_id).update(state=CallState.DECIDED)
    before = everything()
    dry = run("anonymise", "person", "tajemna@example.org", "--dry-run")
    assert f"goes: {told.call.slug}: application {told.label}" in dry.stdout
    assert f"stays: {told.call.slug}: application {open_.label}" in dry.stdout
    assert dry.exit_code == 1
    assert everything() == before
    Application.objects.filter(pk=open_.pk).update(state=ApplicationState.OUT)
    answer = run("anonymise", "person", "TAJEMNA@example.org", "--yes")
    assert answer.exit_code == 0, answer.output
    assert [word for word in SECRETS if word in everything()] == []
    user.refresh_from_db()
    assert not user.is_active
    assert list(broken_links()) == []
    assert "Nothing is kept" in run("anonymise", "person", "tajemna@example.org").stdout


def test_somebody_with_a_role_keeps_the_account(manager: Actor, run: Run) -> None:
    answer = run("anonymise", "person", "nina@example.org", "--yes")
    assert answer.exit_code == 1
    assert "has a role in Inkubator Próba" in answer.stdout
    assert User.objects.filter(email="nina@example.org").exists()


def test_a_member_of_somebody_elses_group(told: Application, run: Run) -> None:
    email = told.members.get(is_contact=False).email
    assert "Adam Próbny" in everything()
    assert run("anonymise", "person", email, "--yes").exit_code == 0
    assert "Adam Próbny" not in everything()
    assert NAME in everything()  # nobody else was touched


def test_one_that_cannot_be_removed_holds_up_no_other(
    call: Call, make_draft: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_draft(call)[0], make_draft(call)[0]
    call.definition["keeping"] = {"drafts_days": 30}
    call.save(update_fields=["definition"])
    past = timezone.now() - timedelta(days=60)
    opens = {"opens_at": past - timedelta(days=2), "submit_from": past - timedelta(days=1)}
    Call.objects.filter(pk=call.pk).update(closes_at=past, **opens)
    real = keeping.delete_unsent

    def sometimes(actor: Actor, row: Application) -> None:
        if row.pk == first.pk:
            raise RuntimeError("busy")
        real(actor, row)

    kinds = {"drafts": replace(kept.kinds()["drafts"], remove=sometimes)}
    monkeypatch.setattr(kept, "kinds", lambda: kinds)
    answer = run("retention", "remove", "--yes")
    assert answer.exit_code == 1
    assert f"not removed: {call.slug}: draft {first.pk}: RuntimeError" in answer.output
    assert "Removed: drafts 1" in answer.output
    assert [*Application.objects.filter(call=call).values_list("pk", flat=True)] == [first.pk]
    assert second.pk != first.pk
