"""The sheet of a meeting and the sorting of statements, in a browser without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.network.acts import enter_meeting
from krzew.network.models import Meeting, Theme, Voice
from krzew.places.models import Unit
from krzew.timeline.models import Event
from tests.diagnosis.conftest import CZARNKOW, NO_WORK, sheet

ClientOf = Callable[[Actor], Client]
ENTER = "network:enter"


def filled(*lines: tuple[str, str, str, int], **more: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "title": "Zebranie",
        "date": "2026-09-12",
        "method": "dots",
        "people_residents": 12,
    }
    sent |= {"v-TOTAL_FORMS": len(lines) + 1, "v-INITIAL_FORMS": 0} | more
    for n, (text, sector, need, dots) in enumerate(lines):
        sent |= {f"v-{n}-text": text, f"v-{n}-sector": sector, f"v-{n}-need": need, f"v-{n}-number": dots}
    return sent


def test_a_sheet_is_typed_in(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    answer = client_of(adviser).post(
        reverse(ENTER, args=[CZARNKOW]), filled(("Brak pracy", "residents", "work", 7))
    )
    meeting = Meeting.objects.get()
    assert answer["Location"] == reverse("network:meeting", args=[meeting.pk])
    assert [(v.text, v.votes) for v in meeting.voices.all()] == [("Brak pracy", 7)]
    assert Event.objects.filter(act="network.meeting_entered", object_id=str(meeting.pk)).count() == 1


def test_a_ranking_is_typed_in_the_same_column(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    sent = filled(("Brak pracy", "residents", "work", 1), method="ranking")
    client_of(adviser).post(reverse(ENTER, args=[CZARNKOW]), sent)
    voice = Voice.objects.get()
    assert (voice.rank, voice.votes) == (1, None)


def test_an_error_loses_nothing(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    sent = filled(("Brak <b>pracy</b>", "residents", "work", 7), ("", "", "", 3), title="")
    answer = client_of(adviser).post(reverse(ENTER, args=[CZARNKOW]), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Brak &lt;b&gt;pracy&lt;/b&gt;" in html
    assert 'value="12"' in html
    assert "Wiersz 2" in html
    assert not Meeting.objects.exists()


def test_more_lines_keep_what_was_typed(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    sent = filled(("Brak pracy", "residents", "work", 7), more="1")
    html = client_of(adviser).post(reverse(ENTER, args=[CZARNKOW]), sent).content.decode()
    assert "Brak pracy" in html
    assert 'name="v-TOTAL_FORMS" value="12"' in html


def test_a_name_is_asked_about_before_it_is_kept(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    client, url = client_of(adviser), reverse(ENTER, args=[CZARNKOW])
    sent = filled(("Jan Nowak z trójki nie ma pracy", "residents", "work", 7))
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "imię i nazwisko" in answer.content.decode()
    assert not Meeting.objects.exists()
    assert client.post(url, sent | {"checked": "on"}).status_code == 302


def test_a_meeting_ahead_is_refused(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    answer = client_of(adviser).post(reverse(ENTER, args=[CZARNKOW]), filled(date="2031-01-01"))
    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def test_correcting_changes_removes_and_keeps(meeting: Meeting, adviser: Actor, client_of: ClientOf) -> None:
    first, second, *rest = meeting.voices.all()
    sent = filled(("Inaczej", "residents", "work", 2), ("zbędne", "", "", 0))
    sent |= {"v-0-pk": first.pk, "v-1-pk": second.pk, "v-1-remove": "on"}
    client_of(adviser).post(reverse("network:correct", args=[meeting.pk]), sent)
    kept = {v.pk: v.text for v in meeting.voices.all()}
    assert kept[first.pk] == "Inaczej"
    assert second.pk not in kept
    assert set(kept) == {first.pk, *[v.pk for v in rest]}


def test_joining_and_taking_apart(meeting: Meeting, adviser: Actor, client_of: ClientOf) -> None:
    client = client_of(adviser)
    lonely = Voice.objects.get(need="loneliness")
    bus = Voice.objects.get(need="barriers")
    sent = {"voices": [lonely.pk, bus.pk], "need": "loneliness", "label": "Odcięci od ludzi"}
    assert client.post(reverse("network:merge", args=[CZARNKOW]), sent).status_code == 302
    bus.refresh_from_db()
    assert bus.counted_need == "loneliness"
    client.post(reverse("network:split", args=[Theme.objects.get().pk]))
    bus.refresh_from_db()
    assert bus.counted_need == "barriers"
    assert not Theme.objects.exists()


def test_one_statement_alone_is_no_theme(meeting: Meeting, adviser: Actor, client_of: ClientOf) -> None:
    sent = {"voices": [Voice.objects.first().pk], "need": "work", "label": "Sam"}  # type: ignore[union-attr]
    answer = client_of(adviser).post(reverse("network:merge", args=[CZARNKOW]), sent)
    assert answer.status_code == 422
    assert not Theme.objects.exists()


def test_strangers_find_nothing(
    meeting: Meeting, outsider: Actor, mayor: Actor, visitor: Client, client_of: ClientOf
) -> None:
    for actor in (outsider, mayor):
        client = client_of(actor)
        assert client.get(reverse("network:meeting", args=[meeting.pk])).status_code == 404
        for url in (reverse("network:meetings"), reverse("network:place", args=[CZARNKOW])):
            html = client.get(url).content.decode()
            assert meeting.title not in html
            assert NO_WORK not in html
    assert visitor.get(reverse("network:meeting", args=[meeting.pk])).status_code == 302


def test_an_outsider_cannot_sort_or_join(meeting: Meeting, outsider: Actor, client_of: ClientOf) -> None:
    client, voice = client_of(outsider), meeting.voices.all()[0]
    assert client.post(reverse("network:need", args=[voice.pk]), {"need": "work"}).status_code == 404
    both = [v.pk for v in meeting.voices.all()[:2]]
    sent = {"voices": both, "need": "work", "label": "Obcy"}
    assert client.post(reverse("network:merge", args=[CZARNKOW]), sent).status_code == 422
    assert not Theme.objects.exists()


def test_a_member_reads_but_does_not_enter(meeting: Meeting, member: Actor, client_of: ClientOf) -> None:
    client = client_of(member)
    assert NO_WORK in client.get(reverse("network:meeting", args=[meeting.pk])).content.decode()
    assert client.get(reverse(ENTER, args=[CZARNKOW])).status_code == 403


def test_next_leads_only_to_our_own_pages(place: Unit, adviser: Actor, client_of: ClientOf) -> None:
    sent = filled(("Brak pracy", "residents", "work", 7), next="https://evil.example/")
    answer = client_of(adviser).post(reverse(ENTER, args=[CZARNKOW]), sent)
    assert answer["Location"].startswith("/pl/meetings/")


@pytest.mark.parametrize("name", ["printable", "place"])
def test_pages_open(name: str, meeting: Meeting, adviser: Actor, client_of: ClientOf) -> None:
    assert client_of(adviser).get(reverse(f"network:{name}", args=[CZARNKOW])).status_code == 200


def test_queries_do_not_grow(
    meeting: Meeting, place: Unit, adviser: Actor, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client = client_of(adviser)
    for url in (reverse("network:meetings"), reverse("network:place", args=[CZARNKOW])):
        client.get(url)
        with django_assert_max_num_queries(20) as few:
            client.get(url)
        for _n in range(5):
            enter_meeting(adviser, place, sheet())
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(url)
