"""Letters: held until released, each sent once, never inside a transaction that may be undone."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.timeline.acts import (
    act,
    cancel_letter,
    post_letter,
    prepare_letter,
    release_letters,
    retry_letter,
    send_released,
)
from krzew.timeline.models import Event, Letter
from krzew.timeline.queries import broken_links, history
from krzew.timeline.states import TRANSITIONS, LetterState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def send_at_once(settings: Any) -> None:
    """No worker runs beside the tests: a task is done when it is given."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def letter_of(actor: Actor, to: str = "a@example.org") -> Letter:
    assert actor.organisation
    return prepare_letter(actor, actor.organisation, to, "Temat\nw dwóch wierszach", "Treść")


class Refusing(EmailBackend):
    """A mail server that refuses some addresses."""

    def send_messages(self, messages: Any) -> int:
        if any("refused" in to for message in messages for to in message.to):
            raise smtplib.SMTPRecipientsRefused({"refused@example.org": (550, b"no such mailbox")})
        return super().send_messages(messages)


@pytest.fixture
def refusing_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"


def acts_on(letter: Letter) -> list[str]:
    return [event.act for event in history(letter)]


def test_nothing_leaves_before_it_is_released(
    adviser: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        letter = letter_of(adviser)
    assert send_released(Actor.system()) == 0
    assert mail.outbox == []
    assert letter.subject == "Temat w dwóch wierszach"


def test_a_released_letter_leaves_once_and_leaves_a_trace(
    adviser: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    letter = letter_of(adviser)
    with django_capture_on_commit_callbacks(execute=True):
        assert release_letters(adviser, [letter]) == [letter]
        assert mail.outbox == [], "not before the transaction is kept"
    with django_capture_on_commit_callbacks(execute=True):
        assert release_letters(adviser, [Letter.objects.get()]) == []
    send_released(Actor.system())
    assert len(mail.outbox) == 1
    assert acts_on(letter) == ["timeline.letter_prepared", "timeline.letter_released", "timeline.letter_sent"]
    kept = Letter.objects.get()
    assert kept.state == LetterState.SENT
    assert kept.sent_at
    assert Event.objects.filter(act="timeline.letter_released").get().user == adviser.user


def test_a_stale_copy_is_not_released_again(adviser: Actor) -> None:
    """Two pages open at once: the second release of the same letter does nothing."""
    first = letter_of(adviser)
    second = Letter.objects.get()
    assert release_letters(adviser, [first]) == [first]
    assert release_letters(adviser, [second]) == []


def test_only_the_writers_organisation_decides(adviser: Actor, outsider: Actor, member: Actor) -> None:
    letter = letter_of(adviser)
    for actor in (outsider, member, Actor.anonymous()):
        for attempt in (release_letters, cancel_letter):
            with pytest.raises(Denied):
                attempt(actor, [letter] if attempt is release_letters else letter)  # type: ignore[operator]
    assert Letter.objects.get().state == LetterState.HELD


def test_one_strange_letter_among_own_releases_none(adviser: Actor, outsider: Actor) -> None:
    own, strange = letter_of(adviser), letter_of(outsider)
    with pytest.raises(Denied):
        release_letters(adviser, [own, strange])
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.HELD}


def test_post_letter_releases_at_once(owner: Actor, django_capture_on_commit_callbacks: Any) -> None:
    assert owner.organisation
    with django_capture_on_commit_callbacks(execute=True):
        post_letter(owner, owner.organisation, "a@example.org", "Temat", "Treść")
    assert [letter.to for letter in mail.outbox] == [["a@example.org"]]


def test_a_refused_letter_keeps_its_error_and_does_not_stop_others(
    adviser: Actor, refusing_server: None, django_capture_on_commit_callbacks: Any
) -> None:
    letters = [letter_of(adviser, to) for to in ("a@example.org", "refused@example.org", "b@example.org")]
    with django_capture_on_commit_callbacks(execute=True):
        release_letters(adviser, letters)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["a@example.org", "b@example.org"]
    failed = Letter.objects.get(state=LetterState.FAILED)
    assert "no such mailbox" in failed.error
    assert acts_on(failed)[-1] == "timeline.letter_failed"


def test_a_failed_letter_is_sent_again(
    adviser: Actor, refusing_server: None, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    letter = letter_of(adviser, "refused@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        release_letters(adviser, [letter])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        retry_letter(adviser, Letter.objects.get())
    kept = Letter.objects.get()
    assert (kept.state, kept.error) == (LetterState.SENT, "")
    with pytest.raises(ValidationError):
        retry_letter(adviser, kept)
    assert len(mail.outbox) == 1


def test_a_cancelled_letter_never_leaves(adviser: Actor) -> None:
    letter = letter_of(adviser)
    stale = Letter.objects.get()
    cancel_letter(adviser, letter)
    assert release_letters(adviser, [stale]) == []
    with pytest.raises(ValidationError):
        cancel_letter(adviser, letter)
    assert send_released(Actor.system()) == 0
    assert acts_on(letter) == ["timeline.letter_prepared", "timeline.letter_cancelled"]


def test_a_letter_that_has_left_is_not_cancelled(adviser: Actor) -> None:
    letter = letter_of(adviser)
    stale = Letter.objects.get()
    release_letters(adviser, [letter])
    send_released(Actor.system())
    with pytest.raises(ValidationError):
        cancel_letter(adviser, stale)


def test_a_program_that_died_while_sending_does_not_send_twice(adviser: Actor) -> None:
    """Nobody knows whether it left: it waits for a person, who can send it again after a while."""
    letter = letter_of(adviser)
    Letter.objects.update(state=LetterState.SENDING, claimed_at=timezone.now())
    assert send_released(Actor.system()) == 0
    with pytest.raises(ValidationError):
        retry_letter(adviser, Letter.objects.get())
    Letter.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    retry_letter(adviser, Letter.objects.get())
    send_released(Actor.system())
    assert len(mail.outbox) == 1
    assert acts_on(letter)[-1] == "timeline.letter_sent"


def test_every_state_can_be_left_as_declared() -> None:
    assert set(TRANSITIONS) == set(LetterState)
    assert {after for states in TRANSITIONS.values() for after in states} == set(LetterState) - {
        LetterState.HELD
    }


@pytest.mark.django_db(transaction=True)
class TestRealTransactions:
    """With transactions that are really kept or undone."""

    def test_an_undone_act_sends_nothing(self, adviser: Actor) -> None:
        letter = letter_of(adviser)

        @act
        def broken() -> None:
            release_letters(adviser, [letter])
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            broken()
        assert mail.outbox == []
        assert Letter.objects.get().state == LetterState.HELD
        assert send_released(Actor.system()) == 0

    def test_a_kept_act_sends(self, adviser: Actor) -> None:
        release_letters(adviser, [letter_of(adviser)])
        assert len(mail.outbox) == 1

    def test_sending_inside_a_transaction_is_refused(self, adviser: Actor) -> None:
        letter = letter_of(adviser)
        Letter.objects.update(state=LetterState.RELEASED)
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            send_released(Actor.system())
        assert mail.outbox == []
        assert Letter.objects.get(pk=letter.pk).state == LetterState.RELEASED

    def test_the_letter_is_claimed_before_it_leaves(
        self, adviser: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[str, bool]] = []
        send = EmailBackend.send_messages

        def watch(self: EmailBackend, messages: Any) -> int:
            seen.append((Letter.objects.get().state, connection.in_atomic_block))
            return send(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", watch)
        release_letters(adviser, [letter_of(adviser)])
        assert seen == [(LetterState.SENDING, False)]

    def test_two_workers_send_each_letter_once(self, adviser: Actor) -> None:
        for i in range(12):
            letter_of(adviser, f"{i}@example.org")
        Letter.objects.update(state=LetterState.RELEASED)
        assert sum(run_workers()) == 12
        assert sorted(int(letter.to[0].partition("@")[0]) for letter in mail.outbox) == list(range(12))
        assert Event.objects.filter(act="timeline.letter_sent").count() == 12
        assert list(broken_links()) == []


def run_workers() -> Iterator[int] | list[int]:
    """Two workers that found the same letters. In memory SQLite has one connection: they take turns."""
    if connection.vendor == "sqlite":
        from krzew.timeline import acts

        found = list(Letter.objects.filter(state=LetterState.RELEASED))
        twice = [letter for letter in found for _worker in range(2)]
        return [sum(acts._send(Actor.system(), Letter.objects.get(pk=copy.pk)) for copy in twice)]

    def work(_worker: int) -> int:
        try:
            return send_released(Actor.system())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, range(2)))
