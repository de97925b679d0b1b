"""The pages of a diagnosis in a browser without JavaScript: who sees them, what they say, what they keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.diagnosis.acts import diagnoses as acts
from krzew.diagnosis.models import Diagnosis, FactAnswer
from krzew.library.models import SolutionVersion
from krzew.network.models import Meeting
from krzew.places.models import Unit
from tests.diagnosis.conftest import CZARNKOW, NO_WORK, WTZ

ClientOf = Callable[[Actor], Client]
TABS = ["detail", "needs", "voices", "figures", "solutions", "decision", "report", "history"]
PUBLIC_TABS = ["detail", "needs", "figures", "solutions", "decision"]


def address(name: str, diagnosis: Diagnosis, *more: Any) -> str:
    return reverse(f"diagnosis:{name}", args=[diagnosis.pk, *more])


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens(
    tab: str, language: str, after_meeting: Diagnosis, adviser: Actor, client_of: ClientOf
) -> None:
    url = address(tab, after_meeting).replace("/pl/", f"/{language}/")
    answer = client_of(adviser).get(url)
    assert answer.status_code == 200
    assert "Czarnków" in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_signed_diagnosis_is_read_only(
    tab: str, signed: Diagnosis, adviser: Actor, client_of: ClientOf
) -> None:
    html = client_of(adviser).get(address(tab, signed)).content.decode()
    forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', html)
    work = [f for f in forms if f"/diagnoses/{signed.pk}/" in f]
    assert all(re.search(r"/(publish|repeat|report/ask)/$", f) for f in work), work


@pytest.mark.parametrize("tab", TABS)
def test_strangers_find_nothing(
    tab: str, after_meeting: Diagnosis, outsider: Actor, mayor: Actor, visitor: Client, client_of: ClientOf
) -> None:
    url = address(tab, after_meeting)
    assert client_of(outsider).get(url).status_code == 404
    assert client_of(mayor).get(url).status_code == 404
    assert visitor.get(url).status_code in (302, 404)


def test_lists_leak_nothing(
    after_meeting: Diagnosis,
    outsider: Actor,
    mayor: Actor,
    member: Actor,
    visitor: Client,
    client_of: ClientOf,
) -> None:
    there = address("detail", after_meeting)
    url = reverse("diagnosis:list")
    assert there in client_of(member).get(url).content.decode()
    for client in (client_of(outsider), client_of(mayor), visitor):
        html = client.get(url).content.decode()
        assert there not in html
        assert NO_WORK not in html


@pytest.mark.parametrize("tab", PUBLIC_TABS)
def test_published_and_signed_is_read_by_everybody(
    tab: str, signed: Diagnosis, adviser: Actor, visitor: Client
) -> None:
    assert visitor.get(address(tab, signed)).status_code == 404
    acts.publish(adviser, signed, public=True)
    assert visitor.get(address(tab, signed)).status_code == 200


@pytest.mark.parametrize("tab", ["voices", "report", "history"])
def test_work_pages_stay_inside_even_when_published(
    tab: str, signed: Diagnosis, adviser: Actor, outsider: Actor, client_of: ClientOf
) -> None:
    acts.publish(adviser, signed, public=True)
    assert client_of(outsider).get(address(tab, signed)).status_code == 404


def test_a_member_reads_and_changes_nothing(
    after_meeting: Diagnosis, member: Actor, client_of: ClientOf
) -> None:
    client = client_of(member)
    assert client.get(address("solutions", after_meeting)).status_code == 200
    sent = {"revision": after_meeting.revision, "fact": "leader", "answer": "yes"}
    assert client.post(address("answer", after_meeting), sent).status_code == 403
    assert not FactAnswer.objects.filter(fact="leader").exists()


def test_from_the_name_to_the_signature(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    """The whole way on pages: find the gmina, open, hear people, answer, choose, sign."""
    client = client_of(adviser)
    found = client.get(reverse("diagnosis:list"), {"place": CZARNKOW})
    assert found["Location"] == reverse("diagnosis:open", args=[CZARNKOW])
    client.get(found["Location"])
    client.post(reverse("diagnosis:start", args=[CZARNKOW]))
    diagnosis = Diagnosis.objects.get()
    before = client.get(address("detail", diagnosis)).content.decode()
    assert "Spółdzielnia socjalna przy warsztacie" not in before.split("ranked")[1][:400]
    _enter_meeting(client, diagnosis)
    for fact in ("wtz_in_reach", "gmina_council_willing", "anchor_buyer"):
        diagnosis.refresh_from_db()
        sent = {"revision": diagnosis.revision, "fact": fact, "answer": "yes", "who": "PCPR"}
        assert client.post(address("answer", diagnosis), sent).status_code == 302
    solutions = client.get(address("solutions", diagnosis)).content.decode()
    first = solutions.split('class="panel ranked-row"')[1]
    assert "Spółdzielnia socjalna przy warsztacie terapii zajęciowej" in first
    _choose_and_sign(client, diagnosis)
    diagnosis.refresh_from_db()
    assert diagnosis.is_signed
    assert diagnosis.snapshot.content["decision"]["slugs"] == [WTZ]
    assert diagnosis.snapshot.content["decision"]["departs"] is False


def _enter_meeting(client: Client, diagnosis: Diagnosis) -> None:
    lines = [
        ("Po warsztacie nie ma pracy dla naszych dzieci", "disability", "disability_work", 19),
        ("Nie mamy dokąd skierować uczestników", "workshop", "disability_work", 11),
        ("Seniorzy są sami", "residents", "loneliness", 6),
        ("Do pracy daleko", "government", "local_jobs", 7),
    ]
    sent: dict[str, Any] = {"title": "Spotkanie", "date": "2026-09-10", "method": "dots"}
    sent |= {"people_disability": 14, "people_workshop": 6, "people_government": 2, "people_residents": 9}
    sent |= {"v-TOTAL_FORMS": len(lines), "v-INITIAL_FORMS": 0, "next": address("voices", diagnosis)}
    for n, (text, sector, need, dots) in enumerate(lines):
        sent |= {f"v-{n}-text": text, f"v-{n}-sector": sector, f"v-{n}-need": need, f"v-{n}-number": dots}
    answer = client.post(reverse("network:enter", args=[CZARNKOW]), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == address("voices", diagnosis)
    assert "brak drogi do pracy" in client.get(answer["Location"]).content.decode()


def _choose_and_sign(client: Client, diagnosis: Diagnosis) -> None:
    chosen = SolutionVersion.objects.get(solution__slug=WTZ)
    diagnosis.refresh_from_db()
    sent = {"revision": diagnosis.revision, "versions": [chosen.pk], "reason": ""}
    assert client.post(address("decide", diagnosis), sent).status_code == 302
    summary = client.get(address("sign", diagnosis))
    revision = re.search(r'name="revision" value="(\d+)"', summary.content.decode())
    assert revision
    assert client.post(address("sign", diagnosis), {"revision": revision[1]}).status_code == 302


def test_two_advisers_at_once(
    after_meeting: Diagnosis, adviser: Actor, colleague: Actor, client_of: ClientOf
) -> None:
    """The second one sees both values, and saves hers only when she says so."""
    seen = after_meeting.revision
    first, second = client_of(adviser), client_of(colleague)
    url = address("answer", after_meeting)
    mine = {"revision": seen, "fact": "leader", "answer": "yes", "who": "urząd gminy"}
    assert first.post(url, mine).status_code == 302
    other = {"revision": seen, "fact": "leader", "answer": "no", "who": "grupa inicjatywna"}
    answer = second.post(url, other)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "urząd gminy" in html
    assert "grupa inicjatywna" in html
    assert "Ada" in html
    saved = FactAnswer.objects.get(fact="leader")
    assert (saved.answer, saved.who) == ("yes", "urząd gminy")
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html.split("<main")[1]))
    again.pop("csrfmiddlewaretoken", None)
    assert second.post(url, again).status_code == 302
    saved.refresh_from_db()
    assert (saved.answer, saved.who) == ("no", "grupa inicjatywna")


def test_different_parts_are_no_conflict(
    after_meeting: Diagnosis, adviser: Actor, colleague: Actor, client_of: ClientOf
) -> None:
    seen, url = after_meeting.revision, address("answer", after_meeting)
    for actor, fact in ((adviser, "leader"), (colleague, "premises")):
        sent = {"revision": seen, "fact": fact, "answer": "yes"}
        assert client_of(actor).post(url, sent).status_code == 302
    assert FactAnswer.objects.filter(fact__in=("leader", "premises"), answer="yes").count() == 2


def test_zero_weights_come_back_with_everything_kept(
    after_meeting: Diagnosis, adviser: Actor, client_of: ClientOf
) -> None:
    from krzew.diagnosis.criteria import DEFINITIONS

    sent = {f"w_{d.code}": "0" for d in DEFINITIONS} | {
        "voices_weight": "37",
        "revision": after_meeting.revision,
    }
    answer = client_of(adviser).post(address("weights", after_meeting), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="37"' in html
    after_meeting.refresh_from_db()
    assert after_meeting.weights == {}


def test_a_figure_out_of_range_is_refused_and_kept(
    after_meeting: Diagnosis, adviser: Actor, client_of: ClientOf
) -> None:
    sent = {"revision": after_meeting.revision, "indicator": "unemployment_share", "value": "-4,5"}
    sent |= {"date": "2026-08-01", "source": "PUP <b>Czarnków</b>"}
    answer = client_of(adviser).post(address("figure", after_meeting), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "PUP &lt;b&gt;Czarnków&lt;/b&gt;" in html
    assert not after_meeting.local_figures.exists()


def test_a_departure_needs_a_reason(
    after_meeting: Diagnosis,
    adviser: Actor,
    client_of: ClientOf,
    version_of: Callable[[str], SolutionVersion],
) -> None:
    other = version_of("zlobek-i-przedszkole")
    client, url = client_of(adviser), address("decide", after_meeting)
    sent = {"revision": after_meeting.revision, "versions": [other.pk], "reason": ""}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert f'value="{other.pk}" id="v{other.pk}" checked' in answer.content.decode()
    assert client.post(url, sent | {"reason": "Rada gminy zdecydowała już o żłobku."}).status_code == 302
    assert after_meeting.decision.departs


@pytest.mark.parametrize("tab", ["detail", "needs", "solutions", "decision"])
def test_queries_do_not_grow(
    tab: str,
    after_meeting: Diagnosis,
    adviser: Actor,
    client_of: ClientOf,
    place: Unit,
    django_assert_max_num_queries: Any,
) -> None:
    from krzew.diagnosis.queries import answer_of
    from krzew.network.acts import enter_meeting
    from tests.diagnosis.conftest import sheet

    client, url = client_of(adviser), address(tab, after_meeting)
    client.get(url)
    answer_of.cache_clear()  # both visits compute anew
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for _n in range(6):
        enter_meeting(adviser, place, sheet())
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


def test_the_list_does_not_grow_in_queries(
    place: Unit, adviser: Actor, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client, url = client_of(adviser), reverse("diagnosis:list")
    acts.start(adviser, place)
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for _n in range(12):
        acts.start(adviser, place)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


def test_a_gmina_without_figures(adviser: Actor, client_of: ClientOf, place: Unit) -> None:
    """Szczawa is a gmina only since 2025: the pages say so and name the next step."""
    diagnosis = acts.start(adviser, Unit.objects.get(code="120713"))
    client = client_of(adviser)
    for tab in TABS:
        assert client.get(address(tab, diagnosis)).status_code == 200
    assert "Zacznij od spotkania" in client.get(address("detail", diagnosis)).content.decode()


def test_an_unknown_name_is_answered_with_what_to_do(
    place: Unit, adviser: Actor, client_of: ClientOf
) -> None:
    answer = client_of(adviser).get(reverse("diagnosis:list"), {"place": "<b>Nigdzie</b>"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<b>Nigdzie" not in html
    both = client_of(adviser).get(reverse("diagnosis:list"), {"place": "Czarnków"})
    assert both.status_code == 422
    assert CZARNKOW in both.content.decode()


def test_a_typed_name_is_enough_without_javascript(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    client, url = client_of(adviser), reverse("diagnosis:list")
    several = client.get(url, {"place_text": "Czarnków", "place": ""})
    assert several.status_code == 422
    assert 'value="Czarnków"' in several.content.decode()
    assert reverse("diagnosis:open", args=[CZARNKOW]) in several.content.decode()
    one = client.get(url, {"place_text": "Czarnków gmina wiejska", "place": ""})
    assert one.headers["Location"] == reverse("diagnosis:open", args=[CZARNKOW])


def test_the_meeting_is_on_the_voices_page(
    meeting: Meeting, after_meeting: Diagnosis, adviser: Actor, client_of: ClientOf
) -> None:
    html = client_of(adviser).get(address("voices", after_meeting)).content.decode()
    assert meeting.title in html
    assert "szkoły" in html  # a sector that was not heard
