"""The specification: one living text, its gates, versions that never change, and how they differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role
from krzew.accounts.permissions import Denied
from krzew.calls.models import Immutable
from krzew.timeline.models import Event, Letter
from krzew.timeline.states import LetterState
from krzew.timeline.transitions import WrongState, mermaid
from krzew.trials.acts import innovations
from krzew.trials.acts import specification as acts
from krzew.trials.acts.steps import Conflict, fresh
from krzew.trials.acts.writing import NotReady
from krzew.trials.models import Agreement, AgreementKind, Innovation, SpecificationVersion
from krzew.trials.queries import specification as queries
from krzew.trials.states import SPECIFICATION, AgreementState, VersionState
from krzew.ui.differences import compare

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
ANYONE = Actor.anonymous()
FIRST = {
    "solution": "Ławka z głosami sąsiadów.\nKto usiądzie, słyszy opowieść.",
    "recipients": "Osoby starsze i samotne.",
    "assumptions": "Ludzie chcą siadać i słuchać.",
}
DOCS = Path(__file__).parents[2] / "docs" / "flows"


def criteria(*codes: str) -> tuple[dict[str, Any], ...]:
    return tuple({"code": c, "label": {"pl": f"Kryterium {c}", "en": f"Criterion {c}"}} for c in codes)


@pytest.fixture
def innovation(make_innovation: Make) -> Innovation:
    return with_criteria(make_innovation("stocznia")[0])


def with_criteria(row: Innovation) -> Innovation:
    """Its cooperation agreement is in force, and the first gate has two criteria."""
    definition = row.call.definition
    for stage in definition["stages"]:
        if stage["code"] == "preliminary":
            stage["criteria"] = list(criteria("need", "idea"))
    row.call.definition = definition
    row.call.save()
    Agreement.objects.create(
        innovation=row,
        kind=AgreementKind.COOPERATION,
        stage="cooperation",
        state=AgreementState.SIGNED,
        signed_at=timezone.now(),
    )
    return fresh(row.pk)


@pytest.fixture
def linked(make_innovation: Make) -> tuple[Innovation, str]:
    row, token = make_innovation("stocznia")
    return with_criteria(row), token


def write(row: Innovation, code: str = "preliminary", **answers: Any) -> None:
    stage = acts.gate_of(row, code)
    seen = queries.specification(row).revision
    acts.save(ANYONE, row, stage, FIRST | answers, seen=seen)


def sent(row: Innovation, code: str = "preliminary") -> SpecificationVersion:
    stage = acts.gate_of(row, code)
    return acts.send(ANYONE, row, stage, seen=queries.specification(row).revision)


def decided(
    manager: Actor, version: SpecificationVersion, outcome: str = VersionState.ACCEPTED, **more: Any
) -> Any:
    said = {"need": {"met": "yes", "reason": ""}, "idea": {"met": "partly", "reason": "Brak kosztów."}}
    args = {"outcome": outcome, "criteria": said, "reason": "Powód całości."} | more
    return acts.decide(manager, version, **args)


def test_what_is_typed_is_kept_and_two_writers_do_not_overwrite_each_other(innovation: Innovation) -> None:
    stage = acts.gate_of(innovation, "preliminary")
    acts.save(ANYONE, innovation, stage, {"solution": "Jedno."}, seen=0)
    with pytest.raises(Conflict):
        acts.save(ANYONE, innovation, stage, {"solution": "Drugie."}, seen=0)
    assert queries.specification(innovation).answers["solution"] == "Jedno."
    with pytest.raises(ValueError, match="schedule"):
        acts.save(ANYONE, innovation, stage, {"schedule": []}, seen=1)


def test_the_gate_refuses_what_is_lacking_and_names_it(innovation: Innovation) -> None:
    write(innovation, recipients="")
    with pytest.raises(NotReady) as refused:
        sent(innovation)
    assert [lack.field for lack in refused.value.lacks] == ["recipients"]
    assert not SpecificationVersion.objects.exists()


def test_it_waits_for_the_agreement_before_it(make_innovation: Make) -> None:
    row, _token = make_innovation("stocznia")
    write(row)
    with pytest.raises(ValidationError, match="Porozumienie"):
        sent(row)


def test_a_version_never_changes(innovation: Innovation) -> None:
    write(innovation)
    version = sent(innovation)
    version.content["answers"]["solution"] = "Co innego."
    with pytest.raises(Immutable):
        version.save()
    with pytest.raises(Immutable):
        SpecificationVersion.objects.all().delete()
    with pytest.raises(ValidationError):
        write(innovation)


def test_a_changed_mind_after_checking_is_noticed(innovation: Innovation) -> None:
    write(innovation)
    seen = queries.specification(innovation).revision
    write(innovation, solution="Inaczej.")
    with pytest.raises(Conflict):
        acts.send(ANYONE, innovation, acts.gate_of(innovation, "preliminary"), seen=seen)


def test_the_body_decides_by_criteria_and_the_author_is_told_why(
    innovation: Innovation, manager: Actor
) -> None:
    write(innovation)
    version = sent(innovation)
    with pytest.raises(ValidationError) as wrong:
        decided(manager, version, VersionState.RETURNED, reason="", criteria={"need": {"met": "no"}})
    assert set(wrong.value.message_dict) == {"reason_need", "met_idea", "reason"}
    gate = decided(manager, version, VersionState.RETURNED)
    assert gate.criteria["idea"] == {"met": "partly", "reason": "Brak kosztów."}
    assert Letter.objects.get().state == LetterState.HELD
    write(innovation, solution="Poprawione.")
    assert sent(innovation).number == 2
    with pytest.raises(WrongState):
        decided(manager, version)


def test_acceptance_opens_the_next_gate_with_the_same_words(innovation: Innovation, manager: Actor) -> None:
    write(innovation)
    decided(manager, sent(innovation))
    assert fresh(innovation.pk).stage == "full"
    stage = acts.gate_of(innovation, "full")
    row = queries.specification(innovation)
    assert row.answers["solution"] == FIRST["solution"]
    acts.save(ANYONE, innovation, stage, full_answers(), seen=row.revision)
    version = sent(innovation, "full")
    assert version.content["answers"]["assumptions"] == FIRST["assumptions"]
    assert version.content["answers"]["schedule"][0]["cost"] == "1200.50"


def full_answers() -> dict[str, Any]:
    today = timezone.localdate()
    plan = {"phase": "", "action": "Nagrania", "start": str(today), "end": str(today + timedelta(20))}
    texts = dict.fromkeys(("test_group", "test_plan", "accessibility", "risks"), "Opis.")
    return texts | {"schedule": [plan | {"cost": "1200,50"}]}


def test_a_rejected_specification_is_not_sent_again(innovation: Innovation, manager: Actor) -> None:
    write(innovation)
    decided(manager, sent(innovation), VersionState.REJECTED)
    with pytest.raises(ValidationError):
        write(innovation)


def test_only_the_team_decides(
    innovation: Innovation, manager: Actor, mentor: Actor, stranger: Actor
) -> None:
    innovations.name_mentor(manager, innovation, mentor.user)
    write(innovation)
    version = sent(innovation)
    for actor in (mentor, stranger, ANYONE):
        with pytest.raises(Denied):
            decided(actor, version)
    stage = acts.gate_of(innovation, "preliminary")
    acts.remark(mentor, fresh(innovation.pk), stage, "solution", "Napisz, kto nagrywa.")
    with pytest.raises(Denied):
        acts.remark(stranger, innovation, stage, "solution", "Nie.")


def test_a_mentor_who_manages_does_not_judge_her_own(
    innovation: Innovation, manager: Actor, mentor: Actor
) -> None:
    Membership.objects.create(user=mentor.user, organisation=manager.organisation, role=Role.MANAGER)
    both = Actor.of(mentor.user, manager.organisation)
    innovations.name_mentor(manager, innovation, mentor.user)
    write(innovation)
    version = sent(innovation)
    with pytest.raises(ValidationError, match="mentor"):
        decided(both, version)
    Membership.objects.filter(user=manager.user, role=Role.MANAGER).delete()
    assert decided(both, version).by == mentor.user


def test_what_the_application_says_begins_the_answers(innovation: Innovation) -> None:
    innovation.application.answers = {"idea": "Ławka mówi.", "problem": "Samotność."}
    innovation.application.save()
    stage = acts.gate_of(innovation, "preliminary")
    acts.save(ANYONE, innovation, stage, {"recipients": "Sąsiedzi."}, seen=0)
    assert acts.begin_with_known(ANYONE, innovation, stage) == ["solution"]
    answers = queries.specification(innovation).answers
    assert (answers["solution"], answers["recipients"]) == ("Ławka mówi.", "Sąsiedzi.")
    assert acts.begin_with_known(ANYONE, innovation, stage) == []


def test_the_events_hold_no_words_of_the_text(innovation: Innovation, manager: Actor) -> None:
    write(innovation)
    decided(manager, sent(innovation))
    said = " ".join(str(event.data) for event in Event.objects.all())
    assert "Ławka" not in said
    assert "Powód" not in said


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (
            "Zażółć gęślą jaźń.",
            "Zażółć gęślą łódź.",
            [("same", "Zażółć gęślą "), ("gone", "jaźń."), ("new", "łódź.")],
        ),
        ("", "Całkiem nowe.", [("new", "Całkiem nowe.")]),
        ("Bez zmian.", "Bez zmian.", [("same", "Bez zmian.")]),
        ("A\nB\nC", "A\nC", [("same", "A\n"), ("gone", "B\n"), ("same", "C")]),
        (
            "ośmiu testerów",
            "dwunastu testerów",
            [("gone", "ośmiu "), ("new", "dwunastu "), ("same", "testerów")],
        ),
    ],
)
def test_the_difference_is_read_word_by_word(was: str, now: str, expected: list[tuple[str, str]]) -> None:
    pieces = compare(was, now)
    assert [(piece.kind, piece.text) for piece in pieces] == expected
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == was or was == now
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == now


def test_the_longest_texts_are_compared_while_one_waits() -> None:
    long = " ".join(f"słowo{n % 97} i w na" for n in range(1100))
    started = timezone.now()
    compare(long, long.replace("słowo3", "wyraz"))
    assert (timezone.now() - started).total_seconds() < 2


def test_the_documentation_shows_the_declared_states() -> None:
    assert mermaid(SPECIFICATION) in (DOCS / "trials-specification.md").read_text(encoding="utf-8")


# --- pages ------------------------------------------------------------------------------------------


def url(name: str, *args: Any) -> str:
    return reverse(f"trials:{name}", args=args)


def test_the_innovator_writes_checks_and_sends_by_the_link(
    client: Client, linked: tuple[Innovation, str]
) -> None:
    _row, token = linked
    page = url("specification", token, "preliminary")
    assert "Opis rozwiązania" in client.get(page).content.decode()
    saved = client.post(
        page, FIRST | {"revision": "0", "shown": "solution recipients assumptions", "recipients": ""}
    )
    assert saved.status_code == 302
    check = url("specification_check", token, "preliminary")
    text = client.get(check).content.decode()
    assert f"{page}?check=1#id_recipients" in text
    assert client.get(f"{page}?check=1").content.decode().count('class="field field-textarea invalid"') == 1
    assert client.post(check, {"revision": "1"}).status_code == 422
    client.post(page, {"recipients": "Sąsiedzi.", "shown": "recipients", "revision": "1"})
    assert client.post(check, {"revision": "2"}).status_code == 302
    text = client.get(page).content.decode()
    assert "Druga komisja" in text
    assert "Sąsiedzi." in text


def test_saving_by_itself_answers_shortly_and_a_second_window_is_told(
    client: Client, linked: tuple[Innovation, str]
) -> None:
    _row, token = linked
    page = url("specification", token, "preliminary")
    data = {"revision": "0", "shown": "solution", "solution": "Raz.", "window": "a"}
    answer = client.post(page, data, headers={"hx-request": "true"}).content.decode()
    assert 'name="revision" value="1"' in answer
    assert "<html" not in answer
    second = client.post(page, data | {"solution": "Dwa.", "window": "b"})
    assert second.status_code == 409
    assert "Raz." in second.content.decode()
    assert "Dwa." in second.content.decode()


def test_the_team_remarks_decides_and_compares(
    client: Client, client_of: As, linked: tuple[Innovation, str], manager: Actor
) -> None:
    row, token = linked
    team = client_of(manager)
    page = url("team_specification", row.pk, "preliminary")
    assert team.get(page).status_code == 200
    assert team.post(page, {"field": "solution", "text": "Jaśniej."}).status_code == 302
    assert "Jaśniej." in client.get(url("specification", token, "preliminary")).content.decode()
    client.post(url("specification_remark_done", token, row.remarks.get().pk), {"stage": "preliminary"})
    assert row.remarks.get().done_at
    write(row)
    version = sent(row)
    decide = url("team_specification_decide", row.pk, version.number)
    assert team.get(decide).status_code == 200
    assert team.post(decide, {"outcome": "returned"}).status_code == 422
    said = {"met_need": "no", "reason_need": "Czyja to potrzeba?", "met_idea": "yes", "outcome": "returned"}
    assert team.post(decide, said | {"reason": "Do poprawy."}).status_code == 302
    text = client.get(url("specification", token, "preliminary")).content.decode()
    assert "Czyja to potrzeba?" in text
    assert "Do poprawy." in text
    write(row, recipients="Osoby młode i samotne.")
    changed = client.get(url("specification_changes", token)).content.decode()
    assert "<del>" in changed
    assert "młode" in changed
    assert "visually-hidden" in changed
    assert team.get(decide).status_code == 302


def test_a_copy_is_a_tagged_pdf_with_polish_letters(client: Client, linked: tuple[Innovation, str]) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    row, token = linked
    write(row)
    version = sent(row)
    reader = PdfReader(BytesIO(client.get(url("specification_copy", token, version.number)).content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Ławka z głosami sąsiadów" in reader.pages[0].extract_text()


def test_outsiders_find_nothing(
    client_of: As, linked: tuple[Innovation, str], stranger: Actor, mentor: Actor
) -> None:
    row, _token = linked
    write(row)
    version = sent(row)
    names = [("team_specification", (row.pk, "preliminary")), ("team_specification_changes", (row.pk,))]
    names += [
        (f"team_specification_{name}", (row.pk, version.number)) for name in ("version", "copy", "decide")
    ]
    for name, args in names:
        for actor in (stranger, mentor):
            assert client_of(actor).get(url(name, *args)).status_code == 404, name
        assert Client().get(url(name, *args)).status_code == 302, name
    for name in ("specification", "specification_check"):
        assert Client().get(url(name, "nonsense", "preliminary")).status_code == 404
    assert Client().get(url("specification_changes", f"own-{row.pk}")).status_code == 404
    assert Client().get(url("specification_version", "x", 1)).status_code == 404


def test_a_mentor_reads_everything_but_does_not_decide(
    client_of: As, linked: tuple[Innovation, str], manager: Actor, mentor: Actor
) -> None:
    row, _token = linked
    innovations.name_mentor(manager, row, mentor.user)
    write(row)
    version = sent(row)
    client = client_of(mentor)
    page = client.get(url("team_specification", row.pk, "preliminary"))
    assert page.status_code == 200
    decide = url("team_specification_decide", row.pk, version.number)
    assert decide not in page.content.decode()
    assert client.get(decide).status_code == 403
    assert client.get(url("team_specification_version", row.pk, version.number)).status_code == 200


def test_pages_ask_as_much_with_many_versions_and_remarks(
    client: Client,
    client_of: As,
    linked: tuple[Innovation, str],
    manager: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    row, token = linked
    stage = acts.gate_of(row, "preliminary")
    for n in range(6):
        write(row, solution=f"Wersja {n}.")
        acts.remark(manager, fresh(row.pk), stage, "solution", f"Uwaga {n}.")
        decided(manager, sent(row), VersionState.RETURNED)
    team = client_of(manager)
    for who, page in (
        (team, url("team_specification", row.pk, "preliminary")),
        (team, url("team_specification_changes", row.pk)),
        (client, url("specification", token, "preliminary")),
        (client, url("specification_version", token, 3)),
    ):
        with django_assert_max_num_queries(26):
            assert who.get(page).status_code == 200
