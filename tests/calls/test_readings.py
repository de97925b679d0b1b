"""The assessor's desk: the statement, the card saved as typed, signing, blindness, conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import readings as acts
from krzew.calls.acts.steps import Conflict as Meanwhile
from krzew.calls.assessment_cards import Draft
from krzew.calls.models import Application, Assessor, Call, Conflict, Immutable, Reading, ScoreCard
from krzew.calls.states import ReadingState, WrongState
from krzew.timeline.models import Letter
from krzew.timeline.queries import history
from tests.calls.factories_assessment import OVERALL, REASON, card, give, make_assessor, make_sent

ClientOf = Callable[[Actor], Client]
GOOD = {"first": 12, "second": 8, "third": 8, "fourth": 8, "fifth": 4}


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def assessor(niw: Call) -> Assessor:
    return make_assessor(niw.programme.organisation, "Alicja Asesorka")


@pytest.fixture
def me(assessor: Assessor) -> Actor:
    return Actor.of(assessor.user)


@pytest.fixture
def application(niw: Call) -> Application:
    return make_sent(niw, "merit")


@pytest.fixture
def reading(application: Application, assessor: Assessor) -> Reading:
    return give(application, assessor, ReadingState.ASSIGNED)


@pytest.fixture
def opened(reading: Reading, me: Actor) -> Reading:
    return acts.state(me, reading, impartial=True, confidential=True)


def address(name: str, reading: Reading, *more: Any) -> str:
    return reverse(f"calls:assessment_{name}", args=[reading.pk, *more])


def fresh(row: Reading) -> Reading:
    return Reading.objects.select_related("application__call__programme", "assessor__user").get(pk=row.pk)


def test_nothing_opens_before_the_statement(reading: Reading, me: Actor, client_of: ClientOf) -> None:
    client = client_of(me)
    html = client.get(address("card", reading)).content.decode()
    assert "Opis pomysłu." not in html
    assert client.post(address("save", reading), card(GOOD)).status_code == 403
    answer = client.post(address("state", reading), {"impartial": "on"})
    assert answer.status_code == 422
    assert fresh(reading).state == ReadingState.ASSIGNED
    client.post(address("state", reading), {"impartial": "on", "confidential": "on"})
    kept = fresh(reading)
    assert (kept.state, kept.statement_version) == (ReadingState.OPEN, acts.STATEMENT_VERSION)
    assert kept.stated_at is not None
    assert "Opis pomysłu." in client.get(address("card", reading)).content.decode()
    assert [e.data for e in history(reading)] == [{"statement": acts.STATEMENT_VERSION}]


def test_a_refusal_with_a_link_closes_it_for_good(
    reading: Reading, me: Actor, client_of: ClientOf, application: Application
) -> None:
    client = client_of(me)
    assert client.post(address("refuse", reading), {"kind": "family", "reason": "Siostra"}).status_code == 422
    client.post(address("refuse", reading), {"kind": "family", "reason": "Moja siostra jest w zarządzie."})
    assert fresh(reading).state == ReadingState.REFUSED
    row = Conflict.objects.get()
    assert (row.kind, row.application) == ("family", application)
    assert client.get(address("card", reading)).status_code == 404
    assert "siostra" not in str([e.data for e in history(application, reading)])


def test_a_refusal_for_another_reason_is_no_conflict(reading: Reading, me: Actor) -> None:
    acts.refuse(me, reading, kind="other", reason="W tym miesiącu nie mam czasu.")
    assert not Conflict.objects.exists()


def test_a_conflict_closes_every_address(opened: Reading, me: Actor, client_of: ClientOf) -> None:
    acts.save(me, opened, Draft(overall="Moje notatki"), seen=0)
    Conflict.objects.create(assessor=opened.assessor, application=opened.application, kind="gmina")
    client = client_of(me)
    for name in ("card", "state", "refuse", "save"):
        method = client.get if name == "card" else client.post
        assert method(address(name, opened), {"impartial": "on"}).status_code == 404, name
    assert client.get(address("file", opened, 1)).status_code == 404
    desk = client.get(reverse("calls:assessments")).content.decode()
    assert opened.application.title not in desk
    for act in (
        lambda: acts.save(me, fresh(opened), Draft(), seen=1),
        lambda: acts.sign(me, fresh(opened)),
        lambda: acts.state(me, fresh(opened), impartial=True, confidential=True),
    ):
        with pytest.raises(Denied):
            act()


def test_a_conflict_found_in_another_pool_counts_too(opened: Reading, me: Actor, stranger: Actor) -> None:
    assert stranger.organisation is not None
    elsewhere = Assessor.objects.create(user=opened.assessor.user, organisation=stranger.organisation)
    Conflict.objects.create(assessor=elsewhere, application=opened.application, kind="organisation")
    with pytest.raises(Denied):
        acts.sign(me, fresh(opened))


def test_it_is_saved_as_typed_with_what_is_wrong(opened: Reading, me: Actor, client_of: ClientOf) -> None:
    typed = card({"first": 99}, reason_first="Krótko", overall="Zaczynam")
    answer = client_of(me).post(address("save", opened), typed, headers={"HX-Request": "true"})
    html = answer.content.decode()
    kept = fresh(opened)
    assert (kept.draft["overall"], kept.draft["points"]["first"]) == ("Zaczynam", "99")
    assert 'value="1"' in html  # the next save knows the new revision
    assert 'id="least_first"' in html


def test_two_windows_lose_nothing(opened: Reading, me: Actor, client_of: ClientOf) -> None:
    acts.save(me, opened, Draft(overall="Z pierwszego okna"), seen=0)
    answer = client_of(me).post(address("save", opened), card(GOOD, overall="Z drugiego okna"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Z pierwszego okna" in html
    assert "Z drugiego okna" in html
    with pytest.raises(Meanwhile):
        acts.save(me, fresh(opened), Draft(overall="trzecie"), seen=0)


def test_the_same_words_twice_are_no_conflict(opened: Reading, me: Actor, client_of: ClientOf) -> None:
    client = client_of(me)
    client.post(address("save", opened), card(GOOD), headers={"HX-Request": "true"})
    client.post(address("save", opened), card(GOOD, sign="1"))  # with the revision of before
    assert fresh(opened).state == ReadingState.DONE


def test_the_card_is_saved_as_typed_in_a_browser_with_scripts(
    opened: Reading, me: Actor, client_of: ClientOf
) -> None:
    assert "htmx" in client_of(me).get(address("card", opened)).content.decode().partition("</main>")[2]


def test_signing_says_what_is_missing_and_loses_nothing(
    opened: Reading, me: Actor, client_of: ClientOf
) -> None:
    typed = card(GOOD | {"first": 16}, reason_second="Za krótko", overall="Mało", sign="1")
    answer = client_of(me).post(address("save", opened), typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Za krótko" in html
    assert html.count('class="error"') >= 3
    assert fresh(opened).state == ReadingState.OPEN
    assert not ScoreCard.objects.exists()


def test_a_signed_card_is_immutable_and_a_correction_is_a_new_version(
    opened: Reading, me: Actor, manager: Actor, client_of: ClientOf
) -> None:
    client = client_of(me)
    client.post(address("save", opened), card(GOOD, sign="1"))
    first = ScoreCard.objects.get()
    assert first.points == {code: str(given) for code, given in GOOD.items()}
    with pytest.raises(Immutable):
        first.save()
    with pytest.raises(ValidationError):
        acts.save(me, fresh(opened), Draft(), seen=1)
    acts.reopen(
        manager, fresh(opened), reason="Punkty i uzasadnienie się nie zgadzają.", desk="https://example.org"
    )
    assert Letter.objects.get().state == "held"
    client.post(address("save", opened), card(GOOD | {"first": 10}, revision=1, sign="1"))
    assert [c.version for c in ScoreCard.objects.all()] == [1, 2]
    assert ScoreCard.objects.get(version=1).points["first"] == "12"
    with pytest.raises(WrongState):
        acts.sign(me, fresh(opened))


def test_sign_and_next_goes_on(opened: Reading, me: Actor, client_of: ClientOf, niw: Call) -> None:
    other = give(make_sent(niw, "merit"), opened.assessor)
    answer = client_of(me).post(address("save", opened), card(GOOD, next="1"))
    assert answer["Location"] == address("card", other)


def test_others_stay_hidden_until_the_own_card_is_signed(
    opened: Reading, me: Actor, client_of: ClientOf, niw: Call
) -> None:
    colleague = make_assessor(niw.programme.organisation, "Bożena Druga")
    theirs = give(opened.application, colleague, ReadingState.DONE)
    ScoreCard.objects.create(
        reading=theirs, version=1, points=dict.fromkeys(GOOD, "1"), reasons={"first": "SŁOWA DRUGIEJ KARTY"}
    )
    client = client_of(me)
    html = client.get(address("card", opened)).content.decode()
    assert "SŁOWA DRUGIEJ KARTY" not in html
    assert "Bożena" not in html
    saved = client.post(address("save", opened), card(GOOD), headers={"HX-Request": "true"}).content.decode()
    assert "SŁOWA DRUGIEJ KARTY" not in saved
    client.post(address("save", opened), card(GOOD, revision=1, sign="1"))
    assert "SŁOWA DRUGIEJ KARTY" in client.get(address("card", opened)).content.decode()


def test_what_others_only_typed_is_never_shown(
    opened: Reading, me: Actor, client_of: ClientOf, niw: Call
) -> None:
    theirs = give(opened.application, make_assessor(niw.programme.organisation))
    theirs.draft = {"overall": "NIEPODPISANE SŁOWA"}
    theirs.save()
    client = client_of(me)
    client.post(address("save", opened), card(GOOD, sign="1"))
    assert "NIEPODPISANE" not in client.get(address("card", opened)).content.decode()


SECRETS = (
    "Fundacja Tajna",
    "tajna@example.org",
    "Członkini Zmyślona",
    "TAJNY ZESPÓŁ",
    "Fundacja-Tajna-statut",
)


@pytest.fixture
def blind_reading(make_call: Callable[..., Call]) -> Reading:
    """A stage that must not know who applies, in a call whose form marks the question on the team."""
    call = make_call("iws2")
    definition = call.definition
    stage = next(s for s in definition["stages"] if s["code"] == "merit_a")
    stage["blind"] = {"applicant": True, "names_of_assessors": True, "others_until_own_is_done": True}
    call.definition = definition
    call.save()
    call.__dict__.pop("rules", None)
    answers = {"title": "Pralnia", "description": "WIDOCZNY OPIS", "team": "TAJNY ZESPÓŁ"}
    application = make_sent(
        call,
        "merit_a",
        title="Pralnia",
        applicant_name="Fundacja Tajna",
        email="tajna@example.org",
        answers=answers,
    )
    application.attachments.create(
        field="description",
        name="Fundacja-Tajna-statut.pdf",
        kind="pdf",
        size=1,
        sha256="0" * 64,
        file="a/b.pdf",
    )
    application.attachments.create(
        field="team", name="cv.pdf", kind="pdf", size=1, sha256="1" * 64, file="a/c.pdf"
    )
    return give(application, make_assessor(call.programme.organisation), ReadingState.ASSIGNED)


def test_a_blind_stage_leaks_nothing_of_the_applicant(blind_reading: Reading, client_of: ClientOf) -> None:
    me = Actor.of(blind_reading.assessor.user)
    client = client_of(me)
    pages = [client.get(address("card", blind_reading)), client.get(reverse("calls:assessments"))]
    client.post(address("state", blind_reading), {"impartial": "on", "confidential": "on"})
    pages.append(client.get(address("card", blind_reading)))
    assert "WIDOCZNY OPIS" in pages[-1].content.decode()
    points = dict.fromkeys(("innovativeness", "needs", "efficiency", "universality", "vision"), 8)
    pages.append(client.post(address("save", blind_reading), card(points), headers={"HX-Request": "true"}))
    client.post(address("save", blind_reading), card(points, revision=1, sign="1"))
    pages.append(client.get(address("card", blind_reading)))
    for page in pages:
        for secret in SECRETS:
            assert secret not in page.content.decode(), secret
    hidden = blind_reading.application.attachments.get(field="team")
    assert client.get(address("file", blind_reading, hidden.pk)).status_code == 404


def test_names_of_assessors_are_hidden_where_the_rules_say_so(
    blind_reading: Reading, client_of: ClientOf
) -> None:
    home = blind_reading.assessor.organisation
    theirs = give(blind_reading.application, make_assessor(home, "Bożena Druga"), ReadingState.DONE)
    ScoreCard.objects.create(reading=theirs, version=1, points={"needs": "1"}, overall="Cudza karta")
    blind_reading.state = ReadingState.DONE
    blind_reading.save()
    ScoreCard.objects.create(reading=blind_reading, version=1, points={"needs": "2"})
    html = (
        client_of(Actor.of(blind_reading.assessor.user)).get(address("card", blind_reading)).content.decode()
    )
    assert "Cudza karta" in html
    assert "Bożena" not in html


def test_no_contact_data_even_where_names_are_shown(opened: Reading, me: Actor, client_of: ClientOf) -> None:
    html = client_of(me).get(address("card", opened)).content.decode()
    assert opened.application.applicant_name in html
    for secret in (opened.application.email, "ulica Zmyślona", "czlonkini@example.org"):
        assert secret not in html


def test_what_has_moved_on_is_not_assessed(opened: Reading, me: Actor) -> None:
    opened.application.stage = "ranking"
    opened.application.save()
    with pytest.raises(ValidationError):
        acts.save(me, fresh(opened), Draft(), seen=0)


def test_a_step_of_half_points_takes_a_comma(make_call: Callable[..., Call]) -> None:
    from krzew.calls.assessment_cards import points_given

    criterion = make_call("niw").rules.stage("merit").criteria[0]  # type: ignore[union-attr]
    half = criterion.model_copy(update={"step": criterion.most / 30})
    assert str(points_given(half, "7,5")) == "7.5"
    assert [points_given(half, text) for text in ("7.3", "-1", "NaN", "16", "sto", "")] == [None] * 6


def test_links_are_declared_by_the_assessor_alone(me: Actor, assessor: Assessor, client_of: ClientOf) -> None:
    url = reverse("calls:own_links", args=[assessor.pk])
    client = client_of(me)
    assert client.post(url, {"gminas": "Nie ma takiej", "organisations": ""}).status_code == 422
    client.post(url, {"gminas": "300202 Czarnków", "organisations": "Fundacja Próba\n \nZarząd Koła"})
    kept = Assessor.objects.get(pk=assessor.pk)
    assert kept.gminas == ["300202"]
    assert kept.linked_organisations == ["Fundacja Próba", "Zarząd Koła"]
    page = client.get(url).content.decode()
    assert "300202 Czarnków" in page
    other = make_assessor(assessor.organisation)
    assert client_of(Actor.of(other.user)).get(url).status_code == 404


def test_the_desk_has_constant_queries(
    opened: Reading, me: Actor, client_of: ClientOf, niw: Call, django_assert_max_num_queries: Any
) -> None:
    client = client_of(me)
    client.get(reverse("calls:assessments"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("calls:assessments"))
    for n in range(12):
        give(make_sent(niw, "merit"), opened.assessor, [ReadingState.ASSIGNED, ReadingState.DONE][n % 2])
    with django_assert_max_num_queries(len(few.captured_queries) + 1):
        page = client.get(reverse("calls:assessments")).content.decode()
    assert page.count('class="task ') == 7
    assert REASON not in page
    assert OVERALL not in page
