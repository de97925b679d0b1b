"""The ranking: money down the list, ties, quotas of lists, the line, and places with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import selection as acts
from krzew.calls.models import Call, Ranking
from krzew.calls.queries import selection as queries
from krzew.methods.portfolio import verify
from tests.calls.selection_factory import assessed, card, iws_points, niw_points, pool

ClientOf = Callable[[Actor], Client]
MakeApplication = Callable[..., Any]


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def make_assessed(niw: Call, make_application: MakeApplication) -> Callable[..., Any]:
    """An assessed application of the comparator: its points, amount and subregion."""

    def make(points: int, amount: int = 100_000, subregion: str = "one") -> Any:
        row = make_application(niw, answers={"amount": str(amount), "subregion": subregion})
        return assessed(row, niw_points(points))

    return make


def entries(ranking: Ranking, key: str = "one") -> dict[str, Any]:
    part = next(p for p in queries.lists(ranking) if p.key == key)
    return {e.code: e for e in part.decision.entries}


def test_each_subregion_has_a_list_and_a_pool_of_its_own(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any]
) -> None:
    make_assessed(40), make_assessed(45), make_assessed(30), make_assessed(29, subregion="two")
    made = acts.rank(manager, niw, "ranking")
    one, two = entries(made), entries(made, "two")
    assert [(code, e.outcome) for code, e in one.items()] == [
        ("1/002", "funded"),
        ("1/001", "funded"),
        ("1/003", "partial"),
    ]
    assert one["1/003"].amount == Decimal(13_500)  # what is left of 213,500 is offered
    assert two["1/004"].outcome == "funded"  # 29 points there, though 30 wait for money elsewhere
    assert made.data_hash


def test_ties_are_broken_by_criteria_in_order(
    manager: Actor, niw: Call, make_application: MakeApplication
) -> None:
    same = {"second": 8, "fourth": 8, "fifth": 4}
    for first, third in ((10, 8), (12, 6), (11, 7)):
        row = make_application(niw, answers={"subregion": "one"})
        assessed(row, {"merit": {**same, "first": first, "third": third}})
    made = acts.rank(manager, niw, "ranking")
    assert list(entries(made)) == ["1/002", "1/003", "1/001"]


def test_equals_need_an_order_with_a_reason(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any]
) -> None:
    make_assessed(40), make_assessed(40)
    with pytest.raises(acts.Tied) as error:
        acts.rank(manager, niw, "ranking")
    assert set(error.value.labels) == {"1/001", "1/002"}
    with pytest.raises(ValidationError):
        acts.rank(manager, niw, "ranking", order=["1/002", "1/001"], why="bo tak")
    why = "Wniosek 1/002 dotyczy gminy bez żadnego wsparcia."
    made = acts.rank(manager, niw, "ranking", order=["1/002", "1/001"], why=why)
    assert list(entries(made)) == ["1/002", "1/001"]
    assert made.content["why"] == why


def test_a_draw_keeps_its_promise(manager: Actor, niw: Call, make_assessed: Callable[..., Any]) -> None:
    niw.definition = {
        **niw.definition,
        "stages": [
            s | {"then_lottery": True} if s["code"] == "ranking" else s for s in niw.definition["stages"]
        ],
    }
    niw.save()
    niw.__dict__.pop("rules", None)
    promise = acts.promise(manager, niw, "ranking")
    with pytest.raises(ValidationError):
        acts.promise(manager, niw, "ranking")
    for _n in range(4):
        make_assessed(40, 60_000)
    made = acts.rank(manager, niw, "ranking")
    again = acts.rank(manager, niw, "ranking")
    assert list(entries(made)) == list(entries(again))
    assert verify(promise.seed_commitment, promise.content["seed"], promise.content["nonce"])
    assert made.seed_commitment == promise.seed_commitment
    assert queries.ranking(niw) == again  # a promise is no ranking


def test_minima_met_and_a_total_of_thirty_is_out_and_told_why(
    manager: Actor, call: Call, make_application: MakeApplication
) -> None:
    out = assessed(make_application(call), iws_points((5, 4, 4, 4, 4), (3, 3, 3)))
    good = assessed(make_application(call), iws_points((8, 7, 7, 7, 7), (4, 4, 4)))
    made = acts.rank(manager, call, "ranking")
    found = entries(made, "")
    assert found[good.label].outcome == "funded"
    assert found[out.label].outcome == "rejected"
    row = made.content["rows"][out.label]
    assert row["total"] == "30.00"
    assert [(m["code"], m["points"], m["needed"]) for m in row["misses"]] == [("sum_ab", "30.00", "32.5")]


def test_nobody_is_ranked_while_others_are_assessed(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any], make_application: MakeApplication
) -> None:
    make_assessed(40)
    make_application(niw)
    with pytest.raises(ValidationError):
        acts.rank(manager, niw, "ranking")


def test_missing_cards_are_named(manager: Actor, niw: Call, make_application: MakeApplication) -> None:
    row = make_application(niw)
    card(row, pool(niw)[0], "merit", niw_points(40)["merit"])
    row.stage = "ranking"
    row.save()
    with pytest.raises(ValidationError, match=row.label):
        acts.rank(manager, niw, "ranking")


def test_calibrated_places_stand_beside(manager: Actor, niw: Call, make_application: MakeApplication) -> None:
    people = pool(niw, 3)
    for n, total in enumerate((20, 27, 33, 41, 45)):
        row = make_application(niw, answers={"amount": "50000", "subregion": "one"})
        assessed(row, niw_points(total), people=[people[n % 3], people[(n + 1) % 3]])
    made = acts.rank(manager, niw, "ranking")
    found = made.calibrated["one"]["ideas"]
    assert len(found) == 5
    best = found["1/005"]
    assert best["low"] <= best["rank"] <= best["high"] or best["low"] == best["high"]
    assert 0 <= best["chance"] <= 1
    assert best["rank"] < found["1/001"]["rank"]


def test_groups_that_hang_apart_say_which_reading_would_link_them(
    manager: Actor, niw: Call, make_application: MakeApplication, client_of: ClientOf
) -> None:
    people = pool(niw, 4)
    for n, total in enumerate((30, 35, 40, 45)):
        row = make_application(niw, answers={"amount": "50000", "subregion": "one"})
        assessed(row, niw_points(total), people=people[:2] if n < 2 else people[2:])
    made = acts.rank(manager, niw, "ranking")
    found = made.calibrated["one"]
    assert (found["refused"], found["groups"], len(found["readings"])) == ("apart", 2, 1)
    html = client_of(manager).get(reverse("calls:ranking", args=[niw.slug])).content.decode()
    assert str(next(p for p in people if str(p.pk) == found["readings"][0][0])) in html


def test_a_ranking_is_frozen_and_earlier_ones_are_compared(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any], client_of: ClientOf
) -> None:
    make_assessed(40, 200_000)
    first = acts.rank(manager, niw, "ranking")
    make_assessed(45, 200_000)
    second = acts.rank(manager, niw, "ranking")
    assert entries(first)["1/001"].outcome == "funded"
    assert entries(second)["1/001"].outcome == "partial"
    url = reverse("calls:ranking", args=[niw.slug]) + f"?with={first.pk}"
    html = client_of(manager).get(url).content.decode()
    assert "1/002" in html


def test_a_quota_on_a_yes_or_no_question_counts(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any]
) -> None:
    stage = next(s for s in niw.definition["stages"] if s["kind"] == "ranking")
    label = {"pl": "Bez dzieci", "en": "Without children"}
    stage["quotas"] = [{"code": "adults", "label": label, "field": "minors", "value": "no", "at_most": 1}]
    niw.save()
    niw.__dict__.pop("rules", None)
    for points in (45, 40):  # both answer “no”
        make_assessed(points, 50_000)
    decision = queries.lists(acts.rank(manager, niw, "ranking"))[0].decision
    assert [entry.outcome for entry in decision.entries] == ["funded", "reserve"]


def test_other_numbers_of_a_quota_are_tried_and_nothing_changes(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any], client_of: ClientOf
) -> None:
    stage = next(s for s in niw.definition["stages"] if s["kind"] == "ranking")
    label = {"pl": "Organizacje z gminy", "en": "Organisations of the gmina"}
    stage["quotas"] = [
        {
            "code": "own",
            "label": label,
            "field": "subregion",
            "value": "one",
            "at_most": 2,
            "money_at_most": "150000",
        }
    ]
    niw.save()
    niw.__dict__.pop("rules", None)
    for points in (45, 40):
        make_assessed(points, 50_000)
    made = acts.rank(manager, niw, "ranking")
    client, url = client_of(manager), reverse("calls:ranking", args=[niw.slug])
    html = client.get(url).content.decode()
    assert all(f'name="{name}"' in html for name in ("least_0", "most_0", "least_1", "most_1"))
    tried = client.get(url, {"try": "1", "most_0": "1", "least_0": ""}).context["tried"]
    assert any("1/002" in text for text in tried)
    money = client.get(url, {"try": "1", "most_1": "60000"}).context["tried"]
    assert any("1/002" in text for text in money)
    same = client.get(url, {"try": "1", "most_0": "2", "least_0": "", "most_1": "150000"}).context["tried"]
    assert same == []
    wrong = client.get(url, {"try": "1", "least_0": "2", "most_0": "1"})
    assert wrong.status_code == 200
    assert wrong.context["what_if"].errors
    assert acts.rank(manager, niw, "ranking").content["lists"] == made.content["lists"]


def test_the_page_and_what_if(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any], client_of: ClientOf
) -> None:
    client, url = client_of(manager), reverse("calls:ranking", args=[niw.slug])
    assert client.get(url).status_code == 200
    make_assessed(40), make_assessed(45), make_assessed(20)
    assert client.post(reverse("calls:ranking_make", args=[niw.slug])).status_code == 302
    for language in ("pl", "en"):
        html = client.get(url.replace("/pl/", f"/{language}/")).content.decode()
        assert "1/002" in html
    assert client.get(url + "?try=1&cap=100000&knapsack=on").status_code == 200
    assert client.get(url + "?try=1&cap=-5").status_code == 200
    made = queries.ranking(niw)
    assert made
    answer = client.post(reverse("calls:ranking_adopt", args=[niw.slug, made.pk]))
    assert answer.url == reverse("calls:decisions", args=[niw.slug])
    assert set(niw.applications.values_list("stage", flat=True)) == {"decision"}


def test_equals_on_the_page(
    manager: Actor, niw: Call, make_assessed: Callable[..., Any], client_of: ClientOf
) -> None:
    make_assessed(40), make_assessed(40)
    client, url = client_of(manager), reverse("calls:ranking_make", args=[niw.slug])
    answer = client.post(url)
    assert answer.status_code == 422
    assert "1/001" in answer.content.decode()
    typed = {"order": "1/002, 1/001", "why": "Gmina bez żadnego wsparcia do tej pory."}
    assert client.post(url, typed).status_code == 302


def test_only_the_team_sees_it(
    niw: Call, stranger: Actor, visitor: Client, client_of: ClientOf, make_assessed: Callable[..., Any]
) -> None:
    make_assessed(40)
    url = reverse("calls:ranking", args=[niw.slug])
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(stranger).post(url + "make/").status_code == 404
    assert visitor.get(url).status_code == 302
    with pytest.raises(Denied):
        acts.rank(stranger, niw, "ranking")
    with pytest.raises(Denied):
        acts.promise(stranger, niw, "ranking")


def test_queries_do_not_grow(
    manager: Actor,
    niw: Call,
    make_assessed: Callable[..., Any],
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    client, url = client_of(manager), reverse("calls:ranking", args=[niw.slug])
    make_assessed(40, 1000), make_assessed(41, 1000)
    acts.rank(manager, niw, "ranking")
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for n in range(6):
        make_assessed(24 + n + 2, 1000)
    acts.rank(manager, niw, "ranking")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
