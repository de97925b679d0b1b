"""A diagnosis of Czarnków (gmina wiejska) before and after the meeting that its advisers would have held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.diagnosis.acts import diagnoses as acts
from krzew.diagnosis.models import Diagnosis
from krzew.library.models import SolutionVersion
from krzew.network.acts import Sheet, VoiceRow, enter_meeting
from krzew.network.models import Meeting
from krzew.places.models import Unit

CZARNKOW = "300202"
WTZ = "spoldzielnia-przy-wtz"
NO_WORK = "Po warsztacie nasze dorosłe dzieci wracają do domu, pracy dla nich nie ma."


@pytest.fixture(autouse=True)
def polish() -> Iterator[None]:
    with override("pl"):
        yield


@pytest.fixture
def place(library_loaded: None) -> Unit:
    return Unit.objects.get(code=CZARNKOW)


@pytest.fixture
def diagnosis(adviser: Actor, place: Unit) -> Diagnosis:
    return acts.start(adviser, place)


def sheet(**changes: object) -> Sheet:
    """The meeting of parents and workshop staff."""
    voices = (
        VoiceRow(NO_WORK, "disability", "disability_work", votes=19, is_quote=True),
        VoiceRow(
            "Kadra warsztatu nie ma dokąd skierować uczestników.", "workshop", "disability_work", votes=11
        ),
        VoiceRow("Starsi sąsiedzi są sami, zwłaszcza zimą.", "residents", "loneliness", votes=6),
        VoiceRow("Autobus jedzie dwa razy dziennie.", "residents", "barriers", votes=5),
        VoiceRow("Młodzi dojeżdżają do pracy daleko.", "government", "local_jobs", votes=7),
    )
    people = {"disability": 14, "workshop": 6, "government": 2, "residents": 9}
    first: dict[str, object] = {
        "date": date(2026, 9, 10),
        "title": "Spotkanie rodziców i kadry warsztatu",
        "where": "świetlica",
        "attendance": people,
        "voices": voices,
    }
    return Sheet(**(first | changes))  # type: ignore[arg-type]


@pytest.fixture
def meeting(adviser: Actor, place: Unit) -> Meeting:
    return enter_meeting(adviser, place, sheet())


@pytest.fixture
def after_meeting(adviser: Actor, diagnosis: Diagnosis, meeting: Meeting) -> Diagnosis:
    """Voices are in, and three questions are answered: workshop in reach, council willing, a firm buys."""
    for fact in ("wtz_in_reach", "gmina_council_willing", "anchor_buyer"):
        acts.answer(adviser, diagnosis, diagnosis.revision, fact=fact, value="yes", who="spotkanie")
    return diagnosis


@pytest.fixture
def version_of(library_loaded: None) -> Callable[[str], SolutionVersion]:
    def find(slug: str) -> SolutionVersion:
        return SolutionVersion.objects.get(solution__slug=slug, current_of__isnull=False)

    return find


@pytest.fixture
def decided(
    adviser: Actor, after_meeting: Diagnosis, version_of: Callable[[str], SolutionVersion]
) -> Diagnosis:
    acts.decide(adviser, after_meeting, after_meeting.revision, versions=[version_of(WTZ)], reason="")
    return after_meeting


@pytest.fixture
def signed(adviser: Actor, decided: Diagnosis) -> Diagnosis:
    acts.sign(adviser, decided, decided.revision)
    return decided
