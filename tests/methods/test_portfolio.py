"""Funding: cases checked by hand, invariants over random calls, and decisions rebuilt from their file."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.portfolio import (
    Decision,
    Idea,
    Quota,
    Rules,
    Threshold,
    commit,
    draw_order,
    fund,
    new_nonce,
    verify,
)

NONCE = "0f3a"


def simple() -> list[Idea]:
    """Five ideas; 100,000 złoty reach A and B, then C does not fit, D does."""
    return [
        Idea("A", 40_000, 90),
        Idea("B", 35_000, 80, minimum=30_000),
        Idea("C", 30_000, 70, minimum=20_000),
        Idea("D", 20_000, 60),
        Idea("E", "5000.01", 50),
    ]


def outcome(decision: Decision) -> dict[str, tuple[str, str]]:
    return {e.code: (e.outcome, e.reason) for e in decision.entries}


def test_strict_stops_at_the_first_that_does_not_fit() -> None:
    decision = fund(simple(), Rules(100_000, "strict"))
    assert decision.funded == ("A", "B")
    assert decision.reserve == ("C", "D", "E")
    assert outcome(decision)["C"] == ("reserve", "cap")
    assert outcome(decision)["D"] == ("reserve", "stopped")
    assert decision.entry("D").details["at"] == "C"
    assert (decision.spent, decision.left) == (Decimal("75000.00"), Decimal("25000.00"))


def test_skip_goes_on() -> None:
    decision = fund(simple(), Rules(100_000, "skip"))
    assert decision.funded == ("A", "B", "D")
    assert decision.entry("C").details["available"] == 25_000_00
    assert outcome(decision)["E"] == ("reserve", "cap")  # 5,000.01 against 5,000.00: one grosz
    assert decision.left == Decimal("5000.00")
    assert [e.left for e in decision.entries] == [Decimal(x) for x in (60_000, 25_000, 25_000, 5_000, 5_000)]


def test_partial_offer_to_the_first_that_does_not_fit() -> None:
    decision = fund(simple(), Rules(100_000, "partial"))
    assert decision.funded == ("A", "B", "C")
    assert outcome(decision)["C"] == ("partial", "remainder")
    assert decision.amounts["C"] == Decimal("25000.00")
    assert decision.left == 0
    too_little = fund(simple(), Rules(90_000, "partial"))  # 15,000 left, C could do with 20,000
    assert outcome(too_little)["C"] == ("reserve", "cap")
    assert outcome(too_little)["E"] == ("funded", "in_order")


def test_thresholds_of_the_card_of_a_real_call() -> None:
    """IWS 2.0: minima 5/4/4/4/4, part A at least 21, A and B at least 32.5 (minima alone are 30)."""
    minima = {"new": 5, "needs": 4, "cost": 4, "universal": 4, "vision": 4, "test": 3, "team": 3, "deinst": 3}
    part_a = ("new", "needs", "cost", "universal", "vision")
    rules = Rules(
        10**6,
        minimum_criteria=minima,
        thresholds=[Threshold(21, part_a, "A"), Threshold("32.5", tuple(minima), "A+B")],
    )
    exact = minima | {"new": 7.5}  # 32.5 exactly
    ideas = [Idea("minima", 1, criteria=minima), Idea("exact", 1, criteria=exact)]
    ideas.append(Idea("one short", 1, criteria=exact | {"needs": 3.5, "vision": 10}))
    decision = fund(ideas, rules)
    assert decision.funded == ("exact",)
    assert outcome(decision)["minima"] == ("rejected", "below_compound")
    assert outcome(decision)["one short"] == ("rejected", "below_criterion")
    assert decision.entry("minima").place is None
    assert "Razem w części „A+B”: 30 punktów, a potrzeba co najmniej 32,5." in decision.entry(
        "minima"
    ).sentence("pl")


def test_decimal_points_are_compared_as_written() -> None:
    ideas = [Idea("x", 1, criteria={"a": 0.1, "b": 0.2})]
    assert fund(ideas, Rules(10, minimum_total=0.3)).funded == ("x",)
    assert fund(ideas, Rules(10, minimum_total="0.3000001")).funded == ()


def test_ties_by_declared_criteria_then_by_draw() -> None:
    ideas = [
        Idea("a", 10, criteria={"new": 5, "needs": 9}),
        Idea("b", 10, criteria={"new": 8, "needs": 6}),
        Idea("c", 20, criteria={"new": 5, "needs": 9}),
        Idea("d", 10, criteria={"new": 5, "needs": 9}),
    ]
    rules = Rules(1000, tie_break=("new", "-cost"), seed=11)
    decision = fund(ideas, rules)
    by_hash = sorted(["a", "d"], key=lambda c: hashlib.sha256(f"11:{c}".encode()).hexdigest())
    assert decision.funded == ("b", *by_hash, "c")
    assert decision.entry("a").tied == ("d",)
    assert decision.entry("b").tied == ()
    assert "losowanie" in decision.entry("a").sentence("pl")
    with pytest.raises(MethodError, match="seed"):
        fund(ideas, Rules(1000, tie_break=("new", "-cost")))
    assert fund(ideas[:3], Rules(1000, tie_break=("new", "-cost"))).funded == ("b", "a", "c")


def test_commitment() -> None:
    promise = commit(7, NONCE)
    assert promise == hashlib.sha256(b"7:0f3a").hexdigest()
    assert verify(promise, 7, NONCE)
    assert verify(promise.upper(), "7", NONCE)
    assert not verify(promise, 8, NONCE)
    assert not verify(promise, 7, "0f3b")
    assert len({new_nonce() for _ in range(5)}) == 5
    with pytest.raises(MethodError, match="seed"):
        commit("7:0", "f3a")  # would have the commitment of another pair
    with pytest.raises(MethodError, match="commitment"):
        Rules(1, seed=8, nonce=NONCE, commitment=promise)
    assert Rules(1, commitment=promise).seed is None


def test_draw_order_is_fair_and_open() -> None:
    codes = ("K-1", "K-2", "K-3")
    firsts = [draw_order(seed, codes)[0] for seed in range(3000)]
    assert all(900 < firsts.count(code) < 1100 for code in codes)
    assert draw_order(7, codes) == tuple(
        sorted(codes, key=lambda c: hashlib.sha256(f"7:{c}".encode()).hexdigest())
    )
    assert draw_order(7, codes, "3 14 15") == tuple(
        sorted(codes, key=lambda c: hashlib.sha256(f"7:3 14 15:{c}".encode()).hexdigest())
    )


def test_at_most_passes_over_without_stopping() -> None:
    ideas = [Idea(c, 10, 100 - i, groups=["town"] if c in "abc" else []) for i, c in enumerate("abcd")]
    decision = fund(ideas, Rules(100, "strict", quotas=[Quota("town", at_most=2)]))
    assert decision.funded == ("a", "b", "d")
    assert outcome(decision)["c"] == ("reserve", "quota_full")
    money = fund(ideas, Rules(100, quotas=[Quota("town", at_most=15, unit="money")]))
    assert money.funded == ("a", "d")
    assert money.quotas[0].used == Decimal("10.00")


def test_reserved_places_go_to_the_first_of_the_group() -> None:
    ideas = [
        Idea("a", 40, 9),
        Idea("b", 40, 8),
        Idea("c", 30, 7, groups=["new"]),
        Idea("d", 20, 6, groups=["new", "village"]),
        Idea("e", 10, 5, groups=["village"]),
    ]
    rules = Rules(100, quotas=[Quota("new", at_least=1), Quota("village", at_least=1)])
    decision = fund(ideas, rules)
    assert outcome(decision)["c"] == ("funded", "reserved")
    assert outcome(decision)["d"] == ("funded", "reserved")
    assert outcome(decision)["a"] == ("funded", "in_order")
    assert outcome(decision)["b"] == ("reserve", "cap")
    assert decision.entry("b").details["overtaken"] == ["c", "d"]
    assert "miejsca zastrzeżone: „c” i „d”" in decision.entry("b").sentence("pl")
    assert [e.turn for e in decision.entries] == [3, 4, 1, 2, 5]
    assert decision.funded == ("a", "c", "d", "e")
    assert all(q.met for q in decision.quotas)


def test_unmet_quota_is_said() -> None:
    decision = fund([Idea("a", 10, 5, groups=["new"])], Rules(100, quotas=[Quota("new", at_least=2)]))
    assert not decision.quotas[0].met
    assert "Zabrakło pomysłów" in " ".join(decision.explain("pl"))


def snsf() -> list[Idea]:
    """Ten ideas of 10; five can be funded; intervals widen in the middle."""
    half = [0.4, 0.5, 0.9, 1.2, 1.5, 1.0, 1.1, 0.9, 0.5, 0.4]
    return [
        Idea(f"p{r}", 10, rank=r, interval=(r - h, r + h)) for r, h in zip(range(1, 11), half, strict=True)
    ]


def test_snsf_line_and_lottery_group() -> None:
    decision = fund(snsf(), Rules(50, "snsf50", seed=3))
    assert decision.line is not None
    assert decision.line.rank == 5
    assert [i.code for i in decision.line.above] == ["p1", "p2", "p3"]  # p4 reaches 5.2
    assert {i.code for i in decision.line.crossing} == {"p4", "p5", "p6"}  # p6 starts at 5.0: closed
    drawn = draw_order(3, ["p4", "p5", "p6"])
    assert set(decision.funded) == {"p1", "p2", "p3", *drawn[:2]}
    assert outcome(decision)[drawn[2]] == ("reserve", "not_drawn")
    assert outcome(decision)["p7"] == ("rejected", "below_line")
    assert decision.check() == ()
    opened = fund(snsf(), Rules(50, "snsf50", seed=3, interval_type="open"))
    assert opened.line is not None
    assert {i.code for i in opened.line.crossing} == {"p4", "p5"}
    assert set(opened.funded) == {"p1", "p2", "p3", "p4", "p5"}
    between = fund(snsf(), Rules(50, "snsf50", seed=3, line="between"))
    assert between.line is not None
    assert between.line.rank == 5.5
    assert {i.code for i in between.line.crossing} == {"p5", "p6"}
    plenty = fund(snsf(), Rules(1000, "snsf50"))
    assert plenty.line is None
    assert len(plenty.funded) == 10
    with pytest.raises(MethodError, match="seed"):
        fund(snsf(), Rules(50, "snsf50"))


def test_resignation_goes_down_the_reserve_list() -> None:
    decision = fund(simple(), Rules(100_000, "skip"))
    after = decision.after_resignation("A")
    assert outcome(after)["A"] == ("resigned", "resigned")
    assert after.funded == ("B", "C", "D", "E")
    assert outcome(after)["C"] == ("funded", "from_reserve")
    assert after.check() == ()
    strict = fund(simple(), Rules(100_000, "strict")).after_resignation("B")  # 60,000: C, D and E fit
    assert strict.funded == ("A", "C", "D", "E")
    with pytest.raises(MethodError, match="resign"):
        after.after_resignation("A")
    with pytest.raises(MethodError, match="code"):
        after.after_resignation("Z")


def test_resignation_completes_part_grants_first() -> None:
    decision = fund(simple(), Rules(100_000, "partial"))
    after = decision.after_resignation("B")  # 35,000 come back: 5,000 to C, 20,000 to D, 5,000.01 to E
    assert outcome(after)["C"] == ("funded", "topped_up")
    assert after.amounts == {"A": 40_000, "C": 30_000, "D": 20_000, "E": Decimal("5000.01")}
    assert after.check() == ()
    small = [Idea("a", 90, 9), Idea("s", 2, 8), Idea("c", 20, 7, minimum=5)]
    raised = fund(small, Rules(100, "partial")).after_resignation("s")
    assert outcome(raised)["c"] == ("partial", "raised")
    assert raised.amounts["c"] == Decimal(10)
    assert "rośnie z 8\u00a0zł do 10\u00a0zł" in raised.entry("c").sentence("pl")


def test_resignation_refills_a_reserved_place() -> None:
    ideas = [
        Idea("a", 10, 9),
        Idea("b", 10, 8),
        Idea("c", 10, 7, groups="new"),
        Idea("d", 10, 6, groups="new"),
    ]
    decision = fund(ideas, Rules(20, quotas=[Quota("new", at_least=1)]))
    assert decision.funded == ("a", "c")
    after = decision.after_resignation("c")
    assert after.funded == ("a", "d")  # not b, although b is higher: the place is reserved
    assert outcome(after)["d"] == ("funded", "reserved")


def test_reserve_list_has_a_length() -> None:
    decision = fund(simple(), Rules(75_000, "strict", reserve=1))
    assert decision.reserve == ("C",)
    assert outcome(decision)["D"] == ("rejected", "reserve_full")
    assert decision.check() == ()
    assert decision.entry("D").sentence("pl").endswith("Lista rezerwowa jest już pełna (miejsca: 1).")


def test_price_of_a_quota() -> None:
    ideas = [Idea("a", 40, 9), Idea("b", 60, 8), Idea("c", 50, 7, groups=["new"])]
    (price,) = fund(ideas, Rules(100, quotas=[Quota("new", at_least=1)])).quota_prices()
    assert (price.gained, price.lost, price.points, price.money) == (("c",), ("b",), -1, -10)


def test_what_if() -> None:
    decision = fund(simple(), Rules(100_000, "strict"))
    more = decision.what_if(cap=130_001)
    assert (more.gained, more.lost, more.money, more.points) == (
        ("C", "D", "E"),
        (),
        Decimal("55000.01"),
        180,
    )
    appeal = [Idea("C", 30_000, 85) if i.code == "C" else i for i in simple()]
    changed = decision.what_if(ideas=appeal)
    assert (changed.gained, changed.lost) == (("C",), ("B",))
    line = {at.cap: at.last for at in decision.line_by_cap([40_000, 75_000, 74_999])}
    assert line == {Decimal(40_000): "A", Decimal(75_000): "B", Decimal(74_999): "A"}
    assert len(decision.line_by_cap()) == 11
    for bad in ({"colour": 1}, {"without": "nothing"}):
        with pytest.raises(MethodError):
            decision.what_if(**bad)


def test_knapsack_is_the_best_set_and_only_informs() -> None:
    stream = np.random.default_rng(3)
    costs, points = stream.integers(20, 300, 12), stream.permutation(60)[:12] + 40
    ideas = [
        Idea(str(i), int(c), int(p), groups=["g"] if i % 3 == 0 else [])
        for i, (c, p) in enumerate(zip(costs, points, strict=True))
    ]
    decision = fund(ideas, Rules(450, quotas=[Quota("g", at_least=1, at_most=2)]))
    sets = (s for r in range(13) for s in combinations(range(12), r))
    inside = [s for s in sets if costs[list(s)].sum() <= 450 and 1 <= sum(i % 3 == 0 for i in s) <= 2]
    shown = decision.knapsack()
    assert shown.value == max(points[list(s)].sum() for s in inside)
    assert shown.proved
    assert shown.value >= shown.decided_value
    cheap = [Idea("good", 90, 80), *(Idea(f"weak{i}", 10, 20 + i) for i in range(10))]
    beside = fund(cheap, Rules(100)).knapsack()
    assert beside.passed_over == len(beside.codes) == 10  # ten weak ideas instead of a good one
    with pytest.raises(MethodError, match="value"):
        decision.knapsack({"0": 1.0})


@st.composite
def calls(
    draw: st.DrawFn, rules: tuple[str, ...] = ("strict", "skip", "partial")
) -> tuple[list[Idea], Rules]:
    ideas = []
    for i in range(draw(st.integers(1, 12))):
        cost = draw(st.integers(100, 9_000))
        least = draw(st.none() | st.integers(50, cost))
        groups = draw(st.sets(st.sampled_from("xyz")))
        points = {"a": draw(st.integers(0, 10)), "b": draw(st.integers(0, 10))}
        shown = [None if x is None else Decimal(x) / 100 for x in (cost, least)]
        ideas.append(Idea(f"i{i}", shown[0], criteria=points, groups=groups, minimum=shown[1]))
    quotas = []
    for group in draw(st.sets(st.sampled_from("xyz"))):
        low, high = sorted((draw(st.integers(0, 4)), draw(st.integers(0, 6))))
        money = draw(st.booleans())
        kind = draw(st.sampled_from(["both", "at_least", "at_most"]))
        limits = {k: v * (20 if money else 1) for k, v in (("at_least", low), ("at_most", high))}
        chosen = limits if kind == "both" else {kind: limits[kind]}
        quotas.append(Quota(group, unit="money" if money else "ideas", **chosen))
    more: dict[str, Any] = {"minimum_total": draw(st.integers(0, 12)), "minimum_criteria": {"a": 2}}
    more |= {"reserve": draw(st.none() | st.integers(0, 4)), "quotas": quotas, "seed": 5, "tie_break": ["a"]}
    return ideas, Rules(Decimal(draw(st.integers(0, 30_000))) / 100, draw(st.sampled_from(rules)), **more)


@given(calls())
def test_invariants(call: tuple[list[Idea], Rules]) -> None:
    ideas, rules = call
    decision, by_code = fund(ideas, rules), {i.code: i for i in ideas}
    assert decision.check() == ()
    assert sum(decision.amounts.values()) == decision.spent <= rules.cap
    for code in decision.funded:
        assert by_code[code].score >= rules.minimum_total
        assert by_code[code].criteria["a"] >= 2
    for quota, state in zip(rules.quotas, decision.quotas, strict=True):
        paid = [decision.amounts[c] for c in decision.funded if quota.group in by_code[c].groups]
        assert state.used == (sum(paid) if quota.unit == "money" else len(paid))
        assert quota.at_most is None or state.used <= quota.at_most
    for entry in decision.entries:
        for lang in ("pl", "en"):
            said = entry.sentence(lang)
            assert said.endswith(".")
            assert "{" not in said
    assert all("{" not in line for lang in ("pl", "en") for line in decision.explain(lang))


@given(calls())
def test_nobody_is_skipped_unfairly(call: tuple[list[Idea], Rules]) -> None:
    """Whoever waits for money could not have been paid from what the higher-placed left over."""
    ideas, rules = call
    decision, by_code = fund(ideas, rules), {i.code: i for i in ideas}
    for entry in decision.entries:
        if entry.reason != "cap":
            continue
        before = sum(e.amount for e in decision.entries if e.turn < entry.turn)
        assert by_code[entry.code].cost > rules.cap - before
        later = [e for e in decision.entries if e.turn < entry.turn and e.amount and e.place > entry.place]
        assert all(e.reason == "reserved" or "quotas" in e.details for e in later)


@given(calls(("strict",)), st.integers(0, 20_000))
def test_strict_is_monotone_in_the_cap(call: tuple[list[Idea], Rules], more: int) -> None:
    ideas, rules = call
    decision = fund(ideas, rules)
    richer = decision.what_if(cap=rules.cap + Decimal(more) / 100)
    assert richer.lost == ()


@given(calls(), st.data())
def test_resignations_take_from_nobody_and_rebuild(
    call: tuple[list[Idea], Rules], data: st.DataObject
) -> None:
    decision = fund(*call)
    for _ in range(2):
        leaving = [*decision.funded, *decision.reserve]
        if leaving:
            decision = decision.after_resignation(data.draw(st.sampled_from(leaving)))
    assert decision.check() == ()
    stored = json.loads(json.dumps(decision.to_dict()))
    again = Decision.from_dict(stored)
    assert again.to_dict() == decision.to_dict()
    assert again.provenance.data_hash == decision.provenance.data_hash


@given(st.integers(0, 2**32 - 1))
def test_snsf_invariants(seed: int) -> None:
    stream = np.random.default_rng(seed)
    ranks = np.sort(stream.uniform(1, 20, 12))
    half = stream.uniform(0, 3, 12)
    ideas = [
        Idea(f"i{k}", int(stream.integers(5, 40)), rank=float(r), interval=(r - h, r + h))
        for k, (r, h) in enumerate(zip(ranks, half, strict=True))
    ]
    decision = fund(ideas, Rules(int(stream.integers(0, 300)), "snsf50", seed=seed))
    assert decision.check() == ()
    assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))).funded == decision.funded
    if decision.line is not None:
        assert all(i.interval[1] < decision.line.rank for i in decision.line.above)
        assert all(i.interval[0] > decision.line.rank for i in decision.line.below)


def test_a_changed_file_is_refused() -> None:
    stored = json.loads(json.dumps(fund(simple(), Rules(100_000)).to_dict()))
    stored["protocol"][2]["outcome"] = "funded"
    with pytest.raises(MethodError, match="protocol"):
        Decision.from_dict(stored)
    stored["ideas"][0]["score"] = "10"
    with pytest.raises(MethodError, match="protocol"):
        Decision.from_dict(stored)
    with pytest.raises(MethodError, match="format"):
        Decision.from_dict({"format": "x"})
    with pytest.raises(MethodError, match="rules"):
        Decision.from_dict({"format": "krzew-decision-1", "ideas": []})


def test_check_finds_what_is_broken() -> None:
    from dataclasses import replace

    decision = fund(simple(), Rules(100_000))
    entries = list(decision.entries)
    entries[2] = replace(entries[2], outcome="funded", amount=Decimal(30_000))
    assert "the grants are above the cap" in replace(decision, entries=tuple(entries)).check()
    entries = list(decision.entries)
    entries[3] = replace(entries[3], outcome="reserve", reason="cap", amount=Decimal(0))
    assert "D: the reason cap was not true at its turn" in replace(decision, entries=tuple(entries)).check()
    swapped = (replace(entries[0], place=2), replace(entries[1], place=1), *decision.entries[2:])
    assert "B, A: not in legal order" in replace(decision, entries=swapped).check()


def test_money_is_exact() -> None:
    tens = [Idea(str(i), "0.10", 100 - i) for i in range(10)]
    assert len(fund(tens, Rules("1.00")).funded) == 10
    assert len(fund(tens, Rules("0.99")).funded) == 9
    assert Idea("a", 50_000.0, 1).cost == Decimal(50_000)
    assert Idea("a", np.int64(7), np.float64(32.5)).score == Decimal("32.5")
    for bad in (0.1, "x", -1, True, None, "1.001", float("nan"), 0):
        with pytest.raises(MethodError, match="cost"):
            Idea("a", bad, 1)  # type: ignore[arg-type]


def test_mappings_will_do() -> None:
    made = fund(
        [{"code": "a", "cost": 10, "score": 5}], {"cap": 10, "quotas": [{"group": "x", "at_most": 1}]}
    )
    assert made.funded == ("a",)


def test_said_in_both_languages() -> None:
    decision = fund(simple(), Rules(100_000))
    assert decision.entry("A").sentence("pl") == (
        "Pomysł „A” otrzymuje 40\u00a0000\u00a0zł. Miejsce na liście: 1. W puli zostaje 60\u00a0000\u00a0zł."
    )
    assert decision.entry("E").sentence("en") == (
        "“E” is on the reserve list. Place on the list: 5. It needs PLN 5,000.01; when its turn came, "
        "PLN 5,000 was left."
    )
    assert decision.explain("pl")[0] == "Dofinansowane pomysły: 3. Lista rezerwowa: 2. Bez dofinansowania: 0."
    for call in (decision.explain, decision.entry("A").sentence):
        with pytest.raises(MethodError, match="lang"):
            call("de")


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: Idea("a", 1), "score"),
        (lambda: Idea("a", 1, "high"), "score"),
        (lambda: Idea("a", 1, 1, minimum=2), "minimum"),
        (lambda: Idea("a", 1, rank=1, interval=(2, 1)), "interval"),
        (lambda: Rules(-1), "cap"),
        (lambda: Rules(1, "best"), "rule"),
        (lambda: Rules(1, order="age"), "order"),
        (lambda: Rules(1, "snsf50", order="score"), "order"),
        (lambda: Rules(1, reserve=-1), "reserve"),
        (lambda: Rules(1, seed="a:b"), "seed"),
        (lambda: Rules(1, minimum_criteria={"a": "x"}), "minimum_criteria"),
        (lambda: Quota("x"), "quotas"),
        (lambda: Quota("x", at_least=3, at_most=2), "quotas"),
        (lambda: Quota("x", at_most=1.5), "quotas"),
        (lambda: Quota("x", at_most=1, unit="people"), "quotas"),
        (lambda: Rules(1, quotas=[Quota("x", at_most=1), Quota("x", at_most=2)]), "quotas"),
        (lambda: fund([Idea("a", 1, 1), Idea("a", 1, 2)], Rules(1)), "ideas"),
        (lambda: fund([Idea("a", 1, 1)], Rules(1, minimum_criteria={"b": 1})), "criteria"),
        (lambda: fund([Idea("a", 1, 1), Idea("b", 1, 1)], Rules(1, tie_break="b")), "criteria"),
        (lambda: fund([Idea("a", 1, 1)], Rules(1, order="rank")), "rank"),
        (lambda: fund([Idea("a", 9, rank=1)], Rules(1, "snsf50")), "interval"),
        (lambda: fund([{"code": "a", "price": 1}], Rules(1)), "ideas"),
        (lambda: fund([], {"limit": 1}), "rules"),
    ],
)
def test_bad_input(call: Any, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field
