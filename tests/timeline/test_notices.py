"""Notices: once to each address, none to those who asked for none, and the choice by a link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.timeline import daily, notices
from krzew.timeline.models import Letter, Refusal, Told
from krzew.timeline.states import LetterState

TOPIC = "calls.calls"
ADDRESS = "autorka@example.org"


def tell(actor: Actor, email: str = ADDRESS, key: str = "k", **more: Any) -> Letter | None:
    return notices.notify(
        actor,
        actor.organisation,
        email,
        "Nabór",
        "Treść",
        topic=TOPIC,
        key=key,
        **more,  # type: ignore[arg-type]
    )


def test_once_to_each_address(adviser: Actor) -> None:
    first = tell(adviser)
    assert first is not None
    assert first.state == LetterState.RELEASED
    assert tell(adviser, "Autorka@Example.org") is None
    assert tell(adviser, key="other") is not None
    assert tell(adviser, "inny@example.org", held=True).state == LetterState.HELD  # type: ignore[union-attr]
    assert Letter.objects.count() == 3


def test_it_stays_once_when_the_letter_is_emptied(adviser: Actor) -> None:
    tell(adviser)
    Letter.objects.all().delete()
    assert tell(adviser) is None


def test_the_tables_name_nobody(adviser: Actor) -> None:
    tell(adviser)
    notices.choose(notices.fingerprint(ADDRESS), TOPIC, wanted=False)
    kept = [*Told.objects.values_list("key", flat=True), *Refusal.objects.values_list("address", flat=True)]
    assert all(re.fullmatch("[0-9a-f]{64}", text) for text in kept)


def test_a_topic_has_a_name(adviser: Actor) -> None:
    with pytest.raises(ValueError, match="no such topic"):
        notices.notify(adviser, adviser.organisation, ADDRESS, "s", "b", topic="nothing", key="k")  # type: ignore[arg-type]


def test_the_link_in_the_letter_stops_them_and_brings_them_back(adviser: Actor, visitor: Client) -> None:
    letter = tell(adviser)
    assert letter is not None
    link = re.search(r"http\S+", letter.body)
    assert link
    assert ADDRESS not in link.group()
    path = re.sub(r"^http://[^/]+", "", link.group())
    assert "<h2" in visitor.get(path).content.decode()
    assert visitor.post(path, {"topic": TOPIC, "stop": "1"}).status_code == 302
    assert tell(adviser, key="next") is None
    visitor.post(path, {"topic": TOPIC, "again": "1"})
    assert tell(adviser, key="next") is not None
    assert visitor.post(path, {"topic": "nothing", "stop": "1"}).status_code == 200
    assert visitor.get(path[:-3] + "xx/").status_code == 404


def test_somebody_signed_in_chooses_without_a_letter(adviser: Actor, client_of: Any) -> None:
    browser = client_of(adviser)
    browser.post(reverse("timeline:own_choice"), {"topic": TOPIC, "stop": "1"})
    assert adviser.user is not None
    assert tell(adviser, adviser.user.email) is None


def test_daily_work_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    done = []

    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(daily, "work", lambda: [broken, lambda: done.append(1)])
    assert daily.go_round() == 1
    assert done == [1]
