"""What is forgotten after its time, a question without an idea, and the diagrams of the documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.door.acts import board, cases, keeping
from krzew.door.models import Case, CaseKind, Offer
from krzew.door.retention import KINDS
from krzew.door.states import CASE, OFFER, REACH, REPLY
from krzew.timeline.keeping import due, traces
from krzew.timeline.models import Letter
from krzew.timeline.transitions import Transition, mermaid

DOCS = Path(__file__).parents[2] / "docs/flows"
Make = Callable[..., tuple[Case, str]]


@pytest.mark.django_db
def test_nothing_is_due_while_no_period_is_set(make_case: Make, officer: Actor) -> None:
    row, _token = make_case()
    cases.answer(officer, row, "Gotowe.", closes=True)
    far = timezone.localdate() + timedelta(days=4000)
    assert list(due(KINDS, far)) == []
    assert KINDS[0].unset()


@pytest.mark.django_db
def test_a_closed_case_loses_words_and_address_and_keeps_its_number(
    make_case: Make, officer: Actor, settings: object
) -> None:
    settings.KRZEW_CASES_DAYS = 30  # type: ignore[attr-defined]
    (closed, _t), (open_, _u) = make_case(email="ja@example.org", name="Osoba"), make_case()
    cases.answer(officer, closed, "Odpowiedź o lekach.", closes=True)
    assert list(due(KINDS)) == []
    [found] = due(KINDS, timezone.localdate() + timedelta(days=31))
    keeping.forget_case(Actor.system(), found.thing)
    closed.refresh_from_db()
    assert (closed.name, closed.email, closed.number) == (None, None, open_.number - 1)
    assert not closed.messages.exists()
    assert not Letter.objects.filter(to_email="ja@example.org").exists()
    assert list(due(KINDS, timezone.localdate() + timedelta(days=31))) == []


@pytest.mark.django_db
def test_a_person_is_found_in_encrypted_rows(make_case: Make, officer: Actor) -> None:
    row, _token = make_case(email="Ja@Example.org")
    notice = {
        "kind": "offer",
        "subject": "premises",
        "title": "Lokal",
        "text": "Dwie sale do oddania w szkole.",
    }
    board.put_in(Actor.anonymous(), consent=True, email="ja@example.org", **notice)
    names = {
        trace.name: trace for trace in traces("ja@example.org") if trace.name.startswith(("case", "notice"))
    }
    assert len(names) == 2
    assert names[f"case {row.label}"].stays
    cases.answer(officer, row, "Gotowe.", closes=True)
    for trace in traces("ja@example.org"):
        if trace.remove is not None:
            trace.remove(Actor.system())
    assert Offer.objects.get().email is None
    assert [t for t in traces("ja@example.org") if t.name.startswith(("case", "notice"))] == []


@pytest.mark.django_db
def test_a_question_becomes_a_case(client: Client) -> None:
    url = reverse("door:ask")
    assert client.post(url, {"text": "Gdzie jest OPS?"}).status_code == 422
    page = client.post(url, {"text": "Gdzie jest OPS?", "consent": "on"})
    assert Case.objects.get().kind == CaseKind.QUESTION
    assert "OPS" not in page["Location"]
    assert "Gdzie jest OPS?" in client.get(page["Location"]).content.decode()


@pytest.mark.parametrize("table", [CASE, OFFER, REPLY, REACH])
def test_the_documentation_shows_the_declared_states(table: Sequence[Transition]) -> None:
    assert mermaid(table) in (DOCS / "door.md").read_text(encoding="utf-8")
