"""The decision: proposed, departed from with a reason, released at once, and nothing known before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import Denied
from krzew.calls.acts import assessment, selection
from krzew.calls.acts import decisions as acts
from krzew.calls.acts import decisions_after as after
from krzew.calls.acts import decisions_appeals as appeals
from krzew.calls.acts import decisions_release as releasing
from krzew.calls.acts.applications import resign
from krzew.calls.acts.steps import Conflict
from krzew.calls.models import Application, Call, Decision
from krzew.calls.queries import decisions as queries
from krzew.calls.states import Outcome
from krzew.timeline.models import Letter
from krzew.timeline.working_days import add_working_days
from tests.calls.decisions_factory import (
    WHY,
    ClientOf,
    MakeApplication,
    at_decision,
    close,
    make_assessed,
    niw,
    release,
    released,
)
from tests.calls.selection_factory import assessed, card, iws_points, pool

fixtures = (niw, make_assessed, at_decision, released)


def test_as_proposed_and_all_at_once(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> None:
    assert acts.decide_as_proposed(manager, niw) == 4
    assert {row.state for row in niw.applications.all()} == {"submitted"}  # nothing moves before the release
    assert release(manager, niw) == 4
    states = {row.label: row.state for row in niw.applications.select_related("call")}
    assert states == {"1/001": "selected", "1/002": "selected", "1/003": "offered", "1/004": "reserve"}
    offered = niw.applications.get(number=3)
    assert offered.granted == Decimal(13_500)
    assert timezone.localdate(offered.complete_by) == add_working_days(timezone.localdate(), 3)
    assert niw.applications.get(number=1).stage == "agreement"
    letters = Letter.objects.filter(subject__contains=": ").exclude(state="held")
    assert sum("1/00" in letter.subject for letter in letters) >= 4
    niw.refresh_from_db()
    assert (niw.state, niw.results_released_at is not None) == ("decided", True)


def test_a_departure_needs_a_reason_and_is_kept(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> None:
    last = at_decision[3][0]
    with pytest.raises(ValidationError) as error:
        acts.decide(manager, last, Outcome.GRANTED, reason="bo tak")
    assert "reason" in error.value.message_dict
    made = acts.decide(manager, last, Outcome.GRANTED, amount=Decimal(5000), reason=WHY)
    assert (made.proposed, made.outcome, made.departs) == ("reserve", "granted", True)
    with pytest.raises(Conflict):
        acts.decide(manager, last, Outcome.RESERVE)
    acts.decide(manager, last, Outcome.RESERVE, seen=made.pk)
    assert last.decisions.count() == 2  # what was decided before stays readable


def test_less_than_proposed_is_a_departure(
    manager: Actor, at_decision: list[tuple[Application, str]]
) -> None:
    with pytest.raises(ValidationError):
        acts.decide(manager, at_decision[0][0], Outcome.GRANTED, amount=Decimal(50_000))
    with pytest.raises(ValidationError):
        acts.decide(manager, at_decision[0][0], Outcome.GRANTED, amount=Decimal(100_001), reason=WHY)


def test_nothing_is_announced_half_decided_or_over_the_pool(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> None:
    acts.decide(manager, at_decision[0][0], Outcome.GRANTED)
    with pytest.raises(ValidationError):
        release(manager, niw)
    acts.decide_as_proposed(manager, niw)
    Decision.objects.filter(application=at_decision[0][0]).update(amount=Decimal(2_000_000))
    with pytest.raises(ValidationError):
        release(manager, niw)
    assert (
        not Letter.objects.filter(subject__contains="1/001", state="released")
        .exclude(subject__contains="Mamy")
        .filter(body__contains="2 000 000")
        .exists()
    )


def main_of(page: Any) -> str:
    """What the page itself says, without its frame."""
    return str(page.content.decode().partition("<main")[2].partition("</main>")[0])


def test_nothing_leaks_before_the_release(
    manager: Actor,
    niw: Call,
    at_decision: list[tuple[Application, str]],
    visitor: Client,
    client_of: ClientOf,
    stranger: Actor,
) -> None:
    """Everything is decided and written; yet every page an outsider can open says the same for everybody."""
    texts = "SEKRETNA INFORMACJA ZWROTNA"
    for row, _token in at_decision[:3]:
        acts.decide(manager, row, Outcome.REJECTED_MERIT, reason=WHY, feedback=texts)
    acts.decide_as_proposed(manager, niw)
    pages = [visitor.get(reverse("calls:result", args=[token])) for _row, token in at_decision]
    bodies = [main_of(p) for p in pages]
    for (row, token), body in zip(at_decision, bodies, strict=True):
        assert texts not in body
        assert WHY not in body
        assert body.replace(row.label, "") == bodies[0].replace(at_decision[0][0].label, "")
        own = visitor.get(reverse("calls:application", args=[token])).content.decode()
        assert texts not in own
    assert visitor.get(reverse("calls:results", args=[niw.slug])).status_code == 404
    assert client_of(manager).get(reverse("calls:results", args=[niw.slug])).status_code == 404
    assert client_of(stranger).get(reverse("calls:results", args=[niw.slug])).status_code == 404
    for name in ("decisions", "decisions_letters", "decisions_protocol", "after", "appeals"):
        url = reverse(f"calls:{name}", args=[niw.slug])
        assert client_of(stranger).get(url).status_code == 404
        assert visitor.get(url).status_code == 302


def test_early_rejection_is_hidden_too(
    manager: Actor, call: Call, make_application: MakeApplication, visitor: Client
) -> None:
    row, token = _iws_thirty(manager, call, make_application)
    assert (row.state, row.outcome) == ("out", "rejected_merit")
    for name in ("result", "application"):
        body = main_of(visitor.get(reverse(f"calls:{name}", args=[token])))
        assert "32,5" not in body
        assert "nie wybran" not in body.lower()
        assert "odrzucon" not in body.lower()
        assert "not selected" not in body.lower()
    with pytest.raises(ValidationError):  # and no appeal tells it either
        appeals.file(Actor.anonymous(), row, "Proszę o ponowne spojrzenie na wniosek.", by_link=True)


def _iws_thirty(manager: Actor, call: Call, make_application: MakeApplication) -> tuple[Application, str]:
    """Every minimum met, 21 + 9 = 30 of the 32.5 that are needed; the stage is closed as the team closes it."""
    row, token = make_application(call, token=True)
    points = iws_points((5, 4, 4, 4, 4), (3, 3, 3))
    for stage in ("merit_a", "pitch_b"):
        for assessor in pool(call, 3)[:2]:
            card(row, assessor, stage, points[stage])
    row.stage = "pitch_b"
    row.save()
    assessment.close_stage(manager, call, "pitch_b")
    row.refresh_from_db()
    return row, token


def test_thirty_points_are_told_exactly_why_in_the_letter_and_on_the_page(
    manager: Actor, call: Call, make_application: MakeApplication, visitor: Client
) -> None:
    row, token = _iws_thirty(manager, call, make_application)
    good = assessed(make_application(call), iws_points((8, 7, 7, 7, 7), (4, 4, 4)))
    selection.adopt(manager, selection.rank(manager, call, "ranking"))
    acts.decide_as_proposed(manager, call)
    release(manager, call)
    good.refresh_from_db()
    assert good.state == "selected"
    letter = Letter.objects.filter(subject__contains=row.label).order_by("pk").last()
    assert letter
    assert (
        reverse("calls:result", args=[token])
        in visitor.get(reverse("calls:application", args=[token])).content.decode()
    )
    page = visitor.get(reverse("calls:result", args=[token])).content.decode()
    for text in (letter.body, page):
        assert "32,5" in text
        assert "30" in text
        assert "Suma części A i B" in text


def test_a_partial_offer_is_taken_or_left_in_time(
    released: list[tuple[Application, str]], visitor: Client
) -> None:
    row, token = released[2]
    url = reverse("calls:offer_answer", args=[token])
    assert "13" in visitor.get(reverse("calls:result", args=[token])).content.decode()
    assert visitor.post(url, {"go": "accept"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.stage, row.complete_by) == ("selected", "agreement", None)


def test_a_late_answer_is_refused_and_the_offer_lapses(
    manager: Actor, niw: Call, released: list[tuple[Application, str]]
) -> None:
    row = released[2][0]
    with pytest.raises(ValidationError):
        after.lapse(manager, row)
    row.complete_by = timezone.now() - timedelta(seconds=1)
    row.save()
    with pytest.raises(ValidationError):
        after.accept(Actor.anonymous(), row, by_link=True)
    after.lapse(manager, row)
    [promotion] = after.promotions(niw)
    assert promotion.application.number == 4


def test_a_resignation_moves_money_down_the_list(
    manager: Actor, niw: Call, released: list[tuple[Application, str]], client_of: ClientOf
) -> None:
    assert after.promotions(niw) == []
    resign(Actor.anonymous(), released[0][0])
    found = {p.application.number: p.amount for p in after.promotions(niw)}
    assert found == {3: Decimal(100_000), 4: Decimal(13_500)}  # first the part grant is completed
    client = client_of(manager)
    assert client.get(reverse("calls:after", args=[niw.slug])).status_code == 200
    assert client.post(reverse("calls:pass_on", args=[niw.slug])).status_code == 302
    third, fourth = niw.applications.get(number=3), niw.applications.get(number=4)
    assert third.granted == Decimal(100_000)
    assert (fourth.state, fourth.granted) == ("offered", Decimal(13_500))
    assert after.promotions(niw) == []
    with pytest.raises(ValidationError):
        after.pass_on(manager, niw)


def test_money_goes_on_where_people_departed_from_the_list(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]]
) -> None:
    acts.decide(manager, at_decision[0][0], Outcome.RESERVE, reason=WHY)
    acts.decide(manager, at_decision[2][0], Outcome.GRANTED, amount=Decimal(100_000), reason=WHY)
    acts.decide_as_proposed(manager, niw)
    release(manager, niw)
    niw.refresh_from_db()
    resign(Actor.anonymous(), niw.applications.get(number=2))
    found = {p.application.number: p.amount for p in after.promotions(niw)}
    assert found == {1: Decimal(100_000), 4: Decimal(13_500)}


def test_the_results_page_has_the_columns_of_the_rules_and_no_natural_persons(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any], visitor: Client
) -> None:
    make_assessed(45)
    make_assessed(40, kind="group", name="Grażyna Zmyślona")
    selection.adopt(manager, selection.rank(manager, niw, "ranking"))
    acts.decide_as_proposed(manager, niw)
    release(manager, niw)
    html = visitor.get(reverse("calls:results", args=[niw.slug])).content.decode()
    assert "Stowarzyszenie Próba" in html
    assert "Grażyna" not in html
    assert "1/002" in html
    assert "45" in html


def test_the_protocol_is_a_pdf(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]], client_of: ClientOf
) -> None:
    acts.decide(manager, at_decision[3][0], Outcome.REJECTED_MERIT, reason=WHY)
    acts.decide_as_proposed(manager, niw)
    for language in ("pl", "en"):
        url = reverse("calls:decisions_protocol", args=[niw.slug]).replace("/pl/", f"/{language}/")
        answer = client_of(manager).get(url)
        assert answer.content.startswith(b"%PDF")
        assert b"pdfuaid" in answer.content


def test_a_commission_without_points(
    manager: Actor, make_call: Callable[..., Call], make_application: MakeApplication, client_of: ClientOf
) -> None:
    call = make_call("stocznia")
    rows = [make_application(call) for _n in range(2)]
    for row, word in zip(rows, ("yes", "no"), strict=True):
        for assessor in pool(call, 3):
            made = card(row, assessor, "first_commission", {})
            made.__class__.objects.filter(pk=made.pk).update(recommendation=word)
    rows[0].stage = "cooperation"
    rows[0].save()
    rows[1].stage = "cooperation"
    rows[1].save()
    html = client_of(manager).get(reverse("calls:decisions", args=[call.slug])).content.decode()
    assert "3 : 0" in html
    assert acts.decide_as_proposed(manager, call) == 2
    release(manager, call)
    states = list(call.applications.order_by("number").values_list("state", "stage"))
    assert states == [("selected", "cooperation"), ("out", "cooperation")]


def test_pages_of_the_decision(
    manager: Actor, niw: Call, at_decision: list[tuple[Application, str]], client_of: ClientOf
) -> None:
    client, number = client_of(manager), at_decision[0][0].number
    url = reverse("calls:decision", args=[niw.slug, number])
    assert client.get(url).status_code == 200
    typed = {"outcome": "reserve", "amount": "", "reason": "", "feedback": "Tekst.", "seen": "0"}
    assert client.post(url, typed).status_code == 422
    assert client.post(url, typed | {"reason": WHY}).status_code == 302
    theirs = client.post(url, typed | {"reason": WHY, "outcome": "granted"})
    assert theirs.status_code == 409
    assert WHY in theirs.content.decode()
    assert client.post(reverse("calls:decisions_as_proposed", args=[niw.slug])).status_code == 302
    for language in ("pl", "en"):
        for name in ("decisions", "decisions_letters"):
            page = client.get(reverse(f"calls:{name}", args=[niw.slug]).replace("/pl/", f"/{language}/"))
            assert page.status_code == 200
    url_of_release = reverse("calls:decisions_release", args=[niw.slug])
    client.post(url_of_release)
    niw.refresh_from_db()
    assert niw.results_released_at is None  # the call is still open
    close(niw)
    assert client.post(url_of_release).status_code == 302
    niw.refresh_from_db()
    assert niw.results_released_at
    assert client.post(url, typed).status_code in (200, 422)
    assert queries.known_decision(at_decision[0][0])


@pytest.mark.parametrize("name", ["decisions", "decisions_letters", "after"])
def test_queries_do_not_grow(
    name: str,
    manager: Actor,
    niw: Call,
    make_assessed: Callable[..., Any],
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    client, url = client_of(manager), reverse(f"calls:{name}", args=[niw.slug])

    def more(points: range) -> None:
        for n in points:
            make_assessed(n, 1000)
        selection.adopt(manager, selection.rank(manager, niw, "ranking"))
        acts.decide_as_proposed(manager, niw)

    more(range(26, 28))
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    niw.applications.update(stage="ranking")
    more(range(28, 34))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


def test_acts_refuse_strangers(
    niw: Call, at_decision: list[tuple[Application, str]], stranger: Actor
) -> None:
    row = at_decision[0][0]
    for refused in (
        lambda: acts.decide(stranger, row, Outcome.GRANTED),
        lambda: acts.decide_as_proposed(stranger, niw),
        lambda: releasing.release_results(stranger, niw),
        lambda: after.pass_on(stranger, niw),
        lambda: after.accept(stranger, row),
        lambda: appeals.file(stranger, row, WHY),
        lambda: appeals.decide_again(stranger, row, "granted", reason=WHY),
    ):
        with pytest.raises(Denied):
            refused()


TEAM = ("decisions", "decisions_letters", "decisions_protocol", "after", "appeals", "ranking", "formal")
POSTED = ("decisions_as_proposed", "decisions_release", "pass_on", "ranking_make", "ranking_promise")
NUMBERED = ("decision", "formal_one")


@pytest.mark.parametrize("stage", ["before", "released"])
def test_every_address_for_every_persona(
    stage: str,
    request: pytest.FixtureRequest,
    manager: Actor,
    stranger: Actor,
    niw: Call,
    visitor: Client,
    client_of: ClientOf,
    make_actor: Callable[..., Actor],
) -> None:
    rows = request.getfixturevalue("at_decision" if stage == "before" else "released")
    assessor = Actor.of(pool(niw, 2)[0].user)
    applicant = make_actor("wnioskodawca@example.org", "Stowarzyszenie Obce", Role.MEMBER)
    Application.objects.filter(pk=rows[0][0].pk).update(user=applicant.user)
    numbered = [reverse(f"calls:{name}", args=[niw.slug, 1]) for name in NUMBERED]
    read = [*(reverse(f"calls:{name}", args=[niw.slug]) for name in TEAM), *numbered]
    written = [reverse(f"calls:{name}", args=[niw.slug]) for name in POSTED]
    for actor in (stranger, assessor, applicant):
        client = client_of(actor)
        assert {client.get(url).status_code for url in read} == {404}
        assert {client.post(url).status_code for url in written} == {404}
    assert {visitor.get(url).status_code for url in read} == {302}
    assert {visitor.post(url).status_code for url in written} == {302}
    assert {client_of(manager).get(url).status_code for url in read} == {200}
    results = reverse("calls:results", args=[niw.slug])
    shown = {client_of(a).get(results).status_code for a in (manager, stranger, assessor, applicant)}
    assert shown == ({404} if stage == "before" else {200})
    own = reverse("calls:result", args=[f"my-{rows[0][0].pk}"])
    assert client_of(applicant).get(own).status_code == 200
    assert client_of(stranger).get(own).status_code == 404
