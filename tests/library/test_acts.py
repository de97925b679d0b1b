"""Writing, reviewing and publishing: who may, in which order, and what happens to those who use a solution."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.library import acts, rules
from krzew.library.models import Answer, AnswerState, Facet, Solution, SolutionVersion, Subscription
from krzew.library.sections import BY_KEY
from krzew.library.states import TRANSITIONS, NotNow, VersionState, step
from krzew.timeline.acts import send_released
from krzew.timeline.queries import history
from tests.library.conftest import next_version, publish


def test_the_way_of_a_solution(editor: Actor, draft: SolutionVersion) -> None:
    assert draft.state == "draft"
    version = acts.send_to_review(editor, draft)
    version = acts.return_version(editor, version, "Brakuje źródła ceny.")
    assert (version.state, version.comment) == ("returned", "Brakuje źródła ceny.")
    version = publish(editor, version)
    solution = Solution.objects.get(pk=version.solution_id)
    assert solution.current == version
    assert solution.keeper == editor.organisation
    told = [event.act for event in history(version)]
    assert told == [
        "library.draft_opened",
        "library.sent_to_review",
        "library.returned",
        "library.sent_to_review",
        "library.published",
    ]


@pytest.mark.parametrize("name", [t.name for t in TRANSITIONS])
def test_steps_lead_only_from_their_sources(name: str) -> None:
    transition = next(t for t in TRANSITIONS if t.name == name)
    for state in VersionState:
        if state in transition.sources:
            assert step(name, state) == transition.target
        else:
            with pytest.raises(NotNow):
                step(name, state)


def test_a_version_in_review_is_not_edited(editor: Actor, draft: SolutionVersion) -> None:
    acts.send_to_review(editor, draft)
    section = BY_KEY["basics"]
    with pytest.raises(NotNow):
        acts.save_section(editor, draft, "basics", section.of(draft.card), section.seen(draft.card))


def test_an_incomplete_card_is_not_sent_or_published(editor: Actor) -> None:
    version = acts.create_solution(editor, "pusta", "innovation", "Pusta", "Empty")
    with pytest.raises(acts.NotReady) as refusal:
        acts.send_to_review(editor, version)
    assert any(problem.path == ("sources",) for problem in refusal.value.problems)
    SolutionVersion.objects.filter(pk=version.pk).update(state="in_review")
    with pytest.raises(acts.NotReady):
        acts.publish(editor, version)
    assert Solution.objects.get(slug="pusta").current is None


def test_publication_writes_facets(published: SolutionVersion) -> None:
    facets = set(Facet.objects.filter(version=published).values_list("kind", "code"))
    assert {("door", "service"), ("need", "childcare"), ("group", "families"), ("evidence", "4")} <= facets


def test_drafts_write_no_facets(draft: SolutionVersion) -> None:
    assert not draft.facets.exists()


def test_strangers_cannot_touch_a_draft(
    draft: SolutionVersion, other_editor: Actor, adviser: Actor, second_editor: Actor
) -> None:
    content: Any = BY_KEY["parts"].of(draft.card)
    for stranger in (other_editor, adviser, Actor.anonymous()):
        for attempt in (
            lambda who: acts.save_section(who, draft, "parts", content, BY_KEY["parts"].seen(draft.card)),
            lambda who: acts.send_to_review(who, draft),
            lambda who: acts.discard_draft(who, draft),
            lambda who: acts.publish(who, draft),
        ):
            with pytest.raises(Denied):
                attempt(stranger)
    acts.send_to_review(second_editor, draft)


def test_only_the_keeper_writes_the_next_version(published: SolutionVersion, other_editor: Actor) -> None:
    with pytest.raises(Denied, match=str(rules.KEPT_BY_OTHERS)):
        acts.start_version(other_editor, published.solution)


def test_a_solution_without_keeper_goes_to_who_publishes(other_editor: Actor, library_loaded: None) -> None:
    solution = Solution.objects.get(slug="bawita")
    assert solution.keeper is None
    with pytest.raises(Denied, match=str(rules.NO_KEEPER)):
        acts.withdraw(other_editor, solution, "Nie działa nigdzie.")
    started = acts.start_version(other_editor, solution)
    publish(other_editor, started)
    solution.refresh_from_db()
    assert solution.keeper == other_editor.organisation
    assert solution.current.number == 2


def test_one_next_version_at_a_time(editor: Actor, second_editor: Actor, published: SolutionVersion) -> None:
    acts.start_version(editor, published.solution)
    with pytest.raises(acts.Taken):
        acts.start_version(second_editor, published.solution)


def test_addresses_are_unique_and_not_pages(editor: Actor, draft: SolutionVersion) -> None:
    for slug in (draft.solution.slug, "compare", "desk", "export"):
        with pytest.raises(acts.Taken):
            acts.create_solution(editor, slug, "innovation", "Nazwa", "Name")


def test_two_editors_on_one_section(editor: Actor, second_editor: Actor, draft: SolutionVersion) -> None:
    section = BY_KEY["basics"]
    seen = section.seen(draft.card)
    acts.save_section(second_editor, draft, "basics", section.of(draft.card) | {"name_pl": "Pierwsza"}, seen)
    with pytest.raises(acts.Stale) as stale:
        acts.save_section(editor, draft, "basics", section.of(draft.card) | {"name_pl": "Druga"}, seen)
    assert stale.value.stored["name_pl"] == "Pierwsza"
    draft.refresh_from_db()
    assert draft.name_pl == "Pierwsza"


def test_two_editors_on_two_sections(editor: Actor, second_editor: Actor, draft: SolutionVersion) -> None:
    """Evidence moves the derived level; that is no conflict for who edits the numbers."""
    evidence, numbers = BY_KEY["evidence"], BY_KEY["numbers"]
    seen_evidence, seen_numbers = evidence.seen(draft.card), numbers.seen(draft.card)
    weaker = [item | {"level": 2} for item in draft.card["evidence"]]
    acts.save_section(
        editor, draft, "evidence", evidence.of(draft.card) | {"evidence": weaker}, seen_evidence
    )
    changed = numbers.of(draft.card) | {"numbers": {"jobs": None}}
    saved = acts.save_section(second_editor, draft, "numbers", changed, seen_numbers)
    assert saved.card["numbers"] == {"jobs": None}
    assert saved.card["fit"]["evidence_level"] == saved.evidence_level == 2


def test_a_failure_does_not_raise_the_level(editor: Actor, draft: SolutionVersion) -> None:
    section = BY_KEY["evidence"]
    failed = [draft.card["evidence"][0] | {"level": 5, "direction": "negative"}]
    saved = acts.save_section(
        editor, draft, "evidence", section.of(draft.card) | {"evidence": failed}, section.seen(draft.card)
    )
    assert saved.evidence_level == 0


def test_saving_the_same_again_writes_no_event(editor: Actor, draft: SolutionVersion) -> None:
    section, before = BY_KEY["basics"], history(draft).count()
    acts.save_section(editor, draft, "basics", section.of(draft.card), section.seen(draft.card))
    assert history(draft).count() == before


def test_markup_is_refused_in_a_draft(editor: Actor, draft: SolutionVersion) -> None:
    section = BY_KEY["basics"]
    with pytest.raises(acts.NotReady):
        acts.save_section(
            editor,
            draft,
            "basics",
            section.of(draft.card) | {"name_pl": "<img src=x>"},
            section.seen(draft.card),
        )


def test_users_of_a_solution_get_a_letter(
    editor: Actor, adviser: Actor, colleague: Actor, outsider: Actor, published: SolutionVersion
) -> None:
    acts.subscribe(adviser, published.solution)
    acts.subscribe(adviser, published.solution)
    acts.subscribe(colleague, published.solution, for_organisation=True)
    assert Subscription.objects.count() == 2
    next_version(editor, published, name_pl="Żłobek w remizie", steps=[])
    send_released(Actor.system())
    to = sorted(address for letter in mail.outbox for address in letter.to)
    assert to == [adviser.user.email, colleague.user.email]
    assert outsider.user.email not in to
    body = mail.outbox[0].body
    assert "Żłobek w remizie" in mail.outbox[0].subject
    assert body.count("- ") == 2, body


def test_no_letter_after_the_wish_ended(editor: Actor, adviser: Actor, published: SolutionVersion) -> None:
    acts.subscribe(adviser, published.solution)
    acts.unsubscribe(adviser, published.solution)
    next_version(editor, published, name_pl="Inna nazwa")
    send_released(Actor.system())
    assert mail.outbox == []


def test_visitors_cannot_subscribe(published: SolutionVersion) -> None:
    with pytest.raises(Denied):
        acts.subscribe(Actor.anonymous(), published.solution)


def test_withdrawal_keeps_the_page_and_can_be_undone(editor: Actor, published: SolutionVersion) -> None:
    solution = acts.withdraw(editor, published.solution, "Zmieniło się prawo.")
    assert solution.is_withdrawn
    assert acts.bring_back(editor, solution).withdrawn_reason == ""


def test_discarding_a_first_draft_leaves_nothing(editor: Actor, draft: SolutionVersion) -> None:
    acts.discard_draft(editor, draft)
    assert not Solution.objects.filter(slug="nowa-karta").exists()


def test_discarding_a_next_version_keeps_the_published(editor: Actor, published: SolutionVersion) -> None:
    acts.discard_draft(editor, acts.start_version(editor, published.solution))
    assert Solution.objects.get(slug="nowa-karta").current == published


def test_loading_over_an_open_draft_keeps_the_draft(editor: Actor, published: SolutionVersion) -> None:
    started = acts.start_version(editor, published.solution)
    acts.publish_card(editor, published.card | {"name_pl": "Z pliku"})
    started.refresh_from_db()
    assert (started.state, started.number) == ("draft", 3)
    assert Solution.objects.get(slug="nowa-karta").current.number == 2


def test_answers_wait_for_an_editor(published: SolutionVersion, editor: Actor, other_editor: Actor) -> None:
    answer = acts.tell(Actor.anonymous(), published.solution, "Kosztowało 40 tysięcy.", source="uchwała")
    with pytest.raises(Denied):
        acts.settle_answer(other_editor, answer, AnswerState.USED)
    acts.settle_answer(editor, answer, AnswerState.USED)
    assert Answer.objects.get(pk=answer.pk).state == "used"


def test_a_flood_of_answers_is_stopped(published: SolutionVersion) -> None:
    for number in range(acts.MOST_UNREAD):
        acts.tell(Actor.anonymous(), published.solution, f"odpowiedź {number}")
    with pytest.raises(acts.Full):
        acts.tell(Actor.anonymous(), published.solution, "jeszcze jedna")
