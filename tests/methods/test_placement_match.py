"""Profiles to proposals: gaps and supports, what rules a pair out, the three methods, and what people are told."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.placement import Lottery, Matching, Person, Support, Workplace, fit, match

seeds = st.integers(0, 2**32 - 1)
LABELS = {"lifting": ("dźwiganie", "lifting"), "night": ("praca w nocy", "night work")}


def team(seed: int, n: int = 6, m: int = 3) -> tuple[list[Person], list[Workplace]]:
    stream = np.random.default_rng(seed)
    dimensions = ["lifting", "focus", "talking"]
    persons = [
        Person(
            f"p{i}",
            abilities={d: float(stream.integers(0, 5)) for d in dimensions},
            supports={d: Support(float(stream.integers(0, 3)), 1.5) for d in dimensions},
            wishes=[f"w{j}" for j in stream.permutation(m)[: stream.integers(0, m + 1)]],
            travel={f"w{j}": float(stream.integers(5, 90)) for j in range(m)},
            max_travel=60.0,
        )
        for i in range(n)
    ]
    places = [
        Workplace(
            f"w{j}",
            requirements={d: float(stream.integers(0, 5)) for d in dimensions},
            slots=int(stream.integers(1, 3)),
            essential=["lifting"],
            coach="ola",
            coach_hours=1.0,
        )
        for j in range(m)
    ]
    return persons, places


def every_plan(matching: Matching) -> list[tuple[int, ...]]:
    """All plans that the rules allow, by brute force."""
    p = matching.problem
    n, m = p.fit.shape
    out = []
    for held in product(range(-1, m), repeat=n):
        placed = [i for i in range(n) if held[i] >= 0]
        hours = sum(p.hours[i, held[i]] for i in placed)
        fine = all(p.open[i, held[i]] for i in placed)
        fine = fine and all(held.count(j) <= p.slots[j] for j in range(m))
        fine = fine and hours <= p.coaches.get("ola", np.inf) + 1e-9
        fine = fine and all(held[p.row[a]] == held[p.row[b]] for a, b in p.together)
        if fine:
            out.append(held)
    return out


def aims(matching: Matching, held: tuple[int, ...]) -> tuple[int, float, float]:
    p = matching.problem
    placed = [i for i in range(len(held)) if held[i] >= 0]
    worst = min((p.fit[i, held[i]] for i in placed), default=0.0)
    return len(placed), round(float(worst), 9), round(float(sum(p.value[i, held[i]] for i in placed)), 9)


def test_gap_support_and_hours() -> None:
    person = Person("a", abilities={"lifting": 1, "focus": 3}, supports={"lifting": (2, 1.5)})
    place = Workplace(
        "w", requirements={"lifting": 4, "focus": 2}, importance={"lifting": 3}, coach_hours=0.5
    )
    result = fit(person, place, scale=4)
    lifting, focus = result.gaps
    assert (lifting.supported, lifting.gap, lifting.hours) == (2.0, 1.0, 3.0)
    assert (focus.supported, focus.gap) == (0.0, 0.0)
    assert result.fit == pytest.approx(1 - 0.75 * 1 / 4)
    assert result.hours == 3.5
    assert fit(Person("b"), Workplace("w")).fit == 1.0


@given(seeds)
def test_table_is_the_sum_of_its_gaps(seed: int) -> None:
    persons, places = team(seed)
    problem = match(persons, places).problem
    for person, place in product(persons, places):
        pair = problem.pair(person.code, place.code)
        lost = sum(g.gap for g in pair.gaps) / 4 / max(len(pair.gaps), 1)
        assert pair.fit == pytest.approx(1 - lost)
        assert pair.hours == pytest.approx(1 + sum(g.hours for g in pair.gaps))
        i, j = problem.index(person.code, place.code)
        assert problem.open[i, j] == (not problem.exclusions(person.code, place.code))


def test_what_is_not_known_is_asked_and_never_zero() -> None:
    place = Workplace("w", requirements={"lifting": 4.0}, essential=["lifting"])
    result = match(
        [Person("a", abilities={"lifting": None}), Person("b", abilities={"lifting": (3, 4)})], [place]
    )
    pair = result.fit("a", "w")
    assert (pair.low, pair.fit, pair.high, pair.unknown) == (0.0, 0.5, 1.0, ("lifting",))
    assert result.problem.open.all()  # it may be enough, so it rules nothing out
    assert [(q.about, q.kind, q.what) for q in result.questions] == [
        ("a", "ability", "lifting"),
        ("b", "ability", "lifting"),
    ]
    assert match([Person("a")], [place]).fit("a", "w").low == 0.0  # absent is not known either
    assert "od 0 do 100" in " ".join(match([Person("a")], [place]).explain("a"))


def test_answers_that_would_change_the_plan_are_found() -> None:
    known = Person("b", abilities={"lifting": 2.0})
    unsure = Person("a", abilities={"lifting": (0.0, 4.0)})
    place = Workplace("w", requirements={"lifting": 4.0})
    assert set(match([unsure, known], [place]).depends_on_answers()) == {"a", "b"}
    assert (
        match([replace(unsure, abilities={"lifting": (3.0, 4.0)}), known], [place]).depends_on_answers() == ()
    )


def test_everything_that_rules_out_has_its_reason() -> None:
    person = Person(
        "a",
        name="Anna",
        abilities={"lifting": 1.0},
        limits={"night": "medical"},
        permits={"licence": False, "badge": None},
        excluded={"w4": "pracuje tam były mąż"},
        travel={"w1": 75.0},
        max_travel=60.0,
    )
    places = [
        Workplace("w0", "Pralnia", conditions=["night"]),
        Workplace("w1", "Ogród"),
        Workplace("w2", "Kuchnia", permits=["licence", "badge"]),
        Workplace("w3", "Magazyn", requirements={"lifting": 3.0}, essential=["lifting"]),
        Workplace("w4", "Biuro"),
    ]
    result = match([person], places, labels=LABELS)
    found = {w: [e.kind for e in e_] for w, e_ in result.unmatched["a"].exclusions.items()}
    assert found == {
        "w0": ["medical"],
        "w1": ["commuting"],
        "w2": ["legal"],
        "w3": ["requirement"],
        "w4": ["personal"],
    }
    told = result.explain("a", "pl")
    assert told[0] == "Dla osoby „Anna” nie ma w tym planie miejsca. To nie jest ocena tej osoby."
    assert "„Pralnia”: tych warunków trzeba unikać ze względu na zdrowie: „praca w nocy”." in told
    assert "„Ogród”: droga to 75 minut, a granica to 60 minut." in told
    assert "„Biuro”: pracuje tam były mąż." in told
    english = result.explain("a", "en")
    assert "“Ogród”: the way is 75 minutes, the limit is 60 minutes." in english


@given(seeds)
def test_stable_method(seed: int) -> None:
    persons, places = team(seed, 9, 4)
    result = match(persons, places)
    assert result.check() == ()
    assert result.blocking_pairs == ()
    assert result.price_of_stability <= 1
    for person in result.unmatched:
        if result.unmatched[person].reason == "preferred_others":
            assert all(not a.free and not a.welcome for a in result.alternatives(person, 9))


@given(seeds)
@settings(max_examples=25)
def test_assignment_and_coach_are_the_best_of_all_plans(seed: int) -> None:
    persons, places = team(seed, 5, 3)
    plain = match(persons, places, "assignment")
    best = max((aims(plain, held)[0], aims(plain, held)[2]) for held in every_plan(plain))
    assert (plain.placed, round(plain.total, 6)) == (best[0], round(best[1], 6))
    hours = float(np.random.default_rng(seed).uniform(2, 12))
    bound = match(persons, places, "coach", coaches=hours, together=[("p0", "p1")], gap=0.0)
    best = max(aims(bound, held) for held in every_plan(bound))
    assert bound.check() == ()
    assert aims(bound, tuple(bound.assignment)) == pytest.approx(best, abs=1e-5)
    assert bound.proved
    assert bound.bound >= bound.total - 1e-9


def test_coach_hours_limit_whom_a_coach_can_take() -> None:
    persons = [Person(f"p{i}", abilities={"focus": 0.0}, supports={"focus": (4, i + 1.0)}) for i in range(3)]
    place = Workplace("w", requirements={"focus": 1.0}, slots=3, coach="ola")
    result = match(persons, [place], "coach", coaches={"ola": 3.0})
    assert {p.person for p in result.pairs} == {"p0", "p1"}
    assert result.hours == {"ola": 3.0}
    assert result.unmatched["p2"].reason == "coach_hours"
    over = match(persons, [place], coaches={"ola": 3.0})
    assert over.warnings == ("coach_hours",)
    assert over.check() == ("ola: over the coach hours",)
    single = match(persons, [replace(place, coach_budget=1.0)], "coach")
    assert {p.person for p in single.pairs} == {"p0"}


def test_friends_get_one_workplace_or_none() -> None:
    persons = [Person("a", wishes=["w0"]), Person("b", wishes=["w1"]), Person("c", wishes=["w1"])]
    places = [Workplace("w0", slots=1), Workplace("w1", slots=2)]
    result = match(persons, places, "coach", together=[("a", "b")])
    assert {(p.person, p.workplace) for p in result.pairs} == {("a", "w1"), ("b", "w1"), ("c", "w0")}
    alone = match([Person("a"), Person("b")], places[:1], "coach", together=[("a", "b")])
    assert alone.placed == 0
    assert alone.unmatched["a"].reason == "together"


def test_wishes_come_first_and_telling_them_is_safe() -> None:
    persons = [Person("a", abilities={"focus": 4.0}, wishes=["w1"]), Person("b", abilities={"focus": 1.0})]
    places = [Workplace("w0", requirements={"focus": 2.0}), Workplace("w1", requirements={"focus": 4.0})]
    assert {p.person: p.workplace for p in match(persons, places).pairs} == {"a": "w1", "b": "w0"}
    weighted = replace(persons[0], wishes={"w0": 2.0, "w1": 1.0})
    assert match([weighted], places).pairs[0].workplace == "w0"
    picky = replace(places[1], wishes=["b"])
    both = [replace(p, wishes=["w1"]) for p in persons]
    assert {p.person: p.workplace for p in match(both, [places[0], picky]).pairs} == {"a": "w0", "b": "w1"}


def test_equal_claims_are_drawn_and_order_of_entry_is_not() -> None:
    persons = [Person(c) for c in "abcdefgh"]
    place = Workplace("w", slots=3)
    draw = Lottery("spring", "99")
    for method in ("stable", "assignment", "coach"):
        first = match(persons, [place], method, lottery=draw)
        turned = match(persons[::-1], [place], method, lottery=draw)
        assert (
            {p.person for p in first.pairs}
            == {p.person for p in turned.pairs}
            == set(draw.order("abcdefgh")[:3])
        )


def test_travel_by_table_distance_and_question() -> None:
    persons = [Person("a", place=(0, 0), max_travel=5.0), Person("b", max_travel=5.0)]
    places = [Workplace("near", place=(3, 4)), Workplace("far", place=(6, 8))]
    result = match(persons, places, travel_unit="km")
    assert result.problem.open.tolist() == [[True, False], [True, True]]
    assert [(q.about, q.kind) for q in result.questions] == [("b", "travel"), ("b", "travel")]
    table = match(persons, places, travel=[[9, 1], [1, 9]])
    assert {p.person: p.workplace for p in table.pairs} == {"a": "far", "b": "near"}


def test_alternatives_say_what_is_free() -> None:
    persons = [Person("a", abilities={"focus": 4.0}), Person("b", abilities={"focus": 2.0})]
    places = [
        Workplace("w0", requirements={"focus": 4.0}),
        Workplace("w1", requirements={"focus": 2.0}, slots=2),
    ]
    result = match(persons, places)
    other = result.alternatives("b", 5)
    assert len(other) == 1
    assert result.alternatives("a", 1)[0].workplace != result.pairs[0].workplace
    assert {a.free for a in other} <= {True, False}
    for wrong in ({"person": "x"}, {"person": "a", "k": 0}):
        with pytest.raises(MethodError):
            result.alternatives(**wrong)


def test_told_to_the_person_and_the_coach() -> None:
    person = Person(
        "a",
        "Anna",
        {"lifting": 1.0, "focus": 2.0},
        {"lifting": (2, 1.5)},
        ["w"],
        travel={"w": 22.0},
        max_travel=60.0,
    )
    place = Workplace("w", "Pralnia", {"lifting": 3.0, "focus": 3.0}, coach="ola")
    result = match([person], [place], coaches={"ola": 20.0}, labels=LABELS)
    assert result.explain("a") == (
        "Dla osoby „Anna” proponujemy miejsce „Pralnia”.",
        "Dopasowanie do wymagań: 88 na 100.",
        "„dźwiganie”: pomoże wsparcie (3 godziny trenera w tygodniu).",
        "„focus”: do wymagań brakuje 1 w skali do 4.",
        "Wsparcie trenera razem: najwyżej 3 godziny w tygodniu.",
        "Droga do pracy: 22 minuty.",
        "To miejsce jest pierwsze na liście życzeń.",
        "To propozycja do rozmowy. Decyzja należy do osoby i trenera pracy.",
    )
    assert result.explain("a", "en")[2] == "“lifting”: support will help (3 hours of a coach a week)."
    plan = result.explain("pl")
    assert plan == result.explain()
    assert plan[0] == "Miejsca proponujemy dla: 1 osoba z 1 (osoby, które szukają pracy)."
    assert "Trener „ola”: potrzeba 3 godziny w tygodniu, jest 20 godzin." in plan
    assert result.explain("en")[1].startswith("No person and workplace")
    with pytest.raises(MethodError):
        result.explain("a", "de")
    with pytest.raises(MethodError):
        result.explain("nobody")


def test_long_work_can_be_watched_and_stopped() -> None:
    persons, places = team(1, 12, 5)
    steps: list[float] = []
    match(persons, places, "coach", coaches=9.0, progress=lambda share, _step: steps.append(share))
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    stopped = match(persons, places, "coach", coaches=9.0, stop=lambda: True)
    assert stopped.check() == ()


def test_same_input_same_plan_and_origin() -> None:
    persons, places = team(3, 12, 5)
    first, second = (match(persons, places, "coach", coaches=14.0) for _ in range(2))
    np.testing.assert_array_equal(first.assignment, second.assignment)
    assert first.provenance == second.provenance
    assert first.provenance.data_hash != match(persons, places, "coach", coaches=15.0).provenance.data_hash


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: match([], [Workplace("w")]), "persons"),
        (lambda: match([Person("a"), Person("a")], [Workplace("w")]), "persons"),
        (
            lambda: match([Person("a", abilities={"x": 9.0})], [Workplace("w", requirements={"x": 1.0})]),
            "abilities",
        ),
        (lambda: match([Person("a", wishes=["z"])], [Workplace("w")]), "wishes"),
        (lambda: match([Person("a")], [Workplace("w")], "best"), "method"),
        (lambda: match([Person("a"), Person("b")], [Workplace("w")], together=[("a", "b")]), "together"),
        (lambda: match([Person("a")], [Workplace("w")], "coach", together=[("a", "b")]), "together"),
        (lambda: match([Person("a")], [Workplace("w")], coaches={"c": -1.0}), "coaches"),
        (lambda: match([Person("a")], [Workplace("v", coach="x"), Workplace("w")], coaches=4.0), "coaches"),
        (lambda: match([Person("a")], [Workplace("w")], travel=[[1, 2]]), "travel"),
        (lambda: match([Person("a")], [Workplace("w")], wish_share=2), "wish_share"),
        (lambda: match([Person("a")], [Workplace("w")], unknown="zero"), "unknown"),
        (lambda: match([Person("a")], [Workplace("w")], gap=-1), "gap"),
        (lambda: match([Person("a")], [Workplace("w")], time_limit=0), "time_limit"),
        (lambda: Person("a", limits={"night": "moral"}), "limits"),
        (lambda: Person("a", wishes=["w", "w"]), "wishes"),
        (lambda: Workplace("w", slots=-1), "slots"),
        (lambda: Support(-1.0), "supports.level"),
        (lambda: match([Person("a")], [Workplace("w")], "coach").depends_on_answers(), "method"),
    ],
)
def test_bad_input(call, field: str) -> None:
    with pytest.raises(MethodError) as error:
        call()
    assert error.value.field == field
