"""The demonstration tells its story once, and its one-click sign-in exists only there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from krzew.calls.models import Application, Call, IdeaCard
from krzew.demo.personas import PERSONAS
from krzew.demo.story import play
from krzew.diagnosis.models import Diagnosis, Enquiry
from krzew.diagnosis.queries import result_of
from krzew.door.models import Case, Need, Offer
from krzew.timeline.models import Event, Letter
from krzew.trials.models import Innovation

pytestmark = pytest.mark.usefixtures("story")
TOLD = (Diagnosis, Enquiry, Call, IdeaCard, Application, Innovation, Case, Need, Offer, Letter, Event)


def test_the_story_is_told_once() -> None:
    told = [kind.objects.count() for kind in TOLD]
    assert all(told)
    assert not play()
    assert [kind.objects.count() for kind in TOLD] == told


def test_the_meeting_brings_the_workshop_cooperative_to_the_top() -> None:
    result = result_of(Diagnosis.objects.get(place="300202"))
    assert result.first is not None
    assert result.first.slug == "spoldzielnia-przy-wtz"
    assert result.ranked[0].reasons


@pytest.mark.parametrize("persona", [p.key for p in PERSONAS])
def test_one_click_signs_in_where_there_is_something_to_do(visitor: Client, persona: str) -> None:
    answer = visitor.post("/pl/demo/sign-in/", {"persona": persona}, follow=True)
    assert answer.status_code == 200
    assert answer.context["user"].email == f"{persona}@demo.example"
    page = answer.content.decode()
    assert {"kuba": "/pl/assessments/", "tomek": "/pl/innovation/own-"}.get(persona, "/pl/") in page


@pytest.mark.parametrize("persona", ["", "admin", "ada@demo.example"])
def test_nobody_else_can_be_chosen(visitor: Client, persona: str) -> None:
    assert visitor.post("/pl/demo/sign-in/", {"persona": persona}).status_code == 404


def test_outside_the_demonstration_there_is_no_such_door(visitor: Client, settings: Any) -> None:
    settings.KRZEW_DEMO = False
    assert visitor.post("/pl/demo/sign-in/", {"persona": "ada"}).status_code == 404
    assert "persona" not in visitor.get("/pl/").content.decode()


def test_production_refuses_the_demonstration(settings: Any) -> None:
    settings.PRODUCTION = True
    assert [error.id for error in run_checks()].count("krzew.E001") == 1
