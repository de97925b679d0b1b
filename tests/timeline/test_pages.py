"""Pages of the time-line: the record of an organisation and its letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role
from krzew.timeline.acts import prepare_letter, record
from krzew.timeline.models import Letter
from krzew.timeline.phrases import PHRASES, change, name_of, phrase
from krzew.timeline.queries import audit
from krzew.timeline.shown import moments
from krzew.timeline.states import LetterState

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def send_at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def stranger(outsider: Actor) -> Actor:
    """Owner of another organisation."""
    assert outsider.user
    Membership.objects.create(user=outsider.user, organisation=outsider.organisation, role=Role.OWNER)
    return Actor.of(outsider.user, outsider.organisation)


def text(response: Any) -> str:
    return response.content.decode()


def write(actor: Actor, subject: str = "Zaproszenie do rozmowy") -> Letter:
    assert actor.organisation
    return prepare_letter(
        actor, actor.organisation, "rada@example.org", subject, "Treść listu\n\nhttps://example.org/x"
    )


def test_an_owner_reads_what_was_done(client_of: ClientOf, owner: Actor, adviser: Actor) -> None:
    write(adviser)
    seen = text(client_of(owner).get("/pl/audit/"))
    assert "Napisanie listu" in seen
    assert "Ada" in seen


def test_only_an_owner_reads_it(
    client_of: ClientOf, adviser: Actor, member: Actor, mayor: Actor, visitor: Client
) -> None:
    for actor in (adviser, member, mayor):
        refused = client_of(actor).get(reverse("timeline:audit"))
        assert refused.status_code == 403
        assert "osoba, która nią zarządza" in text(refused)
    assert visitor.get(reverse("timeline:audit")).status_code == 302


def test_another_organisation_is_not_in_it(
    client_of: ClientOf, owner: Actor, adviser: Actor, stranger: Actor
) -> None:
    assert adviser.organisation
    record(adviser, "test.secret_plan", adviser.organisation)
    record(Actor.system(), "test.of_the_program", adviser.organisation)
    seen = text(client_of(stranger).get(reverse("timeline:audit")))
    assert "secret_plan" not in seen
    assert "of_the_program" not in seen
    assert "Ada" not in seen
    assert "secret_plan" in text(client_of(owner).get(reverse("timeline:audit")))


def test_the_record_is_filtered_by_day_and_act(client_of: ClientOf, owner: Actor) -> None:
    assert owner.organisation
    record(owner, "test.first", owner.organisation)
    record(owner, "test.second", owner.organisation)
    client, today = client_of(owner), timezone.localdate()
    only = text(client.get(reverse("timeline:audit"), {"act": "test.first"}))
    cell = '<span class="cell">test.{}</span>'
    assert cell.format("first") in only
    assert cell.format("second") not in only, "only among the choices"
    tomorrow = text(client.get("/en/audit/", {"since": (today + timedelta(days=1)).isoformat()}))
    assert "Nothing was done in this time" in tomorrow
    assert "Nothing" not in text(
        client.get("/en/audit/", {"since": today.isoformat(), "until": today.isoformat()})
    )


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"act": "'; DROP"},
        {"page": "99"},
        {"page": "x"},
        {"since": "2026-02-02", "until": "2026-01-01"},
    ],
)
def test_a_bad_filter_is_explained_and_shows_all(
    client_of: ClientOf, owner: Actor, query: dict[str, str]
) -> None:
    write(owner)
    response = client_of(owner).get(reverse("timeline:audit"), query)
    assert response.status_code == 200
    assert "Napisanie listu" in text(response)


def test_letters_that_wait_are_read_and_released(
    client_of: ClientOf, adviser: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    first, second, third = write(adviser, "Pierwszy"), write(adviser, "Drugi"), write(adviser, "Trzeci")
    client = client_of(adviser)
    assert "Trzeci" in text(client.get(reverse("timeline:letters")))
    assert "Treść listu" in text(client.get(reverse("timeline:letter", args=[first.pk])))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("timeline:release"), {"letter": [first.pk, second.pk, "x", 10**9]})
    assert sorted(letter.subject for letter in mail.outbox) == ["Drugi", "Pierwszy"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("timeline:release"), {"all": "1"})
    assert len(mail.outbox) == 3
    assert Letter.objects.get(pk=third.pk).state == LetterState.SENT
    assert "Żaden list nie czeka" in text(client.get(reverse("timeline:letters")))
    assert "Pierwszy" in text(client.get(reverse("timeline:letters"), {"state": "sent"}))


def test_releasing_nothing_is_said(client_of: ClientOf, adviser: Actor) -> None:
    write(adviser)
    response = client_of(adviser).post("/en/letters/release/", {}, follow=True)
    assert "No letter was chosen" in text(response)
    assert Letter.objects.get().state == LetterState.HELD


def test_strangers_neither_see_nor_release(client_of: ClientOf, adviser: Actor, stranger: Actor) -> None:
    letter = write(adviser, "Tajny temat")
    client = client_of(stranger)
    assert "Tajny temat" not in text(client.get(reverse("timeline:letters")))
    assert client.get(reverse("timeline:letter", args=[letter.pk])).status_code == 404
    for step in ("release", "cancel", "retry"):
        assert client.post(reverse("timeline:decide", args=[letter.pk, step])).status_code == 404
    client.post(reverse("timeline:release"), {"letter": [letter.pk]})
    client.post(reverse("timeline:release"), {"all": "1"})
    assert Letter.objects.get().state == LetterState.HELD


def test_members_do_not_see_letters(client_of: ClientOf, adviser: Actor, member: Actor) -> None:
    letter = write(adviser)
    client = client_of(member)
    assert client.get(reverse("timeline:letters")).status_code == 403
    assert client.get(reverse("timeline:letter", args=[letter.pk])).status_code == 404


def test_one_letter_is_cancelled_and_cannot_be_released(client_of: ClientOf, adviser: Actor) -> None:
    letter = write(adviser)
    client = client_of(adviser)
    client.post(reverse("timeline:decide", args=[letter.pk, "cancel"]))
    client.post(reverse("timeline:decide", args=[letter.pk, "release"]))
    again = client.post(f"/en/letters/{letter.pk}/cancel/", follow=True)
    assert "already left or was cancelled" in text(again)
    assert Letter.objects.get().state == LetterState.CANCELLED
    assert client.post(reverse("timeline:decide", args=[letter.pk, "burn"])).status_code == 404
    assert client.get(reverse("timeline:decide", args=[letter.pk, "release"])).status_code == 405


def test_a_failed_letter_shows_the_error_and_can_be_sent_again(
    client_of: ClientOf, adviser: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    letter = write(adviser)
    Letter.objects.update(state=LetterState.FAILED, error="550 no such <mailbox>")
    client = client_of(adviser)
    seen = text(client.get(reverse("timeline:letter", args=[letter.pk])))
    assert "550 no such &lt;mailbox&gt;" in seen
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("timeline:decide", args=[letter.pk, "retry"]))
    assert len(mail.outbox) == 1


def test_a_stuck_letter_says_that_nobody_knows(client_of: ClientOf, adviser: Actor) -> None:
    letter = write(adviser)
    Letter.objects.update(state=LetterState.SENDING, claimed_at=timezone.now() - timedelta(hours=1))
    assert "Nobody knows whether it left" in text(client_of(adviser).get(f"/en/letters/{letter.pk}/"))


def test_markup_in_a_letter_is_shown_as_text(client_of: ClientOf, adviser: Actor) -> None:
    assert adviser.organisation
    letter = prepare_letter(
        adviser, adviser.organisation, "a@example.org", "<i>x</i>", "<script>alert(1)</script>"
    )
    seen = text(client_of(adviser).get(reverse("timeline:letter", args=[letter.pk])))
    assert "<script>alert" not in seen
    assert "<i>x" not in seen


def test_unknown_states_are_not_found(client_of: ClientOf, adviser: Actor) -> None:
    assert client_of(adviser).get(reverse("timeline:letters"), {"state": "lost"}).status_code == 404


def test_phrases_of_every_room_are_collected() -> None:
    assert {"accounts.role_given", "timeline.letter_sent"} <= set(PHRASES)
    assert phrase("accounts.role_given") == "Nadanie roli"


def test_an_unknown_act_falls_back_to_its_name(owner: Actor) -> None:
    assert owner.organisation
    event = record(owner, "calls.opened", owner.organisation, old="draft", new="open")
    assert phrase("calls.opened") == "calls.opened"
    moment = moments([event])[0]
    assert (moment.title, moment.text, moment.who) == ("calls.opened", "draft → open", "Olga (OWES Próba)")


def test_objects_are_in_words() -> None:
    assert name_of("timeline.letter", "7") == "list 7"
    assert name_of("unknown.thing", "7") == "unknown.thing 7"
    assert name_of("odd", "7") == "odd 7"


def test_a_long_history_shows_the_newest(client_of: ClientOf, member: Actor) -> None:
    assert member.organisation
    for i in range(25):
        record(member, f"test.act{i:02}", member.organisation)
    seen = text(client_of(member).get(reverse("accounts:organisation", args=[member.organisation.pk])))
    assert "test.act24" in seen
    assert "test.act05" in seen
    assert "test.act04" not in seen


def test_states_are_in_words() -> None:
    assert (
        change("timeline.letter", "held", "released") == "czeka na zwolnienie → zwolniony, czeka na wysłanie"
    )
    assert change("accounts.organisation", "", "owner") == "zarządzanie"
    assert change("x.y", "", "") == ""


def test_the_program_and_people_who_are_gone_have_names(owner: Actor) -> None:
    assert owner.organisation
    event = record(Actor.system(), "test.x", owner.organisation, data={"person": 10**9})
    moment = moments([event])[0]
    assert (moment.who, moment.text) == ("Krzew", "")


@pytest.mark.parametrize("name", ["timeline:audit", "timeline:letters"])
def test_the_number_of_queries_does_not_grow(client_of: ClientOf, owner: Actor, name: str) -> None:
    client, counts = client_of(owner), []
    for size in (3, 30):
        for i in range(size):
            write(owner, f"List {i}")
            record(owner, f"test.act{i}", owner.organisation, data={"person": owner.user.pk})  # type: ignore[arg-type, union-attr]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_long_records_are_paged(client_of: ClientOf, owner: Actor) -> None:
    assert owner.organisation
    for i in range(60):
        record(owner, "test.many", owner.organisation, data={"i": i})
    assert audit(owner).count() == 60
    client = client_of(owner)
    pages = [text(client.get(reverse("timeline:audit"), {"page": n})) for n in (1, 2)]
    assert [page.count(">organizacja ") for page in pages] == [50, 10]
