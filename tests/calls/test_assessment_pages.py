"""Pages of assessment: who opens which address, what they say, how many queries they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role, User
from krzew.calls.models import (
    Application,
    Assessor,
    AssignmentPlan,
    Call,
    Conflict,
    Meeting,
    Reading,
    ScoreCard,
)
from krzew.calls.states import ReadingState
from krzew.timeline.models import Letter
from tests.calls.factories_assessment import card, content_of, give, make_assessor, make_sent, serial

ClientOf = Callable[[Actor], Client]
NIW = {"first": 15, "second": 10, "third": 10, "fourth": 10, "fifth": 5}
LOW = {"first": 6, "second": 4, "third": 4, "fourth": 4, "fifth": 2}


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def cast(niw: Call, manager: Actor, stranger: Actor, client_of: ClientOf, visitor: Client) -> dict[str, Any]:
    """Everybody who may try an address, round one application with a signed, an open and a closed reading."""
    home = niw.programme.organisation
    application, other = make_sent(niw, "merit", title="TAJNY TYTUŁ"), make_sent(niw, "merit")
    reads, linked, elsewhere = (make_assessor(home) for _n in range(3))
    reading = give(application, reads)
    closed = give(application, linked)
    give(other, elsewhere)
    conflict = Conflict.objects.create(assessor=linked, application=application, kind="family", note="Brat")
    applicant = User.objects.create_user("wnioskuje@example.org")
    Application.objects.filter(pk=application.pk).update(user=applicant)
    attachment = application.attachments.create(
        field="description", name="plan.pdf", kind="pdf", size=1, sha256="0" * 64, file="a/b.pdf"
    )
    return {
        "manager": client_of(manager),
        "stranger manager": client_of(stranger),
        "assessor with reading": client_of(Actor.of(reads.user)),
        "assessor with conflict": client_of(Actor.of(linked.user)),
        "assessor of other": client_of(Actor.of(elsewhere.user)),
        "applicant": client_of(Actor.of(applicant)),
        "visitor": visitor,
        "rows": (application, reading, closed, conflict, attachment, reads),
    }


PERSONAS = (
    "manager",
    "stranger manager",
    "assessor with reading",
    "assessor with conflict",
    "assessor of other",
    "applicant",
    "visitor",
)
TEAM_GET = [
    *("assessment", "assessment_plan", "assessment_close", "assessment_hint"),
    *("assessment_list", "assessment_list_csv"),
]
TEAM_POST = ["assessment_propose", "assessment_adopt", "assessment_remind", "assessment_final"]


def addresses(niw: Call, rows: Any) -> dict[str, tuple[str, str]]:
    """Every address of assessment: method and path."""
    application, reading, closed, conflict, attachment, reads = rows
    stage = [niw.slug, "merit"]
    found = {name: ("get", reverse(f"calls:{name}", args=stage)) for name in TEAM_GET}
    found |= {name: ("post", reverse(f"calls:{name}", args=stage)) for name in TEAM_POST}
    one = [*stage, application.pk]
    found |= {
        "start": ("get", reverse("calls:assessment_start", args=[niw.slug])),
        "application": ("get", reverse("calls:assessment_application", args=one)),
        "third": ("post", reverse("calls:assessment_third", args=one)),
        "give": ("post", reverse("calls:assessment_give", args=one)),
        "note": ("post", reverse("calls:conflict_note", args=one)),
        "close": ("post", reverse("calls:assessment_close", args=stage)),
        "lift": ("get", reverse("calls:conflict_lift", args=[conflict.pk])),
        "reopen": ("get", reverse("calls:assessment_reopen", args=[reading.pk])),
        "take back": ("post", reverse("calls:assessment_take_back", args=[closed.pk])),
        "assessor": ("get", reverse("calls:assessor", args=[reads.pk])),
        "pool": ("get", reverse("calls:assessors")),
        "ask": ("post", reverse("calls:assessor_ask")),
        "add": ("post", reverse("calls:assessor_add")),
        "links": ("get", reverse("calls:own_links", args=[reads.pk])),
        "desk": ("get", reverse("calls:assessments")),
    }
    for name, row in (("reading", reading), ("closed", closed)):
        found[name] = ("get", reverse("calls:assessment_card", args=[row.pk]))
        found[f"{name} state"] = ("post", reverse("calls:assessment_state", args=[row.pk]))
        found[f"{name} save"] = ("post", reverse("calls:assessment_save", args=[row.pk]))
        found[f"{name} refuse"] = ("post", reverse("calls:assessment_refuse", args=[row.pk]))
        found[f"{name} file"] = ("get", reverse("calls:assessment_file", args=[row.pk, attachment.pk]))
    return found


TEAM = {
    *(
        *TEAM_GET,
        *TEAM_POST,
        "start",
        "application",
        "third",
        "give",
        "note",
        "close",
        "lift",
        "reopen",
        "take back",
    ),
    *("assessor", "pool", "ask", "add", "desk"),
}
OWN = {"reading", "reading state", "reading save", "reading refuse", "links", "desk"}
MAY = {
    "manager": TEAM,
    "stranger manager": {"pool", "ask", "add", "desk"},  # her own pool, which is empty
    "assessor with reading": OWN,
    "assessor with conflict": {"desk"},
    "assessor of other": {"desk"},
    "applicant": {"desk"},
    "visitor": set(),
}
CLOSED_TO_MANAGER = {"reading", "closed"}


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_address_for_every_persona(persona: str, niw: Call, cast: dict[str, Any]) -> None:
    client: Client = cast[persona]
    client.raise_request_exception = False
    for name, (method, path) in addresses(niw, cast["rows"]).items():
        if name == "reading file":
            continue  # its bytes are not on the disk here; the test below sends it
        answer = getattr(client, method)(path)
        let_in = answer.status_code in (200, 302, 409, 422) and "/account/" not in answer.get("Location", "")
        assert answer.status_code != 500, name
        assert let_in == (name in MAY[persona]), (persona, name, answer.status_code)
        if persona not in ("manager", "assessor with reading"):
            assert "TAJNY TYTUŁ" not in answer.content.decode(), (persona, name)


def test_a_file_reaches_its_assessor_alone(
    niw: Call, cast: dict[str, Any], settings: Any, tmp_path: Any
) -> None:
    from django.core.files.base import ContentFile

    application, reading, closed, _conflict, _attachment, _reads = cast["rows"]
    row = application.attachments.create(
        field="description",
        name="plan.pdf",
        kind="pdf",
        size=4,
        sha256="2" * 64,
        file=ContentFile(b"%PDF", "x.pdf"),
    )
    url = reverse("calls:assessment_file", args=[reading.pk, row.pk])
    answer = cast["assessor with reading"].get(url)
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (
        cast["assessor with conflict"]
        .get(reverse("calls:assessment_file", args=[closed.pk, row.pk]))
        .status_code
        == 404
    )
    assert cast["assessor of other"].get(url).status_code == 404
    row.file.delete()


def test_from_the_pool_to_a_closed_stage_by_pages_alone(
    niw: Call, manager: Actor, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    team = client_of(manager)
    home = niw.programme.organisation
    for n in range(3):
        user = User.objects.create_user(f"czlonek{n}@example.org", name=f"Członkini {n}")
        Membership.objects.create(user=user, organisation=home, role=Role.MEMBER)
        team.post(reverse("calls:assessor_add"), {"user": user.pk})
    person = Assessor.objects.first()
    assert person is not None
    team.post(
        reverse("calls:assessor", args=[person.pk]), {"most": 5, "active": "on", "lived_experience": "on"}
    )
    assert Assessor.objects.get(pk=person.pk).most == 5
    row = make_sent(niw, "merit")
    stage = [niw.slug, "merit"]
    page = team.get(reverse("calls:assessment", args=stage)).content.decode()
    assert reverse("calls:assessment_plan", args=stage) in page
    team.post(reverse("calls:assessment_propose", args=stage), {"experts": "on"})
    plan = AssignmentPlan.objects.get()
    html = team.get(reverse("calls:assessment_plan", args=stage)).content.decode()
    assert str(plan.seed) in html
    out = plan.proposal["pairs"][0][0]
    into = Assessor.objects.exclude(pk__in=[a for a, _p in plan.proposal["pairs"]]).get()
    change = reverse("calls:assessment_change", args=[*stage, row.pk])
    assert team.get(change).status_code == 200
    assert team.post(change, {"out": out, "into": into.pk, "reason": "bo"}).status_code == 422
    team.post(change, {"out": out, "into": into.pk, "reason": "Zna temat z własnej pracy."})
    day = timezone.localdate() + timedelta(days=7)
    team.post(reverse("calls:assessment_adopt", args=stage), {"plan": plan.pk, "due_on": day.isoformat()})
    readings = list(Reading.objects.select_related("assessor__user"))
    assert into.pk in {r.assessor_id for r in readings}
    for reading, points in zip(readings, (NIW, LOW), strict=True):
        hers = client_of(Actor.of(reading.assessor.user))
        hers.post(
            reverse("calls:assessment_state", args=[reading.pk]), {"impartial": "on", "confidential": "on"}
        )
        hers.post(reverse("calls:assessment_save", args=[reading.pk]), card(points, sign="1"))
    page = team.get(reverse("calls:assessment", args=stage) + "?show=third").content.decode()
    one = reverse("calls:assessment_application", args=[*stage, row.pk])
    assert one in page
    third = next(a for a in Assessor.objects.all() if a.pk not in {r.assessor_id for r in readings})
    assert str(third) in team.get(one).content.decode()
    team.post(
        reverse("calls:assessment_third", args=[*stage, row.pk]),
        {"assessor": third.pk, "due_on": day.isoformat()},
    )
    reading = Reading.objects.get(third=True)
    hers = client_of(Actor.of(third.user))
    hers.post(reverse("calls:assessment_state", args=[reading.pk]), {"impartial": "on", "confidential": "on"})
    hers.post(reverse("calls:assessment_save", args=[reading.pk]), card(NIW, sign="1"))
    assert team.get(reverse("calls:assessment_close", args=stage)).status_code == 200
    team.post(reverse("calls:assessment_close", args=stage))
    row.refresh_from_db()
    assert row.stage == "ranking"
    assert {letter.state for letter in Letter.objects.all()} == {"held"}


def test_meetings_by_pages(make_call: Callable[..., Call], manager: Actor, client_of: ClientOf) -> None:
    call = make_call("iws2")
    make_sent(call, "pitch_b")
    team, stage = client_of(manager), [call.slug, "pitch_b"]
    url = reverse("calls:assessment_meetings", args=stage)
    day = timezone.localdate() + timedelta(days=20)
    typed = {
        "day": day.isoformat(),
        "hour": "10:00",
        "count": 5,
        "minutes": 15,
        "pause": 5,
        "where": "Sala 3",
    }
    early = typed | {"day": (timezone.localdate() + timedelta(days=3)).isoformat()}
    assert team.post(url, early).status_code == 422
    assert team.post(url, typed).status_code == 302
    meeting = Meeting.objects.get()
    assert timezone.localtime(meeting.at).hour == 10
    one = reverse("calls:assessment_meeting", args=[*stage, meeting.pk])
    assert team.post(one, typed | {"hour": "11:30"}).status_code == 302
    meeting.refresh_from_db()
    assert timezone.localtime(meeting.at).hour == 11
    Meeting.objects.update(at=timezone.now() - timedelta(hours=1))
    assert team.get(one).status_code == 200
    team.post(one, {"came": "no", "note": ""})
    meeting.refresh_from_db()
    assert meeting.attended is False
    assert team.get(url).status_code == 200


def many(call: Call, count: int) -> None:
    """Applications with two cards each, straight into the tables."""
    home = call.programme.organisation
    people = [make_assessor(home) for _n in range(6)]
    rows = Application.objects.bulk_create(
        [
            Application(
                call=call,
                number=n,
                kind="person",
                state="submitted",
                stage="merit",
                title=f"Pomysł {n:04}",
                token_hash=f"many-{next(serial)}",
            )
            for n in range(call.last_number + 1, call.last_number + count + 1)
        ]
    )
    call.last_number += count
    call.save()
    readings = Reading.objects.bulk_create(
        [
            Reading(application=row, assessor=people[(n + k) % 6], stage="merit", state=ReadingState.DONE)
            for n, row in enumerate(rows)
            for k in (0, 1)
        ]
    )
    ScoreCard.objects.bulk_create(
        [
            ScoreCard(
                reading=r,
                version=1,
                points={c: str((n + i) % (m + 1)) for i, (c, m) in enumerate(NIW.items())},
            )
            for n, r in enumerate(readings)
        ]
    )


@pytest.mark.parametrize("query", ["", "?sort=-total", "?show=missed&sort=-differ", "?page=2"])
def test_the_dashboard_has_constant_queries(
    niw: Call, manager: Actor, client_of: ClientOf, django_assert_max_num_queries: Any, query: str
) -> None:
    many(niw, 10)
    team, url = client_of(manager), reverse("calls:assessment", args=[niw.slug, "merit"]) + query
    team.get(url)
    with django_assert_max_num_queries(30) as few:
        team.get(url)
    many(niw, 300)
    with django_assert_max_num_queries(30) as cold:
        page = team.get(url).content.decode()
    with django_assert_max_num_queries(len(few.captured_queries)):
        team.get(url)
    assert page.count("<tr") == 51
    assert len(cold.captured_queries) <= len(few.captured_queries) + 8


@pytest.mark.parametrize("name", ["assessment_plan", "assessment_close", "assessment_hint"])
def test_other_pages_of_a_stage_have_constant_queries(
    niw: Call, manager: Actor, client_of: ClientOf, django_assert_max_num_queries: Any, name: str
) -> None:
    many(niw, 120)
    team, url = client_of(manager), reverse(f"calls:{name}", args=[niw.slug, "merit"])
    team.get(url)
    with django_assert_max_num_queries(30):
        assert team.get(url).status_code == 200


def test_sorting_by_points_puts_the_unscored_last(niw: Call, manager: Actor, client_of: ClientOf) -> None:
    rows = [make_sent(niw, "merit") for _n in range(3)]
    people = [make_assessor(niw.programme.organisation) for _n in range(2)]
    for row, points in zip(rows[:2], (dict.fromkeys(NIW, "1"), dict.fromkeys(NIW, "5")), strict=True):
        for person in people:
            ScoreCard.objects.create(reading=give(row, person, ReadingState.DONE), version=1, points=points)
    team, url = client_of(manager), reverse("calls:assessment", args=[niw.slug, "merit"])
    for sort, order in (("-total", (1, 0, 2)), ("total", (0, 1, 2))):
        html = team.get(f"{url}?sort={sort}").content.decode()
        places = [html.index(rows[n].title + "<") for n in order]
        assert places == sorted(places)


def test_a_version_is_read_and_not_the_draft(niw: Call, client_of: ClientOf) -> None:
    row = make_sent(niw, "merit", answers={"title": "x", "description": "WYSŁANE"})
    reading = give(row, make_assessor(niw.programme.organisation))
    Application.objects.filter(pk=row.pk).update(answers={"description": "ZMIENIONE PO WYSŁANIU"})
    html = (
        client_of(Actor.of(reading.assessor.user))
        .get(reverse("calls:assessment_card", args=[reading.pk]))
        .content.decode()
    )
    assert "WYSŁANE" in html
    assert "ZMIENIONE" not in html
    assert content_of(row)["answers"]["description"] == "WYSŁANE"
