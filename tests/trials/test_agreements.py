"""Agreements: statutory contents, money to the grosz, signatures of every party, annexes, settlement by results."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.timeline.queries import history
from krzew.timeline.transitions import WrongState
from krzew.trials.acts import agreements as acts
from krzew.trials.acts.steps import Conflict, fresh
from krzew.trials.agreements import money
from krzew.trials.agreements.checks import lacks
from krzew.trials.agreements.filling import said, shares
from krzew.trials.journey import grant_in_force
from krzew.trials.models import Agreement, Innovation
from krzew.trials.states import AgreementState
from tests.trials import agreements_factory as make

Make = Callable[..., tuple[Innovation, str]]
amounts = st.decimals(min_value="0.01", max_value="999999.99", places=2)
parts = st.lists(st.decimals(min_value="0.01", max_value=100, places=2), min_size=1, max_size=7)


# --- money -------------------------------------------------------------------------------------------


@given(amounts, parts)
def test_tranches_sum_to_the_grosz(amount: Decimal, weights: list[Decimal]) -> None:
    made = money.split(amount, weights)
    assert sum(made) == amount
    assert all(part >= 0 and part == part.quantize(money.GROSZ) for part in made)
    weight = sum(weights)
    for part, own in zip(made[:-1], weights[:-1], strict=True):
        assert 0 <= amount * own / weight - part < money.GROSZ


@given(amounts, parts, st.data())
def test_what_is_paid_stays_when_the_amount_changes(
    amount: Decimal, weights: list[Decimal], data: st.DataObject
) -> None:
    paid = {0: data.draw(st.decimals(min_value=0, max_value=amount, places=2))}
    if len(weights) == 1 and paid[0] != amount:
        with pytest.raises(ValueError):
            money.split(amount, weights, paid)
        return
    made = money.split(amount, weights, paid)
    assert sum(made) == amount
    assert made[0] == paid[0]


def test_the_last_tranche_gets_the_rest() -> None:
    third = Decimal("33.33")
    assert money.split(Decimal("100.00"), [third, third, third]) == [third, third, Decimal("33.34")]


@pytest.mark.parametrize(
    ("achieved", "returned"),
    [
        ("100", "0.00"),
        ("80", "0.00"),
        ("79.99", "200.10"),
        ("50", "500.00"),
        ("49.99", "1000"),
        ("0", "1000"),
    ],
)
def test_the_rule_of_the_shortfall(achieved: str, returned: str) -> None:
    found = money.shortfall(Decimal(1000), Decimal(achieved), Decimal(80), Decimal(50))
    assert found == Decimal(returned)


def test_without_a_rule_nothing_is_computed() -> None:
    assert money.shortfall(Decimal(1000), Decimal(0), None, None) == 0


def test_lines_are_known_by_their_words_whatever_the_ending() -> None:
    assert money.speaks_of("Wynagrodzenia trenerów", "trener")
    assert not money.speaks_of("Wynajem sali", "trener")


# --- what must stand in it ---------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("db")


def test_a_draft_is_filled_from_what_is_known(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation, partners=("Bogdan Zmyślony",))
    agreement = make.drafted(manager, innovation)
    text = "\n".join(row.text for row in said(agreement, shares(agreement)))
    for words in (
        "Inkubator Próba",
        "Anna Zmyślona",
        "40 000,00",
        "Pierwsza transza: 32 000,00",
        "CC BY 4.0",
    ):
        assert words in text.replace("\u00a0", " ")
    assert "………" not in text
    assert [s.side for s in agreement.signatures.all()] == ["innovator", "operator", "partner"]


def test_nothing_is_lacking_then_it_is_offered_and_frozen(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.offer(manager, agreement)
    assert agreement.state == AgreementState.OFFERED
    assert len(agreement.content_hash) == 64
    assert sum(t.amount for t in agreement.tranches.all()) == agreement.amount
    with pytest.raises(ValidationError):
        acts.save_plan(manager, agreement, seen=agreement.revision, rows=[])


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ("tasks", "zadania grantobiorcy"),
        ("amount", "kwota grantu i wkład własny"),
        ("transfer", "warunki przekazania i rozliczenia"),
        ("return", "zwrot grantu"),
        ("control", "poddanie się kontroli"),
    ],
)
def test_a_statutory_content_that_is_missing_is_named(
    make_innovation: Make, manager: Actor, clause: str, named: str
) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.save_clause(manager, agreement, seen=agreement.revision, code=clause, title="Tytuł", text="")
    with pytest.raises(ValidationError, match=named) as refused:
        acts.offer(manager, agreement)
    assert "art. 41" in " ".join(refused.value.messages)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.DRAFT


def test_a_clause_that_drops_the_amount_is_named(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    seen = agreement.revision
    acts.save_clause(manager, agreement, seen=seen, code="amount", title="Kwota", text="Jak w decyzji.")
    assert any("{amount}" in text for text in lacks(agreement, shares(agreement)))


def test_an_unknown_name_in_braces_is_a_slip(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.save_clause(manager, agreement, seen=agreement.revision, code="data", title="Dane", text="{amuont}")
    assert any("{amuont}" in text for text in lacks(agreement, shares(agreement)))


def test_an_article_that_nobody_compared_is_shown_so(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    rows = {row.code: row for row in said(agreement, shares(agreement))}
    assert not rows["control"].verified
    assert "art. 41" in rows["control"].source


def test_children_bring_the_clause_on_minors(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    assert "minors" not in {row.code for row in said(agreement, [])}
    agreement.content["settings"]["children"] = True
    agreement.content["settings"]["keeping_years"] = 5
    assert {"minors", "keeping"} <= {row.code for row in said(agreement, [])}


def test_the_fixed_clause_stays(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    with pytest.raises(ValidationError):
        acts.save_clause(manager, agreement, seen=agreement.revision, code="no_fee", title="x", text="")


def test_what_else_stops_the_offer(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make_innovation("iws2")
    innovation.call.pool = Decimal(1000)
    innovation.call.save()
    agreement = acts.write(manager, fresh(innovation.pk), "agreement")
    agreement.amount = Decimal("50000.00")
    found = " ".join(lacks(agreement, [])).replace("\u00a0", " ")
    for words in ("Declaration", "legal basis", "children", "pool", "40 000", "plan is empty", "last day"):
        assert words in found or words.casefold() in found.casefold() or _polish(words) in found


def _polish(words: str) -> str:
    """Before and after the translations are joined."""
    known = {
        "Declaration": "oświadczenia",
        "legal basis": "podstawę prawną",
        "children": "dzieci",
        "pool": "puli",
        "plan is empty": "Plan jest pusty",
        "last day": "ostatniego dnia",
    }
    return known.get(words, words)


def test_money_promised_to_others_is_not_there(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    innovation.call.pool = Decimal(70000)
    innovation.call.save()
    agreement = make.drafted(manager, innovation)
    assert not lacks(agreement, shares(agreement))
    other = Innovation.objects.get(pk=innovation.pk)
    other.pk, other.application, other.slug = None, None, "inna"
    other.idea_id = None
    from krzew.calls.models import Application

    row = Application.objects.get(pk=innovation.application_id)
    row.pk, row.number, row.token_hash = None, 99, "x" * 64
    row.save()
    other.application = row
    other.save()
    assert len(lacks(agreement, shares(agreement))) == 1


# --- signatures and annexes --------------------------------------------------------------------------


def test_it_is_in_force_when_every_partner_has_signed(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation, partners=("Bogdan Zmyślony",))
    agreement = make.drafted(manager, innovation)
    acts.offer(manager, agreement)
    rows = {row.side: row for row in agreement.signatures.all()}
    seen = agreement.content_hash
    nobody = Actor.anonymous()
    acts.sign(nobody, agreement, rows["innovator"], typed="anna  zmyślona", seen_hash=seen)
    with pytest.raises(ValidationError):
        acts.sign(nobody, agreement, rows["partner"], typed="Bogdan Zmyślony", seen_hash=seen)
    today = timezone.localdate()
    acts.note_signature(manager, agreement, rows["operator"], on=today, way="electronic")
    assert grant_in_force(fresh(innovation.pk)) is None
    acts.note_signature(manager, agreement, rows["partner"], on=today, way="paper")
    assert grant_in_force(fresh(innovation.pk)) == agreement
    assert Innovation.objects.get(pk=innovation.pk).stage == "test"
    assert [e.act for e in history(agreement)][-1:] == ["trials.agreement_concluded"]


def test_one_signs_what_one_has_read(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.offer(manager, agreement)
    own = agreement.signatures.get(side="innovator")
    with pytest.raises(ValidationError):
        acts.sign(Actor.anonymous(), agreement, own, typed="Anna Zmyślona", seen_hash="old")
    with pytest.raises(ValidationError):
        acts.sign(Actor.anonymous(), agreement, own, typed="Ktoś Inny", seen_hash=agreement.content_hash)
    acts.sign(Actor.anonymous(), agreement, own, typed="Anna Zmyślona", seen_hash=agreement.content_hash)
    with pytest.raises(ValidationError):
        acts.take_back(manager, agreement)


def test_an_offer_may_be_taken_back_and_changed(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.offer(manager, agreement)
    acts.take_back(manager, agreement)
    assert not agreement.tranches.exists()
    assert "text" not in agreement.content["clauses"][0]
    acts.offer(manager, agreement)


def test_an_annex_replaces_when_all_have_signed(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    first = make.concluded(manager, innovation)
    with pytest.raises(ValidationError):
        acts.annex(manager, first, " ")
    annex = acts.annex(manager, first, "Test zaczyna się później.")
    assert annex.number == 2
    assert grant_in_force(fresh(innovation.pk)) == first
    acts.offer(manager, annex)
    make.signed(manager, annex)
    first.refresh_from_db()
    assert first.state == AgreementState.REPLACED
    assert grant_in_force(fresh(innovation.pk)) == annex


def test_two_people_on_one_agreement(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    other = Agreement.objects.get(pk=agreement.pk)
    seen = agreement.revision
    acts.save_plan(manager, agreement, seen=seen, rows=[("Jedno", Decimal(1))])
    with pytest.raises(Conflict):
        acts.save_plan(manager, other, seen=seen, rows=[("Drugie", Decimal(2))])


def test_co_operation_comes_before_any_money(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation, "stocznia")
    with pytest.raises(ValidationError):
        acts.write(manager, fresh(innovation.pk), "agreement")
    agreement = make.concluded(manager, innovation, "cooperation")
    assert agreement.amount is None
    assert not agreement.tranches.exists()
    assert Innovation.objects.get(pk=innovation.pk).stage == "preliminary"
    make.passed_gates(innovation)
    assert make.concluded(manager, innovation).tranches.count() == 2


def test_strangers_and_mentors_write_no_agreements(
    make_innovation: Make, manager: Actor, mentor: Actor, stranger: Actor
) -> None:
    innovation, _token = make.ready(make_innovation)
    for actor in (mentor, stranger, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.write(actor, innovation, "agreement")
    agreement = make.drafted(manager, innovation)
    for actor in (mentor, stranger, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.offer(actor, agreement)


def test_an_agreement_that_was_dropped_may_be_written_anew(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation)
    agreement = make.drafted(manager, innovation)
    acts.drop(manager, agreement, "Pomyłka w danych.")
    with pytest.raises(WrongState):
        acts.drop(manager, agreement, "Jeszcze raz.")
    assert make.drafted(manager, innovation).number == 2
