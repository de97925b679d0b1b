"""What may be kept no longer really goes, from every table and from the disk; the rest and the chain stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.calls import retention
from krzew.calls.acts import finish, ideas, keeping
from krzew.calls.applications import bare
from krzew.calls.models import (
    Application,
    Attachment,
    Call,
    IdeaCard,
)
from krzew.calls.states import ApplicationState, CallState, IdeaState
from krzew.cli import commands
from krzew.timeline import keeping as kept
from krzew.timeline.acts import post_letter, record
from krzew.timeline.models import Letter
from krzew.timeline.queries import broken_links, history
from krzew.timeline.states import LetterState
from tests.calls.keeping_factory import CONTACT, NAME, SECRETS, attach, everything, full_of_secrets, on_disk

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


def periods(call: Call, **keeping_: Any) -> Call:
    call.definition["keeping"] = keeping_
    call.save(update_fields=["definition"])
    return Call.objects.get(pk=call.pk)


def found(kind: str, day: date) -> list[str]:
    return [one.name for one in kept.due([kept.kinds()[kind]], day)]


def day_of(call: Call, **time: int) -> date:
    return timezone.localdate(call.closes_at) + timedelta(**time)


@pytest.fixture
def told(manager: Actor, adviser: Actor, call: Call) -> Application:
    return full_of_secrets(manager, adviser, call)


def test_after_anonymising_nobody_is_found_anywhere(
    told: Application, django_capture_on_commit_callbacks: Any
) -> None:
    before = everything()
    assert [word for word in SECRETS if word not in before] == []
    file = on_disk()
    assert any(path.read_bytes() == b"sekretne!" for path in file)
    with django_capture_on_commit_callbacks(execute=True):
        keeping.anonymise_application(Actor.system(), told)
    after = everything()
    assert [word for word in SECRETS if word in after] == []
    assert not any(path.read_bytes() == b"sekretne!" for path in on_disk())
    assert list(broken_links()) == []


def test_what_stays(told: Application) -> None:
    number, amount, place = told.number, told.amount, told.place
    hashes = list(told.versions.values_list("content_hash", flat=True))
    keeping.anonymise_application(Actor.system(), told)
    row = Application.objects.get(pk=told.pk)
    assert (row.number, row.amount, row.place, row.state) == (number, amount, place, ApplicationState.OUT)
    assert row.members.count() == 2
    assert row.decisions.get().amount == 1000
    assert row.decisions.get().outcome == "rejected_merit"
    assert row.readings.get().cards.get().points == {"new": "8"}
    assert row.formal_reviews.get().answers["a"]["ok"] is False
    assert (
        list(row.versions.values_list("content_hash", flat=True)) == hashes
    )  # a copy can still be recognised
    content = row.versions.get().content
    assert content["anonymised"]
    assert content["amount"]
    assert len(content["members"]) == 2
    assert row.anonymised_at
    assert history(row).filter(act="calls.application_anonymised").count() == 1


def test_twice_is_once(told: Application) -> None:
    keeping.anonymise_application(Actor.system(), told)
    keeping.anonymise_application(Actor.system(), Application.objects.get(pk=told.pk))
    assert history(told).filter(act="calls.application_anonymised").count() == 1


def test_the_team_still_reads_the_list(told: Application, manager: Actor, client_of: Any) -> None:
    keeping.anonymise_application(Actor.system(), told)
    browser = client_of(manager)
    for name, args in (
        ("team_application", [told.pk]),
        ("team_applications", []),
        ("decisions", []),
        ("team_copy", [told.pk]),
    ):
        assert browser.get(reverse(f"calls:{name}", args=[told.call.slug, *args])).status_code == 200, name


def test_the_history_does_not_name_the_account(
    manager: Actor, mayor: Actor, call: Call, make_application: MakeApplication, client_of: Any
) -> None:
    row, page = make_application(call), reverse("calls:team_application", args=[call.slug, 0])
    assert mayor.user is not None
    User.objects.filter(pk=mayor.user.pk).update(name=NAME)
    record(Actor(user=mayor.user), "calls.application_attached", row)
    address = page.replace("/0/", f"/{row.pk}/")
    assert NAME in client_of(manager).get(address).content.decode()
    keeping.anonymise_application(Actor.system(), row)
    assert NAME not in client_of(manager).get(address).content.decode()


def test_the_link_stops_working(call: Call, make_application: MakeApplication, visitor: Client) -> None:
    row, token = make_application(call, token=True)
    keeping.anonymise_application(Actor.system(), row)
    assert visitor.get(reverse("calls:application", args=[token])).status_code == 404


def test_of_an_organisation_the_register_stays(call: Call, make_application: MakeApplication) -> None:
    row = make_application(call, kind="organisation", email="biuro@example.org")
    keeping.anonymise_application(Actor.system(), row)
    sent = row.versions.get().content["applicant"]
    assert set(sent) == {"name", "nip"}
    assert row.applicant_name == "Stowarzyszenie Próba"
    assert "Jan Próbny" not in str(row.answers)


def test_texts_go_and_numbers_stay(call: Call) -> None:
    stage = call.rules.form
    assert stage is not None
    given = {field.code: "x" for field in stage.fields}
    stay = set(bare.answers(stage, given, public=False))
    kinds = {field.code: field.kind for field in stage.fields}
    assert {kinds[code] for code in stay} <= bare.COUNTED
    assert stay
    plan = bare.answers(stage, {"plan": [{"action": "sekret", "cost": "1.00"}]}, public=False)
    assert all(row["action"] == "" for rows in plan.values() for row in rows)


# --- what is due ------------------------------------------------------------------------------------


def test_without_a_period_nothing_is_due_and_it_is_said(told: Application, make_draft: Any, run: Run) -> None:
    make_draft(told.call)
    far = day_of(told.call, days=20000)
    assert [found(kind, far) for kind in ("drafts", "withdrawn", "applications", "granted", "letters")] == [
        []
    ] * 5
    said = run("retention", "due").stdout
    assert f"never due: drafts: no period in the programme of {told.call.slug}" in said
    assert "never due: letters: KRZEW_LETTERS_DAYS is not set" in said


def test_a_period_settled_later_fills_what_the_call_left_open(call: Call, make_draft: Any) -> None:
    make_draft(call)
    programme = call.programme
    programme.definition["keeping"] = {"drafts_days": 30}
    programme.save(update_fields=["definition"])
    assert len(found("drafts", day_of(call, days=31))) == 1
    periods(call, drafts_days=90)  # what was announced holds
    assert found("drafts", day_of(call, days=31)) == []


def test_drafts_go_as_a_whole(
    call: Call, make_draft: Any, django_capture_on_commit_callbacks: Any, run: Run
) -> None:
    call = periods(call, drafts_days=30)
    draft, _token = make_draft(call, email="tajemna@example.org", **CONTACT)
    attach(draft)
    post_letter(Actor.system(), draft, draft.email, f"Do {NAME}", "sekretna treść")
    assert found("drafts", day_of(call, days=30)) == []
    assert found("drafts", day_of(call, days=31)) == [f"{call.slug}: draft {draft.pk}"]
    Call.objects.filter(pk=call.pk).update(
        opens_at=timezone.now() - timedelta(days=60),
        submit_from=timezone.now() - timedelta(days=50),
        closes_at=timezone.now() - timedelta(days=40),
    )
    before, files = everything(), on_disk()
    assert "1 would be removed" in run("retention", "remove", "--dry-run").stdout
    assert (everything(), on_disk()) == (before, files)
    assert run("retention", "remove", "--kind", "drafts").exit_code == 1  # nobody said yes
    assert everything() == before
    with django_capture_on_commit_callbacks(execute=True):
        assert "drafts 1" in run("retention", "remove", "--kind", "drafts", "--yes").stdout
    assert not Application.objects.filter(pk=draft.pk).exists()
    assert [word for word in SECRETS if word in everything()] == []
    assert not any(path.read_bytes() == b"sekretne!" for path in on_disk())
    assert list(broken_links()) == []


def test_a_letter_that_has_not_left_will_not_leave(call: Call, make_draft: Any) -> None:
    draft, _token = make_draft(call)
    post_letter(Actor.system(), draft, draft.email, "Temat", "Treść")
    keeping.delete_unsent(Actor.system(), draft)
    assert {(one.state, one.to_email) for one in keeping.letters_about(draft)} <= {
        (LetterState.CANCELLED, "")
    }


def test_what_was_sent_is_not_deleted(told: Application) -> None:
    with pytest.raises(ValueError, match="anonymised"):
        keeping.delete_unsent(Actor.system(), told)


def test_taken_back(call: Call, make_application: MakeApplication) -> None:
    from krzew.calls.acts import applications

    call = periods(call, withdrawn_days=10)
    row = make_application(call)
    applications.withdraw(Actor.anonymous(), row)
    today = timezone.localdate()
    assert found("withdrawn", today + timedelta(days=10)) == []
    assert found("withdrawn", today + timedelta(days=11)) == [f"{call.slug}: application {row.label}"]
    keeping.anonymise_application(Actor.system(), row)
    assert found("withdrawn", today + timedelta(days=11)) == []


def test_applications_of_a_call_that_ended(
    manager: Actor, told: Application, make_application: MakeApplication
) -> None:
    call = periods(told.call, applications_months=6, granted_months=12)
    granted = make_application(call)
    Application.objects.filter(pk=granted.pk).update(state=ApplicationState.SELECTED)
    today = timezone.localdate()
    assert found("applications", today + timedelta(days=400)) == []  # it has not ended yet
    Call.objects.filter(pk=call.pk).update(state=CallState.DECIDED)
    finish.finish_call(manager, Call.objects.get(pk=call.pk))
    assert found("applications", today + timedelta(days=180)) == []
    assert found("applications", today + timedelta(days=186)) == [f"{call.slug}: application {told.label}"]
    assert found("granted", today + timedelta(days=186)) == []
    assert found("granted", today + timedelta(days=368)) == [f"{call.slug}: application {granted.label}"]
    periods(call, applications_months=6, from_end_of_year=True)
    assert found("applications", date(today.year + 1, 6, 30)) == []
    assert len(found("applications", date(today.year + 1, 7, 1))) == 1


def test_months_end_with_the_month() -> None:
    assert retention._later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert retention._later(date(2026, 12, 31), 60) == date(2031, 12, 31)


def test_a_call_ends_when_nothing_waits(
    manager: Actor, stranger: Actor, call: Call, make_application: MakeApplication, client_of: Any
) -> None:
    row = make_application(call)
    Call.objects.filter(pk=call.pk).update(state=CallState.DECIDED, results_released_at=timezone.now())
    call.refresh_from_db()
    with pytest.raises(ValidationError):
        finish.finish_call(manager, call)
    page, address = client_of(manager), reverse("calls:call_finish", args=[call.slug])
    assert page.post(address).status_code == 422
    Application.objects.filter(pk=row.pk).update(state=ApplicationState.OUT)
    assert client_of(stranger).post(address).status_code == 404
    assert page.get(address).status_code == 200
    assert page.post(address).status_code == 302
    call.refresh_from_db()
    assert call.state == CallState.FINISHED
    assert page.post(address).status_code == 302


# --- ideas, letters, files --------------------------------------------------------------------------


def _idea() -> IdeaCard:
    card, _token = ideas.start(Actor.anonymous())
    words = {"what": f"sekretna pralnia, {NAME}", "for_whom": "sekretni sąsiedzi", "name": NAME}
    ideas.save(card, seen=0, email="tajemna@example.org", phone="601 602 603", **words)
    return card


def test_ideas_go_on_the_day_that_was_promised(manager: Actor) -> None:
    draft, sent = _idea(), _idea()
    ideas.send(Actor.anonymous(), sent, consent=True)
    ideas.answer(manager, sent, f"sekretna odpowiedź, {NAME}")
    assert found("ideas", sent.keep_until) == []
    due = list(kept.due([kept.kinds()["ideas"]], sent.keep_until + timedelta(days=1)))
    assert [one.name for one in due] == [f"idea {draft.pk}", f"idea {sent.pk}"]
    for one in due:
        keeping.anonymise_idea(Actor.system(), one.thing)
    assert not IdeaCard.objects.filter(pk=draft.pk).exists()
    assert IdeaCard.objects.get(pk=sent.pk).state == IdeaState.CLOSED
    assert [word for word in SECRETS if word in everything()] == []
    assert found("ideas", sent.keep_until + timedelta(days=1)) == []
    assert list(broken_links()) == []


def test_an_idea_goes_with_its_application(told: Application) -> None:
    card = _idea()
    IdeaCard.objects.filter(pk=card.pk).update(state=IdeaState.IN_CALL)
    Application.objects.filter(pk=told.pk).update(idea=card)
    keeping.anonymise_application(Actor.system(), told)
    assert IdeaCard.objects.get(pk=card.pk).what == ""


def test_letters(settings: Any, manager: Actor, client_of: Any) -> None:
    from krzew.accounts.models import Membership, Role

    letter = post_letter(
        Actor.system(), manager.organisation, "tajemna@example.org", f"Do {NAME}", "sekretna"
    )  # type: ignore[arg-type]
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, organisation=manager.organisation)
    settings.KRZEW_LETTERS_DAYS = 365
    day = timezone.localdate() + timedelta(days=366)
    [one] = kept.due([kept.kinds()["letters"]], day)
    kept.kinds()["letters"].remove(Actor.system(), one.thing)
    assert found("letters", day) == []
    assert [word for word in SECRETS if word in everything()] == []
    Membership.objects.create(user=manager.user, organisation=manager.organisation, role=Role.OWNER)
    page = client_of(manager).get(reverse("timeline:letter", args=[letter.pk]))
    assert page.status_code == 200


def test_a_file_that_belongs_to_nobody(call: Call, make_draft: Any, run: Run) -> None:
    row = attach(make_draft(call)[0])
    name = row.file.name
    assert found("files", timezone.localdate() + timedelta(days=9)) == []
    Attachment.objects.filter(pk=row.pk).delete()
    assert found("files", timezone.localdate()) == []  # it may be that it has just come
    assert found("files", timezone.localdate() + timedelta(days=3)) == [f"file {name}"]
    kept.kinds()["files"].remove(Actor.system(), name)
    assert not row.file.storage.exists(name)
