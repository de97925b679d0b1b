"""White spots, and a solution that looks for those who wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation, OrganisationKind, Role
from krzew.accounts.permissions import Denied
from krzew.calls.acts import programmes
from krzew.door import spots
from krzew.door.acts import cases, reach
from krzew.door.acts.spots import make_topic
from krzew.door.models import CaseKind, Need, Reach
from krzew.door.states import ReachState
from krzew.library.models import Solution
from krzew.timeline.models import Letter

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]
PILLS = "Gubię się w lekach, mam ich osiem i mylę godziny."


@pytest.fixture
def library(db: None) -> None:
    call_command("load_library", verbosity=0)


def need(main: str = "loneliness", *, email: str = "", text: str = PILLS, **fields: Any) -> Need:
    case = None
    if email:
        case, _token = cases.open_case(Actor.anonymous(), CaseKind.NEED, text=text, email=email)
    return Need.objects.create(case=case, main=main, text=text, wants_news=bool(email), **fields)


def any_concept() -> str:
    """A concept tied to a need of the catalogue."""
    return next(code for code in spots.by_code() if spots.need_codes(code))


def test_unanswered_needs_are_counted_by_place_and_demo_rows_stand_apart() -> None:
    code = any_concept()
    need(code, people=40)
    need(code)
    need(code, answered=True)
    need(code, is_demo=True)
    [found] = spots.spots(spots.kept())
    assert (found.concept, found.reports, found.people) == (code, 2, 41)
    assert spots.spots(spots.kept(demo=True))[0].reports == 3


def test_a_need_becomes_the_topic_of_a_call_in_one_step(
    make_actor: Callable[..., Actor], officer: Actor
) -> None:
    nina = make_actor("nina@example.org", "Inkubator Próba", Role.MANAGER, OrganisationKind.INCUBATOR)
    programme, code = programmes.from_template(nina, "wlacznik"), any_concept()
    make_topic(nina, programme, code)
    assert [str(theme.code) for theme in programme.rules.themes] == [code.replace("-", "_")]
    with pytest.raises(ValidationError):
        make_topic(nina, programme, code)
    with pytest.raises(Denied):
        make_topic(officer, programme, code)


def test_the_pages_are_for_the_office_alone(
    client: Client, client_of: As, officer: Actor, expert: Actor
) -> None:
    need(any_concept(), text="Moje własne słowa")
    for name in ("door:spots", "door:reaches"):
        assert client.get(reverse(name)).status_code == 302
        assert client_of(expert).get(reverse(name)).status_code == 403
        page = client_of(officer).get(reverse(name))
        assert page.status_code == 200
        assert "Moje własne słowa" not in page.content.decode()


def test_a_solution_finds_a_kept_need_and_a_person_sends(
    library: None, client_of: As, officer: Actor
) -> None:
    solution = Solution.objects.select_related("current").get(slug="inteligentny-organizer-do-lekow")
    kept = need(email="ja@example.org")
    need(email="inny@example.org", text="Nie mam z kim zostawić dziecka, gdy idę do pracy.")
    assert reach.look(Actor.system(), solution) == 1
    assert reach.look(Actor.system(), solution) == 0
    row = Reach.objects.get()
    assert row.need == kept
    before = Letter.objects.filter(to_email="ja@example.org").count()
    client = client_of(officer)
    url = reverse("door:reach_of", args=[solution.slug])
    html = client.get(url).content.decode()
    assert "ja@example.org" not in html
    assert "Inteligentny organizer do leków" in html
    assert kept.case is not None
    assert reverse("door:team_case", args=[kept.case.pk]) in html
    assert 'value="back"' not in html  # nothing was set aside, so nothing can be brought back
    nobody = client.post(url, {"go": "send"}, follow=True).content.decode()
    assert "Najpierw zaznacz" in nobody
    assert Letter.objects.filter(to_email="ja@example.org").count() == before
    client.post(url, {"go": "send", "reach": row.pk})
    client.post(url, {"go": "send", "reach": row.pk})
    assert 'value="send"' not in client.get(url).content.decode()
    row.refresh_from_db()
    assert row.state == ReachState.SENT
    letter = Letter.objects.filter(to_email="ja@example.org").latest("pk")
    assert Letter.objects.filter(to_email="ja@example.org").count() == before + 1
    assert "lekach" not in letter.subject + letter.body


def test_set_aside_stays_aside_and_can_be_brought_back(library: None, officer: Actor) -> None:
    solution = Solution.objects.select_related("current").get(slug="inteligentny-organizer-do-lekow")
    need(email="ja@example.org")
    reach.look(Actor.system(), solution)
    row = reach.set_aside(officer, Reach.objects.get())
    assert reach.look(Actor.system(), solution) == 0
    assert reach.bring_back(officer, row).state == ReachState.PROPOSED


def test_a_gmina_with_high_figures_is_proposed_only_when_it_acts_here(library: None) -> None:
    solution = Solution.objects.select_related("current").get(slug="spoldzielnia-przy-wtz")
    reach.look(Actor.system(), solution)
    assert not Reach.objects.filter(place__isnull=False).exists()
    Organisation.objects.create(name="Gmina Zmyślona", kind=OrganisationKind.GMINA, place_code="300202")
    reach.look(Actor.system(), solution)
    for row in Reach.objects.filter(place__isnull=False):
        assert row.place_id == "300202"
