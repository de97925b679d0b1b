"""The last gate and the way into the library: what is needed, who decides, and that failure is said plainly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role
from krzew.accounts.permissions import Denied
from krzew.library.models import Solution
from krzew.trials.acts import dissemination as acts
from krzew.trials.acts import packages, policy
from krzew.trials.acts.steps import Conflict, fresh
from krzew.trials.models import (
    Conclusion,
    Evaluation,
    FinalReport,
    Innovation,
    Opinion,
    PackageFile,
    Presentation,
    Test,
    Tester,
)
from krzew.trials.publishing.answers import QUESTIONS
from krzew.trials.queries.dissemination import counters, missing, to_publish
from krzew.trials.states import InnovationState, PaperState, TesterState, TestState

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
WHY = "Test pokazał, że rozwiązanie pomaga i że da się je powtórzyć gdzie indziej."
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def with_test(row: Innovation, conclusion: str = Conclusion.WORKS) -> Innovation:
    """Everything that the last gate needs, and eight testers."""
    now = timezone.now()
    test = Test.objects.create(innovation=row, state=TestState.ENDED, ended_on=date(2026, 10, 1))
    for n in range(8):
        Tester.objects.create(
            test=test, code=f"T{n:02}", state=TesterState.FINISHED, token_hash=f"{row.pk}-{n}"
        )
    FinalReport.objects.create(innovation=row, state=PaperState.DONE, signed_at=now)
    Evaluation.objects.create(
        innovation=row,
        state=PaperState.DONE,
        signed_at=now,
        conclusion=conclusion,
        level=2,
        summary_pl="Sześć z ośmiu osób korzystało codziennie; dwie przestały po tygodniu.",
        summary_en="Six of eight people used it every day; two stopped after a week.",
    )
    Opinion.objects.create(innovation=row, recommends=True, text="Warto.")
    Presentation.objects.create(innovation=row, on=date(2026, 11, 1), took_place=True)
    return fresh(row.pk)


def filled() -> dict[str, object]:
    texts = {q.code: f"To jest odpowiedź na pytanie {q.code}, całym zdaniem." for q in QUESTIONS}
    english = {q.code: f"This is the answer to the question {q.code}, in a sentence." for q in QUESTIONS}
    return {
        "pl": texts,
        "en": english,
        "needs": ["loneliness"],
        "groups": ["older"],
        "domains": [],
        "door": "integration",
    }


def decided(manager: Actor, row: Innovation, outcome: str = InnovationState.CHOSEN) -> Innovation:
    acts.decide(manager, row, outcome, reason=WHY, members="Trzecia komisja", seen=0)
    return row


@pytest.fixture
def editor(manager: Actor) -> Actor:
    """Nina, who may publish in the library too."""
    assert manager.user is not None
    Membership.objects.create(user=manager.user, organisation=manager.organisation, role=Role.EDITOR)
    return Actor.of(manager.user, manager.organisation)


def test_the_gate_names_what_is_missing(make_innovation: Make, manager: Actor) -> None:
    row, _token = make_innovation()
    assert missing(fresh(row.pk), acts.gate(row)) == [
        "evaluation",
        "final_report",
        "mentor_opinion",
        "presentation",
    ]
    with pytest.raises(ValidationError, match="ewaluacja"):
        acts.decide(manager, row, InnovationState.CHOSEN, reason=WHY, members="Komisja", seen=0)
    assert missing(with_test(row), acts.gate(row)) == []


def test_recommendation_discussion_and_the_final_word(make_innovation: Make, manager: Actor) -> None:
    row = with_test(make_innovation()[0])
    acts.recommend(manager, row, InnovationState.CHOSEN, WHY, criteria={"effectiveness": "Tak."}, seen=0)
    with pytest.raises(Conflict):
        acts.discuss(manager, row, "Inne okno.", seen=0)
    acts.discuss(manager, row, "Rozmawiano o kosztach.", seen=1)
    with pytest.raises(ValidationError):
        acts.decide(manager, row, InnovationState.CHOSEN, reason="Tak.", members="Komisja", seen=2)
    acts.decide(manager, row, InnovationState.CHOSEN, reason=WHY, members="Komisja", seen=2)
    row.refresh_from_db()
    assert (row.state, row.stage) == (InnovationState.CHOSEN, "")
    with pytest.raises(ValidationError):
        acts.discuss(manager, row, "Po czasie.", seen=3)


def test_a_failure_is_not_chosen_and_a_success_is_no_failure(make_innovation: Make, manager: Actor) -> None:
    bad, good = with_test(make_innovation()[0], Conclusion.NOT), with_test(make_innovation()[0])
    with pytest.raises(ValidationError):
        decided(manager, bad)
    with pytest.raises(ValidationError):
        decided(manager, good, InnovationState.FAILED)
    assert decided(manager, bad, InnovationState.FAILED).state == InnovationState.FAILED


def test_strangers_and_mentors_do_not_decide(
    make_innovation: Make, manager: Actor, stranger: Actor, mentor: Actor
) -> None:
    row = with_test(make_innovation()[0])
    for actor in (stranger, mentor, Actor.anonymous()):
        with pytest.raises(Denied):
            decided(actor, row)


def test_the_share_counts_what_was_with_test(make_innovation: Make, manager: Actor) -> None:
    row = with_test(make_innovation()[0])
    stage = acts.gate(row)
    found = counters(row.call, stage)
    assert (found.tested, found.least, found.short, found.out_of_reach) == (1, 1, 1, False)
    decided(manager, row, InnovationState.NOT_CHOSEN)
    found = counters(row.call, stage)
    assert (found.chosen, found.out_of_reach) == (0, True)


def test_the_library_gets_what_the_test_said(make_innovation: Make, editor: Actor) -> None:
    row = decided(editor, with_test(make_innovation()[0], Conclusion.PARTLY))
    package = packages.package_of(row)
    packages.save(editor, package, filled(), seen=0)
    version = acts.publish(editor, row, "lawka-ktora-pamieta")
    card = version.card
    assert version.published_at is not None
    assert [(e["level"], e["direction"]) for e in card["evidence"]] == [(2, "mixed"), (3, "none")]
    assert "Sześć z ośmiu" in card["evidence"][0]["result_pl"]
    assert card["numbers"]["testers"]["low"] == 8
    assert Solution.objects.get(slug="lawka-ktora-pamieta").origin == row.slug
    row.refresh_from_db()
    assert row.solution == version.solution
    with pytest.raises(ValidationError):
        acts.prepare_version(editor, row, "druga")


def test_a_failed_test_is_published_as_one(make_innovation: Make, editor: Actor) -> None:
    row = decided(editor, with_test(make_innovation()[0], Conclusion.NOT), InnovationState.FAILED)
    packages.save(editor, packages.package_of(row), filled(), seen=0)
    card = acts.publish(editor, row, "nie-dziala").card
    assert [e["direction"] for e in card["evidence"]] == ["negative"]
    assert card["fit"]["evidence_level"] == 0


def test_an_incomplete_package_is_named_and_a_manager_alone_does_not_publish(
    make_innovation: Make, manager: Actor
) -> None:
    row = decided(manager, with_test(make_innovation()[0]))
    package = packages.package_of(row)
    with pytest.raises(Denied):
        acts.publish(manager, row, "x")
    assert list(to_publish(manager)) == []
    with pytest.raises(ValidationError):
        acts.publish(Actor.system(), row, "x")
    assert package.version is None


def test_no_file_is_published_before_somebody_looked_whether_all_can_read_it(
    make_innovation: Make, editor: Actor
) -> None:
    row = decided(editor, with_test(make_innovation()[0]))
    package = packages.package_of(row)
    packages.save(editor, package, filled(), seen=0)
    said = {"licence": "CC-BY-4.0", "authors": "", "accessible": "unchecked"}
    kept = packages.add_file(editor, package, SimpleUploadedFile("opis.pdf", PDF), **said)
    assert [text for text in packages.lacks(package) if "opis.pdf" in text]
    with pytest.raises(ValidationError, match=r"opis\.pdf"):
        acts.publish(editor, row, "lawka-ktora-pamieta")
    for wrong in ("unchecked", "moze"):
        with pytest.raises(ValidationError):
            packages.check_file(editor, kept, wrong)
    packages.check_file(editor, kept, "no")  # an honest no stands beside the file
    assert acts.publish(editor, row, "lawka-ktora-pamieta").published_at is not None
    with pytest.raises(ValidationError):
        packages.check_file(editor, PackageFile.objects.select_related("package").get(), "yes")


def test_what_is_taken_out_needs_no_check(make_innovation: Make, editor: Actor) -> None:
    package = packages.package_of(make_innovation()[0])
    packages.save(editor, package, filled(), seen=0)
    said = {"licence": "CC-BY-4.0", "authors": "", "accessible": "unchecked"}
    packages.remove_file(editor, packages.add_file(editor, package, SimpleUploadedFile("a.pdf", PDF), **said))
    assert packages.lacks(package) == []


def test_files_are_known_by_their_content_and_carry_a_licence(make_innovation: Make) -> None:
    row, _token = make_innovation()
    package, actor = packages.package_of(row), Actor.anonymous()
    said = {"licence": "CC-BY-4.0", "authors": "Fundacja Zmyślona", "accessible": "yes"}
    kept = packages.add_file(actor, package, SimpleUploadedFile("../../opis.exe", PDF), **said)
    assert (kept.kind, "/" in kept.name) == ("pdf", False)
    assert packages.add_file(actor, package, SimpleUploadedFile("opis.pdf", PDF), **said) == kept
    for name, content in (("pusty.pdf", b""), ("obraz.png", b"<script>alert(1)</script>")):
        with pytest.raises(ValidationError):
            packages.add_file(actor, package, SimpleUploadedFile(name, content), **said)
    with pytest.raises(ValidationError):
        packages.add_file(actor, package, SimpleUploadedFile("a.pdf", PDF), **said | {"licence": "moja"})
    packages.remove_file(actor, kept)
    packages.bring_file_back(actor, kept)
    assert PackageFile.objects.get().removed_at is None


def test_what_entered_policy_has_a_day_and_a_source(
    make_innovation: Make, editor: Actor, mentor: Actor
) -> None:
    row = decided(editor, with_test(make_innovation()[0]))
    packages.save(editor, packages.package_of(row), filled(), seen=0)
    solution = acts.publish(editor, row, "lawka").solution
    fact = {"kind": "regional", "title": "Model usług regionu", "source": "Uchwała zmyślona, s. 4"}
    with pytest.raises(ValidationError):
        policy.include(editor, solution, on=date(2999, 1, 1), **fact)
    with pytest.raises(ValidationError):
        policy.include(editor, solution, on=date(2026, 1, 1), **fact | {"source": ""})
    with pytest.raises(Denied):
        policy.include(mentor, solution, on=date(2026, 1, 1), **fact)
    kept = policy.include(editor, solution, on=date(2026, 1, 1), **fact)
    assert policy.withdraw(editor, kept).withdrawn_at is not None
